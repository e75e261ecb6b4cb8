"""The forecast in the whole program: learnt after a run when it is time, used while trusted, explained, kept fair."""

import math
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from community import FIRST, settle

from digest import foresight
from digest.config import ForecastPlan
from digest.store import Store
from digest.store import tables as t
from digest.store.votes import Choice

DAYS = 32
NOW = FIRST + timedelta(days=DAYS - 1, hours=3)  # the last day's papers are out, none of them is picked yet
PLAN = ForecastPlan(use=True, pickers=("hf",), authors=True, retrain_days=30)
CONFIG = """
sources:
  - {name: arxiv, kind: file, path: none.jsonl}
  - {name: hf, kind: huggingface, path: none.json}
newsletters:
  - {name: daily, limit: 12, half_life_days: 3}
  - {name: plain, limit: 12, forecast: off}
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open("sqlite:///digest.db", tmp_path) as opened:
        yield opened


def learn(store: Store, plan: ForecastPlan = PLAN, **when: Any) -> list[str]:
    """What is said while the forecast is kept up."""
    said: list[str] = []
    foresight.keep_up(plan, store, NOW + timedelta(**when), said.append)
    return said


def test_it_is_learnt_from_the_store_and_puts_first_what_is_liked(store: Store) -> None:
    liked = settle(store, DAYS)
    said = learn(store)
    assert len(said) == 2
    assert "used" in said[1]
    papers = [c.paper for c in store.papers.population(NOW - timedelta(hours=6), NOW)]
    found = foresight.foreseen(store, papers)
    chance = {name: forecast.probability for name, forecast in found.items()}
    mean = {
        kind: math.fsum(chance[p.id] for p in papers if liked[p.id] is kind) / sum(liked[p.id] is kind for p in papers)
        for kind in (True, False)
    }
    assert mean[True] > 3 * mean[False]


def test_it_is_learnt_when_it_is_time_and_not_before(store: Store) -> None:
    settle(store, DAYS)
    assert learn(store)
    assert learn(store, hours=1) == []
    assert learn(store, days=6) == []
    assert len(learn(store, days=8)) == 1, "tried on the days since, not learnt"
    assert len(learn(store, days=31)) == 2
    assert len(learn(store, ForecastPlan(use=True, pickers=("hf",), authors=False, retrain_days=30), days=32)) == 2


def test_nothing_is_learnt_where_it_is_off_or_little_was_picked(store: Store) -> None:
    settle(store, 2)
    assert learn(store) == []
    assert learn(store, ForecastPlan(use=False, pickers=("hf",), authors=True, retrain_days=30)) == []
    assert foresight.notes(store) is None


def test_a_forecast_of_what_cannot_be_foreseen_is_not_used(store: Store) -> None:
    settle(store, DAYS, liking=False)
    said = learn(store)
    assert "not used" in said[-1]
    assert foresight.foreseen(store, [c.paper for c in store.papers.population(NOW - timedelta(days=1), NOW)]) == {}


def test_a_forecast_that_fails_on_later_days_is_no_longer_used(store: Store) -> None:
    settle(store, DAYS + 12)
    papers = [c.paper for c in store.papers.population(NOW, NOW + timedelta(days=2))]
    assert "used" in learn(store)[-1]
    assert foresight.foreseen(store, papers)
    _turn_tastes(store, NOW)
    assert "not used" in learn(store, days=10)[-1]
    assert foresight.foreseen(store, papers) == {}
    assert "learning" in learn(store, days=11)[0]


def _turn_tastes(store: Store, since: datetime) -> None:
    """From `since` on the community has picked the very opposite of what it liked."""

    later = t.sightings.c.at >= since
    with store._database.write() as write:
        listed = (t.sightings.c.source == "hf") & later
        liked = write.scalars(sa.select(t.sightings.c.paper_id).where(listed)).all()
        write.execute(sa.delete(t.sightings).where(listed))
        for other in write.execute(sa.select(t.sightings).where(later, t.sightings.c.paper_id.not_in(liked))).all():
            row = {**other._asdict(), "source": "hf"}
            del row["id"]
            write.execute(sa.insert(t.sightings).values(row))


def test_the_curators_picks_can_be_learnt_from(store: Store) -> None:
    liked = settle(store, DAYS)
    for candidate in store.papers.population(FIRST, NOW - timedelta(days=1)):
        if liked[candidate.paper.id]:
            store.hand.pick(candidate.paper.id, "", candidate.first_seen + timedelta(hours=2))
    said = learn(store, ForecastPlan(use=True, pickers=None, authors=True, retrain_days=30))
    assert "used" in said[-1]


def test_readers_votes_can_be_learnt_from_among_what_was_printed(store: Store) -> None:
    liked = settle(store, DAYS)
    everyone = store.papers.population(FIRST, NOW - timedelta(days=1))
    shown = everyone[::2]
    with store.votes._database.write() as write:
        issue = {"id": "daily/2025-09-01", "newsletter": "daily", "day": FIRST.date(), "body": "{}"}
        write.execute(sa.insert(t.issues), issue)
        rows = [{"newsletter": "daily", "paper_id": one.paper.id, "issue": issue["id"]} for one in shown]
        write.execute(sa.insert(t.printed), rows)
    for number, one in enumerate(everyone):
        at = one.first_seen + timedelta(hours=3)
        choice: Choice = "more" if liked[one.paper.id] else "less"
        if number % 2 == 0:
            store.votes.cast(f"reader{number % 7}@example.org", one.paper.id, choice, at, most=1000)
    past = list(store.picks.announced(FIRST - timedelta(days=1), NOW - timedelta(days=1), "readers"))
    assert {one.paper.id for one in past} == {one.paper.id for one in shown}
    assert {one.paper.id for one in past if one.picked_at} == {c.paper.id for c in shown if liked[c.paper.id]}
    assert store.picks.count(FIRST, "readers") == sum(liked[c.paper.id] for c in shown)
    said = learn(store, ForecastPlan(use=True, pickers="readers", authors=True, retrain_days=30))
    assert "used" in said[-1]


def test_papers_that_only_the_list_knows_are_not_learnt_from(store: Store) -> None:
    settle(store, 12)
    every = list(store.picks.announced(FIRST - timedelta(days=1), NOW, ("arxiv",)))
    assert {one.paper.id for one in every} == {
        c.paper.id for c in store.papers.population(FIRST, NOW) if any(s.source == "hf" for s in c.sightings)
    }


def test_a_run_uses_it_and_explain_prints_its_term(tmp_path: Path, digest: Callable[..., Any]) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(CONFIG)
    (tmp_path / "none.jsonl").write_text('{"title": "An entirely unrelated paper", "id": "2509.99999"}\n')
    (tmp_path / "none.json").write_text("[]")
    with Store.open("sqlite:///digest.db", tmp_path) as store:
        liked = settle(store, DAYS)
    first = digest("run", "--config", config, "--now", NOW.isoformat(), "--newsletter", "plain")
    assert "learning what is picked" in first.err
    came = digest("run", "--config", config, "--now", NOW.isoformat(), "--newsletter", "daily", "--json")
    assert "learning" not in came.err
    printed = [paper for section in came.json["issues"][0]["sections"] for paper in section["papers"]]
    assert sum(liked.get(paper, False) for paper in printed) >= 8, "3.6 of 12 by chance"
    told = digest("explain", printed[0], "--config", config, "--json").json["score"]
    terms = {term["name"]: term["points"] for term in told["daily"]["terms"]}
    assert terms["forecast"] > 0
    assert math.fsum(terms.values()) == pytest.approx(told["daily"]["total"], abs=1e-9)
    assert any(words.startswith("forecast") for words in told["daily"]["reasons"])
    assert any("your community picked before" in words for words in told["daily"]["reasons"])
    assert all(term["name"] != "forecast" for term in told.get("plain", {"terms": []})["terms"])
    assert "forecast" in digest("explain", printed[0], "--config", config).out
