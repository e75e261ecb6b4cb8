"""A recorded week of arXiv and Hugging Face over real HTTP: an issue each morning, a second run that does nothing."""

from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

from mailserver import Server

CONFIG = """
title: Papers today
url: https://papers.example.org
contact: editor@example.org
network: {{allow_hosts: [127.0.0.1], gap_s: 0}}
sources:
  - {{name: arxiv, kind: arxiv, categories: [cs.CL, cs.CV], base_url: "{url}", api_url: "{url}/api/query"}}
  - {{name: hf, kind: huggingface, base_url: "{url}"}}
topics:
  - {{name: Language models, words: [language model, LLM], categories: [cs.CL], limit: 8}}
  - {{name: Vision, words: [image, video], categories: [cs.CV], limit: 8}}
newsletters:
  - {{name: daily, schedule: "0 7 * * *", limit: 25}}
mail: {{from: "Papers today <digest@example.org>", to: [reader@example.org], smtp: "smtp://127.0.0.1:{port}"}}
"""
WEEK = [f"2025-06-0{day}" for day in range(2, 9)]


def test_a_week(tmp_path: Path, replay: Callable[..., Any], digest: Callable[..., Any]) -> None:
    with Server() as box:
        server = replay("--date", WEEK[0], "--history", "20")
        config = tmp_path / "config.yaml"
        config.write_text(CONFIG.format(url=server.url, port=box.port))
        _check_week(config, server, box, digest)


def _check_week(config: Path, server: Any, box: Server, digest: Callable[..., Any]) -> None:
    printed: list[str] = []
    for number, day in enumerate(WEEK, start=1):
        server.tell(f"/_clock?set={day}T08:00")
        first = digest("run", "--config", config, "--now", f"{day}T08:00:00Z", "--json")
        assert first.code == 0, first.err
        (issue,) = first.json["issues"]
        assert issue["status"] == "published"
        assert issue["deliveries"] == {"sent": 1, "failed": 0, "pending": 0, "in_doubt": 0}
        printed += [paper for section in issue["sections"] for paper in section["papers"]]
        assert len(box.received) == number
        if number in (6, 7):
            assert {source["status"] for source in first.json["collected"]["sources"]} <= {"fresh", "quiet"}
        files = _contents(config.parent / "public")
        again = digest("run", "--config", config, "--now", f"{day}T08:05:00Z", "--json")
        assert again.json["collected"]["new"] == 0
        assert [line["status"] for line in again.json["issues"]] == ["exists"]
        assert again.json["issues"][0]["sections"] == issue["sections"]
        assert len(box.received) == number, "the second run mailed again"
        assert _contents(config.parent / "public") == files
        doctor = digest("doctor", "--config", config, "--now", f"{day}T08:10:00Z")
        assert doctor.code == 0, doctor.out
    assert len(printed) == len(set(printed)), "a paper stands in two issues"
    texts = [message_from_bytes(raw, policy=default) for _, raw in box.received]
    assert all("votes" in message.get_body(("plain",)).get_content() for message in texts)  # type: ignore[union-attr]


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
