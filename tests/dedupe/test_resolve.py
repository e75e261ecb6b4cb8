"""What a run's entries come to: by keys, by titles, in any order, twice, and over the recorded pages."""

import itertools
import json
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from digest.dedupe import fold, questions, resolve
from digest.model import Author, Entry, Known, Paper, Resolved
from digest.normalise import read

NOW = datetime(2025, 3, 11, 8, tzinfo=UTC)
NOTHING = Known(by_key={}, papers={})
TITLE = "Slow Light in Warm Vapour: A Field Guide"


def entry(number: int = 1, title: str = TITLE, source: str = "a", **facts) -> Entry:
    authors = tuple(Author(name=name) for name in facts.pop("authors", ()))
    return Entry(source=source, number=number, title=title, authors=authors, **facts)


def settle(entries, past: dict[str, Paper] | None = None) -> Resolved:
    """Resolves as the pipeline does, the store's answer made from `past` by the rule of `Known`."""
    readings = [read(one) for one in entries]
    asked = questions(readings)
    papers = past or {}
    by_key = {key: paper.id for paper in papers.values() for key in paper.keys if key in asked.keys}
    wanted = {i: p for i, p in papers.items() if i in by_key.values() or fold(p.title) in asked.titles}
    return resolve(entries, readings, Known(by_key=by_key, papers=wanted), NOW)


def remember(past: dict[str, Paper], resolved: Resolved) -> dict[str, Paper]:
    return past | {paper.id: paper for paper in (*resolved.new, *resolved.updated)}


def test_one_paper_under_many_spellings() -> None:
    made = settle(
        [
            entry(1, identifiers=("oai:arXiv.org:2503.01234v2",)),
            entry(2, "Another wording of it", "b", url="https://huggingface.co/papers/2503.01234"),
            entry(3, "", "b"),
            entry(4, "Something else entirely about ducks", "c", identifiers=("10.48550/arXiv.2503.99999",)),
        ]
    )
    assert made.outcomes == ("new", "merged", "rejected", "new")
    assert [paper.id for paper in made.new] == ["arxiv:2503.01234", "arxiv:2503.99999"]
    assert made.new[0].version == 2
    verdicts = [(one.subject, one.verdict, one.of) for one in made.decisions]
    assert verdicts[:3] == [
        ("a#1", "new", "arxiv:2503.01234"),
        ("b#2", "merged", "arxiv:2503.01234"),
        ("b#3", "rejected", None),
    ]
    assert made.decisions[1].reason == "same key arxiv:2503.01234"
    assert made.decisions[2].reason == "it has no title"
    assert [sighting.paper_id for sighting in made.sightings] == ["arxiv:2503.01234"] * 2 + ["arxiv:2503.99999"]


def test_every_measure_becomes_a_signal() -> None:
    made = settle([entry(1, measures=(("upvotes", 57.0), ("comments", 3.0))), entry(2, source="b")])
    assert [(s.kind, s.value, s.source, s.at) for s in made.signals] == [
        ("upvotes", 57.0, "a", NOW),
        ("comments", 3.0, "a", NOW),
    ]
    assert {s.paper_id for s in made.signals} == {made.new[0].id}


