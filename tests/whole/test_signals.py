"""Signals in a whole run: services in their real shapes on a local server, each with its faults."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from digest.store import Store

PAPERS = [
    {
        "id": "2603.00001",
        "title": "Foxes that count",
        "abstract": "Our code is at https://github.com/den/foxes",
        "authors": ["Ada Bell"],
        "published": "2026-03-01",
    },
    {"id": "2603.00002", "title": "Geese in rows", "abstract": "We count geese.", "authors": ["C D"]},
    {"doi": "10.5555/snow.7", "title": "Snow on roofs", "abstract": "It lies.", "authors": ["E F"]},
]
SERVICES = (
    "github_stars", "hackernews", "reddit", "bluesky", "mastodon", "semantic_scholar", "openalex", "crossref"
)  # fmt: skip


class Services:
    """Every service at one address; `stars` and the rest may be changed between runs."""

    def __init__(self, server: HTTPServer) -> None:
        self.stars, self.points = 12, 40
        self.asked: list[str] = []
        self.url = server.url_for("").rstrip("/")
        server.expect_request("/repos/den/foxes").respond_with_handler(self.repository)
        server.expect_request("/graphql", method="POST").respond_with_handler(self.graphql)
        server.expect_request("/api/v1/search_by_date").respond_with_handler(self.hackernews)
        server.expect_request("/domain/arxiv.org/new.json").respond_with_handler(self.reddit)
        server.expect_request("/domain/doi.org/new.json").respond_with_json(
            {"kind": "Listing", "data": {"after": None, "children": []}}
        )
        server.expect_request("/r/foxes/new.json").respond_with_json(
            {"kind": "Listing", "data": {"after": None, "children": []}}
        )
        server.expect_request("/xrpc/app.bsky.feed.searchPosts").respond_with_handler(self.bluesky)
        server.expect_request("/api/v1/timelines/tag/arxiv").respond_with_handler(self.mastodon)
        server.expect_request("/graph/v1/paper/batch", method="POST").respond_with_handler(self.scholar)
        server.expect_request("/works").respond_with_handler(self.works)

    def noted(self, request: Request, body: Any) -> Response:
        self.asked.append(request.path)
        return Response(json.dumps(body), content_type="application/json")

    def repository(self, request: Request) -> Response:
        return self.noted(request, {"full_name": "den/foxes", "stargazers_count": self.stars, "private": False})

    def graphql(self, request: Request) -> Response:
        assert request.headers["Authorization"] == "Bearer gh-secret"
        query = request.get_json()["query"]
        assert '"den"' in query or '"Den"' in query
        return self.noted(request, {"data": {"r0": {"stargazerCount": self.stars}}})

    def hackernews(self, request: Request) -> Response:
        story = {
            "objectID": "1",
            "author": "fox",
            "url": "https://arxiv.org/abs/2603.00001v2",
            "title": "Foxes that count [pdf]",
            "points": self.points,
            "num_comments": 7,
            "created_at_i": 1772600000,
        }
        return self.noted(request, {"hits": [story] if request.args["query"] == "arxiv.org" else [], "nbHits": 1})

    def reddit(self, request: Request) -> Response:
        rows = [
            {"id": "a", "author": "u1", "url": "https://www.arxiv.org/pdf/2603.00002", "title": "[R] Geese", "score": 9,
             "num_comments": 2, "created_utc": 1772600000.0, "selftext": ""},
            {"id": "b", "author": "u1", "url": "https://arxiv.org/abs/2603.00002", "title": "again", "score": 4,
             "num_comments": 5, "created_utc": 1772600000.0, "selftext": ""},
        ]  # fmt: skip
        children = [{"kind": "t3", "data": row} for row in rows]
        return self.noted(request, {"kind": "Listing", "data": {"after": None, "children": children}})

    def bluesky(self, request: Request) -> Response:
        post = {
            "uri": "at://did:plc:x/app.bsky.feed.post/1",
            "author": {"did": "did:plc:x", "handle": "fox.example.org"},
            "record": {
                "text": "Foxes! arxiv.org/abs/26…",
                "facets": [{"features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://arxiv.org/abs/2603.00001"}]}],
            },
            "likeCount": 5,
            "indexedAt": "2026-03-03T09:00:00Z",
        }  # fmt: skip
        return self.noted(request, {"posts": [post] if request.args["domain"] == "arxiv.org" else []})

    def mastodon(self, request: Request) -> Response:
        post = {
            "id": "11",
            "created_at": "2026-03-03T08:00:00.000Z",
            "account": {"acct": "goose@pond.example.org"},
            "content": '<p>Geese: <a href="https://doi.org/10.5555/SNOW.7">snow</a></p>',
            "favourites_count": 3,
            "card": None,
        }
        return self.noted(request, [post])

    def scholar(self, request: Request) -> Response:
        known = {"ARXIV:2603.00001": {"paperId": "x", "citationCount": 2}}
        return self.noted(request, [known.get(name) for name in request.get_json()["ids"]])

    def works(self, request: Request) -> Response:
        wanted = unquote(request.args["filter"])
        if "is-referenced-by-count" in request.args["select"]:
            items = [{"DOI": "10.5555/snow.7", "is-referenced-by-count": 4}]
            return self.noted(request, {"status": "ok", "message": {"items": items}})
        assert "10.48550/arxiv.2603.00001|" in wanted
        found = {"doi": "https://doi.org/10.48550/arXiv.2603.00002", "cited_by_count": 1}
        return self.noted(request, {"meta": {"count": 1}, "results": [found]})


@pytest.fixture
def services(httpserver: HTTPServer) -> Iterator[Services]:
    yield Services(httpserver)


def configured(folder: Path, url: str, kinds: str = "", more: str = "") -> Path:
    """A config with papers from a file and these sources of signals (all built-in services without any)."""
    (folder / "papers.jsonl").write_text("\n".join(map(json.dumps, PAPERS)))
    listed = kinds or "".join(f"  - {{kind: {kind}, base_url: {url}}}\n" for kind in SERVICES)
    config = folder / "config.yaml"
    config.write_text(
        "network: {allow_hosts: [localhost, 127.0.0.1], gap_s: 0, timeout_s: 2}\n"
        "sources: [{name: mine, kind: file, path: papers.jsonl}]\n"
        f"signals:\n{listed}newsletters: [{{name: daily}}]\n{more}"
    )
    return config


def signals_of(digest: Callable[..., Any], config: Path, name: str) -> dict[tuple[str, str], float]:
    said = digest("explain", name, "--config", config, "--json").json
    return {(one["source"], one["kind"]): one["value"] for one in said["signals"]}


def test_every_service_is_read(tmp_path: Path, services: Services, digest: Callable[..., Any]) -> None:
    config = configured(tmp_path, services.url)
    came = digest("run", "--config", config, "--now", "2026-03-03T10:00", "--newsletter", "daily", "--json")
    assert came.code == 0
    lines = {line["name"]: line for line in came.json["signals"]}
    assert {name: line["status"] for name, line in lines.items()} == dict.fromkeys(SERVICES, "fresh"), lines
    foxes = signals_of(digest, config, "2603.00001")
    assert foxes[("github_stars", "stars")] == 12
    assert foxes[("hackernews", "points")] == 40 and foxes[("hackernews", "mentions")] == 1
    assert foxes[("bluesky", "mentions")] == 1 and foxes[("bluesky", "likes")] == 5
    assert foxes[("semantic_scholar", "citations")] == 2
    assert foxes[("reddit", "mentions")] == 0
    geese = signals_of(digest, config, "2603.00002")
    assert geese[("reddit", "mentions")] == 1 and geese[("reddit", "points")] == 9  # one person twice is one
    assert geese[("reddit", "comments")] == 5 and geese[("openalex", "citations")] == 1
    assert ("semantic_scholar", "citations") not in geese and ("github_stars", "stars") not in geese
    snow = signals_of(digest, config, "10.5555/snow.7")
    assert snow[("mastodon", "mentions")] == 1 and snow[("crossref", "citations")] == 4


def test_nothing_is_asked_again_within_its_interval_and_growth_is_seen(
    tmp_path: Path, services: Services, digest: Callable[..., Any]
) -> None:
    config = configured(tmp_path, services.url)
    digest("collect", "--config", config, "--now", "2026-03-03T10:00")
    first = len(services.asked)
    services.asked.clear()
    digest("collect", "--config", config, "--now", "2026-03-03T11:00")
    assert services.asked == [] and first > 6
    services.stars, services.points = 30, 0
    report = digest("collect", "--config", config, "--now", "2026-03-03T17:00", "--json").json
    said = digest("explain", "2603.00001", "--config", config, "--json").json["signals"]
    assert [one["value"] for one in said if one["kind"] == "stars"] == [12, 30]
    assert [one["value"] for one in said if one["source"] == "hackernews" and one["kind"] == "points"] == [40, 0]
    assert "/works" not in services.asked  # citations are counted once a day or less
    lines = {line["name"]: line for line in report["signals"]}
    assert lines["openalex"]["status"] == "quiet" and lines["openalex"]["asked"] == 0


def test_dead_services_change_no_paper_no_order_and_no_exit_code(
    tmp_path: Path, httpserver: HTTPServer, digest: Callable[..., Any]
) -> None:
    httpserver.expect_request("/domain/arxiv.org/new.json").respond_with_data("<html>", status=500)
    url = httpserver.url_for("").rstrip("/")
    kinds = f"  - {{kind: hackernews, base_url: http://127.0.0.1:9}}\n  - {{kind: reddit, base_url: {url}}}\n"
    issues = []
    for name, listed in (("with", kinds), ("without", "  []\n")):
        folder = tmp_path / name
        folder.mkdir()
        config = configured(folder, url, listed)
        config.write_text(config.read_text().replace("gap_s: 0", "gap_s: 0, signals_limit_s: 4"))
        came = digest("run", "--config", config, "--now", "2026-03-03T10:00", "--newsletter", "daily", "--json")
        assert came.code == 0, came.err
        issues.append(came.json["issues"][0]["sections"])
    assert issues[0] == issues[1]
    config = tmp_path / "with" / "config.yaml"
    said = digest("doctor", "--config", config, "--now", "2026-03-13T10:00", "--json").json
    found = {one["name"]: one for one in said["findings"] if one["area"] == "signal"}
    assert {name: one["state"] for name, one in found.items()} == {"hackernews": "note", "reddit": "note"}
    assert "failed since 2026-03-03" in found["reddit"]["words"] and "3 due" in found["reddit"]["words"]
    before = len(httpserver.log)
    rests = digest("collect", "--config", config, "--now", "2026-03-03T10:30", "--json")
    assert rests.code == 0 and len(httpserver.log) == before
    assert {line["status"] for line in rests.json["signals"]} == {"failed"}


def test_signals_are_shown_and_a_rehearsal_asks_nobody(
    tmp_path: Path, services: Services, digest: Callable[..., Any]
) -> None:
    config = configured(tmp_path, services.url)
    digest("run", "--config", config, "--now", "2026-03-03T10:00", "--dry-run")
    assert services.asked == []
    digest("collect", "--config", config, "--now", "2026-03-03T10:00")
    said = digest("signals", "--config", config, "--now", "2026-03-03T10:05", "--json").json
    rows = {row["name"]: row for row in said["sources"]}
    assert set(rows) == set(SERVICES) and {row["due"] for row in rows.values()} == {0}
    assert rows["hackernews"]["papers"] == 3 and rows["hackernews"]["status"] == "fresh"
    assert {"kind": "stars", "value": 12.0, "source": "github_stars"}.items() <= next(
        one for one in said["latest"] if one["kind"] == "stars"
    ).items()
    assert "github_stars" in digest("signals", "--config", config, "--now", "2026-03-03T10:05", "--limit", "1").out


def test_a_token_makes_one_request_of_many(tmp_path: Path, services: Services, digest: Callable[..., Any]) -> None:
    listed = f"  - {{kind: github_stars, base_url: {services.url}, token: gh-secret}}\n"
    config = configured(tmp_path, services.url, listed)
    digest("collect", "--config", config, "--now", "2026-03-03T10:00")
    assert services.asked == ["/graphql"]
    assert signals_of(digest, config, "2603.00001") == {("github_stars", "stars"): 12.0}
    assert "gh-secret" not in digest("config", "show", "--config", config).out
    assert "gh-secret" not in digest("signals", "--config", config, "--json").out


def test_votes_and_picks_are_signals_too(tmp_path: Path, digest: Callable[..., Any]) -> None:
    config = configured(tmp_path, "", "  []\n")
    text = config.read_text().replace("{name: daily}", "{name: daily, votes: true, limit: 1}, {name: weekly}")
    config.write_text(text)
    run = ("run", "--config", config, "--json", "--newsletter")
    (shown,) = digest(*run, "daily", "--now", "2026-03-03T10:00").json["issues"][0]["sections"][0]["papers"]
    with Store.open("sqlite:///digest.db", tmp_path) as store:
        for reader in ("a@example.org", "b@example.org", "c@example.org"):
            assert store.votes.cast(reader, shown, "more", datetime(2026, 3, 3, 12, tzinfo=UTC), most=9)
        assert store.votes.cast("c@example.org", shown, "less", datetime(2026, 3, 3, 13, tzinfo=UTC), most=9)
    digest("pick", "10.5555/snow.7", "--config", config)
    digest(*run, "weekly", "--now", "2026-03-04T10:00")
    said = digest("explain", shown, "--config", config, "--json").json
    assert signals_of(digest, config, shown) == {("readers", "votes"): 1.0}  # two more, one less
    assert any(term["name"] == "votes" for term in said["score"]["weekly"]["terms"])
    assert signals_of(digest, config, "10.5555/snow.7") == {("curator", "picks"): 1.0}
    rows = digest("signals", "--config", config, "--json").json["sources"]
    assert [row["name"] for row in rows] == ["readers", "curator"]
