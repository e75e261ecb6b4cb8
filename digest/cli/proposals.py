"""Proposals: `propose` a paper; `proposals list|take|decline` for the editor."""

import json
import sys
from typing import Annotated

import typer

from digest.cli.common import JSON, NOW, Session, moment, stateful
from digest.model import Proposal

proposals = typer.Typer(no_args_is_help=True, help="Papers that readers propose: list, take, decline.")

NUMBER = Annotated[int, typer.Argument(metavar="NUMBER", help="A proposal, as `proposals list` numbers it.")]


@stateful
def propose(
    session: Session,
    url: Annotated[str, typer.Argument(metavar="URL", help="The paper: its page, DOI or arXiv number.")],
    note: Annotated[str, typer.Option(metavar="TEXT", help="A word to the editor.")] = "",
    credit: Annotated[str, typer.Option(metavar="NAME", help="Whom to credit in the issue [nobody].")] = "",
    address: Annotated[str, typer.Option("--from", metavar="ADDRESS", help="Who proposes it, for the limits.")] = "",
    now: NOW = None,
    json_: JSON = False,
) -> int:
    """Propose a paper to the editor: it is fetched, recognised and queued."""
    from digest.desk.proposals import Asked
    from digest.desk.proposals import propose as proposed

    plan = session.plan()
    asked = Asked(spelling=url, note=note, credit=credit, address=address, way="command")
    with session.store(plan) as store:
        answer = proposed(plan, store, asked, moment(now))
    if json_:
        paper = _row(answer.proposal) if answer.proposal else None
        print(json.dumps({"outcome": answer.kind, "words": answer.words, "proposal": paper}, ensure_ascii=False))
    else:
        print(answer.words, file=sys.stdout if answer.kind in ("queued", "known") else sys.stderr)
    return 0 if answer.kind in ("queued", "known") else 1


@proposals.command("list")
@stateful
def list_(
    session: Session,
    all_: Annotated[bool, typer.Option("--all", help="Those that were decided, too.")] = False,
    json_: JSON = False,
) -> int:
    """List the proposals that wait for the editor."""
    with session.store(session.plan()) as store:
        found = store.proposals.list() if all_ else store.proposals.list("queued")
    if json_:
        print(json.dumps([_row(each) for each in found], ensure_ascii=False))
    else:
        for each in found:
            by = f" (by {each.credit})" if each.credit else ""
            print(f"{each.number:>4}  {each.state:<9} {each.title or each.spelling}{by}  {each.paper_id}")
            if each.note or each.reason:
                print(f"      {' '.join((each.note or each.reason).split())}")
    return 0


@proposals.command("take")
@stateful
def take(
    session: Session,
    number: NUMBER,
    note: Annotated[str, typer.Option(metavar="MARKDOWN", help="A word of the editor, printed with the paper.")] = "",
    now: NOW = None,
) -> int:
    """Print a proposed paper: first in the next issue, or in the draft that waits, with its proposer's name."""
    from digest.desk import taking

    plan = session.plan()
    with session.store(plan) as store:
        taken = taking.take(plan, store, number, note, moment(now))
    session.say(f"taken: {taken.title} ({taken.paper_id})")
    return 0


@proposals.command("decline")
@stateful
def decline(session: Session, number: NUMBER) -> int:
    """Say no to a proposal."""
    from digest.desk import taking

    with session.store(session.plan()) as store:
        declined = taking.decline(store, number)
    session.say(f"declined: {declined.title}")
    return 0


def _row(each: Proposal) -> dict[str, object]:
    return {
        "number": each.number,
        "at": each.at.isoformat(),
        "state": each.state,
        "paper": each.paper_id or None,
        "title": each.title or None,
        "spelling": each.spelling,
        "note": each.note,
        "credit": each.credit,
        "reason": each.reason,
        "way": each.way,
    }
