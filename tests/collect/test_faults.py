"""Every fault of the replayed sources, one by one: no paper is lost, and none of them looks like a quiet day."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import stamina
from replaying import Replay, running

from digest.collect import gather, parts
from digest.collect.batches import paper_id
from digest.model import Answer, Source, SourceState
from digest.net import Client

CATEGORIES = ("cs.CL", "cs.CV", "cs.AI")
BATCHES: dict[str, set[str]] = {}


@pytest.fixture(scope="module")
def replay(shared: Path) -> Iterator[Replay]:
    with running(shared, "2026-02-16") as server, stamina.set_testing(True, attempts=10, cap=True):
        yield server


@dataclass
class Collector:
    """Collects as the program does, remembering states from run to run."""

    replay: Replay
    sources: list[Source]
    states: dict[str, SourceState] = field(default_factory=dict)
    papers: dict[str, set[str]] = field(default_factory=dict)

    def collect(self, when: str, *faults: str, timeout_s: float = 5.0) -> dict[str, Answer]:
        self.replay.clock(when)
        self.replay.faults(*faults)
        self.replay.forget()
        now = datetime.fromisoformat(when).replace(tzinfo=UTC)

        async def run() -> tuple[Answer, ...]:
            client = Client("a@example.org", ["127.0.0.1"], gap_s=0, timeout_s=timeout_s, max_bytes=8_000_000)
            async with client:
                return await gather(self.sources, self.states, client, now)

        answers = asyncio.run(run())
        for answer in answers:
            self.states[answer.source.name] = answer.state
            self.papers.setdefault(answer.source.name, set()).update(map(paper_id, answer.entries))
        return {answer.source.name: answer for answer in answers}

    def status(self, when: str, *faults: str, source: str = "arxiv", **more: Any) -> str:
        return self.collect(when, *faults, **more)[source].state.status


@pytest.fixture
def arxiv(replay: Replay) -> Collector:
    options = {"categories": CATEGORIES, "base_url": replay.url, "api_url": f"{replay.url}/api/query"}
    return Collector(replay, [Source(name="arxiv", kind="arxiv", options=options)])


@pytest.fixture
def hf(replay: Replay) -> Collector:
    return Collector(replay, [Source(name="hf", kind="huggingface", options={"base_url": replay.url})])


@pytest.fixture
def journal(replay: Replay) -> Collector:
    names = list(replay.control("/_stats")["data"]["feeds"])
    return Collector(replay, [Source(name="journal", kind="feed", url=f"{replay.url}/feeds/{sorted(names)[0]}")])


def batch(collector: Collector, *days: str) -> set[str]:
    """The ids that arXiv's feed announced on these days, from the replay without faults.

    Without those numbered long before, which a feed lists when they are reclassified: no window of an API finds them.
    """
    for day in set(days) - BATCHES.keys():
        fresh = Collector(collector.replay, collector.sources)
        fresh.collect(f"{day}T23:00")
        BATCHES[day] = numbered(fresh.papers["arxiv"])
    return set().union(*(BATCHES[day] for day in days))


def numbered(papers: set[str]) -> set[str]:
    return {paper for paper in papers if paper > "2602.0"}


# ---- the ordinary week ------------------------------------------------------------------------------------------


def test_a_week_without_faults_alarms_nobody(arxiv: Collector) -> None:
    seen = [
        arxiv.status(f"2026-02-{day}T{hour:02}:00") for day in range(16, 23) for hour in (3, 9, 18)
    ]  # Monday to Sunday
    assert seen.count("fresh") == 5
    assert set(seen) == {"fresh", "quiet"}
    assert numbered(arxiv.papers["arxiv"]) == batch(arxiv, *(f"2026-02-{day}" for day in range(16, 21)))


def test_an_unchanged_feed_costs_one_304(arxiv: Collector) -> None:
    arxiv.collect("2026-02-17T09:00")
    arxiv.collect("2026-02-17T12:00")
    log = arxiv.replay.log()
    assert [(entry["path"].split("?")[0], entry["status"]) for entry in log] == [("/rss/cs.CL+cs.CV+cs.AI", 304)]
    assert "if-none-match" in log[0]["headers"]


def test_a_holiday_is_waited_for_and_forgotten(arxiv: Collector) -> None:
    """2026-02-03 (a Tuesday) was not recorded, as if arXiv had not announced that day."""
    assert arxiv.status("2026-02-02T09:00") == "fresh"
    assert arxiv.status("2026-02-03T09:00") == "waiting"
    assert arxiv.status("2026-02-03T21:00") == "waiting"
    assert arxiv.status("2026-02-04T09:00") == "fresh"
    assert numbered(arxiv.papers["arxiv"]) == batch(arxiv, "2026-02-02", "2026-02-04") > set()


# ---- arXiv's own troubles ---------------------------------------------------------------------------------------


def test_a_late_batch_is_waited_for_and_taken_the_same_day(arxiv: Collector) -> None:
    arxiv.collect("2026-02-17T09:00")
    assert arxiv.status("2026-02-18T09:00", "late@2026-02-18") == "waiting"
    assert arxiv.status("2026-02-18T19:00", "late@2026-02-18") == "fresh"
    assert numbered(arxiv.papers["arxiv"]) == batch(arxiv, "2026-02-17", "2026-02-18")


def test_a_late_feed_is_made_up_for_by_the_api(arxiv: Collector) -> None:
    arxiv.collect("2026-02-17T09:00")
    assert arxiv.status("2026-02-18T09:00", "late:/rss/*@2026-02-18") == "partial"
    assert numbered(arxiv.papers["arxiv"]) == batch(arxiv, "2026-02-17", "2026-02-18")


def test_a_stale_category_is_named_and_made_up_for(arxiv: Collector) -> None:
    arxiv.collect("2026-02-18T09:00")
    fault = "stale:cs.AI@2026-02-19..2026-02-20"
    for when in ("2026-02-19T09:00", "2026-02-19T15:00", "2026-02-20T09:00", "2026-02-20T12:00"):
        arxiv.collect(f"{when[:10]}T00:00", fault)  # before the day's batch is due
        answer = arxiv.collect(when, fault)["arxiv"]
        assert answer.state.status == "partial"
        assert "in cs.AI" in (answer.state.error or "")
        assert "cs.CL" not in (answer.state.error or "")
        states = {part.name: part.status for part in parts(answer.state)}
        assert states["cs.AI"] == "partial"
        assert states["cs.CL"] in ("fresh", "quiet")
        assert min(part.papers for part in parts(answer.state)) > 0
    assert arxiv.status("2026-02-23T09:00") == "fresh"
    assert numbered(arxiv.papers["arxiv"]) == batch(arxiv, *(f"2026-02-{d}" for d in (18, 19, 20, 23)))


def test_a_stale_feed_without_an_api_is_stalled_and_caught_up_later(arxiv: Collector) -> None:
    arxiv.collect("2026-02-17T09:00")
    fault = "stale@2026-02-18..2026-02-19"
    seen = [arxiv.status(f"2026-02-{day}T{hour:02}:00", fault) for day in (18, 19) for hour in (9, 21)]
    assert seen[0] == "waiting"
    assert seen[-1] == "stalled"
    assert not {"fresh", "quiet"} & set(seen)
    assert arxiv.status("2026-02-20T09:00") == "partial"
    assert numbered(arxiv.papers["arxiv"]) == batch(arxiv, *(f"2026-02-{d}" for d in (17, 18, 19, 20)))


def test_days_without_the_machine_are_regained(arxiv: Collector) -> None:
    arxiv.collect("2026-02-16T09:00")
    answer = arxiv.collect("2026-02-19T09:00")["arxiv"]
    assert answer.state.status == "partial"
    assert "2026-02-17 to 2026-02-18 regained" in (answer.state.error or "")
    assert numbered(arxiv.papers["arxiv"]) == batch(arxiv, *(f"2026-02-{d}" for d in (16, 17, 18, 19)))
    assert sum(r["papers"] for r in answer.state.memory["regained"]) >= 300
    assert arxiv.status("2026-02-19T12:00") == "quiet"


def test_a_friday_missed_is_regained_on_sunday(arxiv: Collector) -> None:
    arxiv.collect("2026-02-19T09:00")
    assert arxiv.status("2026-02-22T09:00") == "partial"
    assert numbered(arxiv.papers["arxiv"]) == batch(arxiv, "2026-02-19", "2026-02-20")


def test_an_empty_feed_is_no_quiet_day(arxiv: Collector) -> None:
    arxiv.collect("2026-02-17T09:00")
    assert arxiv.status("2026-02-18T09:00", "empty:/rss/*@2026-02-18") == "partial"
    assert arxiv.status("2026-02-18T15:00", "empty:/rss/*@2026-02-18") == "partial"
    assert numbered(arxiv.papers["arxiv"]) == batch(arxiv, "2026-02-17", "2026-02-18")


def test_both_routes_empty_is_waited_for_and_regained(arxiv: Collector) -> None:
    arxiv.collect("2026-02-17T09:00")
    assert arxiv.status("2026-02-18T09:00", "empty@2026-02-18") == "waiting"
    assert arxiv.status("2026-02-19T09:00") == "partial"
    assert numbered(arxiv.papers["arxiv"]) == batch(arxiv, "2026-02-17", "2026-02-18", "2026-02-19")


def test_guids_that_change_make_no_paper_new(arxiv: Collector) -> None:
    arxiv.collect("2026-02-17T09:00")
    assert arxiv.status("2026-02-17T12:00", "reset-guid") == "quiet"
    assert numbered(arxiv.papers["arxiv"]) == batch(arxiv, "2026-02-17")


BROKEN = [
    "status-429=9,0:/rss/*",
    "html-instead:/rss/*",
    "badxml=truncated:/rss/*",
    "drop:/rss/*",
    "gzip-bad:/rss/*",
    "gone:/rss/*",
    "redirect-loop:/rss/*",
    "huge:/rss/*",
    "slow=0.05:/rss/*",
]


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_feed_is_made_up_for_by_the_api(arxiv: Collector, fault: str) -> None:
    arxiv.collect("2026-02-17T09:00")
    answer = arxiv.collect("2026-02-18T09:00", fault, timeout_s=2.0)["arxiv"]
    assert answer.state.status == "partial"
    assert "the feed failed" in (answer.state.error or "")
    assert numbered(arxiv.papers["arxiv"]) == batch(arxiv, "2026-02-17", "2026-02-18")
    assert arxiv.status("2026-02-18T12:00") in ("fresh", "quiet")


@pytest.mark.parametrize(
    "fault", ["status-429=9,0:/api/*", "badxml=truncated:/api/*", "gone:/api/*", "html-instead:/api/*"]
)
def test_a_gap_that_could_not_be_mended_is_mended_later(arxiv: Collector, fault: str) -> None:
    arxiv.collect("2026-02-16T09:00")
    answer = arxiv.collect("2026-02-18T09:00", fault)["arxiv"]
    assert answer.state.status == "partial"
    assert "could not be mended" in (answer.state.error or "")
    arxiv.collect("2026-02-18T12:00")
    assert numbered(arxiv.papers["arxiv"]) == batch(arxiv, "2026-02-16", "2026-02-17", "2026-02-18")


def test_no_answer_at_all_is_a_failure(arxiv: Collector) -> None:
    arxiv.collect("2026-02-17T09:00")
    failed = arxiv.collect("2026-02-18T09:00", "gone")["arxiv"].state
    assert (failed.status, failed.failures) == ("failed", 1)
    again = arxiv.collect("2026-02-18T12:00", "gone")["arxiv"].state
    assert (again.failures, again.since) == (2, failed.since)
    assert arxiv.status("2026-02-18T15:00") in ("fresh", "partial")
    assert numbered(arxiv.papers["arxiv"]) == batch(arxiv, "2026-02-17", "2026-02-18")


@pytest.mark.parametrize("fault", ["status-429=2", "status-406-without-accept", "moved", "badxml"])
def test_troubles_that_pass_are_passed(arxiv: Collector, fault: str) -> None:
    assert arxiv.status("2026-02-17T09:00", fault) == "fresh"
    assert numbered(arxiv.papers["arxiv"]) == batch(arxiv, "2026-02-17")


def test_a_move_is_remembered(arxiv: Collector) -> None:
    arxiv.collect("2026-02-17T09:00", "moved")
    arxiv.collect("2026-02-18T09:00")
    assert arxiv.replay.log()[0]["path"].startswith("/moved/rss/")


def test_a_query_is_asked_of_the_api_and_is_no_part_of_the_batch(arxiv: Collector) -> None:
    options = {**arxiv.sources[0].options, "query": "ti:diffusion", "max_results": 7}
    arxiv.sources = [Source(name="arxiv", kind="arxiv", options=options)]
    first = arxiv.collect("2026-02-17T09:00")["arxiv"]
    assert all("iffusion" in e.title for e in first.entries[-7:])
    assert arxiv.status("2026-02-17T12:00") == "quiet"
    broken = arxiv.collect("2026-02-17T15:00", "status-429=9,0:*diffusion*")["arxiv"].state
    assert (broken.status, "ti:diffusion" in (broken.error or "")) == ("partial", True)


def test_a_source_of_queries_alone(arxiv: Collector) -> None:
    options = {**arxiv.sources[0].options, "query": ["ti:diffusion", "abs:benchmark"], "categories": ()}
    arxiv.sources = [Source(name="arxiv", kind="arxiv", options=options)]
    assert arxiv.status("2026-02-17T09:00") == "fresh"
    assert arxiv.status("2026-02-17T12:00") == "quiet"
    assert arxiv.status("2026-02-18T12:00") == "fresh"


# ---- Hugging Face -----------------------------------------------------------------------------------------------


def test_a_half_filled_list_is_completed_later(hf: Collector) -> None:
    hf.collect("2026-02-17T09:00", "partial@2026-02-17")
    half = len(hf.papers["hf"])
    assert hf.status("2026-02-17T15:00", "partial@2026-02-17", source="hf") == "fresh"
    assert 0 < half < len(hf.papers["hf"])


def test_recent_lists_are_read_again_and_absences_made_up_for(hf: Collector) -> None:
    hf.collect("2026-02-16T09:00")
    hf.collect("2026-02-26T09:00")
    days = {entry["path"].split("date=")[1][:10] for entry in hf.replay.log()}
    assert days == {f"2026-02-{d}" for d in range(16, 27)}
    hf.collect("2026-02-26T12:00")
    log = hf.replay.log()
    assert {e["path"].split("date=")[1][:10] for e in log} == {f"2026-02-{d}" for d in range(20, 27)}
    assert {e["status"] for e in log if "02-21" not in e["path"] and "02-22" not in e["path"]} == {304}


@pytest.mark.parametrize("fault", ["malformed-json", "status-429=9,0", "html-instead", "gone", "drop", "gzip-bad"])
def test_a_list_without_answer_fails_and_is_taken_later(hf: Collector, fault: str) -> None:
    assert hf.status("2026-02-17T09:00", fault, source="hf") == "failed"
    assert not hf.papers["hf"]
    assert hf.status("2026-02-18T10:00", source="hf") == "fresh"


def test_one_day_that_cannot_be_read_is_a_part(hf: Collector) -> None:
    hf.collect("2026-02-16T09:00")
    answer = hf.collect("2026-02-17T09:00", "malformed-json:*date=2026-02-16*")["hf"]
    assert answer.state.status in ("partial", "fresh")  # the old list is a 304 unless it changed
    answer = hf.collect("2026-02-18T09:00", "malformed-json:*date=2026-02-18*")["hf"]
    assert answer.state.status == "partial"
    assert "2026-02-18" in (answer.state.error or "")
    assert hf.status("2026-02-18T12:00", source="hf") == "fresh"


def test_an_odd_shape_is_read_all_the_same(hf: Collector) -> None:
    assert hf.status("2026-02-17T09:00", "odd-shape", source="hf") == "fresh"
    assert len(hf.papers["hf"]) == 18


def test_an_empty_list_on_a_working_day_is_waited_for(hf: Collector) -> None:
    hf.collect("2026-02-17T09:00")
    assert hf.status("2026-02-18T09:00", "empty", source="hf") == "waiting"
    assert hf.status("2026-02-18T12:00", source="hf") == "fresh"
    assert hf.status("2026-02-21T12:00", source="hf") == "fresh"  # Thursday's and Friday's lists
    assert hf.status("2026-02-22T12:00", source="hf") == "quiet"


# ---- any feed ---------------------------------------------------------------------------------------------------


def test_a_feed_that_is_gone_is_retired_and_looked_at_rarely(journal: Collector) -> None:
    assert journal.status("2026-02-16T09:00", source="journal") == "fresh"
    gone = journal.collect("2026-02-17T09:00", "gone")["journal"].state
    assert gone.status == "failed"
    assert "retired" in (gone.error or "")
    assert journal.status("2026-02-17T12:00", source="journal") == "failed"
    assert journal.replay.log() == []
    assert journal.status("2026-02-18T10:00", source="journal") == "quiet"
    assert journal.status("2026-02-18T13:00", source="journal") == "quiet"


def test_a_feed_that_did_not_change_costs_one_304(journal: Collector) -> None:
    journal.collect("2026-02-16T09:00")
    assert journal.status("2026-02-16T12:00", source="journal") == "quiet"
    assert [entry["status"] for entry in journal.replay.log()] == [304]


# ---- how it asks ------------------------------------------------------------------------------------------------


def test_politeness_as_the_servers_log_shows_it(arxiv: Collector, hf: Collector) -> None:
    """Spacing, one connection at a time, contact, Accept, nothing before Retry-After."""
    arxiv.sources += hf.sources
    arxiv.collect("2026-02-16T09:00")
    arxiv.replay.clock("2026-02-18T09:00")
    arxiv.replay.faults("status-429=1:/api/daily*")
    arxiv.replay.forget()

    async def run() -> None:
        async with Client("a@example.org", ["127.0.0.1"], gap_s=0.15) as client:
            await gather(arxiv.sources, arxiv.states, client, datetime(2026, 2, 18, 9, tzinfo=UTC))

    asyncio.run(run())
    log = arxiv.replay.log()
    times = [entry["t"] for entry in log]
    assert len(log) > 6
    assert min(b - a for a, b in pairwise(times)) >= 0.15
    assert max(entry["concurrent"] for entry in log) == 1
    assert all("a@example.org" in e["headers"]["user-agent"] and e["headers"]["accept"] for e in log)
    refused = next(entry["t"] for entry in log if entry["status"] == 429)
    assert min(t for t in times if t > refused) - refused >= 1


def test_a_category_that_is_stale_after_the_feed_had_failed_is_not_taken_for_current(arxiv: Collector) -> None:
    """Its feed shows papers that it never showed before, but that the API gave the day before."""
    arxiv.collect("2026-02-17T09:00")
    assert arxiv.status("2026-02-18T09:00", "gzip-bad:/rss/*") == "partial"
    answer = arxiv.collect("2026-02-19T09:00", "stale:cs.CV@2026-02-19")["arxiv"]
    assert answer.state.status == "partial"
    assert "in cs.CV" in (answer.state.error or "")
    assert numbered(arxiv.papers["arxiv"]) == batch(arxiv, "2026-02-17", "2026-02-18", "2026-02-19")


def test_what_was_made_up_for_stays_partial_while_the_feed_fails(arxiv: Collector) -> None:
    arxiv.collect("2026-02-17T09:00")
    assert arxiv.status("2026-02-18T09:00", "gone:/rss/*") == "partial"
    assert arxiv.status("2026-02-18T12:00", "gone:/rss/*") == "partial"
    assert arxiv.status("2026-02-18T15:00", "gone") == "partial"
    assert arxiv.status("2026-02-18T18:00") in ("fresh", "quiet")


def test_a_half_filled_list_is_named_once_a_week_is_known(hf: Collector) -> None:
    for day in ("02", "03", "04", "05", "06"):
        hf.collect(f"2026-02-{day}T09:00")
    answer = hf.collect("2026-02-09T09:00", "partial@2026-02-09")["hf"]
    assert answer.state.status == "partial"
    assert answer.state.error == "the list of 2026-02-09 is half filled: 13 papers, where 27 is the least at this hour"
    assert hf.status("2026-02-09T12:00", source="hf") == "fresh"
    assert len(hf.papers["hf"]) == 27 + 44 + 33 + 35 + 30 + 26
