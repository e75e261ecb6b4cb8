"""The live site: what every kept answer must know of HTTP, and when it is made anew."""

import gzip
import http.client
import io
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import html5lib
import pytest
from web_serving import CONFIG, NOW, World, issue, world

from digest.dedupe import fold
from digest.model import Edition, Paper, Resolved, Sighting
from digest.store import Store
from digest.web.cache import Cache, kept

FEEDS = {
    "/daily/feed.xml": "application/rss+xml",
    "/daily/atom.xml": "application/atom+xml",
    "/daily/feed.json": "application/feed+json",
    "/daily/issues.xml": "application/rss+xml",
    "/daily/issues.atom": "application/atom+xml",
    "/daily/issues.json": "application/feed+json",
    "/daily/topics/tides/feed.xml": "application/rss+xml",
    "/daily/score-0.5/atom.xml": "application/atom+xml",
    "/feeds.opml": "text/x-opml; charset=utf-8",
    "/feed.xsl": "text/xsl; charset=utf-8",
}
HUB = "https://hub.example.org/"


@dataclass
class Raw:
    status: int
    headers: dict[str, str]
    body: bytes


def ask(site: World, path: str, method: str = "GET", **headers: str) -> Raw:
    """One request, its answer untouched."""
    connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=30)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    found = Raw(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    connection.close()
    return found


def announce(store: Store, number: int = 1) -> None:
    """A paper comes in."""
    paper = Paper(id=f"arxiv:2603.0000{number}", keys=(f"arxiv:2603.0000{number}",), title=f"Of currents {number}")
    seen = (Sighting(paper_id=paper.id, source="one", at=NOW),)
    made = Resolved(new=(paper,), updated=(), sightings=seen, signals=(), decisions=(), outcomes=("new",))
    store.save_collected((), made, NOW, {paper.id: fold(paper.title)})


@pytest.fixture
def site(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, CONFIG + f"feeds: {{hub: '{HUB}'}}\n") as made:
        made.store.issues.save(issue())
        yield made


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_over_http(site: World, path: str) -> None:
    first = ask(site, path)
    assert (first.status, first.headers["content-type"]) == (200, FEEDS[path])
    assert first.headers["vary"].startswith("accept-encoding") and "set-cookie" not in first.headers
    assert first.headers["content-security-policy"].startswith("default-src 'none'")
    assert int(first.headers["content-length"]) == len(first.body)
    etag = first.headers["etag"]
    for said in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = ask(site, path, If_None_Match=said)
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", etag)
    assert ask(site, path, If_None_Match='"other"').status == 200
    head = ask(site, path, "HEAD")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(first.body)))
    packed = ask(site, path, Accept_Encoding="br, gzip;q=0.8")
    assert packed.headers["content-encoding"] == "gzip" and gzip.decompress(packed.body) == first.body
    assert packed.headers["etag"] not in (etag, "") and len(packed.body) < len(first.body)
    assert ask(site, path, Accept_Encoding="gzip", If_None_Match=etag).status == 304
    assert ask(site, path, Accept_Encoding="gzip;q=0").headers.get("content-encoding") is None
    assert ask(site, path, "POST").status == 405
    assert ask(site, f"/sub{path}").body == first.body, "below the sub-path, whether a proxy strips it or not"


def test_a_browser_that_opens_a_feed_is_shown_a_page(site: World) -> None:
    for path in ("/daily/feed.xml", "/daily/atom.xml", "/daily/issues.atom"):
        feed, page = ask(site, path), ask(site, path, Sec_Fetch_Dest="document")
        assert (
            page.headers["content-type"] == "text/html; charset=utf-8" and page.headers["etag"] != feed.headers["etag"]
        )
        assert feed.headers["vary"] == page.headers["vary"] == "accept-encoding, sec-fetch-dest"
        tree = html5lib.parse(page.body, namespaceHTMLElements=False)
        links = [link.get("href") for link in tree.iter("a")]
        assert "https://papers.example.org/sub/daily/" in links and len(links) > 1
        assert "script" not in page.headers["content-security-policy"] and not list(tree.iter("script"))
        assert ask(site, path, Sec_Fetch_Dest="document", If_None_Match=page.headers["etag"]).status == 304
        assert ask(site, path, Sec_Fetch_Dest="empty").body == feed.body
    assert ask(site, "/daily/feed.json", Sec_Fetch_Dest="document").headers["content-type"] == FEEDS["/daily/feed.json"]


