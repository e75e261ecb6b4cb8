"""Looking at what there is: `preview`, `explain`, `doctor`, `deliveries`."""

import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from digest.cli.common import JSON, NOW, Session, moment, stateful
from digest.errors import InputError
from digest.model import Delivery

if TYPE_CHECKING:
    from digest.config import Plan
    from digest.operations.finding import Finding

FORMS = ("text", "html", "eml", "page", "md", "gallery")


@stateful
def preview(
    session: Session,
    newsletter: Annotated[
        str | None, typer.Option("--newsletter", metavar="NAME", help="Which newsletter [the first].")
    ] = None,
    as_: Annotated[str, typer.Option("--as", metavar="|".join(FORMS), help="What to show.")] = "text",
    out: Annotated[str, typer.Option(metavar="FILE|-", help="Where to.")] = "-",
    open_: Annotated[
        bool,
        typer.Option("--open", help="Open a gallery: the mail on phone and desktop, light and dark, and its text."),
    ] = False,
    now: NOW = None,
) -> int:
    """Show the next issue as it would be made now, without making it."""
    from digest.operations.preview import gallery_of, next_issue
    from digest.operations.render import editions

    if as_ not in FORMS:
        raise InputError(f"--as {as_}: must be one of {', '.join(FORMS)}")
    plan, at = session.plan(), moment(now)
    chosen = plan.newsletter(newsletter) if newsletter else plan.newsletters[0]
    with session.store(plan) as store:
        issue = next_issue(chosen, store, at)
    if open_:
        as_, out = "gallery", out if out != "-" else str(plan.home / "preview.html")
    body = gallery_of(plan, issue) if as_ == "gallery" else editions(plan, issue, (as_,), at)[0].body
    if out == "-":
        sys.stdout.buffer.write(body)
        return 0
    Path(out).write_bytes(body)
    session.say(out)
    if open_:
        import webbrowser

        webbrowser.open(Path(out).resolve().as_uri())
    return 0


@stateful
def explain(
    session: Session,
    paper: Annotated[
        str | None, typer.Argument(metavar="ID", help="A paper, in any spelling of its id or its link.")
    ] = None,
    perhaps: Annotated[
        bool, typer.Option("--perhaps", help="List the pairs that may be one paper and wait for a person's word.")
    ] = False,
    json_: JSON = False,
) -> int:
    """Tell everything known of a paper: where it was seen, its attention, each term of its score, every decision."""
    from digest.operations import explain as known
    from digest.operations import merging

    if (paper is None) != perhaps:
        raise InputError("give the ID of a paper, or --perhaps")
    plan = session.plan()
    with session.store(plan) as store:
        if paper is None:
            doubts = merging.doubts(store)
            print(json.dumps(doubts, ensure_ascii=False) if json_ else "\n".join(merging.doubt_lines(doubts)))
            return 0
        found = known.history(store, paper)
    print(json.dumps(known.as_json(found), ensure_ascii=False) if json_ else "\n".join(known.as_lines(found)))
    return 0


@stateful
def doctor(
    session: Session,
    tell: Annotated[bool, typer.Option("--tell", help="Send what needs a person to `contact`, as notices go.")] = False,
    now: NOW = None,
    json_: JSON = False,
) -> int:
    """Say how config, store, sources, schedule and mail are; exit 1 when something needs a person."""
    from digest.operations import sources
    from digest.operations.doctor import examine

    plan, at = session.plan(), moment(now)
    with session.store(plan) as store:
        findings = examine(plan, store, at)
        found = sources.rows(plan, store, at)
    problems = [finding for finding in findings if finding.state == "problem"]
    if json_:
        rows = [
            {"area": finding.area, "name": finding.name, "state": finding.state, "words": finding.words}
            for finding in findings
        ]
        print(json.dumps({"ok": not problems, "findings": rows, "sources": found}, ensure_ascii=False))
    else:
        for finding in problems if session.quiet else findings:
            print(f"{finding.state:<8} {finding.area:<9} {finding.name:<20} {finding.words}")
        if not session.quiet:
            print("", *sources.table(found), sep="\n")
    if problems and tell and not _told(plan, problems, at):
        print("digest: nobody could be told: mail.smtp is not set, or the relay did not take it", file=sys.stderr)
    return 1 if problems else 0


def _told(plan: "Plan", problems: "Sequence[Finding]", now: datetime) -> bool:
    """Whether the notice of what needs a person reached somebody."""
    from digest.operations import notices

    lines = [f"{finding.area}, {finding.name}: {finding.words}" for finding in problems]
    text = "\n".join([f"`digest doctor` of {plan.masthead.title} found what needs a person:", "", *lines, ""])
    return notices.spread(plan, f"{plan.masthead.title}: {len(problems)} for a person to look at", text, now)


def _pause(session: Session, pause: bool) -> int:
    with session.store(session.plan()) as store:
        if pause:
            store.deliveries.pause()
        else:
            store.deliveries.resume()
    session.say(
        "sending is paused; `digest deliveries --resume` ends that" if pause else "the next run sends what waits"
    )
    return 0


@stateful
def deliveries(
    session: Session,
    issue: Annotated[
        str | None, typer.Option("--issue", metavar="NEWSLETTER/DATE", help="Of this issue [of all].")
    ] = None,
    retry: Annotated[bool, typer.Option("--retry", help="Let failed and doubtful ones of the issue be sent.")] = False,
    settle: Annotated[bool, typer.Option("--settle", help="Take failed and doubtful ones as having arrived.")] = False,
    pause: Annotated[bool, typer.Option("--pause", help="Send nothing more, not even what is being sent.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Let the next run send what waits.")] = False,
    json_: JSON = False,
) -> int:
    """List what was sent to whom; retry or settle what failed or is in doubt."""
    if (retry or settle) and issue is None:
        raise InputError("--retry and --settle need --issue NEWSLETTER/DATE")
    if retry and settle:
        raise InputError("--retry or --settle, not both")
    if pause or resume:
        if pause and resume:
            raise InputError("--pause or --resume, not both")
        return _pause(session, pause)
    plan = session.plan()
    with session.store(plan) as store:
        if issue is not None and store.issues.get(issue) is None:
            raise InputError(f"--issue {issue}: there is no such issue")
        if issue is not None and (retry or settle):
            changed = store.deliveries.retry(issue) if retry else store.deliveries.accept(issue)
            session.say(f"{changed} {'will be sent by the next run' if retry else 'taken as sent'}")
        found = store.deliveries.list(issue)
    rows = [_delivery(each) for each in found]
    if json_:
        print(json.dumps(rows, ensure_ascii=False))
    else:
        for row in rows:
            print(f"{row['issue']:<24} {row['reader']:<36} {row['state']:<9} {row['retry_at'] or row['error'] or ''}")
    return 0


def _delivery(each: Delivery) -> dict[str, object]:
    return {
        "issue": each.issue,
        "reader": each.address,
        "message_id": each.message_id,
        "state": each.state,
        "attempts": each.attempts,
        "retry_at": each.retry_at.isoformat() if each.retry_at else None,
        "error": each.error,
    }