@pytest.mark.parametrize(
    ("left", "right", "papers"),
    [
        ({}, {}, 1),
        ({"authors": ("Ann Bell",)}, {"authors": ("A. Bell", "Cy Dee")}, 1),
        ({"authors": ("Bell, Ann",)}, {}, 1),
        ({"authors": ("Ann Bell",)}, {"authors": ("Eve Fox",)}, 2),
        ({"identifiers": ("2503.00001",)}, {"identifiers": ("2503.00002",)}, 2),
        ({"identifiers": ("10.1000/a",)}, {"identifiers": ("10.1000/b",)}, 2),
        ({"identifiers": ("2503.00001",)}, {"identifiers": ("10.1000/b",)}, 1),
        ({"identifiers": ("2503.00001",)}, {"identifiers": ("10.48550/arXiv.2503.00002",)}, 2),
        ({"identifiers": ("2503.00001", "10.1000/a")}, {"identifiers": ("2503.00001", "10.1000/b")}, 1),
        ({"identifiers": ("2503.00001", "10.1000/a")}, {"identifiers": ("2503.00002", "10.1000/a")}, 2),
        ({"title": "Editorial", "url": "https://a.org/1"}, {"title": "Editorial", "url": "https://b.org/2"}, 2),
        ({"title": "Editorial", "url": "https://a.org/1"}, {"title": "Editorial", "url": "http://www.a.org/1/"}, 1),
        ({"title": TITLE}, {"title": "SLOW LIGHT IN WARM VAPOUR – a field guide."}, 1),
        ({"url": "https://a.org/feed", "title": "One thing we wrote about"}, {"url": "https://a.org/feed"}, 2),
    ],
)
def test_who_is_one_paper(left: dict, right: dict, papers: int) -> None:
    entries = [entry(1, **left), entry(2, source="b", **right)]
    made = settle(entries)
    assert len(made.new) == papers
    assert len({paper.id for paper in made.new}) == papers
    assert made.outcomes == (("new", "merged") if papers == 1 else ("new", "new"))
    turned = settle(entries[::-1])
    assert set(turned.new) == set(made.new)


def test_a_key_belongs_to_one_paper_only() -> None:
    made = settle(
        [entry(1, identifiers=("2503.00001", "10.1000/a")), entry(2, identifiers=("2503.00002", "10.1000/a"))]
    )
    keys = [key for paper in made.new for key in paper.keys]
    assert len(keys) == len(set(keys))
    doubts = [one for one in made.decisions if one.verdict == "perhaps"]
    assert [(one.subject, one.of, one.reason) for one in doubts] == [
        ("arxiv:2503.00002", "arxiv:2503.00001", "same key doi:10.1000/a")
    ]


def test_known_paper_learns_and_keeps_its_id() -> None:
    past = remember({}, settle([entry(1, source="page")]))
    (first,) = past
    assert first.startswith("title:") and len(first) == 22
    made = settle([entry(1, identifiers=("2503.01234v1",), abstract="We slow it.", authors=("Ann Bell",))], past)
    assert made.outcomes == ("known",) and not made.new
    (paper,) = made.updated
    assert paper.id == first
    assert paper.keys == ("arxiv:2503.01234", first)
    assert paper.abstract == "We slow it." and paper.version == 1
    assert any(one.verdict == "updated" and "arxiv:2503.01234" in one.reason for one in made.decisions)
    past = remember(past, made)
    again = settle([entry(1, "A new wording", identifiers=("2503.01234v2",), comment="ICML 2025")], past)
    (paper,) = again.updated
    assert (paper.id, paper.version, paper.venue, paper.title) == (first, 2, "ICML 2025", "A new wording")
    assert paper.abstract == "We slow it."


def test_two_known_papers_are_never_silently_one() -> None:
    before = [entry(1, identifiers=("2503.00001",)), entry(2, "Quite other", identifiers=("10.1000/ab",))]
    past = remember({}, settle(before))
    made = settle([entry(1, identifiers=("2503.00001", "10.1000/ab"))], past)
    assert made.outcomes == ("known",)
    assert all(paper.keys == past[paper.id].keys for paper in made.updated)
    assert ("perhaps", "doi:10.1000/ab", "arxiv:2503.00001") in [(d.verdict, d.subject, d.of) for d in made.decisions]


def spoken_as(title: str = TITLE, **facts) -> dict:
    """What an entry says, in the shape the strategy below draws."""
    return {"title": title, "authors": (), "identifiers": (), "url": None, "abstract": ""} | facts


