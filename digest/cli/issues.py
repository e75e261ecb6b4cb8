"""`issues list`, `issues show`, `issues correct`: what was published, and mending it."""

import json
from typing import Annotated

import typer

from digest.cli.common import JSON, NOW, Session, moment, stateful
from digest.errors import InputError

issues = typer.Typer(no_args_is_help=True, help="Issues that were made: list, show and correct them.")
ISSUE = Annotated[str, typer.Argument(metavar="NEWSLETTER/DATE", help="Which issue, as in daily/2026-03-02.")]


@issues.command("list")
@stateful
def list_(
    session: Session,
    newsletter: Annotated[str | None, typer.Option("--newsletter", metavar="NAME", help="Only this one's.")] = None,
    most: Annotated[int, typer.Option("--most", min=1, metavar="N", help="At most so many, the newest.")] = 30,
    json_: JSON = False,
) -> int:
    """List issues, newest first: when they were made, how many papers, how their mails stand."""
    from digest.operations import corrections

    plan = session.plan()
    with session.store(plan, create=False) as store:
        found = [corrections.line(store, issue) for issue in store.issues.list(newsletter, most)]
    if json_:
        print(json.dumps(found))
        return 0
    for each in found:
        sent = each["deliveries"]
        corrected = f", corrected {each['corrections']}x" if each["corrections"] else ""
        print(f"{each['issue']:<28} {each['papers']:>3} papers, {sent['sent']} mailed{corrected}")
    return 0


@issues.command("show")
@stateful
def show(session: Session, issue: ISSUE, json_: JSON = False) -> int:
    """Print what an issue holds, and its corrections."""
    from digest.operations import corrections

    plan = session.plan()
    with session.store(plan, create=False) as store:
        found = corrections.whole(store, corrections.issue(store, issue))
    if json_:
        print(json.dumps(found, ensure_ascii=False))
        return 0
    print(f"{found['title']}, {found['date']} ({found['papers']} papers)")
    for each in found["corrections"]:
        print(f"\ncorrected {each['at'][:16]}{' of ' + each['paper'] if each['paper'] else ''}: {each['note']}")
    for section in found["sections"]:
        print(f"\n{section['topic']}")
        for paper in section["papers"]:
            print(f"  {paper['id']:<24} {paper['title']}")
    return 0


@issues.command("correct")
@stateful
def correct(
    session: Session,
    issue: ISSUE,
    note: Annotated[str, typer.Option("--note", metavar="MARKDOWN", help="What it should have said.")] = "",
    paper: Annotated[
        str | None, typer.Option("--paper", metavar="ID", help="The paper of it that this is about.")
    ] = None,
    mail: Annotated[bool, typer.Option("--mail", help="Mail it, too, to whoever had the issue.")] = False,
    now: NOW = None,
    json_: JSON = False,
) -> int:
    """Publish a correction on the issue's page and in its feeds; with --mail also as a short mail. The issue stays."""
    from digest.operations import corrections
    from digest.operations.run import LOCK_WAIT_S

    if not note.strip():
        raise InputError("--note: a correction needs words; Markdown is taken")
    plan, at = session.plan(), moment(now)
    with session.store(plan, create=False) as store, store.lock("run", LOCK_WAIT_S):
        found = corrections.issue(store, issue)
        made = corrections.correct(plan, store, found, note, paper, at, mail=mail)
        if mail:
            corrections.send(plan, store, at)
        sent = store.deliveries.counts(made.id)
    if json_:
        counts = {"sent": sent.sent, "failed": sent.failed, "pending": sent.pending, "in_doubt": sent.in_doubt}
        print(json.dumps({"correction": made.id, "deliveries": counts}))
    else:
        session.say(f"{made.id} is published" + (f"; {sent.sent} mailed" if mail else ""))
    return 0
