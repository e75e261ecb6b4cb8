"""`digest merge`, `digest split` and `digest explain --perhaps` on a real store, between real runs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CONFIG = """
title: Papers today
newsletters:
  - {name: daily, schedule: "0 7 * * *", limit: 5}
"""
TITLE = "Photonic crystal cavities for slow light in warm rubidium vapour"


def papers(folder: Path, name: str, *rows: dict[str, Any]) -> str:
    (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    return name


def test_a_doubt_is_shown_and_settled_by_hand(
    tmp_path: Path, digest: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    one = {"id": "2503.00001", "title": TITLE, "authors": ["Ann Bell", "Cy Dee"], "abstract": "We slow light."}
    other = {
        "id": "2503.00002",
        "title": TITLE,
        "authors": ["Ann Bell", "Cy Dee"],
        "comment": "Accepted at Optics 2025",
    }
    first, second = papers(tmp_path, "one.jsonl", one), papers(tmp_path, "two.jsonl", other)
    digest("run", "--from", first, "--newsletter", "daily", "--now", "2025-03-11T08:00")
    digest("collect", "--from", second, "--now", "2025-03-12T08:00")
    (doubt,) = digest("explain", "--perhaps", "--json").json
    assert [doubt["one"], doubt["other"]] == ["arxiv:2503.00001", "arxiv:2503.00002"]
    assert "digest merge A B" in digest("explain", "--perhaps").out
    made = digest("merge", "arXiv:2503.00002v1", "https://arxiv.org/abs/2503.00001", "--json").json
    assert made == {
        "id": "arxiv:2503.00001",
        "gone": "arxiv:2503.00002",
        "keys": ["arxiv:2503.00001", "arxiv:2503.00002"],
    }
    assert digest("explain", "--perhaps", "--json").json == []
    told = digest("explain", "2503.00002", "--json").json
    assert told["id"] == "arxiv:2503.00001" and told["printed"] == {"daily": "daily/2025-03-11"}
    assert [(one["source"], one["id"]) for one in told["entries"]] == [
        (first, "arxiv:2503.00001"),
        (second, "arxiv:2503.00002"),
    ]
    assert [merged["id"] for merged in told["merged"]] == ["arxiv:2503.00002"]
    assert told["fields"]["abstract"] == [["We slow light.", [first]]]
    assert "became part of it: by hand" in digest("explain", "2503.00001").out
    again = digest("run", "--from", second, "--now", "2025-03-13T08:00", "--json").json
    assert again["collected"]["known"] == 1 and not [one for one in again["issues"] if one["papers"]]
    parted = digest("split", "2503.00002", "--json").json
    assert parted == {"id": "arxiv:2503.00001", "other": "arxiv:2503.00002"}
    assert digest("explain", "2503.00002", "--json").json["printed"] == {}
    digest("collect", "--from", first, "--from", second, "--now", "2025-03-14T08:00")
    assert digest("explain", "--perhaps", "--json").json == []
    assert "different from arxiv:2503.00001: by hand" in digest("explain", "2503.00002").out


def test_mistakes_end_with_a_sentence(
    tmp_path: Path, digest: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    name = papers(tmp_path, "one.jsonl", {"id": "2503.00001", "title": TITLE})
    digest("collect", "--from", name, "--now", "2025-03-11T08:00")
    for words, code, said in (
        (("merge", "2503.00001", "2503.99999"), 1, "nothing is known of"),
        (("merge", "2503.00001", "arxiv:2503.00001"), 2, "one paper already"),
        (("split", "2503.00001"), 2, "one source alone tells of it"),
        (("explain",), 2, "--perhaps"),
        (("explain", "2503.00001", "--perhaps"), 2, "--perhaps"),
    ):
        done = digest(*words)
        assert done.code == code and said in done.err and "Traceback" not in done.err
    assert "no two papers are in doubt" in digest("explain", "--perhaps").out