def test_dates_of_feeds(site: World) -> None:
    first = ask(site, "/daily/feed.xml")
    modified = parsedate_to_datetime(first.headers["last-modified"])
    assert modified == NOW
    assert ask(site, "/daily/feed.xml", If_Modified_Since=first.headers["last-modified"]).status == 304
    before = "Sun, 01 Mar 2026 08:00:00 GMT"
    assert ask(site, "/daily/feed.xml", If_Modified_Since=before).status == 200
    assert ask(site, "/daily/feed.xml", If_Modified_Since="yesterday").status == 200
    both = ask(site, "/daily/feed.xml", If_None_Match='"other"', If_Modified_Since=first.headers["last-modified"])
    assert both.status == 200, "the entity tag decides"


def test_feeds_name_their_hub_where_it_is_told(site: World) -> None:
    own = "https://papers.example.org/sub"
    for path in ("/daily/feed.xml", "/daily/issues.json", "/daily/topics/tides/feed.xml"):
        assert ask(site, path).headers["link"] == f'<{HUB}>; rel="hub", <{own}{path}>; rel="self"'
        assert HUB.encode() in ask(site, path).body
    for path in ("/daily/score-0.5/feed.xml", "/search/feed.xml?q=tide", "/feeds.opml"):
        assert "link" not in ask(site, path).headers and HUB.encode() not in ask(site, path).body


def test_addresses_there_are_none_of(site: World) -> None:
    wrong = ("/weekly/feed.xml", "/other/feed.xml", "/daily/topics/none/feed.xml", "/authors/nobody/feed.xml")
    wrong += (
        "/daily/archive/1/feed.xml",
        "/daily/archive/0/feed.xml",
        "/daily/score-/feed.xml",
        "/daily/score-01/feed.xml",
    )
    wrong += (
        "/daily/score-1.0/feed.xml",
        "/daily/score-0.123/feed.xml",
        "/daily/score--1/feed.xml",
        "/authors//feed.xml",
    )
    wrong += ("/daily/topics/../feed.xml", "/daily/topics/%2e%2e/feed.xml", "/daily/feed.xml/", "/daily/%00/feed.xml")
    for path in wrong:
        assert ask(site, path).status == 404, path
    assert ask(site, "/daily/feed.xml?q=" + "x" * 2_000).status == 414


def test_what_is_kept_is_made_anew_when_the_store_changes(site: World) -> None:
    first = ask(site, "/daily/feed.xml")
    assert ask(site, "/daily/feed.xml", If_None_Match=first.headers["etag"]).status == 304
    announce(site.store)
    again = ask(site, "/daily/feed.xml", If_None_Match=first.headers["etag"])
    assert again.status == 304, "the store changed, the feed did not"
    with Store.open(site.plan.database, site.plan.home) as other:  # as another process would
        other.issues.save(issue(day=date(2026, 3, 3), papers=5))
    newer = ask(site, "/daily/feed.xml", If_None_Match=first.headers["etag"])
    assert newer.status == 200 and newer.body.count(b"<item>") == 5
    assert len(feedparser.parse(io.BytesIO(ask(site, "/daily/issues.atom").body)).entries) == 2


def test_pages_are_live_and_have_their_policy(site: World) -> None:
    home = ask(site, "/daily/")
    assert home.status == 200 and b"2 March 2026" in home.body
    assert "script" not in home.headers["content-security-policy"]
    assert ask(site, "/daily/2026-03-02/", If_None_Match=ask(site, "/daily/2026-03-02/").headers["etag"]).status == 304
    assert ask(site, "/daily/2026-03-02").headers["location"] == "./2026-03-02/"
    search = ask(site, "/search/?q=tide")
    assert search.status == 200 and "form-action 'self'" in search.headers["content-security-policy"]


def test_a_search_has_a_feed(site: World) -> None:
    announce(site.store, 1)
    announce(site.store, 2)
    path = "/search/feed.json?q=currents"
    made = json.loads(ask(site, path).body)
    assert [item["title"] for item in made["items"]] == ["Of currents 2", "Of currents 1"]
    assert made["feed_url"] == "https://papers.example.org/sub/search/feed.json?q=currents"
    assert json.loads(ask(site, "/search/feed.json?q=nothing+of+it").body)["items"] == []
    site.now += timedelta(days=90)
    assert json.loads(ask(site, path).body)["items"] == [], "kept for a day, then made anew: it looks back sixty days"


