"""Papers by the million are recognised as a day's papers are: by keys and titles the answers are the same."""

from datetime import UTC, datetime
from typing import NamedTuple
from zlib import crc32

from hypothesis import given, settings
from hypothesis import strategies as some

from digest import dedupe
from digest.dedupe import in_bulk
from digest.model import Author, Entry, Known, Paper, Reading

NOW = datetime(2026, 3, 5, tzinfo=UTC)
TITLES = [
    "Quiet harbours and their slow tides", "Moons observed through copper lenses", "Editorial",
    "Folding paper cranes beneath winter lamps", "Seven bridges measured twice", "Whistling frogs of northern marshes",
]  # fmt: skip
KEYS = ["arxiv:2601.00001", "arxiv:2601.00002", "arxiv:2601.00003", "doi:10.1000/a", "doi:10.1000/b", "pubmed:7"]


class Mark(NamedTuple):
    keys: tuple[str, ...]
    fold: str


@some.composite
def papers(draw: some.DrawFn) -> Paper:
    of_one_registry = (KEYS[:3], KEYS[3:5], KEYS[5:])  # an entry has at most one key of each
    drawn = [draw(some.sampled_from([*of, None])) for of in of_one_registry]
    keys = [key for key in drawn if key]
    title = draw(some.sampled_from(TITLES))
    people = draw(some.lists(some.sampled_from(["Ann Bell", "Cy Dee", "Eve Eff"]), max_size=2, unique=True))
    keys = sorted(keys, key=KEYS.index) or [f"title:{crc32(repr((title, people)).encode()):016x}"]
    return Paper(
        id=keys[0],
        keys=tuple(keys),
        title=title,
        authors=tuple(Author(name=name) for name in people),
        abstract=draw(some.sampled_from(["", "Short.", "Somewhat longer."])),
        version=draw(some.sampled_from([None, 1, 2])),
    )


def readings(found: list[Paper]) -> list[Reading]:
    return [Reading(entry=Entry(source="s", number=n, title=p.title), paper=p) for n, p in enumerate(found, 1)]


def asked(past: dict[str, Paper], found: list[Paper]) -> Known:
    """What a store that holds `past` answers: holders of keys, papers of titles."""
    by_key = {key: paper.id for paper in past.values() for key in paper.keys}
    keys, folds = {key for paper in found for key in paper.keys}, {dedupe.fold(paper.title) for paper in found}
    by_key = {key: paper_id for key, paper_id in by_key.items() if key in keys}
    named = {i: p for i, p in past.items() if i in by_key.values() or dedupe.fold(p.title) in folds}
    return Known(by_key=by_key, papers=named)


def kept(past: dict[str, Paper], batch: list[Paper]) -> tuple[dict[str, Paper], list[str]]:
    """The papers there are after a batch, and what became of each of it, in bulk."""
    marks = [Mark(paper.keys, dedupe.fold(paper.title)) for paper in batch]
    known = asked(past, batch)
    assert in_bulk.questions(marks).keys == {key for paper in batch for key in paper.keys}
    found = in_bulk.sort_out(marks, known)
    places = sorted((*found.known, *found.rest))
    assert sorted((*places, *found.new)) == list(range(len(batch)))
    closer = in_bulk.settle({place: readings(batch)[place] for place in places}, found, known, NOW)
    became = dict.fromkeys(found.new, "new") | dict(zip(places, closer.outcomes, strict=True))
    new = {batch[place].id: batch[place] for place in found.new}
    after = past | new | {paper.id: paper for paper in (*closer.new, *closer.updated)}
    return _without(after, closer.merges), [became[place] for place in range(len(batch))]


def _without(after: dict[str, Paper], merges: tuple[object, ...]) -> dict[str, Paper]:
    gone = {merge.gone for merge in merges}  # type: ignore[attr-defined]
    return {paper_id: paper for paper_id, paper in after.items() if paper_id not in gone}


@settings(max_examples=150, deadline=None)
@given(some.lists(papers(), max_size=5), some.lists(papers(), max_size=7))
def test_bulk_and_daily_recognition_agree(before: list[Paper], batch: list[Paper]) -> None:
    first = dedupe.resolve([r.entry for r in readings(before)], readings(before), Known(by_key={}, papers={}), NOW)
    past = {paper.id: paper for paper in first.new}
    whole = dedupe.resolve([r.entry for r in readings(batch)], readings(batch), asked(past, batch), NOW)
    expected = _without(past | {paper.id: paper for paper in (*whole.new, *whole.updated)}, whole.merges)
    found, outcomes = kept(past, batch)
    assert found == expected
    assert outcomes == list(whole.outcomes)


def test_a_known_paper_is_seen_at_a_glance_and_keeps_its_reason() -> None:
    past = Paper(id="arxiv:2601.00001", keys=("arxiv:2601.00001",), title=TITLES[0], version=1)
    newer = Paper(id=past.id, keys=(past.id, "doi:10.1000/a"), title=TITLES[0], version=2, venue="J. Tides")
    marks = [Mark(newer.keys, dedupe.fold(newer.title))]
    known = asked({past.id: past}, [newer])
    found = in_bulk.sort_out(marks, known)
    assert (found.new, dict(found.known), found.rest) == ((), {0: past.id}, ())
    settled = in_bulk.settle({0: readings([newer])[0]}, found, known, NOW)
    assert settled.updated[0].venue == "J. Tides"
    assert settled.decisions[0].reason == "gained keys doi:10.1000/a, version 2, venue"
