"""`digest sources`: which there are, and those of a feed reader added."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from digest.cli.common import JSON, NOW, Session, moment, stateful

sources = typer.Typer(no_args_is_help=True, help="Which sources there are; a feed reader's subscriptions as sources.")


@stateful
def list_(session: Session, now: NOW = None, json_: JSON = False) -> int:
    """List the config's sources with their addresses and how they are."""
    from digest.operations.sources import rows

    plan = session.plan()
    with session.store(plan) as store:
        states = {row["name"]: row["status"] for row in rows(plan, store, moment(now))}
    found = [
        {
            "name": source.name,
            "kind": source.kind,
            "url": source.url,
            "options": {key: value for key, value in source.options.items() if key != "api_key"},
            "status": states[source.name],
        }
        for source in plan.sources
    ]
    if json_:
        print(json.dumps(found, ensure_ascii=False, default=str))
        return 0
    for source in plan.sources:
        where = source.url or source.options.get("path") or ", ".join(source.options.get("categories", ()))
        print(f"{source.name:<30} {source.kind:<12} {states[source.name] or 'never asked':<12} {where}")
    return 0


@stateful
def import_(
    session: Session,
    file: Annotated[Path, typer.Argument(metavar="FILE.opml", help="What a feed reader exported.")],
    write: Annotated[bool, typer.Option("--write", help="Add them to the config, whose comments stay.")] = False,
) -> int:
    """Print the subscriptions of an OPML file as lines for the config's `sources`, or add them to it."""
    from digest.config.append import append, lines
    from digest.operations.import_sources import read

    found = read(file, session.plan(needed=write).sources)
    if found.known:
        session.say(f"{len(found.known)} are in the config already")
    if write and found.new:
        append(session.config, found.new)
        session.say(f"{len(found.new)} sources added to {session.config}")
    elif found.new:
        print("\n".join(lines(found.new)))
    if not found.new and not found.known:
        print(f"digest: {file} holds no subscription", file=sys.stderr)
        return 1
    return 0


sources.command("list")(list_)
sources.command("import")(import_)
