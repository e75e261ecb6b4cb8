"""Operations: looking at issues that were made, and saying what one should have said."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from digest import mailing
from digest.config import Plan
from digest.errors import InputError
from digest.model import Correction, Issue
from digest.operations import site_build
from digest.operations.explain import find

if TYPE_CHECKING:
    from digest.store import Store


def issue(store: "Store", name: str) -> Issue:
    """The issue called ``NEWSLETTER/YYYY-MM-DD``. Raises InputError, naming the newest there is."""
    found = store.issues.get(name.strip("/"))
    if found is None:
        newest = store.issues.list(limit=1)
        there = f"the newest is {newest[0].id}" if newest else "none was made yet"
        raise InputError(f"there is no issue {name}; {there}")
    return found


def correct(
    plan: Plan, store: "Store", issue: Issue, note: str, paper: str | None, now: datetime, *, mail: bool
) -> Correction:
    """Keeps a correction of `issue` and writes its pages and feeds anew; with `mail` it waits for the next run to mail
    it to whoever had the issue. Raises InputError."""
    if not note.strip():
        raise InputError("a correction needs words; --note takes Markdown")
    paper_id = _of(store, issue, paper) if paper else None
    made = store.corrections.add(issue.id, note.strip(), paper_id, now, _again(plan, store, issue, now) if mail else ())
    site_build.build(plan, store, now)
    return made


def _again(plan: Plan, store: "Store", issue: Issue, now: datetime) -> Iterable[tuple[str, str]]:
    """Whoever had the issue, with the Message-ID of the correction to them. Raises InputError where nobody had it."""
    from digest.deliver.message import message_id

    had = [each.address for each in store.deliveries.list(issue.id, ("sent", "in_doubt"))]
    if plan.mail is None or plan.mail.smtp is None or not had:
        raise InputError(f"--mail: {issue.id} was mailed to nobody")
    host = mailing.domain(plan.mail)
    return [(address, message_id(f"{issue.id}#{now.isoformat()}", address, host)) for address in had]


def send(plan: Plan, store: "Store", now: datetime) -> int:
    """Mails every correction that has something due: how many corrections."""
    letters = {letter.name: letter for letter in plan.newsletters}
    waiting = [each for each in map(store.corrections.get, store.corrections.unfinished(now)) if each is not None]
    done = 0
    for correction in waiting if plan.mail is not None and plan.mail.smtp is not None else ():
        of = store.issues.get(correction.issue)
        if of is not None and of.newsletter in letters:
            mailing.deliver(plan, letters[of.newsletter], of, store, now, correction=correction)
            done += 1
    return done


def _of(store: "Store", issue: Issue, paper: str) -> str:
    found = find(store, paper)
    if found.id not in {item.paper.id for item in issue.items}:
        raise InputError(f"--paper {paper}: does not stand in {issue.id}")
    return found.id


def line(store: "Store", issue: Issue) -> dict[str, Any]:
    """An issue as scripts read it in a list."""
    counts = store.deliveries.counts(issue.id)
    return {
        "issue": issue.id,
        "newsletter": issue.newsletter,
        "date": issue.day.isoformat(),
        "made": issue.made_at.isoformat(),
        "papers": len(issue.items),
        "corrections": len(issue.corrections),
        "deliveries": {
            "sent": counts.sent,
            "failed": counts.failed,
            "pending": counts.pending,
            "in_doubt": counts.in_doubt,
        },
    }


def whole(store: "Store", issue: Issue) -> dict[str, Any]:
    """An issue with what stands in it."""
    sections = [
        {
            "topic": section.topic.name,
            "papers": [
                {"id": item.paper.id, "title": item.paper.title, "score": item.score, "tldr": item.tldr}
                for item in section.items
            ],
        }
        for section in issue.sections
    ]
    notes = [
        {"id": each.id, "at": each.at.isoformat(), "paper": each.paper_id, "note": each.note, "mailed": each.mailed}
        for each in issue.corrections
    ]
    return {**line(store, issue), "title": issue.title, "sections": sections, "corrections": notes}
