"""Which papers are one: `merge` and `split`, a person's word on what the program cannot be certain of."""

import json
from typing import Annotated

import typer

from digest.cli.common import JSON, NOW, Session, moment, stateful

LOCK_WAIT_S = 600.0
ONE = Annotated[str, typer.Argument(metavar="A", help="A paper, in any spelling of its id or its link.")]


@stateful
def merge(
    session: Session,
    one: ONE,
    other: Annotated[str, typer.Argument(metavar="B", help="The same paper under another id.")],
    now: NOW = None,
    json_: JSON = False,
) -> int:
    """Make one paper of two; both ids lead to it from then on. `digest split` undoes it."""
    from digest.operations.merging import merge as make_one

    plan = session.plan()
    with session.store(plan) as store, store.lock("run", LOCK_WAIT_S):
        paper, gone = make_one(store, one, other, moment(now))
    if json_:
        print(json.dumps({"id": paper.id, "gone": gone, "keys": list(paper.keys)}, ensure_ascii=False))
    session.say(f"{gone} is {paper.id}: {paper.title}")
    return 0


@stateful
def split(
    session: Session,
    one: ONE,
    other: Annotated[
        str | None, typer.Argument(metavar="[B]", help="Another paper, or an id, key or source that is part of A.")
    ] = None,
    now: NOW = None,
    json_: JSON = False,
) -> int:
    """Make two papers of one that was merged, or say of two that they are different; remembered for ever."""
    from digest.operations.merging import split as make_two

    plan = session.plan()
    with session.store(plan) as store, store.lock("run", LOCK_WAIT_S):
        kept, gone = make_two(store, one, other, moment(now))
    if json_:
        print(json.dumps({"id": kept, "other": gone}, ensure_ascii=False))
    session.say(f"{kept} and {gone} are two papers and stay so")
    return 0
