"""`digest topics` and `digest related` on a real store, filled by real runs."""

import json
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "group"))
from themes import themed

CONFIG = """
title: Papers today
topics:
  - {name: Kilns, words: [kiln, glaze]}
newsletters:
  - {name: daily, schedule: "0 7 * * *", limit: 12}
"""
BIBTEX = """@article{one,
  title = {Coral bleaching in a warming ocean},
  abstract = {We measure coral reef bleaching, ocean warming and polyp symbiosis in coral reefs.},
  doi = {10.1000/coral.1}
}
"""
FIRST = date(2025, 3, 3)


def fill(folder: Path, digest: Callable[..., Any], days: int, each: int = 40) -> None:
    """A run a day: `each` papers on four themes, of which kilns have three times as many on the last day."""
    (folder / "config.yaml").write_text(CONFIG)
    for number in range(days):
        papers = themed(each, seed=number)
        if number == days - 1:
            papers += [one for one in themed(4 * each, seed=99) if "kiln" in one.title][: 2 * each // 4]
        rows = [
            {
                "id": f"25{number + 1:02d}.{at:05d}",
                "title": f"{one.title} {number} {at}",
                "abstract": one.abstract,
            }
            for at, one in enumerate(papers)
        ]
        file = folder / f"{number}.jsonl"
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))
        day = FIRST + timedelta(days=number)
        came = digest("run", "--config", folder / "config.yaml", "--from", file, "--now", f"{day}T08:00:00Z", "--json")
        assert came.code == 0, came.err


def test_the_curators_topics(tmp_path: Path, digest: Callable[..., Any]) -> None:
    fill(tmp_path, digest, 4)
    config, now = tmp_path / "config.yaml", f"{FIRST + timedelta(days=3)}T09:00:00Z"
    rows = digest("topics", "list", "--config", config, "--now", now, "--json").json
    kilns, *found = rows
    assert kilns["topic"] == "Kilns" and kilns["kind"] == "given" and len(found) >= 2
    assert kilns["papers"] == {"today": 30.0, "usual": 10.0, "ratio": 3.0, "direction": "rising"}
    assert {row["kind"] for row in found} == {"discovered"}
    assert sum(day["papers"] for row in rows for day in row["days"]) == 4 * 40 + 20, "each paper under one topic"
    said = digest("topics", "list", "--config", config, "--now", now).out
    assert "3x usual" in said and found[0]["topic"] in said

    one, other = found[0], found[1]
    assert digest("topics", "rename", one["topic"].upper(), "My own  heading", "--config", config).code == 0
    assert digest("topics", "pin", one["slug"], "--config", config).code == 0
    kept = {row["slug"]: row for row in digest("topics", "list", "--config", config, "--now", now, "--json").json}
    assert kept[one["slug"]]["topic"] == "My own heading" and kept[one["slug"]]["pinned"]
    assert digest("topics", "unpin", one["slug"], "--config", config).code == 0
    assert digest("topics", "merge", one["slug"], other["topic"], "--config", config).code == 0
    left = {row["slug"]: row for row in digest("topics", "list", "--config", config, "--now", now, "--json").json}
    assert one["slug"] not in left and not left[other["slug"]]["pinned"]
    for wrong in (
        ["rename", "nothing such", "Name"],
        ["rename", other["slug"], "Kilns"],
        ["merge", other["slug"], other["slug"]],
    ):
        came = digest("topics", *wrong, "--config", config)
        assert came.code == 2 and "Traceback" not in came.err

    digest("topics", "rename", other["slug"], "Renamed by hand", "--config", config)
    rows = themed(8, seed=50)
    file = tmp_path / "next.jsonl"
    file.write_text(
        "".join(json.dumps({"title": f"{p.title} x{n}", "abstract": p.abstract}) + "\n" for n, p in enumerate(rows))
    )
    came = digest(
        "run", "--config", config, "--from", file, "--now", f"{FIRST + timedelta(days=4)}T08:00:00Z", "--json"
    )
    assert "Renamed by hand" in {section["topic"] for section in came.json["issues"][0]["sections"]}


