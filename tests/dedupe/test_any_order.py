"""Whatever order papers come in, and in however many runs, they come to the same papers; through the real store."""

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from digest import dedupe, recognition
from digest.model import Author, Entry
from digest.normalise import read
from digest.operations import merging
from digest.store import Store

NOW = datetime(2025, 3, 11, 8, tzinfo=UTC)
WORKS = (
    ("2503.00001", "10.1000/a", ("Ann Bell", "Cy Dee"), "Photonic crystal cavities for slow light in rubidium vapour"),
    ("2503.00002", "10.1000/b", ("Eve Fox", "Gil Hay"), "Weather over the northern sea in winter: an atlas of storms"),
    ("2503.00003", "10.1000/c", ("Ida Jay",), "Sparse attention needs fewer heads than layers"),
)
ANOTHER = "Storing light by cavities"


@cache
def empty() -> Path:
    """A store that nothing is in yet; copying it is quicker than making one."""
    home = Path(mkdtemp(prefix="digest-any-order-"))
    with Store.open("sqlite:///digest.db", home) as store:
        recognition.ready(store, NOW)
    return home / "digest.db"


entries = st.builds(
    lambda work, arxiv, doi, title, source, cut: (work, arxiv, doi, title, source, cut),
    st.integers(0, 2),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["as it is", "LOUD", "another"]),
    st.sampled_from("abc"),
    st.booleans(),
)


def entry(number: int, said: tuple[int, bool, bool, str, str, bool]) -> Entry:
    work, arxiv, doi, wording, source, cut = said
    id_, registered, people, title = WORKS[work]
    if work == 0:  # a title that a paper was told of by but does not bear is not found again without an id
        arxiv = arxiv or not doi
        title = ANOTHER if wording == "another" and arxiv and doi else title
    return Entry(
        source=source,
        number=number,
        title=title.upper() if wording == "LOUD" else title,
        guid=str(number),
        authors=tuple(Author(name=name) for name in people[: 1 if cut else None]),
        identifiers=tuple(name for name, named in ((id_, arxiv), (registered, doi)) if named),
    )


def collect(store: Store, some: Sequence[Entry], day: int) -> tuple[str, ...]:
    now = NOW + timedelta(days=day)
    readings = [read(one) for one in some]
    resolved = dedupe.resolve(some, readings, recognition.past(store, readings, now), now)
    recognition.keep(store, (), resolved, now)
    return resolved.outcomes


def papers_of(batches: Sequence[Sequence[Entry]]) -> set[frozenset[int]]:
    """Which entries, by number, are one paper when they come in these batches."""
    with TemporaryDirectory() as folder:
        shutil.copy(empty(), Path(folder) / "digest.db")
        with Store.open("sqlite:///digest.db", Path(folder)) as store:
            for day, batch in enumerate(batches):
                collect(store, batch, day)
            everything = sorted((one for batch in batches for one in batch), key=lambda one: one.number)
            assert set(collect(store, everything, len(batches))) <= {"known"}
            kept = _everything(store)
            collect(store, everything, len(batches) + 1)
            assert _everything(store) == kept, "resolving twice changes nothing"
            readings = [read(one) for one in everything]
            known = store.papers.known(dedupe.questions(readings))
            resolved = dedupe.resolve(everything, readings, known, NOW)
    found: dict[str | None, set[int]] = {}
    for one, decision in zip(everything, resolved.decisions, strict=False):
        found.setdefault(decision.of, set()).add(one.number)
    return {frozenset(numbers) for numbers in found.values()}


def _everything(store: Store) -> dict[str, Any]:
    return store.papers.some(store.papers.ids())


BRIDGED = [
    (0, True, False, "as it is", "a", False),
    (0, False, True, "LOUD", "b", False),
    (0, True, True, "another", "c", True),
]


@settings(max_examples=25, deadline=None)
@example(BRIDGED, [0, 1, 2], [2, 0])
@given(st.lists(entries, min_size=1, max_size=6), st.permutations(range(6)), st.lists(st.integers(0, 3), max_size=6))
def test_any_batches_in_any_order_come_to_the_same_papers(
    said: list[tuple[int, bool, bool, str, str, bool]], order: Sequence[int], cuts: list[int]
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
def test_merge_then_split_restores(said: list[tuple[int, bool, bool, str, str, bool]], data: st.DataObject) -> None:
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
