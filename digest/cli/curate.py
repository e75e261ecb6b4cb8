"""The curator's hand: `pick` and `skip` papers; `send` a test mail."""

from typing import Annotated

import typer

from digest.cli.common import NOW, Session, moment, stateful
from digest.errors import InputError

ID = Annotated[str, typer.Argument(metavar="ID", help="A paper, in any spelling of its id or its link.")]


@stateful
def pick(
    session: Session,
    paper: ID,
    note: Annotated[str, typer.Option(metavar="MARKDOWN", help="A word of the editor, printed with the paper.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take the pick back.")] = False,
    now: NOW = None,
) -> int:
    """Put a paper first in the next issue it can stand in."""
    return _set(session, paper, "clear" if undo else "pick", note, now)


@stateful
def skip(
    session: Session,
    paper: ID,
    undo: Annotated[bool, typer.Option("--undo", help="Take the skip back.")] = False,
    now: NOW = None,
) -> int:
    """Keep a paper out of issues."""
    return _set(session, paper, "clear" if undo else "skip", "", now)


@stateful
def send(
    session: Session,
    to: Annotated[str, typer.Option("--to", metavar="ADDRESS", help="Whom to send it to.")],
    newsletter: Annotated[
        str | None, typer.Option("--newsletter", metavar="NAME", help="Of which newsletter [the first].")
    ] = None,
    now: NOW = None,
) -> int:
    """Send the newest issue (or the next, if none was made) to one address as a test; nothing is recorded."""
    from digest.operations.lint import lint
    from digest.operations.preview import latest_or_next, message_to, send_test

    plan = session.plan()
    if plan.mail is None or plan.mail.smtp is None:
        raise InputError("mail.smtp is not set: `export DIGEST_SMTP_URL=smtp://user:password@host:587` and try again")
    at = moment(now)
    chosen = plan.newsletter(newsletter) if newsletter else plan.newsletters[0]
    with session.store(plan) as store:
        issue = latest_or_next(chosen, store, at)
    body = message_to(plan, chosen, issue, to, at)
    for finding in lint(body):
        typer.echo(f"digest: the mail is not as it should be: {finding}", err=True)
    error = send_test(plan, body, to)
    if error:
        typer.echo(f"digest: {to}: {error}", err=True)
        return 1
    session.say(f"sent {issue.id} to {to}")
    return 0


def _set(session: Session, spelling: str, what: str, note: str, now: str | None) -> int:
    from digest.operations.explain import find

    plan = session.plan()
    with session.store(plan) as store:
        paper = find(store, spelling)
        if what == "pick":
            store.hand.pick(paper.id, note, moment(now))
        elif what == "skip":
            store.hand.skip(paper.id, moment(now))
        else:
            store.hand.clear(paper.id)
    session.say(f"{what}: {paper.title} ({paper.id})")
    return 0
