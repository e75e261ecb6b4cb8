"""States by ids and rhythm: the cases that must not be told wrongly."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collect import batches, health
from digest.collect.batches import Track
from digest.model import Announcement, Entry, Source, SourceState, Status

SOURCE = Source(name="s", kind="feed")


def entry(url: str | None = None, guid: str = "", title: str = "T") -> Entry:
    return Entry(source="s", number=9, title=title, url=url, guid=guid)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# ---- any source -------------------------------------------------------------------------------------------------


def test_a_reset_of_guids_makes_nothing_new() -> None:
    before = health.entry_ids([entry("https://a.example/1", "g1"), entry("https://a.example/2", "g2")])
    after = health.entry_ids([entry("https://a.example/1", "x1"), entry("https://a.example/2", "x2")])
    assert before == after


def test_entries_that_share_a_link_are_told_by_guid() -> None:
    ids = health.entry_ids([entry("https://a.example/", "g1"), entry("https://a.example/", "g2"), entry(title="Only")])
    assert ids == ("g1", "g2", "Only")


def test_since_moves_with_the_status_and_failures_are_counted() -> None:
    state = SourceState(name="s")
    days = [at(f"2026-02-{day}T09:00") for day in (16, 17, 18, 19)]
    outcomes: list[Status] = ["fresh", "failed", "failed", "quiet"]
    seen = []
    for now, status in zip(days, outcomes, strict=True):
        state = health.settle(SOURCE, state, now, status, error="why" if status == "failed" else None).state
        seen.append((state.since, state.failures))
    assert seen == [(days[0], 0), (days[1], 1), (days[1], 2), (days[3], 0)]


def test_fresh_then_quiet_then_fresh() -> None:
    one, two = entry("https://a.example/1"), entry("https://a.example/2")
    now = at("2026-02-16T09:00")
    first = health.announced(SOURCE, SourceState(name="s"), now, [one], ()).state
    again = health.announced(SOURCE, first, now + timedelta(hours=3), [one], ()).state
    unchanged = health.announced(SOURCE, again, now + timedelta(hours=6), [], ()).state
    later = health.announced(SOURCE, unchanged, now + timedelta(hours=9), [two, one], ()).state
    assert [s.status for s in (first, again, unchanged, later)] == ["fresh", "quiet", "quiet", "fresh"]
    assert later.batch == ("https://a.example/2", "https://a.example/1")
    assert unchanged.ids_at == now


def days_of(first: date, count: int, weekdays: set[int]) -> list[str]:
    days = (first + timedelta(days=n) for n in range(count))
    return [day.isoformat() for day in days if day.weekday() in weekdays]


WORKDAYS = days_of(date(2026, 1, 5), 47, {0, 1, 2, 3, 4})  # Monday 5 January to Friday 20 February
RHYTHMS: list[tuple[str, list[str], str, bool, Status]] = [
    ("Saturday of a working-day source", WORKDAYS, "2026-02-21T12:00", True, "quiet"),
    ("Sunday", WORKDAYS, "2026-02-22T23:00", True, "quiet"),
    ("Monday with nothing yet", WORKDAYS, "2026-02-23T09:00", True, "waiting"),
    ("a Monday holiday, seen on Tuesday morning", WORKDAYS, "2026-02-24T09:00", True, "waiting"),
    ("three working days of silence", WORKDAYS, "2026-02-25T09:00", True, "stalled"),
    ("a daily source of two days' standing, Saturday", WORKDAYS[-2:], "2026-02-21T09:00", True, "quiet"),
    ("a daily source of two days' standing, Monday", WORKDAYS[-2:], "2026-02-23T09:00", True, "waiting"),
    ("any feed of two days' standing", WORKDAYS[-2:], "2026-02-23T09:00", False, "quiet"),
    ("a feed that learnt its working days", WORKDAYS, "2026-02-23T09:00", False, "waiting"),
    ("a weekly journal within its week", days_of(date(2026, 1, 5), 47, {0}), "2026-02-20T09:00", False, "quiet"),
    ("a weekly journal one day late", days_of(date(2026, 1, 5), 47, {0}), "2026-02-23T09:00", False, "waiting"),
    ("a monthly journal", ["2025-11-03", "2025-12-01", "2026-01-05", "2026-02-02"], "2026-03-02T09:00", False, "quiet"),
    ("a monthly journal, silent since", ["2025-08-04", "2025-09-01", "2025-10-06", "2025-11-03"],
     "2026-03-20T09:00", False, "stalled"),
    ("a daily source whose first list is empty, Monday", [], "2026-03-02T09:00", True, "waiting"),
    ("a daily source whose first list is empty, Sunday", [], "2026-03-01T09:00", True, "quiet"),
    ("a feed that never had anything", [], "2026-03-02T09:00", False, "quiet"),
    ("once, long ago", ["2025-06-01"], "2026-03-02T09:00", False, "stalled"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arrivals", "now", "daily", "status"), RHYTHMS, ids=[r[0] for r in RHYTHMS])
def test_rhythms(name: str, arrivals: list[str], now: str, daily: bool, status: Status) -> None:
    assert health.overdue(arrivals, at(now), daily=daily) == status


@given(st.sets(st.integers(0, 60), min_size=1), st.integers(0, 60), st.booleans())
def test_silence_never_looks_better_the_longer_it_lasts(gaps: set[int], wait: int, daily: bool) -> None:
    start = date(2026, 1, 5)
    days = sorted((start + timedelta(days=gap)).isoformat() for gap in gaps)
    last = at(f"{days[-1]}T12:00")
    assert health.overdue(days, last, daily=daily) == "quiet"
    if health.overdue(days, last + timedelta(days=wait), daily=daily) == "stalled" and not daily:
        assert health.overdue(days, last + timedelta(days=wait + 400), daily=daily) == "stalled"


# ---- arXiv's calendar -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-02-24T09:00", "2026-02-24"),
        ("2026-02-24T04:30", "2026-02-23"),  # Monday evening in New York
        ("2026-02-24T06:30", "2026-02-23"),  # half past one: the new batch is settling
        ("2026-02-24T07:00", "2026-02-24"),
        ("2026-07-14T06:00", "2026-07-14"),  # summer time: an hour earlier
        ("2026-02-21T12:00", "2026-02-20"),  # Saturday
        ("2026-02-23T03:00", "2026-02-20"),  # Monday, but Sunday in New York
    ],
)
def test_which_batch_is_due(now: str, due: str) -> None:
    assert batches.due_day(at(now)) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("day", "start"),
    [
        ("2026-02-24", "2026-02-20T18:00"),  # Tuesday's batch opens on Friday
        ("2026-02-23", "2026-02-19T18:00"),  # Monday's on Thursday
        ("2026-02-26", "2026-02-24T18:00"),
    ],
)
def test_when_a_batchs_window_opens(day: str, start: str) -> None:
    assert batches.window_start(date.fromisoformat(day)) == at(start)


def test_missing_days_are_working_days() -> None:
    missing = batches.missing_days(date(2026, 2, 19), date(2026, 2, 24))
    assert missing == (date(2026, 2, 20), date(2026, 2, 23), date(2026, 2, 24))
    assert batches.missing_days(date(2026, 2, 20), date(2026, 2, 20)) == ()


@pytest.mark.parametrize(
    ("spelling", "ident"),
    [
        ("https://arxiv.org/abs/2602.20001", "2602.20001"),
        ("http://arxiv.org/abs/2602.20001v3", "2602.20001"),
        ("oai:arXiv.org:2602.20001v1", "2602.20001"),
        ("oai:arXiv.org:2602.20001v1?reset=20260224", "2602.20001"),
        ("https://arxiv.org/abs/hep-th/9901001", "hep-th/9901001"),
        ("oai:arXiv.org:math.AG/0601001v2", "math.AG/0601001"),
        ("https://example.org/a", "https://example.org/a"),
    ],
)
def test_ids_whatever_their_spelling(spelling: str, ident: str) -> None:
    assert batches.paper_id(entry(spelling)) == ident
    assert batches.paper_id(entry(None, spelling)) == ident


def batch(numbers: range, *categories: str, kind: Announcement = "new", day: str = "2026-02-24") -> list[Entry]:
    return [
        Entry(source="s", number=n, title="T", url=f"https://arxiv.org/abs/2602.{n:05}", categories=categories,
              announcement=kind, published=at(f"{day}T05:00"))
        for n in numbers
    ]  # fmt: skip


BEFORE = Track("cs.AI", date(2026, 2, 23), date(2026, 2, 23), frozenset(f"2602.{n:05}" for n in range(100, 200)))
NOW = at("2026-02-24T09:00")
DUE = date(2026, 2, 24)


def test_a_feed_that_moved_on() -> None:
    track = batches.read_feed(BEFORE, batch(range(200, 260), "cs.AI"), NOW)
    assert (track.feed_day, track.old, len(track.ids)) == (DUE, False, 60)
    assert not batches.behind(track, DUE, NOW)


def test_a_stale_category_within_a_combined_feed_that_moved_on() -> None:
    """The combined feed shows new papers of cs.CL, some cross-listed in cs.AI, and all of cs.AI's old ones."""
    feed = batch(range(200, 260), "cs.CL") + batch(range(260, 280), "cs.CL", "cs.AI") + batch(range(100, 200), "cs.AI")
    track = batches.read_feed(BEFORE, feed, NOW)
    assert (track.feed_day, track.old, track.ids) == (BEFORE.feed_day, True, BEFORE.ids)
    assert batches.behind(track, DUE, NOW)
    moved = batches.read_feed(Track("cs.CL", ids=frozenset({"2602.00001", "2602.00110"})), feed, NOW)
    assert (moved.feed_day, moved.old) == (DUE, False)


