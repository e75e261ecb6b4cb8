"""What is seen hour after hour is kept once: sightings, observations and the decisions on them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import store_samples as made
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.model import Resolved
from digest.store import Store

HOUR = timedelta(hours=1)


def _save(store: Store, values: Sequence[float], at: datetime, **changed: object) -> None:
    """Papers 0, 1, … were seen at `at` with these votes."""
    numbers = range(len(values))
    new = not store.papers.count()
    resolved = Resolved(
        new=tuple(made.paper(n) for n in numbers) if new else (),
        updated=(),
        sightings=tuple(replace(made.sighting(n, at), **changed) for n in numbers),
        signals=tuple(made.signal(n, value, at) for n, value in zip(numbers, values, strict=True)),
        decisions=tuple(
            replace(made.decision(f"hf#{n}", made.paper(n).id), verdict="new" if new else "known") for n in numbers
        ),
        outcomes=("new" if new else "known",) * len(values),
    )
    folds = {made.paper(n).id: made.fold(n) for n in numbers}
    store.save_collected([made.answer()], resolved, at, folds, {})


def _series(store: Store, number: int = 0) -> list[tuple[int, float]]:
    history = store.papers.history(made.paper(number).id)
    assert history is not None
    return sorted(((each.at - made.NOW) // HOUR, each.value) for each in history.signals)


def test_a_list_read_again_adds_nothing(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        for hour in range(10):
            _save(store, [3.0, 5.0], made.NOW + hour * HOUR)
        rows = store.pruning.rows()
        assert (rows["sightings"], rows["decisions"], rows["signals"]) == (4, 2, 4)
        history = store.papers.history(made.paper(0).id)
        assert history is not None
        assert sorted(each.at for each in history.sightings) == [made.NOW, made.NOW + 9 * HOUR]
        assert _series(store) == [(0, 3.0), (9, 3.0)]


def test_a_new_version_is_a_new_sighting(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        _save(store, [3.0], made.NOW)
        _save(store, [3.0], made.NOW + HOUR, version=2, announcement="replacement")
        _save(store, [3.0], made.NOW + 2 * HOUR, version=2, announcement="replacement")
        rows = store.pruning.rows()
        assert (rows["sightings"], rows["decisions"]) == (3, 2)


def test_what_changes_keeps_when_it_began_and_when_it_was_last_so(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        for hour, value in enumerate([1.0, 1.0, 1.0, 4.0, 4.0, 2.0, 2.0, 2.0, 2.0]):
            _save(store, [value], made.NOW + hour * HOUR)
        assert _series(store) == [(0, 1.0), (2, 1.0), (3, 4.0), (4, 4.0), (5, 2.0), (8, 2.0)]


@settings(deadline=None, max_examples=25)
@given(values=st.lists(st.sampled_from([0.0, 1.0, 2.0]), min_size=1, max_size=12))
def test_nothing_that_can_be_drawn_is_lost(values: list[float], tmp_path_factory: object) -> None:
    """The kept points give the value at every hour, and the last hour it was asked for."""
    with made.store(tmp_path_factory.mktemp("s")) as store:  # type: ignore[attr-defined]
        for hour, value in enumerate(values):
            _save(store, [value], made.NOW + hour * HOUR)
        kept = _series(store)
    known = dict(kept)
    drawn = [known[max(hour for hour in known if hour <= at)] for at in range(len(values))]
    assert drawn == values and max(known) == len(values) - 1


def test_an_observation_of_the_past_finds_its_place(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        _save(store, [3.0], made.NOW)
        _save(store, [3.0], made.NOW + 5 * HOUR)
        _save(store, [2.0], made.NOW - 3 * HOUR)
        assert _series(store) == [(-3, 2.0), (0, 3.0), (5, 3.0)]