names = st.sampled_from(["Ann Bell", "Bell, A.", "Cy Dee", "Eve Fox"])
titles = st.sampled_from(
    [
        TITLE,
        TITLE.upper(),
        TITLE.replace("Vapour", "Vapor"),
        f"{TITLE} Part II",
        "Editorial",
        "A quiet study: loud ROOMS",
    ]
)
marks = st.sampled_from(["2503.00001", "2503.00001v2", "2503.00002", "10.1000/a", "10.1000/b", "PMC123", "PMID: 9"])
spoken = st.builds(
    lambda title, authors, identifiers, url, abstract: {
        "title": title,
        "authors": tuple(authors),
        "identifiers": tuple(identifiers),
        "url": url,
        "abstract": abstract,
    },
    titles,
    st.lists(names, max_size=2, unique=True),
    st.lists(marks, max_size=2),
    st.sampled_from([None, "https://a.org/1", "https://b.org/2"]),
    st.sampled_from(["", "We do.", "We do more."]),
)


@settings(max_examples=100, deadline=None)
@example(
    [
        spoken_as(identifiers=("2503.00001",)),
        spoken_as(identifiers=("PMC123",), abstract="We do."),
        spoken_as(identifiers=("10.1000/b", "PMC123")),
        spoken_as(title="Editorial", identifiers=("10.1000/a", "PMC123")),
    ],
    Random(0),
)
@given(st.lists(spoken, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_order_never_matters_and_twice_changes_nothing(said: list[dict], random) -> None:
    entries = [entry(i + 1, **facts) for i, facts in enumerate(said)]
    made = settle(entries)
    shuffled = entries[:]
    random.shuffle(shuffled)
    assert set(settle(shuffled).new) == set(made.new)
    assert len(made.outcomes) == len(entries) and made.outcomes.count("new") == len(made.new)
    keys = list(itertools.chain.from_iterable(paper.keys for paper in made.new))
    assert len(keys) == len(set(keys))
    past = remember({}, made)
    again = settle(entries, past)
    assert again.new == () and again.updated == ()
    assert set(again.outcomes) == {"known"}
    assert [s.paper_id for s in again.sightings] == [s.paper_id for s in made.sightings]


def test_recorded_pages_day_by_day(shared: Path) -> None:
    """Five pages of a listing: title and abstract alternate under a head of five lines."""
    folder = shared / "data" / "seeds"
    past: dict[str, Paper] = {}
    for page in json.loads((folder / "expected.json").read_text())["pages"]:
        lines = [line.strip() for line in (folder / page["file"]).read_text(encoding="utf-8").splitlines()]
        texts = [line for line in lines if line][5:]
        pairs = zip(texts[::2], texts[1::2], strict=True)
        entries = [entry(i, title, "page", abstract=abstract) for i, (title, abstract) in enumerate(pairs, 1)]
        assert len(entries) == page["entries"]
        made = settle(entries, past)
        assert len(made.new) == page["new"] == made.outcomes.count("new")
        past = remember(past, made)


def test_a_disturbed_copy_is_merged_explained_and_known_again() -> None:
    long = "Photonic crystal cavities for slow light in warm rubidium vapour"
    people = ("Ann Bell", "Cy Dee", "Eve Fox", "Gil Hay")
    entries = [
        entry(1, long, authors=people, identifiers=("2503.00001",)),
        entry(1, long.replace("crystal", "cristal"), "b", authors=("Bell, A.; Dee, C.; Fox, E.; Hay, G.",)),
    ]
    made = settle(entries)
    assert made.outcomes == ("new", "merged")
    numbers = dict(made.decisions[1].numbers)
    assert made.decisions[1].reason == "alike in title and authors"
    assert numbers["probability"] > 0.99 and numbers["margin"] > 0 and len(numbers) == 10
    again = settle(entries[1:], remember({}, made))
    assert again.outcomes == ("known",) and again.updated == ()
    alone = settle([entries[0], entry(1, long.replace("crystal", "cristal"), "b")])
    assert alone.outcomes == ("new", "new")
    assert [d.verdict for d in alone.decisions if d.verdict not in {"new"}] in ([], ["perhaps"])


def test_questions_ask_for_keys_titles_and_rare_words() -> None:
    asked = questions([read(entry(1, identifiers=("2503.00001",))), None])
    assert asked.keys == {"arxiv:2503.00001"}
    assert asked.titles == {"slowlightinwarmvapourafieldguide"}
    assert len(asked.words) == 1 and "vapour" in next(iter(asked.words))