def test_what_a_stale_category_shows_of_others_papers_is_not_its_batch() -> None:
    """At midnight UTC yesterday's batch is still the one due; what is cross-listed by then must not be taken for it."""
    feed = batch(range(200, 280), "cs.CL", "cs.AI") + batch(range(100, 200), "cs.AI")
    for now in ("2026-02-24T00:00", "2026-02-24T09:00", "2026-02-25T00:00"):
        track = batches.read_feed(BEFORE, feed, at(now))
        assert (track.old, track.ids) == (True, BEFORE.ids)


def test_a_batch_may_grow_on_its_own_day() -> None:
    first = batches.read_feed(BEFORE, batch(range(200, 230), "cs.AI"), NOW)
    assert len(batches.read_feed(first, batch(range(200, 260), "cs.AI"), NOW).ids) == 60


def test_replacements_of_old_papers_are_no_old_batch() -> None:
    feed = batch(range(100, 200), "cs.AI", kind="replace") + batch(range(200, 203), "cs.AI")
    assert not batches.read_feed(BEFORE, feed, NOW).old


def test_a_small_category_without_papers_today_is_current() -> None:
    track = batches.read_feed(Track("cs.GR", ids=frozenset({"2602.00100"})), batch(range(200, 260), "cs.CV"), NOW)
    assert (track.feed_day, track.old, track.shown) == (DUE, False, False)
    assert track.ids == {"2602.00100"}


