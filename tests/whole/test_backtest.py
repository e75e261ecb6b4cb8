"""The stored past replayed: measures that are right, no look into the future, a forecast that helps, a chart."""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from community import FIRST, settle

from digest.operations.backtest import measure
from digest.store import Store

DAYS = 36
CONFIG = """
sources:
  - {name: arxiv, kind: file, path: none.jsonl}
  - {name: hf, kind: huggingface, path: none.json}
newsletters:
  - {name: daily, schedule: "0 7 * * *"}
"""
LAST = ("--since", "2025-09-30", "--until", "2025-10-05", "--now", "2025-10-06T08:00:00Z")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG)
    with Store.open("sqlite:///digest.db", tmp_path) as store:
        settle(store, DAYS)
    return path


def test_measures_of_a_small_order() -> None:
    order = [f"p{number}" for number in range(30)]
    gains = {"p0": 1.0, "p2": 1.0, "p15": 1.0, "p29": 1.0}
    precision, recall, ndcg = measure(order, gains, frozenset(gains))
    assert precision == pytest.approx(0.2)
    assert recall == pytest.approx(0.75)
    best = 1 + 1 / math.log2(3) + 1 / 2 + 1 / math.log2(5)
    assert ndcg == pytest.approx((1 + 1 / 2) / best)
    assert measure(["a"], {"a": 2.0}, frozenset("a")) == (0.1, 1.0, 1.0)


def test_a_table_json_and_a_chart(config: Path, digest: Callable[..., Any], tmp_path: Path) -> None:
    chart = tmp_path / "chart.svg"
    asked = ("backtest", *LAST, "--config", config, "--weights", "forecast=0", "--chart", chart)
    came = digest(*asked, "--json")
    assert came.code == 0, came.err
    rows = {row["order"]: row for row in came.json["rows"]}
    assert list(rows) == ["current weights", "forecast=0", "newest first", "most votes", "random"]
    assert (came.json["hours"], came.json["forecasts"], came.json["papers"]) == (6, 1, 6 * 24)
    for measured in ("precision", "recall", "ndcg"):
        assert rows["current weights"][measured] > rows["random"][measured] + 0.1
        assert rows["current weights"][measured] > rows["forecast=0"][measured]
    assert digest(*asked, "--json").out == came.out, "the same again"
    drawn = ElementTree.fromstring(chart.read_text())
    assert len(drawn.findall(".//{http://www.w3.org/2000/svg}rect")) == 1 + 3 * len(rows)
    table = digest(*asked).out
    assert f"{rows['random']['ndcg']:.3f}" in table


def test_nothing_of_the_future_is_known(config: Path, digest: Callable[..., Any], tmp_path: Path) -> None:
    """Votes of the days after, and links that a list added when it picked a paper, change no order."""
    before = digest("backtest", *LAST, "--config", config, "--json").json["rows"]
    with Store.open("sqlite:///digest.db", tmp_path) as store:
        _learn_more_later(store, FIRST + timedelta(days=40))
    after = digest("backtest", *LAST, "--config", config, "--json").json["rows"]
    assert before == after


def _learn_more_later(store: Store, at: datetime) -> None:
    from digest.model import Link, Resolved, Signal

    found = store.papers.population(FIRST, at)
    papers = [c.paper for c in found]
    code = (Link(kind="code", url="https://github.com/example/code"),)
    linked = tuple(replace(c.paper, links=code) for c in found if any(s.source == "hf" for s in c.sightings))
    votes = tuple(Signal(paper_id=p.id, kind="upvotes", value=500.0, at=at, source="hf") for p in papers[::3])
    made = Resolved(new=(), updated=linked, sightings=(), signals=votes, decisions=(), outcomes=())
    store.save_collected((), made, at, dict.fromkeys((p.id for p in linked), ""))


def test_against_votes(config: Path, digest: Callable[..., Any]) -> None:
    came = digest("backtest", *LAST, "--config", config, "--against", "votes", "--json").json
    assert came["against"] == "votes"
    assert came["hours"] > 0
    rows = {row["order"]: row for row in came["rows"]}
    assert rows["current weights"]["ndcg"] > rows["random"]["ndcg"]


def test_mistakes_are_named(config: Path, digest: Callable[..., Any]) -> None:
    for options, words, code in (
        (("--weights", "forecast"), "must be NAME=NUMBER", 2),
        (("--weights", "forecast=-1"), "must be NAME=NUMBER", 2),
        (("--against", "stars"), "must be picks or votes", 2),
        (("--newsletter", "weekly"), "no newsletter is called", 2),
    ):
        came = digest("backtest", *LAST, "--config", config, *options)
        assert came.code == code
        assert words in came.err
    empty = digest("backtest", "--since", "2024-01-01", "--until", "2024-01-05", "--config", config)
    assert empty.code == 1
    assert "nothing to replay" in empty.err
