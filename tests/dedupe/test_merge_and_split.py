"""Two papers made one and one made two, through the real store: by hand, by a key that joins them, and back again."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from digest import dedupe, recognition
from digest.errors import InputError, UnknownPaper
from digest.model import Author, Entry, Resolved
from digest.normalise import read
from digest.operations import explain, merging
from digest.store import Store

NOW = datetime(2025, 3, 11, 8, tzinfo=UTC)
TITLE = "Photonic crystal cavities for slow light in warm rubidium vapour"
PEOPLE = ("Ann Bell", "Cy Dee", "Eve Fox", "Gil Hay")
BOOKKEEPING = {"doubts", "decisions", "merges", "fitted", "findable"}


def entry(number: int = 1, title: str = TITLE, source: str = "a", **facts: Any) -> Entry:
    authors = tuple(Author(name=name) for name in facts.pop("authors", PEOPLE))
    facts.setdefault("guid", f"{source}-{number}")
    return Entry(source=source, number=number, title=title, authors=authors, **facts)


def collect(store: Store, entries: Sequence[Entry], day: int = 0) -> Resolved:
    """Resolves and saves as the pipeline does."""
    now = NOW + timedelta(days=day)
    readings = [read(one) for one in entries]
    resolved = dedupe.resolve(entries, readings, recognition.past(store, readings, now), now)
    recognition.keep(store, (), resolved, now)
    return resolved


def rows(home: Path, but: set[str] = BOOKKEEPING) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that says something of papers."""
    with sqlite3.connect(home / "digest.db") as read_:
        names = [name for (name,) in read_.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        names = [name for name in names if name not in but and not name.startswith(("search_text", "sqlite_"))]
        found = {name: sorted(read_.execute(f"SELECT * FROM {name}"), key=repr) for name in names}
    read_.close()
    return found


@pytest.fixture
def store(tmp_path: Path):
    with Store.open("sqlite:///digest.db", tmp_path) as opened:
        yield opened


PREPRINT = entry(1, identifiers=("2503.00001",), measures=(("upvotes", 5.0),), abstract="We slow it.")
JOURNAL = entry(1, "Slow light by cavities: an experiment", "j", identifiers=("10.1000/a",), venue="Optics")


def test_merge_by_hand_and_split_restore_every_row(store: Store, tmp_path: Path) -> None:
    collect(store, [PREPRINT])
    collect(store, [JOURNAL], 1)
    store.hand.pick("doi:10.1000/a", "good", NOW)
    before = rows(tmp_path)
    paper, gone = merging.merge(store, "10.1000/a", "https://arxiv.org/abs/2503.00001v2", NOW)
    assert (paper.id, gone) == ("arxiv:2503.00001", "doi:10.1000/a")
    assert paper.keys == ("arxiv:2503.00001", "doi:10.1000/a") and paper.venue == "Optics"
    assert store.papers.get(gone) == store.papers.get(paper.id) == paper
    assert set(store.papers.some([gone])) == {paper.id}
    assert store.papers.count() == 1 and set(store.hand.current().picks) == {paper.id}
    assert len(store.papers.history(gone).sightings) == 2  # type: ignore[union-attr]
    with pytest.raises(InputError, match="one paper already"):
        merging.merge(store, gone, paper.id, NOW)
    assert merging.split(store, gone, None, NOW + timedelta(days=2)) == (paper.id, gone)
    assert rows(tmp_path) == before


def test_what_came_since_the_merge_goes_where_it_belongs(store: Store) -> None:
    collect(store, [PREPRINT])
    collect(store, [JOURNAL], 1)
    merging.merge(store, "10.1000/a", "2503.00001", NOW)
    later = [
        entry(9, JOURNAL.title, "index", identifiers=("10.1000/a", "PMC77"), measures=(("citations", 3.0),)),
        entry(9, identifiers=("2503.00001v3",), abstract="We slow it more."),
    ]
    assert collect(store, later, 3).outcomes == ("known", "known")
    merging.split(store, "doi:10.1000/a", "arxiv:2503.00001", NOW + timedelta(days=4))
    preprint, journal = store.papers.history("arxiv:2503.00001"), store.papers.history("pmc:PMC77")
    assert preprint is not None and journal is not None and journal.paper.id == "doi:10.1000/a"
    assert (preprint.paper.version, journal.paper.version) == (3, None)
    assert preprint.paper.keys == ("arxiv:2503.00001",) and journal.paper.keys == ("doi:10.1000/a", "pmc:PMC77")
    assert {seen.source for seen in journal.sightings} == {"j", "index"}
    assert [(signal.kind, signal.value) for signal in journal.signals] == [("citations", 3.0)]
    assert {seen.source for seen in preprint.sightings} == {"a"}


def test_a_key_that_joins_two_known_papers_makes_them_one(store: Store) -> None:
    collect(store, [PREPRINT])
    collect(store, [JOURNAL], 1)
    both = entry(1, "Cavities for light", "index", identifiers=("2503.00001", "10.1000/a"))
    made = collect(store, [both], 2)
    assert made.outcomes == ("known",) and [(m.kept, m.gone) for m in made.merges] == [
        ("arxiv:2503.00001", "doi:10.1000/a")
    ]
    assert store.papers.count() == 1
    found = explain.history(store, "10.1000/a")
    assert found.paper.keys == ("arxiv:2503.00001", "doi:10.1000/a")
    assert [(one.source, one.reason) for one in found.accounts] == [
        ("a", ""), ("j", ""), ("index", "same key arxiv:2503.00001")]  # fmt: skip
    assert collect(store, [both], 3).merges == ()
    merging.split(store, "10.1000/a", None, NOW + timedelta(days=4))
    assert collect(store, [both, PREPRINT, JOURNAL], 5).merges == ()
    assert store.papers.count() == 2 and not store.doubts.list()


def test_an_entry_that_mixes_up_two_papers_does_not_make_them_one(store: Store) -> None:
    collect(store, [PREPRINT])
    collect(store, [entry(1, "Ducks of the northern sea", "j", identifiers=("10.1000/a",), authors=("Ida Jay",))])
    collect(store, [entry(1, "Anything", "spam", identifiers=("2503.00001", "10.1000/a"), authors=("Ida Jay",))], 1)
    assert store.papers.count() == 2
    assert [(doubt.one, doubt.other) for doubt in store.doubts.list()] == [("arxiv:2503.00001", "doi:10.1000/a")]


def test_a_guess_is_explained_and_taken_back_for_ever(store: Store, tmp_path: Path) -> None:
    collect(store, [entry(1, identifiers=("2503.00001",), abstract="We slow it.")])
    copy = entry(1, TITLE.replace("crystal", "cristal"), "b", venue="Optics", measures=(("stars", 2.0),))
    assert collect(store, [copy], 1).outcomes == ("known",)
    told = explain.as_json(explain.history(store, "2503.00001"))
    first, second = told["entries"]
    assert (first["source"], first["reason"]) == ("a", "first told")
    assert (second["source"], second["reason"]) == ("b", "alike in title and authors")
    assert second["probability"] > 0.99 and second["margin"] > 0 and len(second["terms"]) == 8
    assert told["fields"]["venue"] == [["Optics", ["b"]]] and told["fields"]["abstract"] == [["We slow it.", ["a"]]]
    assert ["Ann Bell", ["a", "b"]] in told["fields"]["authors"]
    assert "margin" in "\n".join(explain.as_lines(explain.history(store, "2503.00001")))
    kept, gone = merging.split(store, "2503.00001", None, NOW + timedelta(days=2))
    assert kept == "arxiv:2503.00001" and gone.startswith("title:")
    one, other = explain.history(store, kept), explain.history(store, gone)
    assert one.paper.venue is None and other.paper.venue == "Optics"
    assert not set(one.paper.keys) & set(other.paper.keys)
    assert [seen.source for seen in other.sightings] == ["b"] and [s.kind for s in other.signals] == ["stars"]
    before = rows(tmp_path, {*BOOKKEEPING, "sightings", "signals"})
    again = collect(store, [copy, entry(1, identifiers=("2503.00001",), abstract="We slow it.")], 3)
    assert again.outcomes == ("known", "known") and not again.updated and not again.merges
    assert not [one for one in again.decisions if one.verdict == "perhaps"]
    assert rows(tmp_path, {*BOOKKEEPING, "sightings", "signals"}) == before
    assert [(d.verdict, d.decision.reason) for d in one.doubts] == [("different", "by hand")]


def test_two_entries_of_one_run_are_parted_by_name(store: Store) -> None:
    entries = [
        entry(1, identifiers=("2503.00001",)),
        entry(1, source="j", identifiers=("2503.00001", "10.1000/a")),
        entry(1, source="k", identifiers=("10.1000/a",), venue="Optics"),
    ]
    assert len(collect(store, entries).new) == 1
    with pytest.raises(InputError, match=r"holds arxiv:2503.00001 \(a\).* name the one"):
        merging.split(store, "2503.00001", None, NOW)
    assert merging.split(store, "2503.00001", "10.1000/a", NOW) == ("arxiv:2503.00001", "doi:10.1000/a")
    assert collect(store, entries, 1).outcomes == ("known",) * 3
    assert store.papers.get("doi:10.1000/a").id == "doi:10.1000/a"  # type: ignore[union-attr]
    assert store.papers.count() == 2


def test_a_doubt_is_listed_settled_and_never_raised_again(store: Store) -> None:
    first, second = entry(1, identifiers=("2503.00001",)), entry(1, source="b", identifiers=("2503.00002",))
    collect(store, [first])
    collect(store, [second], 1)
    (doubt,) = merging.doubts(store)
    assert (doubt["one"], doubt["other"], doubt["titles"]) == ("arxiv:2503.00001", "arxiv:2503.00002", [TITLE, TITLE])
    assert doubt["reason"] == "same title under two arxiv keys"
    assert any("digest split A B" in line for line in merging.doubt_lines(merging.doubts(store)))
    merging.split(store, "2503.00001", "2503.00002", NOW)
    assert merging.doubts(store) == [] and merging.doubt_lines([]) == ["no two papers are in doubt"]
    made = collect(store, [first, second], 2)
    assert merging.doubts(store) == [] and "perhaps" not in {one.verdict for one in made.decisions}
    merging.merge(store, "2503.00001", "2503.00002", NOW)  # a person may think again
    assert collect(store, [first, second], 3).outcomes == ("known", "known")
    assert store.papers.count() == 1 and merging.doubts(store) == []


def test_merges_are_undone_newest_first(store: Store, tmp_path: Path) -> None:
    other = entry(1, "Ducks of the northern sea", "k", identifiers=("PMC9",), authors=("Ida Jay",))
    for day, one in enumerate((PREPRINT, JOURNAL, other)):
        collect(store, [one], day)
    states = [rows(tmp_path)]
    merging.merge(store, "PMC9", "10.1000/a", NOW)
    states.append(rows(tmp_path))
    merging.merge(store, "10.1000/a", "2503.00001", NOW + timedelta(days=1))
    assert store.papers.get("pmc:PMC9").id == "arxiv:2503.00001"  # type: ignore[union-attr]
    assert {merge.gone for merge in explain.history(store, "pmc:PMC9").merged} == {"doi:10.1000/a", "pmc:PMC9"}
    assert merging.split(store, "2503.00001", None, NOW + timedelta(days=2)) == ("arxiv:2503.00001", "doi:10.1000/a")
    assert rows(tmp_path) == states[1]
    assert merging.split(store, "pmc:PMC9", None, NOW + timedelta(days=2)) == ("doi:10.1000/a", "pmc:PMC9")
    assert rows(tmp_path) == states[0]


def test_what_cannot_be_parted_says_why(store: Store) -> None:
    collect(store, [PREPRINT])
    with pytest.raises(InputError, match="one source alone"):
        merging.split(store, "2503.00001", None, NOW)
    with pytest.raises(UnknownPaper):
        merging.merge(store, "2503.00001", "2503.99999", NOW)
    same = [entry(1, source="x", authors=()), entry(1, source="y", authors=())]
    made = collect(
        store, [entry(1, "Nothing has a name: a quiet study of loud rooms", one.source, authors=()) for one in same]
    )
    with pytest.raises(InputError, match="all its entries bear this id"):
        merging.split(store, made.new[0].id, "y", NOW)


def test_a_title_a_paper_was_told_of_by_finds_it_and_goes_with_the_entry_that_bore_it(store: Store) -> None:
    both = {"identifiers": ("2503.00001",)}
    collect(store, [entry(1, **both)])
    collect(store, [entry(1, "Storing light in small silicon boxes without losses", "b", **both)], 1)
    unnamed = entry(2, "Storing Light in Small Silicon Boxes Without Losses", "c", authors=("A. Bell",))
    assert collect(store, [unnamed], 2).outcomes == ("known",)
    slipped = entry(3, "Storing light in small silicon boxes wihtout losses", "d", authors=PEOPLE)
    assert collect(store, [slipped], 3).outcomes == ("known",)
    merging.split(store, "2503.00001", "d", NOW + timedelta(days=4))
    assert collect(store, [unnamed, slipped], 5).outcomes == ("known",) * 2
    found = {store.papers.get(said.of).id for said in collect(store, [unnamed, slipped], 6).decisions if said.of}
    assert len(found) == 2


def test_three_known_papers_that_one_entry_names_become_one_and_come_apart_one_by_one(store: Store) -> None:
    third = entry(1, "Slow light in boxes of silicon", "k", identifiers=("PMC77",))
    for day, one in enumerate((PREPRINT, JOURNAL, third)):
        collect(store, [one], day)
    before = {id_: one.keys for id_, one in store.papers.some(store.papers.ids()).items()}
    all_ = entry(1, source="index", identifiers=("2503.00001", "10.1000/a", "PMC77"))
    assert [made.gone for made in collect(store, [all_], 3).merges] == ["doi:10.1000/a", "pmc:PMC77"]
    assert store.papers.count() == 1
    merging.split(store, "2503.00001", "PMC77", NOW + timedelta(days=4))
    assert set(store.papers.ids()) == {"arxiv:2503.00001", "pmc:PMC77"}
    merging.split(store, "2503.00001", "10.1000/a", NOW + timedelta(days=5))
    assert {id_: one.keys for id_, one in store.papers.some(store.papers.ids()).items()} == before
    assert collect(store, [PREPRINT, JOURNAL, third, all_], 6).merges == () and store.papers.count() == 3
