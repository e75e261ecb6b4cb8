"""What an issue says it rests on: counts by part, and what is wrong since when."""

from datetime import UTC, date, datetime, timedelta

from digest.coverage import coverage
from digest.model import Announcement, Candidate, Paper, Sighting, SourceState
from digest.render import words

LAST = datetime(2026, 2, 4, 7, tzinfo=UTC)
DAY = date(2026, 2, 5)


def seen(name: str, categories: tuple[str, ...], *sightings: tuple[str, int]) -> Candidate:
    kind: Announcement = "new"
    marks = tuple(
        Sighting(paper_id=name, source=source, at=LAST + timedelta(hours=hours), announcement=kind)
        for source, hours in sightings
    )
    first = min(mark.at for mark in marks)
    paper = Paper(id=name, keys=(name,), title=name, categories=categories)
    return Candidate(paper=paper, first_seen=first, sightings=marks)


def test_counts_by_part_since_the_last_issue() -> None:
    tracks = {"cs.CL": {"status": "fresh"}, "cs": {"status": "fresh"}, "cs.AI": {"status": "stalled"}}
    states = (
        SourceState(name="arxiv", status="partial", memory={"categories": tracks}, since=LAST),
        SourceState(name="biorxiv", status="stalled", since=datetime(2026, 2, 3, tzinfo=UTC), error="nothing new"),
        SourceState(name="hf", status="fresh"),
    )
    population = (
        seen("a", ("cs.CL", "cs.AI"), ("arxiv", 1), ("arxiv", 4), ("hf", 2)),
        seen("b", ("cs.CL",), ("arxiv", 1)),
        seen("c", ("cs.AI",), ("hf", 1)),
        seen("old", ("cs.CL",), ("arxiv", -5)),
        seen("again", ("math.CO",), ("arxiv", -5), ("hf", 3)),
    )
    arxiv, biorxiv, hf = coverage(states, population, LAST)
    assert (arxiv.entries, arxiv.new) == (2, 2)
    assert [(part.name, part.entries) for part in arxiv.parts] == [("cs.CL", 2), ("cs", 2), ("cs.AI", 1)]
    assert (biorxiv.entries, biorxiv.new, biorxiv.parts) == (0, 0, ())
    assert (hf.entries, hf.new) == (3, 1)
    assert words.coverage((arxiv, biorxiv, hf), DAY) == (
        "arxiv: cs.CL 2, cs 2, cs.AI 1 nothing new, only in part since Wednesday; "
        "biorxiv: nothing, nothing new since Tuesday (nothing new); hf: 1 new of 3"
    )
    assert "since 3 February 2026" in words.coverage((biorxiv,), DAY + timedelta(days=30))
