"""Papers by the rare words of their titles: found by two of them, however they came into the index."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest
import store_samples as made
from hypothesis import given
from hypothesis import strategies as st

from digest.model import Paper, Questions
from digest.store import Store
from digest.store.words import COMMON, FEW, MOST, pairs, settle_words, sharing, stage_words

WORDS = {0: ("cavity", "rubidium", "slow", "vapour"), 1: ("cavity", "rubidium", "warm"), 2: ("weather", "sea")}


def save(store: Store, words: dict[int, tuple[str, ...]]) -> None:
    numbers = range(min(words), max(words) + 1)
    said = {made.paper(number).id: some for number, some in words.items()}
    folds = {made.paper(number).id: made.fold(number) for number in numbers}
    store.save_collected([], made.resolved(numbers), made.NOW, folds, said)


def found(store: Store, *questions: tuple[str, ...]) -> set[str]:
    asked = Questions(keys=frozenset(), titles=frozenset(), words=frozenset(questions))
    return set(store.papers.known(asked).papers)


def ids(*numbers: int) -> set[str]:
    return {made.paper(number).id for number in numbers}


def test_papers_that_share_two_words_are_found(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        save(store, WORDS)
        assert found(store, ("cavity", "rubidium", "ghost")) == ids(0, 1)
        assert found(store, ("slow", "cavity")) == ids(0)
        assert found(store, ("sea", "weather"), ("warm", "rubidium")) == ids(1, 2)
        assert found(store, ("cavity",), ("cavity", "sea"), ()) == set()


def test_a_title_of_one_word_is_found_by_it_alone(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        save(store, {0: ("editorial",), 1: ("editorial", "letters")})
        assert found(store, ("editorial",)) == ids(0)


def test_a_new_title_adds_its_words(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        save(store, {0: ("old", "name")})
        save(store, {0: ("new", "wording")})
        assert found(store, ("old", "name")) == found(store, ("new", "wording")) == ids(0)


def test_words_that_many_share_say_nothing_and_answers_are_few(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        save(store, {number: ("remote", "sensing", f"rare{number}") for number in range(COMMON + 1)})
        assert found(store, ("remote", "sensing")) == set()
        assert found(store, ("remote", "sensing", "rare3")) == ids(3)
        asked = ("alpha", "beta", "gamma", "delta")
        two = {100 + number: pair for number, pair in enumerate(list(combinations(asked, 2)) * 7)}
        save(store, two | {200: asked[:3]})
        many = found(store, asked)
        assert len(many) == MOST < len(two)
        assert ids(200) <= many, "what shares three words comes first"


def test_two_words_that_some_share_need_a_third(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        save(store, {number: ("chain", "thought", "odd" if number else "rare") for number in range(FEW + 1)})
        assert found(store, ("chain", "thought")) == set()
        assert found(store, ("chain", "thought", "rare")) == ids(0)


def listed(store: Store) -> set[tuple[int, str]]:
    with store._database.read() as read:
        return set(read.exec_driver_sql("SELECT pair, paper_id FROM paper_words").tuples())


def rare(title: str) -> tuple[str, ...]:
    return tuple(title.split()[:4])


def test_an_older_store_is_filled_once(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        made.collect(store, range(50))
        assert not listed(store)
        assert store.words.ready(rare, b"first rule", made.NOW) == 50
        assert found(store, rare(made.paper(7).title)) == ids(7)
        assert store.words.ready(rare, b"first rule", made.NOW) == 0
        before = listed(store)
        assert store.words.ready(lambda title: rare(title)[1:], b"second rule", made.NOW + timedelta(days=1)) == 50
        assert listed(store) < before


def test_what_an_import_set_down_is_sorted_in(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        made.collect(store, range(3))
        store.words.ready(rare, b"rule", made.NOW)
        with store._database.write() as write:
            stage_words(write, [(made.paper(number).id, words) for number, words in WORDS.items()])
        assert found(store, ("sea", "weather")) == set()
        assert store.words.ready(rare, b"rule", made.NOW) == 0
        assert found(store, ("sea", "weather")) == ids(2)
        with store._database.write() as write:
            settle_words(write)
            assert sharing(write, [("sea", "weather")]) == ids(2)


@given(st.sets(st.text(max_size=8), max_size=6))
def test_pairs_know_no_order(words: set[str]) -> None:
    one: Iterable[str] = sorted(words)
    other: Iterable[str] = sorted(words, reverse=True)
    assert pairs(one) == pairs(other)
    assert len(pairs(words)) == (len(words) * (len(words) - 1) // 2 or len(words))
    assert all(0 <= pair < 2**47 for pair in pairs(words))


@pytest.mark.parametrize("many", [1, 1_000])
def test_a_day_is_looked_up_in_a_handful_of_queries(tmp_path: Path, many: int) -> None:
    """What `known` asks does not grow with the papers asked for, but by a query for every few hundred values."""
    import sqlalchemy as sa

    with made.store(tmp_path) as store:
        save(store, {number: (f"a{number}", f"b{number}") for number in range(many)})
        said: list[str] = []
        sa.event.listen(
            store._database._reads, "before_cursor_execute", lambda *told: said.append(told[2]), named=False
        )
        papers: list[Paper] = [made.paper(number) for number in range(many)]
        keys = frozenset(key for paper in papers for key in paper.keys)
        titles = frozenset(made.fold(number) for number in range(many))
        words = frozenset((f"a{number}", f"b{number}") for number in range(many))
        assert len(store.papers.known(Questions(keys=keys, titles=titles, words=words)).papers) == many
        values = len(keys) + len(titles) + many
        assert len(said) <= 7 + values // 500, said
