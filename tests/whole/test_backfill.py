"""A source's past over real HTTP: each day as if collected then, an interruption that costs nothing, no flood."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from digest.store import Store

CONFIG = """
network: {{allow_hosts: [127.0.0.1], gap_s: 0}}
sources:
  - {{name: arxiv, kind: arxiv, categories: [cs.CL, cs.GR], base_url: "{url}", api_url: "{url}/api/query"}}
  - {{name: hf, kind: huggingface, base_url: "{url}"}}
  - {{name: journal, kind: feed, url: "{url}/feeds/none"}}
newsletters:
  - {{name: daily, limit: 25, window_days: 3}}
"""
NOW = "2025-06-09T08:00:00Z"


@pytest.fixture
def site(tmp_path: Path, replay: Callable[..., Any]) -> tuple[Path, Any]:
    server = replay("--date", "2025-06-09", "--history", "20")
    config = tmp_path / "config.yaml"
    config.write_text(CONFIG.format(url=server.url))
    return config, server


def test_a_week_of_the_past(site: tuple[Path, Any], digest: Callable[..., Any]) -> None:
    config, server = site
    week = ("--since", "2025-06-01", "--until", "2025-06-06", "--now", NOW, "--config", config, "--json")
    came = digest("backfill", "--source", "arxiv", *week)
    assert came.code == 0, came.err
    assert came.json["days"] == 6
    assert came.json["new"] > 200
    asked = [request["path"] for request in server.tell("/_log") if "/api/query" in request["path"]]
    assert len(asked) == len(set(asked)), "a page was asked for twice"
    listed = digest("backfill", "--source", "hf", *week).json
    assert listed["entries"] > listed["new"] > 0, "some of what was listed was announced before"
    server.tell("/_log?clear=1")
    again = digest("backfill", "--source", "arxiv", *week).json
    assert again == {"source": "arxiv", "days": 0, "before": 6, "entries": 0, "new": 0}
    assert server.tell("/_log") == []
    with Store.open("sqlite:///digest.db", config.parent) as store:
        seen = store.papers.population(datetime(2025, 5, 31, tzinfo=UTC), datetime(2025, 6, 9, 8, tzinfo=UTC))
        days = {candidate.first_seen.date().isoformat() for candidate in seen}
        signals = {signal.at.isoformat() for candidate in seen for signal in candidate.signals}
    assert days == {f"2025-06-0{day}" for day in range(2, 7)} | ({"2025-06-01"} & days)
    assert signals == {"2025-06-09T08:00:00+00:00"}, "votes are as of now"


def test_the_batches_are_those_that_the_feeds_announced(
    site: tuple[Path, Any], digest: Callable[..., Any], tmp_path: Path
) -> None:
    config, server = site
    server.tell("/_clock?set=2025-06-04T08:00")
    collected = digest("collect", "--config", config, "--now", "2025-06-04T08:00:00Z", "--json", "--quiet")
    announced = next(s for s in collected.json["collected"]["sources"] if s["name"] == "arxiv")
    server.tell("/_clock?set=2025-06-09T08:00")
    day = ("--since", "2025-06-04", "--until", "2025-06-04", "--now", NOW, "--config", config, "--json")
    came = digest("backfill", "--source", "arxiv", *day).json
    assert announced["new"] > 50
    assert came["new"] <= 0.05 * announced["new"], "most of the batch is known from its feed"
    assert came["entries"] == pytest.approx(announced["entries"], rel=0.1)


def test_an_interruption_costs_nothing(site: tuple[Path, Any], digest: Callable[..., Any]) -> None:
    config, server = site
    week = ("--since", "2025-06-02", "--until", "2025-06-06", "--now", NOW, "--config", config)
    server.tell("/_faults?set=gone:*date=2025-06-04*")
    came = digest("backfill", "--source", "hf", *week)
    assert came.code == 1
    assert "2025-06-04" in came.err
    assert "run again" in came.err
    server.tell("/_faults?clear=1")
    server.tell("/_log?clear=1")
    again = digest("backfill", "--source", "hf", *week, "--json").json
    assert (again["days"], again["before"]) == (3, 2)
    asked = [request["path"] for request in server.tell("/_log")]
    assert not any("2025-06-02" in path or "2025-06-03" in path for path in asked)


def test_what_was_backfilled_does_not_flood_an_issue(site: tuple[Path, Any], digest: Callable[..., Any]) -> None:
    config, _server = site
    past = ("--since", "2025-05-26", "--until", "2025-05-30", "--now", NOW, "--config", config)
    assert digest("backfill", "--source", "arxiv", *past).code == 0
    came = digest("publish", "--newsletter", "daily", "--config", config, "--now", NOW, "--json")
    assert [issue["status"] for issue in came.json["issues"]] == ["empty"]


def test_what_cannot_be_backfilled_is_said(site: tuple[Path, Any], digest: Callable[..., Any]) -> None:
    config, _server = site
    for name, since, words in (
        ("journal", "2025-06-02", "arxiv and huggingface do"),
        ("nobody", "2025-06-02", "there is arxiv, hf, journal"),
        ("hf", "soon", "is not a date"),
        ("hf", "2025-07-02", "must not be later"),
    ):
        came = digest("backfill", "--source", name, "--since", since, "--now", NOW, "--config", config)
        assert came.code == 2
        assert words in came.err
