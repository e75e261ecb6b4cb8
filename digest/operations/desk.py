"""What an editor asks at the command line or a page: drafts as they stand, and "out with it"."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from digest import mailing
from digest.config import Plan
from digest.desk import acts, drafts
from digest.desk.edit import edited
from digest.errors import InputError
from digest.model import Draft, IssueLine
from digest.normalise import identifiers
from digest.operations.run import LOCK_WAIT_S, Hooks, publish_one

if TYPE_CHECKING:
    from digest.store import Store


def approve(
    plan: Plan, store: "Store", issue_id: str, by: str, now: datetime, hooks: Hooks | None = None
) -> IssueLine | None:
    """The editor's yes, and out it goes; None where it came to nothing because every paper was left out. Approved again
    it is published again, which sends nothing twice. Raises DigestError for a draft that lapsed."""
    hooks = hooks or Hooks()
    draft, _ = acts.approve(store, issue_id, by, now)
    newsletter = plan.newsletter(draft.issue.newsletter)
    with store.lock("run", LOCK_WAIT_S, hooks.on_wait):
        known = store.issues.get(issue_id)
        issue = known or drafts.released(plan, newsletter, store, draft, now)
        if issue is None:
            return None
        line = publish_one(plan, newsletter, issue, store, now, hooks)
    return replace(line, status="exists") if known and line.status == "published" else line


def found(draft: Draft, spelling: str) -> str:
    """The id of a paper of the draft, named by any spelling of it, or by the number that its mail and page show. Raises
    InputError."""
    items = [*draft.issue.items, *(one.item for one in draft.runners_up)]
    if spelling.isdigit() and 0 < int(spelling) <= len(items):
        return items[int(spelling) - 1].paper.id
    canonical = identifiers.canonical(spelling.strip())
    for item in items:
        if {spelling.strip(), canonical} & {item.paper.id, *item.paper.keys}:
            return item.paper.id
    raise InputError(f"{spelling} is neither in the draft of {draft.issue.id} nor among its runners-up")


def as_json(draft: Draft) -> dict[str, Any]:
    """A draft as it stands: what would be printed, in order, what waits, and what was decided."""
    issue, edits = edited(draft), draft.edits
    return {
        "issue": draft.issue.id,
        "state": draft.state,
        "deadline": draft.deadline.isoformat() if draft.deadline else None,
        "told_at": draft.told_at.isoformat() if draft.told_at else None,
        "decided_at": draft.decided_at.isoformat() if draft.decided_at else None,
        "decided_by": draft.decided_by or None,
        "introduction": issue.introduction,
        "top": list(issue.top),
        "sections": [
            {"topic": section.topic.name, "papers": [item.paper.id for item in section.items]}
            for section in issue.sections
        ],
        "papers": [
            {"id": item.paper.id, "title": item.paper.title, "note": item.note, "score": item.score}
            for item in issue.items
        ],
        "runners_up": [
            {"id": one.item.paper.id, "title": one.item.paper.title, "topic": one.topic.name, "why": one.why}
            for one in draft.runners_up
            if one.item.paper.id not in edits.pinned
        ],
        "dropped": list(edits.dropped),
        "pinned": list(edits.pinned),
    }


def as_lines(draft: Draft) -> list[str]:
    """The same for a person; the numbers are those that commands take."""
    numbers = {
        item.paper.id: number
        for number, item in enumerate([*draft.issue.items, *(one.item for one in draft.runners_up)], 1)
    }
    lines = [
        f"{draft.issue.id}: {draft.state}" + (f", until {draft.deadline:%Y-%m-%d %H:%M} UTC" if draft.deadline else "")
    ]
    for section in edited(draft).sections:
        lines.append(section.topic.name)
        for item in section.items:
            lines.append(f"  {numbers[item.paper.id]:>3}  {item.paper.title}  ({item.paper.id})")
            lines += [f"       {line}" for line in item.note.splitlines()]
    lines.append("runners-up")
    lines += [
        f"  {numbers[one.item.paper.id]:>3}  {one.item.paper.title}  ({one.why})"
        for one in draft.runners_up
        if one.item.paper.id not in draft.edits.pinned
    ]
    if draft.edits.dropped:
        lines.append(f"left out: {', '.join(draft.edits.dropped)}")
    return lines


def of_token(plan: Plan, store: "Store", token: str, now: datetime) -> Draft | None:
    """The draft that a signed link leads to, if the link is good."""
    uid = mailing.signer(plan).read("desk", token, now)
    return store.drafts.of_uid(uid) if uid is not None else None
