"""The editor's desk: `desk list|show|approve|reorder|drop|pin|note`."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from digest.cli.common import JSON, NOW, Session, moment, stateful

if TYPE_CHECKING:
    from digest.model import Draft
    from digest.store import Store

desk = typer.Typer(no_args_is_help=True, help="Drafts that wait for approval: list, show, approve, change.")

DRAFT = Annotated[
    str | None, typer.Argument(metavar="[NEWSLETTER/DATE]", help="Which draft [the only one that waits].")
]
ISSUE = Annotated[
    str | None, typer.Option("--issue", metavar="NEWSLETTER/DATE", help="Which draft [the only one that waits].")
]
PAPERS = Annotated[
    list[str], typer.Argument(metavar="ID...", help="Papers, by id or by the number that `desk show` gives them.")
]


@desk.command("list")
@stateful
def list_(session: Session, json_: JSON = False) -> int:
    """List the drafts that wait."""
    with session.store(session.plan()) as store:
        found = store.drafts.list()
    rows = [
        {
            "issue": draft.issue.id,
            "state": draft.state,
            "papers": len(draft.issue.items),
            "deadline": draft.deadline.isoformat() if draft.deadline else None,
        }
        for draft in found
    ]
    if json_:
        print(json.dumps(rows, ensure_ascii=False))
    else:
        for row in rows:
            print(f"{row['issue']:<28} {row['state']:<9} {row['papers']:>3} papers  {row['deadline'] or ''}")
    return 0


@desk.command("show")
@stateful
def show(session: Session, issue: DRAFT = None, json_: JSON = False) -> int:
    """Show a draft as it stands, with its runners-up."""
    return _changed(session, issue, json_, lambda _store, draft: draft)


@desk.command("approve")
@stateful
def approve(
    session: Session,
    issue: DRAFT = None,
    yes: Annotated[bool, typer.Option("--yes", help="Send even to far more readers than usual.")] = False,
    now: NOW = None,
    json_: JSON = False,
) -> int:
    """Approve a draft: it is published and sent at once, as decided."""
    from digest.desk import acts
    from digest.model import Report
    from digest.operations import desk as operation
    from digest.operations.report import as_json, as_lines
    from digest.operations.run import Hooks

    plan, at = session.plan(), moment(now)
    hooks = Hooks(bar=session.progress, say=session.say, may_send=lambda _recipients, _usual: yes)
    with session.store(plan) as store:
        draft = acts.pending(store, issue)
        line = operation.approve(plan, store, draft.issue.id, "the command line", at, hooks)
    report = Report(now=at, collected=None, issues=(line,) if line is not None else ())
    if json_:
        print(json.dumps(as_json(report), ensure_ascii=False))
    else:
        print("\n".join(as_lines(report)) if line is not None else "every paper was left out; nothing is published")
    return 1 if line is not None and line.status == "held" else 0


@desk.command("reorder")
@stateful
def reorder(session: Session, papers: PAPERS, issue: ISSUE = None, json_: JSON = False) -> int:
    """Put papers first, in the order given; the others follow as they were."""
    from digest.desk import acts

    return _changed(
        session, issue, json_, lambda store, draft: acts.reorder(store, draft.issue.id, _ids(draft, papers))
    )


@desk.command("drop")
@stateful
def drop(session: Session, papers: PAPERS, issue: ISSUE = None, json_: JSON = False) -> int:
    """Leave papers out of the draft, and of later issues."""
    from digest.desk import acts

    return _changed(session, issue, json_, lambda store, draft: acts.drop(store, draft.issue.id, _ids(draft, papers)))


@desk.command("pin")
@stateful
def pin(session: Session, papers: PAPERS, issue: ISSUE = None, json_: JSON = False) -> int:
    """Print runners-up (or dropped papers after all), and put them first."""
    from digest.desk import acts

    return _changed(session, issue, json_, lambda store, draft: acts.pin(store, draft.issue.id, _ids(draft, papers)))


@desk.command("note")
@stateful
def note(
    session: Session,
    words: Annotated[str, typer.Argument(metavar="MARKDOWN", help='What to say; "" takes it away.')],
    paper: Annotated[
        str | None, typer.Option("--paper", metavar="ID", help="With this paper [at the top of the issue].")
    ] = None,
    issue: ISSUE = None,
    json_: JSON = False,
) -> int:
    """Add a word of the editor to the draft, or to one of its papers."""
    from digest.desk import acts

    return _changed(
        session,
        issue,
        json_,
        lambda store, draft: acts.note(store, draft.issue.id, words, _ids(draft, [paper])[0] if paper else None),
    )


def _ids(draft: "Draft", spellings: list[str]) -> list[str]:
    from digest.operations.desk import found

    return [found(draft, each) for each in spellings]


def _changed(session: Session, issue: str | None, json_: bool, act: "Callable[[Store, Draft], Draft]") -> int:
    """Does `act` to the draft and shows how it then stands."""
    from digest.desk import acts
    from digest.operations import desk as operation

    with session.store(session.plan()) as store:
        draft = act(store, acts.pending(store, issue))
    if json_:
        print(json.dumps(operation.as_json(draft), ensure_ascii=False))
    else:
        print("\n".join(operation.as_lines(draft)))
    return 0
