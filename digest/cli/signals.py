"""Attention: `signals` shows which sources of signals are asked, how they are, and what they found."""

import json
from typing import Annotated

import typer

from digest.cli.common import JSON, NOW, Session, moment, stateful


@stateful
def signals(
    session: Session,
    limit: Annotated[int, typer.Option(min=0, metavar="N", help="How many of the newest observations to list.")] = 20,
    now: NOW = None,
    json_: JSON = False,
) -> int:
    """Show what sources of signals are asked, how they are, and what they found last."""
    from digest.operations import signals as found

    plan, at = session.plan(), moment(now)
    with session.store(plan) as store:
        rows, latest = found.rows(plan, store, at), found.latest(store, at, limit)
    if json_:
        print(json.dumps({"sources": rows, "latest": latest}, ensure_ascii=False))
        return 0
    for row in rows:
        print(f"{row['name']:<20} {found.words(row)}")
    if not rows:
        print("no source of signals is configured; docs/signals.md says which there are")
    for one in latest:
        at_, what = one["at"][:16].replace("T", " "), f"{one['kind']:<10} {one['value']:>7g}"
        print(f"{at_}  {what}  {one['source']:<18} {one['title'][:70]}")
    return 0
