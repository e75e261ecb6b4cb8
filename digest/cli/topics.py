"""Topics: `topics list|try|rename|pin|unpin|merge`, and `related`."""

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from digest.cli.common import JSON, NOW, Session, moment, stateful
from digest.errors import InputError

if TYPE_CHECKING:
    from digest.config import Plan
    from digest.model import Newsletter
    from digest.operations.topics import Taken

topics = typer.Typer(no_args_is_help=True, help="Headings: how they stand, what given ones take, the curator's hand.")

LETTER = Annotated[str | None, typer.Option("--newsletter", metavar="NAME", help="Of which newsletter [the first].")]
TOPIC = Annotated[str, typer.Argument(metavar="TOPIC", help="A discovered topic: its name, or the end of its address.")]


@topics.command("list")
@stateful
def list_(session: Session, newsletter: LETTER = None, now: NOW = None, json_: JSON = False) -> int:
    """List given and discovered topics: papers and attention of the last day, against what is usual."""
    from digest.operations.topics import as_json, as_lines, listed

    plan, at = session.plan(), moment(now)
    with session.store(plan) as store:
        found = listed(_letter(plan, newsletter), store, at)
    print(json.dumps(as_json(found), ensure_ascii=False) if json_ else "\n".join(as_lines(found)))
    return 0


@topics.command("try")
@stateful
def try_(
    session: Session,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file with `topics` as in config.yaml.")],
    newsletter: LETTER = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="Of papers first seen in so many days.")] = 7,
    now: NOW = None,
    json_: JSON = False,
) -> int:
    """Show which recent papers each topic of a file would take, by which words, and which others want them too."""
    from digest.config import load
    from digest.operations.topics import tried

    plan, at = session.plan(), moment(now)
    given = load(file, session.home or file.parent)
    if not given.newsletters:
        given = load(file, session.home or file.parent, ["newsletters=[{name: tried}]"])
    rules = _letter(given, newsletter if len(given.newsletters) > 1 else None).topics
    if not rules:
        raise InputError(f"{file}: gives no `topics`")
    with session.store(plan) as store:
        taken, papers = tried(rules, store, at - timedelta(days=days), at)
    if json_:
        print(json.dumps({"papers": papers, "taken": [one.as_json() for one in taken]}, ensure_ascii=False))
    else:
        _print_taken([rule.name for rule in rules], taken, papers)
    return 0


def _print_taken(names: list[str], taken: "list[Taken]", papers: int) -> None:
    for name in names:
        own = [one for one in taken if one.claim.topic == name]
        print(f"{name}: {len(own)} of {papers} papers")
        for one in own:
            print(f"  {one.claim.strength:5.1f}  {one.title}\n         {one.paper.id}  {'; '.join(one.claim.evidence)}")
            if one.tags:
                print(f"         also wanted by {', '.join(one.tags)}")
    print(f"none of them: {papers - len(taken)}")


@topics.command("rename")
@stateful
def rename(
    session: Session,
    topic: TOPIC,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is to be called; its address stays.")],
    newsletter: LETTER = None,
    now: NOW = None,
) -> int:
    """Give a discovered topic another name, which it keeps."""
    return _change(session, topic, newsletter, now, name=" ".join(name.split()))


@topics.command("pin")
@stateful
def pin(session: Session, topic: TOPIC, newsletter: LETTER = None, now: NOW = None) -> int:
    """Keep a discovered topic, however long nothing comes for it, and whatever it grows like."""
    return _change(session, topic, newsletter, now, pinned=True)


@topics.command("unpin")
@stateful
def unpin(session: Session, topic: TOPIC, newsletter: LETTER = None, now: NOW = None) -> int:
    """Let a pinned topic be forgotten or merged again like any other."""
    return _change(session, topic, newsletter, now, pinned=False)


@topics.command("merge")
@stateful
def merge(
    session: Session,
    topic: TOPIC,
    into: Annotated[str, typer.Argument(metavar="INTO", help="The discovered topic that takes it in.")],
    newsletter: LETTER = None,
    now: NOW = None,
) -> int:
    """Let a discovered topic go into another."""
    from digest.operations.topics import merged

    plan = session.plan()
    with session.store(plan) as store:
        left = merged(_letter(plan, newsletter), store, topic, into, moment(now))
    session.say(f"{topic} goes into {left.name} ({left.slug})")
    return 0


@stateful
def related(
    session: Session,
    paper: Annotated[str, typer.Argument(metavar="ID", help="A paper, in any spelling of its id or its link.")],
    most: Annotated[int, typer.Option("--most", min=1, max=100, help="So many at most.")] = 5,
    now: NOW = None,
    json_: JSON = False,
) -> int:
    """List the papers of the store nearest in meaning to a paper."""
    from digest.operations.topics import related as find_related

    plan, at = session.plan(), moment(now)
    with session.store(plan) as store:
        found = find_related(store, paper, most, at)
    if json_:
        print(json.dumps(found, ensure_ascii=False))
    else:
        for one in found:
            print(f"{one['likeness']:.2f}  {one['title']}\n      {one['id']}")
    return 0


def _change(session: Session, topic: str, newsletter: str | None, now: str | None, **facts: Any) -> int:
    from digest.operations.topics import changed

    plan = session.plan()
    with session.store(plan) as store:
        one = changed(_letter(plan, newsletter), store, topic, moment(now), **facts)
    session.say(f"{one.name} ({one.slug}){': pinned' if one.pinned else ''}")
    return 0


def _letter(plan: "Plan", name: str | None) -> "Newsletter":
    return plan.newsletter(name) if name else plan.newsletters[0]
