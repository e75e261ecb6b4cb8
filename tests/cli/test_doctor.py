"""`digest doctor` on sources: what is said of each in words, as a table and as JSON."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from digest.model import SourceState, Validator
from digest.store import Store

NOW = datetime(2026, 2, 5, 9, 30, tzinfo=UTC)
CONFIG = """
sources:
  - {name: arxiv, kind: arxiv, categories: [cs.CL, cs.AI]}
  - {name: journal, kind: feed, url: "https://journal.example.org/feed"}
  - {name: unasked, kind: feed, url: "https://other.example.org/feed"}
newsletters: [{name: daily}]
"""
CATEGORIES = {
    "cs.CL": {"day": "2026-02-05", "status": "fresh", "papers": 231},
    "cs.AI": {"day": "2026-02-04", "status": "stalled", "papers": 312},
}
REGAINED = {"on": "2026-02-04T09:00:00+00:00", "category": "cs.AI", "days": ["2026-02-02", "2026-02-03"], "papers": 141}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG)
    return path


def remember(config: Path, *states: SourceState) -> None:
    with Store.open("sqlite:///digest.db", config.parent) as store:
        store.sources.put(states)


ARXIV = SourceState(
    name="arxiv",
    status="partial",
    since=NOW - timedelta(hours=3),
    checked_at=NOW,
    ids_at=NOW,
    batch=("2602.04321", "2602.04320"),
    error="no batch of 2026-02-05 yet in cs.AI",
    validators=(Validator(url="https://a.example.org", moved_to="https://b.example.org"),),
    memory={"categories": CATEGORIES, "regained": [REGAINED]},
)


def test_everything_of_a_source_as_json(config: Path, digest: Callable[..., Any]) -> None:
    remember(config, ARXIV)
    said = digest("doctor", "--config", config, "--now", NOW.isoformat(), "--json").json["sources"]
    arxiv, journal, _ = said
    assert (arxiv["status"], arxiv["last_new_id"], arxiv["last_new_at"]) == ("partial", "2602.04321", NOW.isoformat())
    assert arxiv["next_at"] == "2026-02-05T12:00:00+00:00"
    assert arxiv["parts"][1] == {"name": "cs.AI", "status": "stalled", "day": "2026-02-04", "papers": 312}
    assert arxiv["regained"] == [json.loads(json.dumps(REGAINED))]
    assert arxiv["moved_to"] == "https://b.example.org"
    assert (journal["status"], journal["parts"], journal["last_new_id"]) == (None, [], None)


def test_everything_of_a_source_in_words(config: Path, digest: Callable[..., Any]) -> None:
    remember(config, ARXIV)
    out = digest("doctor", "--config", config, "--now", NOW.isoformat()).out
    (line,) = (line for line in out.splitlines() if "source    arxiv" in line)
    for words in (
        "note",
        "partial since 2026-02-05 06:30: no batch of 2026-02-05 yet in cs.AI",
        "moved for good to https://b.example.org",
        "cs.AI stalled, whole up to 2026-02-04",
        "cs.AI missed 2026-02-02 to 2026-02-03: 141 papers regained on 2026-02-04",
    ):
        assert words in line
    assert "cs.CL 231 fresh, cs.AI 312 stalled" in out
    assert "2602.04321" in out


def test_an_outage_is_a_problem_after_a_day_however_its_state_changed(config: Path, digest: Callable[..., Any]) -> None:
    broken = SourceState(name="journal", status="stalled", since=NOW, checked_at=NOW, error="nothing new")
    for hours, code in ((23, 0), (24, 1)):
        remember(config, SourceState(**{**_fields(broken), "broken_since": NOW - timedelta(hours=hours)}))
        assert digest("doctor", "--config", config, "--now", NOW.isoformat()).code == code


def _fields(state: SourceState) -> dict[str, Any]:
    return {name: getattr(state, name) for name in SourceState.__dataclass_fields__}
