"""A recorded fortnight over real HTTP, its feeds asked for every morning as a feed reader asks: with what it knows."""

import http.client
import io
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest

from digest import pipeline
from digest.config import Plan, load
from digest.model import Resolved, Signal
from digest.operations import feeds
from digest.store import Store
from digest.web import Site, application

sys.path.insert(0, str(Path(__file__).parents[1] / "render"))
import feed_rules

CONFIG = """
url: https://papers.example.org
network: {{allow_hosts: [127.0.0.1], gap_s: 0}}
sources:
  - {{name: arxiv, kind: arxiv, categories: [cs.GR], base_url: "{url}", api_url: "{url}/api/query"}}
  - {{name: hf, kind: huggingface, base_url: "{url}", days: 2}}
topics:
  - {{name: Language models, words: [language model, LLM], categories: [cs.CL]}}
  - {{name: Vision, words: [image, video], categories: [cs.CV, cs.GR]}}
newsletters: [{{name: daily, schedule: "0 7 * * *", limit: 8, window_days: 3}}]
feeds: {{scores: [0.5, 1], author_papers: 2}}
serve: {{port: 0, per_minute: 0}}
"""
FIRST = datetime(2025, 6, 2, 8, tzinfo=UTC)
DAYS = 15
NOTHING = Resolved(new=(), updated=(), sightings=(), signals=(), decisions=(), outcomes=())


@dataclass
class Reader:
    """Asks for feeds and remembers their validators."""

    url: str
    etags: dict[str, str]

    def ask(self, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        connection.request("GET", f"/{path}", headers={"If-None-Match": self.etags.get(path, '"none"')})
        answer = connection.getresponse()
        body = answer.read()
        self.etags[path] = answer.headers["ETag"]
        connection.close()
        return answer.status, body


@dataclass
class Fortnight:
    """A store that lives through the recorded days, served meanwhile."""

    plan: Plan
    store: Store
    reader: Reader
    replay: Any

    def morning(self, number: int) -> datetime:
        now = FIRST + timedelta(days=number)
        self.replay.tell(f"/_clock?set={now:%Y-%m-%dT%H:%M}")
        self.collect(now)
        pipeline.compose(self.plan, self.plan.newsletters[0], self.store, now)
        return now

    def collect(self, now: datetime) -> None:
        pipeline.collect(self.plan, self.plan.sources, self.store, now)

    def vote(self, now: datetime) -> None:
        """Everybody's votes grow, so that scores change."""
        ids = sorted(self.store.papers.ids())
        grown = [
            Signal(paper_id=id_, kind="upvotes", value=now.day * 7.0 + n, at=now, source="x")
            for n, id_ in enumerate(ids)
        ]
        self.store.save_collected((), Resolved(**{**_fields(NOTHING), "signals": tuple(grown)}), now, {})


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in type(value).__dataclass_fields__}


@pytest.fixture
def fortnight(tmp_path: Path, replay: Callable[..., Any]) -> Iterator[Fortnight]:
    server = replay("--date", f"{FIRST:%Y-%m-%d}", "--history", "10")
    (tmp_path / "config.yaml").write_text(CONFIG.format(url=server.url))
    plan = load(tmp_path / "config.yaml", environ={})
    assert plan.serve is not None
    with Store.open(plan.database, plan.home) as store:
        clock = lambda: FIRST + timedelta(days=30)  # noqa: E731
        with Site(application(plan, store, None, clock), plan.serve) as site:
            yield Fortnight(plan, store, Reader(site.url, {}), server)


def test_a_fortnight_of_feeds(fortnight: Fortnight) -> None:
    main = "daily/feed.json"
    seen: dict[str, dict[str, Any]] = {}
    votes: dict[str, set[float]] = {}
    before: list[str] = []
    for number in range(DAYS):
        now = fortnight.morning(number)
        status, body = fortnight.reader.ask(main)
        assert status == 200, "there is a new issue"
        items = json.loads(body)["items"]
        ids = [item["id"] for item in items]
        assert len(ids) == len(set(ids)) and [id_ for id_ in ids if id_ in before] == [
            id_ for id_ in before if id_ in ids
        ]
        for item in items:
            known = seen.setdefault(item["id"], item)
            news = "New since it was printed" in item["content_html"]
            same = ("title", "url", "date_published", "tags") if not news else ()
            assert [item.get(key) for key in same] == [known.get(key) for key in same]
            assert item["date_modified"] == known["date_modified"] or news, "only news may move an entry"
            assert item["_digest"]["score"] == known["_digest"]["score"], "as printed"
            votes.setdefault(item["id"], set()).update(s["value"] for s in item["_digest"]["signals"])
        assert fortnight.reader.ask(main)[0] == 304
        if number % 5 == 0:
            fortnight.collect(now + timedelta(minutes=5))
            assert fortnight.reader.ask(main)[0] == 304, "a collect without news changes nothing"
        fortnight.vote(now + timedelta(hours=1))
        status, body = fortnight.reader.ask(main)
        assert status == 200 and [item["id"] for item in json.loads(body)["items"]] == ids
        before = ids
    assert sum(len(values) > 3 for values in votes.values()) > 50, "votes did change"
    check_all(fortnight, FIRST + timedelta(days=DAYS))
    check_archives(fortnight)


def check_all(fortnight: Fortnight, now: datetime) -> None:
    """Every feed is valid, read back by feedparser with as many entries, and live as among the files."""
    paths = list(feeds.paths(fortnight.plan, fortnight.store, now))
    assert len(paths) > 60 and any(path.startswith("authors/") for path in paths)
    for path in paths:
        status, body = fortnight.reader.ask(path)
        assert status in (200, 304), path
        edition = feeds.feed(fortnight.plan, fortnight.store, path, {}, now)
        assert edition is not None
        assert feed_rules.faults(path, edition.body) == [], path
        assert body in (edition.body, b"")
        assert fortnight.reader.ask(path)[0] == 304
        if path.endswith(("xml", "atom")):
            parsed = feedparser.parse(io.BytesIO(edition.body))
            assert not parsed.bozo and len(parsed.entries) == edition.body.count(b"</guid>") + edition.body.count(
                b"</entry>"
            )


def check_archives(fortnight: Fortnight) -> None:
    """Following prev-archive from the feed meets every printed paper and every issue, in all three formats."""
    issues = fortnight.store.issues.list("daily")
    printed = {f"tag:papers.example.org,2025:{item.paper.id}" for issue in issues for item in issue.items}
    days = {f"tag:papers.example.org,2025:issue/{issue.id}" for issue in issues}
    assert len(issues) == DAYS
    for file, wanted in (("feed.xml", printed), ("atom.xml", printed), ("issues.xml", days), ("issues.atom", days)):
        met: set[str] = set()
        path = f"daily/{file}"
        while path:
            fortnight.reader.etags.clear()
            parsed = feedparser.parse(io.BytesIO(fortnight.reader.ask(path)[1]))
            met |= {entry.id for entry in parsed.entries}
            older = [link.href for link in parsed.feed.links if link.rel == "prev-archive"]
            path = older[0].removeprefix("https://papers.example.org/") if older else ""
        assert met == wanted
    fortnight.reader.etags.clear()
    older = json.loads(fortnight.reader.ask("daily/feed.json")[1])["next_url"]
    assert older == "https://papers.example.org/daily/archive/1/feed.json"