def test_a_rising_topic_is_a_reason(tmp_path: Path, digest: Callable[..., Any]) -> None:
    fill(tmp_path, digest, 4)
    config = tmp_path / "config.yaml"
    told = digest("explain", "arxiv:2504.00041", "--config", config, "--json").json["score"]["daily"]
    assert "topic “Kilns” up 3x today" in told["reasons"]
    (term,) = [term for term in told["terms"] if term["name"] == "topic"]
    assert 0 < term["points"] <= 0.1
    plain = digest("explain", "arxiv:2504.00000", "--config", config, "--json").json["score"]["daily"]
    assert "topic" not in {term["name"] for term in plain["terms"]}


def test_topics_are_tried_before_they_are_used(tmp_path: Path, digest: Callable[..., Any]) -> None:
    fill(tmp_path, digest, 8, each=44)
    config, now = tmp_path / "config.yaml", f"{FIRST + timedelta(days=7)}T09:00:00Z"
    (tmp_path / "mine.bib").write_text(BIBTEX)
    topics = tmp_path / "topics.yaml"
    topics.write_text(
        "topics:\n  - {name: Reefs, examples: [mine.bib]}\n  - {name: Sonatas, words: [piano sonata, cadence]}\n"
        "  - {name: Music, words: [piano]}\n"
    )
    found = digest("topics", "try", topics, "--days", 30, "--config", config, "--now", now, "--json").json
    by_topic: dict[str, list[Any]] = {}
    for one in found["taken"]:
        by_topic.setdefault(one["topic"], []).append(one)
    reefs = by_topic["Reefs"]
    assert len(reefs) >= 40 and all("coral" in one["title"].lower() for one in reefs)
    assert all(one["evidence"][0].startswith("like an example (0.") for one in reefs)
    assert all(one["tags"] == ["Music"] for one in by_topic["Sonatas"]) and "Music" not in by_topic
    said = digest("topics", "try", topics, "--config", config, "--now", now).out
    assert "On [piano sonata]" in said and "also wanted by Music" in said
    whole = digest("topics", "try", config, "--config", config, "--now", now, "--json").json
    assert {one["topic"] for one in whole["taken"]} == {"Kilns"}
    (tmp_path / "mine.bib").unlink()
    assert digest("topics", "try", topics, "--config", config, "--now", now).code == 2


def test_related_papers_are_kept_up_to_date(tmp_path: Path, digest: Callable[..., Any]) -> None:
    fill(tmp_path, digest, 1)
    config = tmp_path / "config.yaml"
    few = digest("related", "2501.00000", "--config", config, "--json").json
    assert len(few) == 5 and all("coral" in one["title"] for one in few), "before a space was fitted"
    fill(tmp_path, digest, 9)
    many = digest("related", "https://arxiv.org/abs/2509.00003", "--most", 12, "--config", config, "--json").json
    assert len(many) == 12 and all("glacier" in one["title"] for one in many)
    assert [one["likeness"] for one in many] == sorted((one["likeness"] for one in many), reverse=True)
    assert "arxiv:2509.00003" not in {one["id"] for one in many}
    assert digest("related", "2501.99999", "--config", config).code == 1


@pytest.mark.parametrize("body", ["topics: []\n", "topics: [{name: X}]\n", "- a\n", "topics: [{name: X, word: [y]}]\n"])
def test_a_file_that_gives_no_topics_is_a_mistake(tmp_path: Path, digest: Callable[..., Any], body: str) -> None:
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "bad.yaml").write_text(body)
    came = digest("topics", "try", tmp_path / "bad.yaml", "--config", tmp_path / "config.yaml")
    assert came.code == 2 and "bad.yaml" in came.err