def test_authors_and_scores_have_feeds(site: World) -> None:
    from digest.model import Author

    made = issue(day=date(2026, 3, 3), papers=2)
    items = [
        replace(
            item,
            score=0.4 + number,
            paper=replace(item.paper, id=f"y:{number}", keys=(f"y:{number}",), authors=(Author(name="Sofía Peña"),)),
        )
        for number, item in enumerate(made.sections[0].items)
    ]
    saved = replace(made, sections=(replace(made.sections[0], items=tuple(items)),))
    seen = tuple(Sighting(paper_id=item.paper.id, source="one", at=NOW) for item in items)
    papers = tuple(item.paper for item in items)
    site.store.save_collected(
        (), Resolved(new=papers, updated=(), sightings=seen, signals=(), decisions=(), outcomes=()), NOW, {}
    )
    site.store.issues.save(saved)
    found = feedparser.parse(io.BytesIO(ask(site, "/authors/sofia-pena/feed.xml").body))
    assert found.feed.title == "Papers today: papers by Sofía Peña" and len(found.entries) == 2
    scores = {
        path: ask(site, f"/daily/score-{path}/feed.xml").body.count(b"<item>") for path in ("0", "0.5", "1.4", "9")
    }
    assert scores == {"0": 5, "0.5": 4, "1.4": 1, "9": 0}


def test_the_list_of_feeds_leads_to_feeds(site: World) -> None:
    addresses = re.findall(r'xmlUrl="https://papers\.example\.org([^"]+)"', ask(site, "/feeds.opml").body.decode())
    assert len(addresses) >= 4 and all(ask(site, path).status == 200 for path in addresses)


def test_requests_are_named_and_logged_without_secrets(site: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="digest.web.logs")
    names = [ask(site, "/daily/feed.xml").headers["x-request-id"] for _ in range(2)]
    assert len(set(names)) == 2 and all(re.fullmatch(r"[0-9a-f]{16,}", name) for name in names)
    assert ask(site, "/none", X_Request_ID="from-the-proxy.7").headers["x-request-id"] == "from-the-proxy.7"
    assert ask(site, "/", X_Request_ID="x\tINFO forged").headers["x-request-id"] != "x\tINFO forged"
    ask(site, "/unsubscribe/secret-token", X_Forwarded_For="192.0.2.7")
    lines = {record.request: record for record in caplog.records if record.name == "digest.web.logs"}  # type: ignore[attr-defined]
    assert [lines[name].levelname for name in names] == ["INFO", "DEBUG"]
    assert lines[names[0]].fields["path"] == "/daily/feed.xml" and lines[names[1]].fields["status"] == 200  # type: ignore[attr-defined]
    assert lines["from-the-proxy.7"].fields["status"] == 404  # type: ignore[attr-defined]
    assert "secret-token" not in caplog.text and "192.0.2.7" not in caplog.text


def test_a_client_that_asks_without_end_is_told_to_wait(tmp_path: Path) -> None:
    with world(tmp_path, CONFIG.replace("{port: 0}", "{port: 0, per_minute: 20}")) as site:
        answers = [ask(site, "/subscribe", X_Forwarded_For="192.0.2.1").status for _ in range(23)]
        assert answers == [200] * 20 + [429] * 3
        refused = ask(site, "/daily/", X_Forwarded_For="192.0.2.1")
        assert (refused.headers["retry-after"], refused.body) == ("60", b"")
        assert ask(site, "/subscribe", X_Forwarded_For="192.0.2.2").status == 200
        site.now += timedelta(seconds=9)  # three more
        later = [ask(site, "/subscribe", X_Forwarded_For="192.0.2.1").status for _ in range(4)]
        assert later == [200] * 3 + [429]


def test_the_cache_stays_within_its_bound() -> None:
    cache = Cache(most_bytes=100_000)
    for number in range(50):
        body = bytes([number]) * 9_000
        cache.put(number, kept(Edition(path="x", media_type="text/plain", body=body), ()))
        assert cache.bytes <= 100_000
    assert cache.get(49) is not None and cache.get(0) is None and len(cache) < 12
    one = kept(Edition(path="x", media_type="text/plain", body=b"again"), ())
    cache.put(49, one)
    assert cache.get(49) is one
    cache.put("huge", kept(Edition(path="x", media_type="text/plain", body=b"y" * 90_000), ()))
    assert cache.get("huge") is None
    cache.clear()
    assert (cache.bytes, len(cache)) == (0, 0)
