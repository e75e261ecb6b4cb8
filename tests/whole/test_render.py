"""One-shot rendering of real recorded input: every output complete and valid, no traceback on any recorded feed."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser
import html5lib
import pytest
from lxml import etree

from digest.config import default_plan
from digest.model import Source
from digest.operations import render

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
FORMATS = ("html", "text", "rss", "atom", "json", "md", "page", "eml")


def _check_html(body: bytes) -> None:
    parser = html5lib.HTMLParser(strict=True)
    tree = parser.parse(body, transport_encoding="utf-8")
    names = {str(node.tag).rpartition("}")[2] for node in tree.iter() if isinstance(node.tag, str)}
    assert not names & {"script", "iframe", "object", "embed", "form"}


def _check_all(made: dict[str, bytes], papers: int) -> None:
    for name in ("mail.html", "index.html"):
        _check_html(made[name])
    for name in ("feed.xml", "atom.xml"):
        etree.parse(BytesIO(made[name]))
        parsed = feedparser.parse(BytesIO(made[name]))
        assert not parsed.bozo
        assert len(parsed.entries) == papers
    feed = json.loads(made["feed.json"])
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert len(feed["items"]) == papers
    assert all(item["id"] and (item.get("content_html") or item.get("content_text")) for item in feed["items"])
    assert len({item["id"] for item in feed["items"]}) == papers
    assert len(made["mail.html"]) <= 102_400
    message = message_from_bytes(made["issue.eml"], policy=default)
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize("number", range(5))
def test_seeds_in_every_format(number: int, shared: Path, tmp_path: Path, digest: Callable[..., Any]) -> None:
    (page,) = (shared / "data" / "seeds").glob(f"00{number}_*.txt")
    came = digest("render", "--from", page, "--as", "all", "--out", tmp_path / "out", "--config", _none(tmp_path))
    assert came.code == 0, came.err
    expected = json.loads((shared / "data" / "seeds" / "expected.json").read_text())["pages"]
    entries = next(each["entries"] for each in expected if each["file"] == page.name)
    made = {path.name: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    _check_all(made, entries)


def _none(folder: Path) -> Path:
    path = folder / "config.yaml"
    path.write_text("newsletters: [{name: daily}]\n")
    return path


def test_every_recorded_feed(shared: Path) -> None:
    """All the feeds of publishers, arXiv's API and feedparser's own tests: papers or a clear refusal."""
    plan = default_plan(Path("/nowhere"))
    files = sorted(path for path in (shared / "data" / "feeds").rglob("*") if path.suffix in (".xml", ".rss", ".atom"))
    assert len(files) > 300
    sources = [Source(name=str(path), kind="auto", options={"path": str(path)}) for path in files]
    publishers = 0
    for path, answer in zip(files, render.answers(plan, sources, NOW, lambda _: None), strict=True):
        issue = render.compose(plan, [answer], NOW, None)
        empty = answer.state.status in ("quiet", "waiting")
        assert answer.entries or answer.state.error or empty, f"{path.name} is neither read nor refused"
        if issue is None:
            continue
        if "feedparser-tests" in path.parts:
            (edition,) = render.editions(plan, issue, ("page",), NOW)
            _check_html(edition.body)
            continue
        publishers += "biorss" in path.parts
        made = {each.path.rpartition("/")[2]: each.body for each in render.editions(plan, issue, FORMATS, NOW)}
        _check_all(made, len(issue.items))
    assert publishers >= 45, "of the 51 files one is a page and five are feeds without papers"
