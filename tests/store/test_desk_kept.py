"""Drafts, proposals and what came back, as the store keeps them, and lets them go."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from digest.model import Draft, Edits, Issue, Proposal, Reader
from digest.store import Store

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
LATER = NOW + timedelta(days=400)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open("sqlite:///digest.db", tmp_path) as opened:
        yield opened


def draft(day: date = date(2026, 3, 2), newsletter: str = "daily") -> Draft:
    issue = Issue(
        newsletter=newsletter, title="Papers", day=day, made_at=NOW, window_start=NOW, language="en", top=(),
        sections=(), candidates=0, coverage=(),
    )  # fmt: skip
    return Draft(issue=issue, deadline=NOW, fitted={"topics": "AAAA"}, arrivals={"tides": 3})


def test_one_draft_a_newsletter_waits(store: Store) -> None:
    first = store.drafts.keep(draft())
    assert first.uid and store.drafts.of_uid(first.uid) == first == store.drafts.get("daily/2026-03-02")
    again = store.drafts.keep(replace(draft(), edits=Edits(dropped=("x",))))
    assert again == first  # the one that stands
    weekly = store.drafts.keep(draft(newsletter="weekly"))
    second = store.drafts.keep(draft(date(2026, 3, 3)))
    assert store.drafts.list() == (weekly, second)
    assert store.drafts.get(first.issue.id) == replace(first, state="lapsed")
    assert store.drafts.last_day("daily") == date(2026, 3, 3) and store.drafts.last_day("none") is None


def test_a_change_that_fails_changes_nothing(store: Store) -> None:
    kept = store.drafts.keep(draft())

    def broken(_draft: Draft) -> Draft:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.drafts.change(kept.issue.id, broken)
    assert store.drafts.get(kept.issue.id) == kept
    assert store.drafts.change("daily/2020-01-01", lambda each: each) is None


def test_old_ones_go_and_what_waits_stays(store: Store) -> None:
    waiting = store.drafts.keep(draft(newsletter="weekly"))
    store.drafts.keep(draft())
    store.drafts.keep(draft(date(2026, 3, 3)))  # the first lapses
    asked = Proposal(number=0, at=NOW, spelling="x", way="page")
    one, two = (store.proposals.admit(asked, "", NOW - timedelta(days=1), 9, 9) for _ in range(2))
    assert isinstance(one, Proposal) and isinstance(two, Proposal)
    store.proposals.put(replace(one, state="queued"))
    store.proposals.put(replace(two, state="refused"))
    store.readers.add([Reader(address="ann@example.org")], NOW)
    assert store.returns.keep("a", "ann@example.org", "soft", "full", NOW)
    assert not store.returns.keep("a", "ann@example.org", "soft", "full", LATER)
    wanted = {"drafts": 1, "proposals": 1, "returns": 1}
    assert {kind: count for kind, count in store.pruning.counts(LATER).items() if count} == wanted
    assert dict(store.pruning.prune(LATER)) == wanted
    assert {each.issue.id for each in store.drafts.list()} == {waiting.issue.id, "daily/2026-03-03"}
    assert [each.number for each in store.proposals.list()] == [one.number]


def test_days_with_a_bounce(store: Store) -> None:
    for number, hours in enumerate((0, 5, 24, 49)):
        store.returns.keep(f"s{number}", "Ann@example.org", "soft", "full", NOW + timedelta(hours=hours))
    store.returns.keep("h", "ann@example.org", "hard", "gone", NOW)
    assert store.returns.days("ann@EXAMPLE.org", "soft", NOW - timedelta(days=1)) == 3
    assert store.returns.days("ann@example.org", "soft", NOW + timedelta(hours=6)) == 2
    assert store.returns.seen(["s0", "h", "never"]) == {"s0", "h"}
