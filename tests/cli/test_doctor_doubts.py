"""`digest doctor` on pairs of papers that wait for a person's word: a note while there are any, never an alarm."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CONFIG = "sources: [{name: one, kind: file, path: none.jsonl}]\nnewsletters: [{name: daily}]\n"
TITLES = (
    "Slow light in warm rubidium vapour with photonic cavities",
    "Counting eelgrass beds from the air",
)


def collect(folder: Path, digest: Callable[..., Any], source: str, day: int) -> None:
    """Both papers as one of two sources tells of them: the same words under another identifier."""
    rows = (
        {"id": f"2503.{n}000{day}", "title": title, "authors": ["Ann Bell", "Cy Dee"], "abstract": f"We see {title}."}
        for n, title in enumerate(TITLES)
    )
    (folder / source).write_text("".join(json.dumps(row) + "\n" for row in rows))
    digest("collect", "--from", source, "--now", f"2025-03-1{day}T08:00")


def doubts(digest: Callable[..., Any]) -> tuple[int, list[str], list[str]]:
    """The exit code of doctor, and state and words of what it says of doubts."""
    came = digest("doctor", "--now", "2025-03-12T09:00", "--json")
    found = [one for one in came.json["findings"] if one["name"] == "doubts"]
    return came.code, [one["state"] for one in found], [one["words"] for one in found]


def test_doubts_are_a_note_until_they_are_settled(
    tmp_path: Path, digest: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    collect(tmp_path, digest, "one.jsonl", 1)
    before, states, _ = doubts(digest)
    assert states == []
    collect(tmp_path, digest, "two.jsonl", 2)
    code, states, words = doubts(digest)
    assert states == ["note"] and code == before
    assert words == ["2 pairs may be one paper and wait for a person's word; `digest explain --perhaps`"]
    digest("merge", "2503.00001", "2503.00002")
    assert doubts(digest)[2] == ["1 pair may be one paper and waits for a person's word; `digest explain --perhaps`"]
    digest("split", "2503.10001", "2503.10002")
    assert doubts(digest) == (before, [], [])
