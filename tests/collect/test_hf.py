"""Hugging Face's daily papers."""

import json
from datetime import UTC, datetime

import pytest

from digest.collect import hf
from digest.collect.errors import Unreadable
from digest.model import Link

ROW = {
    "paper": {
        "id": "2603.90001",
        "authors": [{"name": "Ann Lee", "hidden": False}, {"name": "No One", "hidden": True}],
        "publishedAt": "2026-03-01T18:53:06.000Z",
        "submittedOnDailyAt": "2026-03-02T01:00:00.000Z",
        "title": "Nested",
        "summary": "Short\nlines.",
        "upvotes": 57,
        "githubRepo": "https://github.com/example-x/y",
        "githubStars": 0,
        "projectPage": "https://y.example.org",
        "organization": {"name": "lab", "fullname": "The Lab"},
        "ai_keywords": ["k one", "k two"],
    },
    "publishedAt": "2026-03-01T13:53:06.000Z",
    "title": "Beside",
    "numComments": 4,
    "submittedBy": {"fullname": "A Reader", "name": "reader"},
    "mediaUrls": ["https://cdn.example.org/a.png", "https://cdn.example.org/a.mp4"],
}


def test_what_is_nested_and_what_stands_beside():
    (entry,) = hf.parse(json.dumps([ROW]).encode(), "hf")
    assert entry.title == "Nested"
    assert entry.identifiers == ("arXiv:2603.90001",)
    assert [a.name for a in entry.authors] == ["Ann Lee"]
    assert dict(entry.measures) == {"upvotes": 57.0, "comments": 4.0, "stars": 0.0}
    assert entry.published == datetime(2026, 3, 1, 18, 53, 6, tzinfo=UTC)
    assert entry.announced == datetime(2026, 3, 2, 1, tzinfo=UTC)
    assert (entry.organisation, entry.submitter) == ("The Lab", "A Reader")
    assert entry.keywords == ("k one", "k two")
    assert entry.url == "https://arxiv.org/abs/2603.90001"
    assert set(entry.links) == {
        Link(kind="paper", url="https://arxiv.org/abs/2603.90001"),
        Link(kind="discussion", url="https://huggingface.co/papers/2603.90001"),
        Link(kind="code", url="https://github.com/example-x/y"),
        Link(kind="project", url="https://y.example.org"),
        Link(kind="video", url="https://cdn.example.org/a.mp4"),
    }


def test_rows_as_python_prints_them_are_read_and_never_run():
    body = {"status": "success", "data": [repr(ROW), "__import__('os').abort()", repr(ROW | {"paper": None})]}
    with pytest.raises(Unreadable, match="2 of 3 rows") as caught:
        hf.parse(json.dumps(body).encode(), "hf")
    assert [e.title for e in caught.value.entries] == ["Nested"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"error": "Too many requests"}', "Too many requests"),
        (b'[{"paper": ', "not JSON"),
        (b'{"a": 1}', "not a list"),
        (b"[" * 100_000, "nested too deeply|not JSON"),
    ],
)
def test_what_is_no_answer_says_why(body, reason):
    with pytest.raises(Unreadable, match=reason):
        hf.parse(body, "hf")


def test_a_day_without_papers_is_empty():
    assert hf.parse(b"[]", "hf") == ()


def test_recorded_days_are_read_whole(shared):
    counts = {p.stem: len(hf.parse(p.read_bytes(), "hf")) for p in (shared / "data/hf-daily/raw").glob("*.json")}
    assert counts == {
        "2024-05-27": 13,
        "2024-11-13": 7,
        "2025-01-10": 9,  # the malformed one
        "2025-06-17": 24,
        "2025-10-21": 26,
        "2026-02-10": 33,
    }


def test_a_recorded_day_loses_nothing(shared):
    rows = json.loads((shared / "data/hf-daily/raw/2026-02-10.json").read_text())
    entries = hf.parse((shared / "data/hf-daily/raw/2026-02-10.json").read_bytes(), "hf")
    for row, entry in zip(rows, entries, strict=True):
        paper = row["paper"]
        assert [a.name for a in entry.authors] == [a["name"] for a in paper["authors"] if not a["hidden"]]
        assert dict(entry.measures)["upvotes"] == paper["upvotes"]
        assert bool(paper.get("githubRepo")) == any(link.kind == "code" for link in entry.links)
        assert bool(paper.get("projectPage")) == any(link.kind == "project" for link in entry.links)
        assert (entry.organisation is None) == (not paper.get("organization"))