def test_an_empty_feed_is_behind_on_a_working_day_only() -> None:
    track = batches.read_feed(BEFORE, [], NOW)
    assert batches.behind(track, DUE, NOW)
    saturday = at("2026-02-28T09:00")
    assert not batches.behind(batches.read_feed(BEFORE, [], saturday), date(2026, 2, 27), saturday)


def test_a_feed_that_goes_back_is_old() -> None:
    feed = batch(range(1, 99), "cs.AI", day="2026-02-20")
    track = batches.read_feed(BEFORE, feed, NOW)
    assert (track.feed_day, track.old, track.ids) == (BEFORE.feed_day, True, BEFORE.ids)


def test_a_date_of_the_future_is_not_believed() -> None:
    assert batches.label(batch(range(3), "cs.AI", day="2026-03-09"), NOW) == NOW.date()


@pytest.mark.parametrize(
    ("day", "old", "now", "status"),
    [
        ("2026-02-23", True, "2026-02-24T09:00", "waiting"),
        ("2026-02-23", True, "2026-02-24T18:00", "stalled"),  # only old ids, and the day is nearly over
        ("2026-02-23", False, "2026-02-24T21:00", "waiting"),  # empty: maybe a holiday
        ("2026-02-20", True, "2026-02-24T09:00", "stalled"),  # only old ids for two batches
        ("2026-02-19", False, "2026-02-24T09:00", "stalled"),  # empty for longer than any holiday
    ],
)
def test_waiting_or_stalled(day: str, old: bool, now: str, status: Status) -> None:
    track = Track("cs.AI", date.fromisoformat(day), date.fromisoformat(day), old=old)
    assert batches.overdue(track, DUE, at(now)) == status


def test_tracks_survive_as_json() -> None:
    track = batches.read_feed(BEFORE, batch(range(200, 260), "cs.AI"), NOW)
    saved = batches.save([track], ["fresh"], batch(range(200, 260), "cs.AI"), {})
    assert batches.load({"categories": saved}, ["cs.AI", "cs.XX"]) == [track, Track("cs.XX")]


def test_what_is_owed_is_numbered_above_the_floor_or_out_of_order() -> None:
    track = Track("cs.AI", floor="2602.00150")
    odd = Entry(source="s", number=1, title="T", url="https://arxiv.org/abs/2504.00001", published=NOW)
    found = [*batch(range(140, 160), "cs.AI"), odd]
    owed = {batches.paper_id(e) for e in batches.owed(track, found, {"2602.00155"})}
    assert owed == {f"2602.{n:05}" for n in range(151, 160) if n != 155} | {"2504.00001"}


def test_memory_of_announced_ids_is_bounded() -> None:
    memory: dict[str, dict[str, list[str]]] = {}
    for n in range(40):
        day = at("2026-01-05T09:00") + timedelta(days=n)
        memory = {"recent": batches.recent(memory, [f"2601.{n:05}", "2601.00000"], day)}
    assert len(memory["recent"]) == 14
    assert sum(ids.count("2601.00000") for ids in memory["recent"].values()) == 1


def test_an_outage_lasts_until_something_comes() -> None:
    """It begins when the source breaks, outlasts changes of state, and is over with the first good answer."""
    source, state = Source(name="f", kind="feed"), SourceState(name="f")
    seen = []
    for day, status in enumerate(("fresh", "failed", "stalled", "waiting", "failed", "partial", "failed"), start=1):
        now = datetime(2026, 2, day, tzinfo=UTC)
        state = replace(health.settle(source, state, now, status).state, noticed_at=now)  # type: ignore[arg-type]
        state = health.settle(source, state, now, status).state  # type: ignore[arg-type]
        seen.append((state.broken_since.day if state.broken_since else None, state.noticed_at is not None))
    assert seen == [(None, False), (2, True), (2, True), (2, True), (2, True), (None, False), (7, True)]
