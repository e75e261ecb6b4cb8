"""What years of running need: `backup`, `restore`, `prune`."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from digest.cli.common import JSON, NOW, Session, moment, stateful
from digest.errors import InputError

YES = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]


@stateful
def backup(
    session: Session,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; replaced if it is there.")],
    now: NOW = None,
    json_: JSON = False,
) -> int:
    """Copy the store and the key of signed links into one file, as they are at one moment; others may be at work."""
    from importlib.metadata import version

    from digest.operations.upkeep import save

    plan = session.plan()
    if not file.absolute().parent.is_dir():
        raise InputError(f"{file}: its folder is not there")
    with session.store(plan, create=False) as store:
        size = save(plan, store, file, version("trending-papers-digest"), moment(now))
    if json_:
        print(json.dumps({"file": str(file), "bytes": size}))
    else:
        session.say(f"wrote {file}: {size / 1e6:.1f} MB; readers' addresses stand in it, so keep it where they may be")
    return 0


@stateful
def restore(
    session: Session,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `digest backup` wrote.")],
    yes: YES = False,
    json_: JSON = False,
) -> int:
    """Put a backup in the place of the store; what was there is kept beside it."""
    from digest.operations.upkeep import bring_back

    plan = session.plan()
    _sure(f"This puts {file} in the place of {plan.database}.", yes)
    about = bring_back(plan, file, lambda: session.say("another digest is at work on this store; waiting for it"))
    if json_:
        print(json.dumps({"file": str(file), **about}))
    else:
        session.say(f"restored: the store is as it was at {about.get('made', 'an unknown time')}")
        session.say("papers and issues since then are unknown now: an issue of today would be made and mailed again")
    return 0


@stateful
def prune(
    session: Session,
    keep: Annotated[str, typer.Option(metavar="TIME", help="What is younger stays: 400d, 60w, 2y.")] = "400d",
    yes: YES = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would go.")] = False,
    now: NOW = None,
    json_: JSON = False,
) -> int:
    """Let old signals, reports, deliveries and unprinted papers' abstracts go; shows what before it asks."""
    from digest.operations import upkeep

    plan, before = session.plan(), moment(now) - upkeep.span(keep)
    with session.store(plan, create=False) as store:
        going = upkeep.would_go(store, before)
        total = sum(each.count for each in going)
        if not json_:
            session.say(f"older than {before:%Y-%m-%d}, and not needed to know papers again:")
            for each in going:
                session.say(f"{each.count:>12,}  {each.kind}: {each.words}")
        sizes = (store.pruning.size(),) * 2
        done = total > 0 and not dry_run
        if done:
            _sure(f"Let these {total:,} go?", yes)
            with session.progress("pruning", upkeep.steps(going)) as bar:
                going = upkeep.prune(store, before, bar)
            sizes = store.pruning.compact()
    if json_:
        shown = {"before": before.isoformat(), "pruned": done, "kinds": [asdict(each) for each in going]}
        print(json.dumps({**shown, "bytes_before": sizes[0], "bytes_after": sizes[1]}))
    elif done:
        session.say(f"done: the store went from {sizes[0] / 1e6:.1f} to {sizes[1] / 1e6:.1f} MB")
    return 0


def _sure(question: str, yes: bool) -> None:
    """Goes on if a person says so. Raises InputError where nobody can be asked."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise InputError("nobody is here to ask; --yes does it without asking, --help says what else there is")
    if not typer.confirm(f"{question} Go on?", err=True):
        raise typer.Exit(1)
