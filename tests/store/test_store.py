"""The store as a whole: what is saved comes back, all or nothing, at the size of real days."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from time import process_time

import pytest
import store_samples as made
from store_samples import NOW

from digest.errors import StoreError
from digest.model import Hand, Issue, Paper, Questions, SourceState
from digest.store import codec


def test_values_come_back_equal() -> None:
    for value in (made.paper(1), made.issue(range(3)), made.state(), made.decision("a#1", "b")):
        assert codec.decode(type(value), codec.encode(value)) == value


def test_stored_text_may_lack_or_exceed_the_fields_of_today() -> None:
    assert codec.decode(SourceState, '{"name": "a", "gone": 1}') == SourceState(name="a")
    with pytest.raises(KeyError, match="name"):
        codec.decode(SourceState, "{}")


def test_what_was_collected_is_known(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        made.collect(store, range(3))
        known = store.papers.known(
            Questions(keys=frozenset({"doi:10.1000/x1", "doi:none"}), titles=frozenset({made.fold(2), "nothing"}))
        )
        assert known.by_key == {"doi:10.1000/x1": made.paper(1).id}
        assert known.papers == {made.paper(1).id: made.paper(1), made.paper(2).id: made.paper(2)}
        assert store.papers.get("doi:10.1000/x0") == made.paper(0) == store.papers.get(made.paper(0).id)
        assert store.papers.get("doi:none") is None
        assert store.sources.states(["arxiv", "none"]) == {"arxiv": made.state()}


def test_an_updated_paper_keeps_its_first_sighting_and_old_title(tmp_path: Path) -> None:
    later = NOW + timedelta(days=1)
    renamed = replace(made.paper(1), title="Another", keys=(*made.paper(1).keys, "openreview:x"))
    with made.store(tmp_path) as store:
        made.collect(store, range(3))
        store.save_collected([], replace(made.resolved(range(0)), updated=(renamed,)), later, {renamed.id: "another"})
        known = store.papers.known(
            Questions(keys=frozenset({"openreview:x"}), titles=frozenset({made.fold(1), "another"}))
        )
        assert known.papers == {renamed.id: renamed}
        history = store.papers.history("openreview:x")
        assert history is not None and history.first_seen == NOW and history.paper == renamed


def test_candidates_are_of_the_window_unprinted_and_from_the_named_sources(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        made.collect(store, range(3), NOW - timedelta(days=9), "old")
        made.collect(store, range(3, 6), NOW, "hf")
        made.collect(store, range(6, 9), NOW, "arxiv")
        since = NOW - timedelta(days=7)
        store.issues.save(made.issue(range(3, 4)))
        ids = [each.paper.id for each in store.papers.candidates("daily", since, NOW)]
        assert ids == [made.paper(number).id for number in range(4, 9)]
        assert len(store.papers.candidates("weekly", since, NOW)) == 6
        assert {c.paper.id for c in store.papers.candidates("daily", since, NOW, ["hf"])} == {
            made.paper(4).id,
            made.paper(5).id,
        }
        assert len(store.papers.population(since, NOW)) == 6
        assert store.papers.candidates("daily", since, NOW - timedelta(seconds=1)) == ()
        old = store.papers.picked("daily", [made.paper(0).id, made.paper(3).id], NOW)
        assert [each.paper.id for each in old] == [made.paper(0).id]


def test_a_candidate_carries_what_was_seen_until_then(tmp_path: Path) -> None:
    later = NOW + timedelta(hours=5)
    more = replace(made.resolved(range(0)), signals=(made.signal(1, 9.0, later),))
    with made.store(tmp_path) as store:
        made.collect(store, range(2))
        store.save_collected([], more, later, {})
        store.save_collected([], more, later, {})  # the same again is the same
        (_, then) = store.papers.candidates("daily", NOW, NOW)
        (_, after) = store.papers.candidates("daily", NOW, later)
        assert [signal.value for signal in then.signals] == [3.0]
        assert [signal.value for signal in after.signals] == [3.0, 9.0]
        assert then.sightings == (made.sighting(1),)


def test_an_issue_is_saved_once_a_day_with_all_that_belongs_to_it(tmp_path: Path) -> None:
    issue, second = made.issue(range(2)), replace(made.issue(range(2, 4)), title="Second")
    with made.store(tmp_path) as store:
        made.collect(store, range(5))
        extras = {"decisions": [made.decision(made.paper(0).id)], "recipients": made.recipients(3)}
        first = store.issues.save(issue, scored=[made.scored(0)], arrivals={"language": 4}, **extras)
        assert first is issue
        assert store.issues.save(second, recipients=made.recipients(9)) == issue
        assert store.issues.get(issue.id) == issue and store.issues.list() == (issue,)
        assert store.deliveries.counts(issue.id).pending == 3
        history = store.papers.history(made.paper(0).id)
        assert history is not None
        assert history.printed == {"daily": issue.id} and history.scores == {"daily": made.scored(0)}
        assert [each.subject for each in history.decisions] == ["arxiv#0", made.paper(0).id]
        assert store.issues.last("daily") == issue and store.issues.last("daily", before=issue.day) is None
        assert store.issues.last_day("daily") == issue.day and store.issues.last_day("weekly") is None


def test_arrivals_are_zero_on_days_with_an_issue_and_none_of_the_topic(tmp_path: Path) -> None:
    days = [date(2025, 3, day) for day in (10, 11, 12)]
    with made.store(tmp_path) as store:
        for day, count in zip(days, (4, None, 7), strict=True):
            store.issues.save(made.issue(range(0), day), arrivals={} if count is None else {"language": count})
        points = store.issues.arrivals("daily", "language", days[0], days[2])
        assert [(point.day, point.value) for point in points] == [(days[0], 4.0), (days[1], 0.0)]


def test_the_hand_holds_what_was_said_last(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        store.hand.pick("a", "*fine*", NOW)
        store.hand.pick("b", "", NOW)
        store.hand.skip("b", NOW)
        store.hand.skip("c", NOW)
        store.hand.clear("c")
        assert store.hand.current() == Hand(picks={"a": "*fine*"}, skips=frozenset({"b"}))


def test_runs_and_free_decisions_are_kept(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        made.collect(store, range(1))
        store.runs.save({"now": "x", "issues": [1]}, NOW)
        assert store.runs.last(5) == ({"now": "x", "issues": [1]},)
        store.save_decisions([made.decision(made.paper(0).id)])
        history = store.papers.history(made.paper(0).id)
        assert history is not None and len(history.decisions) == 2


def test_saving_is_all_or_nothing(tmp_path: Path) -> None:
    broken = replace(made.resolved(range(5)), signals=(replace(made.signal(1), paper_id="nobody"),))
    with made.store(tmp_path) as store:
        with pytest.raises(Exception, match="FOREIGN KEY"):
            store.save_collected([made.answer()], broken, NOW, {})
        assert store.papers.population(NOW, NOW) == () and store.sources.states() == {}


def test_a_rehearsal_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        made.collect(store, range(2))
        with store.rehearsal(made.URL, tmp_path) as copy:
            made.collect(copy, range(2, 5))
            assert len(copy.papers.population(NOW, NOW)) == 5
        assert len(store.papers.population(NOW, NOW)) == 2
    with store.rehearsal("sqlite:///none.db", tmp_path) as copy:
        made.collect(copy, range(1))
    assert not (tmp_path / "none.db").exists()


def test_ten_thousand_papers_and_a_day_of_five_hundred_are_quick(tmp_path: Path) -> None:
    """In seconds of the processor, several times what was measured: the machine may be busy with other things."""
    with made.store(tmp_path) as store:
        for start in range(0, 10_000, 5_000):
            made.collect(store, range(start, start + 5_000), NOW - timedelta(days=20))
        took: dict[str, float] = {}

        def timed(name: str, call: object, *args: object) -> object:
            begun = process_time()
            result = call(*args)  # type: ignore[operator]
            took[name] = process_time() - begun
            return result

        timed("save 500", made.collect, store, range(10_000, 10_500), NOW)
        keys = frozenset(key for number in range(9_750, 10_250) for key in made.paper(number).keys)
        titles = frozenset(made.fold(number) for number in range(9_750, 10_250))
        known = timed("known", store.papers.known, Questions(keys=keys, titles=titles))
        assert len(known.papers) == 500  # type: ignore[attr-defined]
        candidates = timed("candidates", store.papers.candidates, "daily", NOW - timedelta(days=7), NOW)
        assert len(candidates) == 500  # type: ignore[arg-type]
        population = timed("population", store.papers.population, NOW - timedelta(days=30), NOW)
        assert len(population) == 10_500  # type: ignore[arg-type]
        timed("issue", store.issues.save, made.issue(range(10_000, 10_500)))
    print(took)
    assert all(seconds < 1.0 for name, seconds in took.items() if name != "population"), took
    assert took["population"] < 3.0, took


def test_types_survive(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        made.collect(store, range(1))
        store.issues.save(made.issue(range(1)))
        issue = store.issues.get("daily/2025-03-11")
        assert isinstance(issue, Issue) and isinstance(issue.items[0].paper, Paper)
        with pytest.raises(StoreError, match="no store"):
            store.open("sqlite:///other.db", tmp_path, create=False)
