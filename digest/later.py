"""What became of papers later, joined with issues: who is left out of one, and what its "updated" section says.

Decides nothing about papers: dedupe/life.py says what a change is. Used by assembly, pipeline and the desk; touched
when an issue should tell more of papers that were known.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from digest.dedupe.life import KINDS, STAGE
from digest.model import Candidate, Decision, Issue, Newsletter, Update

if TYPE_CHECKING:
    from digest.store import Store

Left = tuple[tuple[Candidate, ...], tuple[Decision, ...]]


def standing(store: "Store", candidates: Iterable[Candidate], now: datetime) -> Left:
    """The candidates that may be printed, and a decision on each that may not: a withdrawn paper, and a notice about
    another paper, which is told of that."""
    found = tuple(candidates)
    notices = store.life.notices(one.paper.id for one in found)
    left = []
    for one in found:
        if one.paper.withdrawn:
            left.append(_left(one.paper.id, "withdrawn", "the paper was withdrawn", None, now))
        elif one.paper.id in notices:
            about = notices[one.paper.id]
            left.append(
                _left(one.paper.id, "known", f"a notice about another paper ({about.verdict})", about.subject, now)
            )
    gone = {decision.subject for decision in left}
    return tuple(one for one in found if one.paper.id not in gone), tuple(left)


def updates(newsletter: Newsletter, store: "Store", last: datetime | None, now: datetime) -> tuple[Update, ...]:
    """What became of known papers since the issue made at `last`, a paper each, what matters most first: what this
    newsletter printed before the rest, then by kind, then the newest. Nothing where the newsletter has no such
    section, or no issue yet."""
    if not newsletter.updated or last is None:
        return ()
    found: dict[str, Update] = {}
    for one in store.life.updates(newsletter.name, last, now, newsletter.sources):
        before = found.get(one.paper.id)
        found[one.paper.id] = one if before is None else _together(before, one)
    return tuple(sorted(found.values(), key=_weight))


def section(newsletter: Newsletter, found: Iterable[Update], printed: Collection[str]) -> tuple[Update, ...]:
    """The updates an issue tells: those of papers that it prints anyway are told there."""
    return tuple([one for one in found if one.paper.id not in printed][: newsletter.updated])


def sendable(issue: Issue) -> Issue:
    """The issue as it may still be sent: without papers that were withdrawn since it was made."""
    from digest.desk.edit import without

    return without(issue, frozenset(issue.withdrawn)) if issue.withdrawn else issue


def _together(one: Update, other: Update) -> Update:
    """Two changes of one paper as one, under the weightier kind."""
    first, second = sorted((one, other), key=lambda each: _rank(each.kind))
    if second.words in first.words:
        return replace(first, at=max(one.at, other.at))
    return replace(first, words=f"{first.words}; {second.words}", at=max(one.at, other.at))


def _weight(one: Update) -> tuple[bool, int, float, str]:
    return not one.issue, _rank(one.kind), -one.at.timestamp(), one.paper.id


def _rank(kind: str) -> int:
    return KINDS.index(kind) if kind in KINDS else len(KINDS)


def _left(paper_id: str, verdict: str, reason: str, of: str | None, now: datetime) -> Decision:
    return Decision(subject=paper_id, stage=STAGE + " of an issue", verdict=verdict, reason=reason, at=now, of=of)
