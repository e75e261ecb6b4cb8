"""The full-text index and the shelf: what is found, in what order, whatever is asked; and a store of before them."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.model import Author, Paper, Resolved, Scored, Sighting, Wanted
from digest.store import Store
from digest.text.query import understood

NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)


def paper(number: int, title: str, abstract: str = "", authors: tuple[str, ...] = ()) -> Paper:
    id_ = f"arxiv:2603.{number:05d}"
    names = tuple(Author(name=name) for name in authors)
    return Paper(id=id_, keys=(id_, f"doi:10.1000/x{number}"), title=title, abstract=abstract, authors=names)


PAPERS = (
    paper(1, "Small Language Models Learn Faster", "A cache of errors, ordered by a curriculum.", ("Sofía Peña",)),
    paper(2, "A Cache That Forgets", "Language models with long memory.", ("Yi-Ting Lo", "Jun Park")),
    paper(3, "Grasping with Tendons", "A robot hand of nine tendons; the models are small.", ("M. Okafor",)),
    paper(4, "Über Wärme in Gläsern", "Glasses relax slowly.", ("Łukasz Żak",)),
)


def save(store: Store, papers: tuple[Paper, ...], at: datetime = NOW, *, updated: bool = False) -> None:
    seen = tuple(Sighting(paper_id=each.id, source="arxiv", at=at) for each in papers)
    new, changed = ((), papers) if updated else (papers, ())
    made = Resolved(new=new, updated=changed, sightings=seen, signals=(), decisions=(), outcomes=())
    store.save_collected([], made, at, {})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open("sqlite:///digest.db", tmp_path) as opened:
        save(opened, PAPERS)
        yield opened


def found(store: Store, text: str, **how: object) -> list[int]:
    hits = store.search.find(understood(text), **how).hits  # type: ignore[arg-type]
    return [int(hit.paper.id[-5:]) for hit in hits]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("language", [1, 2]),  # a word of the title is worth more than one of the abstract
        ("cache", [2, 1]),
        ("small models", [1, 3]),
        ('"small models"', []),
        ('"language models"', [1, 2]),
        ("author:pena", [1]),
        ('author:"yi-ting lo"', [2]),
        ("author:models", []),
        ("uber warme", [4]),
        ("GLÄSERN", [4]),
        ("tendon", []),
        ("tendon*", [3]),
        ("2603.00002", [2]),
        ("10.1000/x3", [3]),
        ("since:2026-03-02 cache", [2, 1]),
        ("since:2026-03-03 cache", []),
        ("since:2026", [1, 2, 3, 4]),
        ("topic:anything cache", []),
        ("", []),
        ('"" () * ^ -', []),
    ],
)
def test_what_is_found(text: str, numbers: list[int], store: Store) -> None:
    order = sorted if text.startswith("since:2026") and " " not in text else list
    assert order(found(store, text)) == numbers


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60) | st.text(alphabet='"*:-()^ANDORNEaut topic', max_size=60), trending=st.booleans())
def test_no_wording_is_an_error(text: str, trending: bool, store: Store) -> None:
    wanted = understood(text, trending)
    assert store.search.find(wanted).total <= len(PAPERS)
    assert store.search.find(Wanted(everywhere=(text,), authors=(text,), topics=(text,))).total <= len(PAPERS)


def test_pages_of_results_hold_each_once(store: Store) -> None:
    save(store, tuple(paper(100 + n, f"Cache number {n}") for n in range(25)))
    pages = [found(store, "cache", most=10, skip=skip) for skip in (0, 10, 20)]
    numbers = [number for one in pages for number in one]
    assert len(numbers) == len(set(numbers)) == 27 and store.search.find(understood("cache"), 10).total == 27


def test_a_paper_that_changed_is_found_by_what_it_says_now(store: Store) -> None:
    save(store, (replace(PAPERS[1], title="A Store That Remembers"),), updated=True)
    assert found(store, "forgets") == [] and found(store, "remembers") == [2]
    save(store, (replace(PAPERS[1], title="A Store That Remembers"),), updated=True)
    assert found(store, "remembers") == [2]


def test_trending_is_by_the_last_score_as_it_fades(store: Store, tmp_path: Path) -> None:
    import sqlalchemy as sa

    from digest.store import tables as t
    from digest.store.codec import encode

    def stood(number: int, total: float, at: datetime) -> None:
        scored = Scored(paper_id=PAPERS[number - 1].id, total=total, terms=(), reasons=())
        row = {"newsletter": "daily", "paper_id": scored.paper_id, "at": at, "body": encode(scored)}
        with store._database.write() as write:
            write.execute(sa.insert(t.scores), [row])

    stood(1, 1.0, NOW - timedelta(days=6))
    stood(2, 0.5, NOW)
    assert found(store, "language") == [1, 2]
    wanted = understood("language", trending=True)
    assert [hit.paper.id for hit in store.search.find(wanted, half_life_days=3.0).hits] == [PAPERS[1].id, PAPERS[0].id]
    assert [hit.paper.id for hit in store.search.find(wanted, half_life_days=30.0).hits] == [PAPERS[0].id, PAPERS[1].id]


def test_words_of_a_search_are_understood() -> None:
    wanted = understood('Deep "chain of thought" Author:Lo topic:"medical imaging" since:2026-2 since:2025 rest"of')
    assert wanted.everywhere == ("Deep", "chain of thought", 'rest"of')
    assert wanted.authors == ("Lo",) and wanted.topics == ("medical imaging",) and wanted.since == date(2026, 2, 1)
    assert understood("since:2026-13 since:x since:2026-02-30") == Wanted()
    assert len(understood("a " * 500).everywhere) == 20


def test_a_store_of_before_is_filled_when_it_is_migrated(tmp_path: Path) -> None:
    with Store.open("sqlite:///digest.db", tmp_path) as made:
        save(made, PAPERS)
        whole = made.search.find(understood("since:2026")).total
    file = sqlite3.connect(tmp_path / "digest.db")
    with file:
        for name in ("shelf", "findable", "search_text"):
            file.execute(f"DROP TABLE {name}")
    from digest.store.migrations.versions import v0004_search
    from digest.store.upgrade import FOLDER

    assert FOLDER.is_dir() and v0004_search.revision == "0004"
    file.close()
    _migrate_again(tmp_path)
    with Store.open("sqlite:///digest.db", tmp_path) as again:
        assert found(again, "cache") == [2, 1] and found(again, "author:pena") == [1]
        assert again.search.find(understood("since:2026")).total == whole == 4


def _migrate_again(folder: Path) -> None:
    import sqlalchemy as sa
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    from digest.store.migrations.versions import v0004_search

    with (
        sa.create_engine(f"sqlite:///{folder}/digest.db").begin() as connection,
        Operations.context(MigrationContext.configure(connection)),
    ):
        v0004_search.upgrade()


def test_an_imported_past_is_not_searched_until_a_source_announces_it(store: Store) -> None:
    before = store.search.find(understood("orchids")).total
    past = replace(paper(9, "Orchids Under Glass"), abstract="Orchids of a hothouse.")
    told = Sighting(paper_id=past.id, source="arxiv", at=NOW)
    kept = Resolved(new=(past,), updated=(), sightings=(), signals=(), decisions=(), outcomes=())
    store.save_collected([], kept, NOW, {})
    assert store.search.find(understood("orchids")).total == before == 0
    store.save_collected([], replace(kept, new=(), sightings=(told,)), NOW, {})
    assert [hit.paper.id for hit in store.search.find(understood("orchids")).hits] == [past.id]
