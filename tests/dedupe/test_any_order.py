"""Whatever order papers come in, and in however many runs, they come to the same papers; through the real store."""

import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from digest import dedupe, recognition
from digest.model import Author, Entry, Resolved
from digest.normalise import read
from digest.operations import merging
from digest.store import Store

NOW = datetime(2025, 3, 11, 8, tzinfo=UTC)
WORKS = (
    (
        *("2503.00001", "10.1000/a", ("Ann Bell", "Cy Dee")),
        ("Photonic crystal cavities for slow light in rubidium vapour", "Storing light by cavities"),
    ),
    (
        *("2503.00002", "10.1000/b", ("Eve Fox", "Gil Hay")),
        ("Weather over the northern sea in winter: an atlas of storms", "Gales, mapped month after month"),
    ),
    (
        *("2503.00003", "10.1000/c", ("Ida Jay",)),
        ("Sparse attention needs fewer heads than layers", "Pruning transformers without regrets"),
    ),
)
WORDINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "LOUD": str.upper,
    "slip": lambda title: title.replace("ti", "it").replace("ea", "ae"),
    "dropped": lambda title: " ".join(word for word in title.split() if word not in ("for", "in", "than", "month")),
    "swapped": lambda title: " ".join([*title.split()[1:], title.split()[0]]),
}


@cache
def empty() -> Path:
    """A store that nothing is in yet; copying it is quicker than making one."""
    home = Path(mkdtemp(prefix="digest-any-order-"))
    with Store.open("sqlite:///digest.db", home) as store:
        recognition.ready(store, NOW)
    return home / "digest.db"


entries = st.builds(
    lambda *said: said,
    st.integers(0, 2),
    st.booleans(),
    st.booleans(),
    st.integers(0, 1),
    st.sampled_from(sorted(WORDINGS)),
    st.sampled_from("abc"),
    st.integers(0, 2),
)
Said = tuple[int, bool, bool, int, str, str, int]


def entry(number: int, said: Said) -> Entry:
    work, arxiv, doi, title, wording, source, named = said
    id_, registered, people, titles = WORKS[work]
    named = named or int(arxiv or doi)  # a list may leave authors out; what has an id says at least who is the first
    return Entry(
        source=source,
        number=number,
        title=WORDINGS[wording](titles[title]),
        guid=str(number),
        authors=tuple(Author(name=name) for name in people[:named]),
        identifiers=tuple(name for name, told in ((id_, arxiv), (registered, doi)) if told),
    )


def collect(store: Store, some: Sequence[Entry], day: int) -> Resolved:
    now = NOW + timedelta(days=day)
    readings = [read(one) for one in some]
    resolved = dedupe.resolve(some, readings, recognition.past(store, readings, now), now)
    recognition.keep(store, (), resolved, now)
    return resolved


def papers_of(batches: Sequence[Sequence[Entry]]) -> set[frozenset[int]]:
    """Which entries, by number, are one paper when they come in these batches."""
    became: dict[int, str] = {}
    with TemporaryDirectory() as folder:
        shutil.copy(empty(), Path(folder) / "digest.db")
        with Store.open("sqlite:///digest.db", Path(folder)) as store:
            for day, batch in enumerate(batches):
                decisions = collect(store, batch, day).decisions
                became |= {one.number: str(said.of) for one, said in zip(batch, decisions, strict=False)}
            found = _together(store, became)
            everything = sorted((one for batch in batches for one in batch), key=lambda one: one.number)
            again = collect(store, everything, len(batches))
            assert set(again.outcomes) <= {"known"} and not again.new and not again.merges
            kept = _everything(store)
            collect(store, everything, len(batches) + 1)
            assert _everything(store) == kept, "resolving twice changes nothing"
            seen = {one.number: str(said.of) for one, said in zip(everything, again.decisions, strict=False)}
            assert _together(store, seen) == found, "what comes again comes to the same papers"
    return found


def _together(store: Store, papers: dict[int, str]) -> set[frozenset[int]]:
    """Which numbers have one paper, by the ids that papers have today."""
    found: dict[str, set[int]] = {}
    for number, id_ in papers.items():
        paper = store.papers.get(id_)
        assert paper is not None
        found.setdefault(paper.id, set()).add(number)
    return {frozenset(numbers) for numbers in found.values()}


def _everything(store: Store) -> dict[str, Any]:
    return store.papers.some(store.papers.ids())


BRIDGED: list[Said] = [
    (0, True, False, 0, "as it is", "a", 2),
    (0, False, True, 0, "LOUD", "b", 2),
    (0, True, True, 1, "as it is", "c", 1),
]
RETOLD: list[Said] = [
    (0, True, False, 0, "as it is", "a", 2),
    (0, True, False, 1, "as it is", "b", 2),
    (0, False, False, 1, "LOUD", "c", 1),
    (0, False, True, 1, "slip", "c", 2),
]

REWORDED: list[Said] = [
    (1, True, False, 0, "LOUD", "b", 1),
    (1, True, False, 0, "slip", "b", 1),
    (1, False, True, 0, "swapped", "a", 1),
]


@settings(max_examples=25, deadline=None)
@example(REWORDED, [0, 1, 2], [0, 0])
@example(REWORDED, [1, 0, 2], [0, 0])
@example(BRIDGED, [0, 1, 2], [2, 0])
@example(RETOLD, [0, 1, 2, 3], [0, 0, 0, 0])
@example(RETOLD, [0, 2, 3, 1], [0, 0, 0, 0])
@given(st.lists(entries, min_size=1, max_size=6), st.permutations(range(6)), st.lists(st.integers(0, 3), max_size=6))
def test_any_batches_in_any_order_come_to_the_same_papers(
    said: list[Said], order: Sequence[int], cuts: list[int]
) -> None:
    made = [entry(number, each) for number, each in enumerate(said)]
    turned = [made[place] for place in order if place < len(made)]
    batches: list[list[Entry]] = [[]]
    for place, one in enumerate(turned):
        if place < len(cuts) and cuts[place] == 0 and batches[-1]:
            batches.append([])
        batches[-1].append(one)
    assert papers_of(batches) == papers_of([made])


@settings(max_examples=15, deadline=None)
@given(st.lists(entries, min_size=2, max_size=5), st.data())
def test_merge_then_split_restores(said: list[Said], data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        shutil.copy(empty(), Path(folder) / "digest.db")
        with Store.open("sqlite:///digest.db", Path(folder)) as store:
            collect(store, [entry(number, each) for number, each in enumerate(said)], 0)
            ids = sorted(store.papers.ids())
            if len(ids) < 2:
                return
            before = {id_: (store.papers.history(id_), store.merges.accounts(id_)) for id_ in ids}
            one, other = data.draw(st.permutations(ids))[:2]
            merging.merge(store, one, other, NOW)
            assert store.papers.get(one) == store.papers.get(other)
            merging.split(store, one, None, NOW)
            for id_, (history, accounts) in before.items():
                after = store.papers.history(id_)
                assert history is not None and after is not None
                for name in ("paper", "first_seen", "sightings", "signals", "scores", "printed", "merged"):
                    assert getattr(after, name) == getattr(history, name), name
                assert store.merges.accounts(id_) == accounts
