"""One contract for every kind, over real HTTP, on answers in each source's own shape; then what each alone knows."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import stamina
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from digest.collect import gather, kinds
from digest.collect.kinds import KINDS
from digest.model import Answer, Author, Source, SourceState
from digest.net import Client

ANSWERS = Path(__file__).parent / "answers"
NOW = datetime(2026, 2, 24, 9, tzinfo=UTC)

RSS = """<?xml version="1.0"?><rss xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:arxiv="http://arxiv.org/schemas/atom" version="2.0"><channel><title>Feed</title><link>https://x.example.org</link>
<item><title>A paper</title><link>https://arxiv.org/abs/2602.20001</link>
<guid isPermaLink="false">oai:arXiv.org:2602.20001v1</guid>
<description>arXiv:2602.20001v1 Announce Type: new
Abstract: We say so.</description><category>cs.CL</category><pubDate>Tue, 24 Feb 2026 00:00:00 -0500</pubDate>
<arxiv:announce_type>new</arxiv:announce_type><dc:creator>A Person, B Person</dc:creator></item></channel></rss>"""
HF = json.dumps(
    [{"paper": {"id": "2602.20001", "title": "A paper", "summary": "We say so.", "upvotes": 3, "authors": []}}]
)
LINES = '{"title": "A paper", "id": "2602.20001"}\n{"title": "Another paper"}\n'
PAGES = {
    "/rss/cs.CL": RSS,
    "/feed": RSS,
    "/any": RSS,
    "/lines": LINES,
    "/api/daily_papers": HF,
    "/details/biorxiv/2026-02-22/2026-02-24/0/json": "biorxiv-1.json",
    "/details/biorxiv/2026-02-22/2026-02-24/2/json": "biorxiv-2.json",
    "/journals/0000-0019/works": "crossref.json",
    "/notes": "openreview.json",
    "/esearch.fcgi": "pubmed-search.json",
    "/efetch.fcgi": "pubmed-fetch.xml",
}


@pytest.fixture(autouse=True)
def no_backoff() -> Iterator[None]:
    with stamina.set_testing(True, attempts=10, cap=True):
        yield


@pytest.fixture
def site(httpserver: HTTPServer) -> HTTPServer:
    """Every source at once, each at its own path."""

    def answer(request: Request) -> Response:
        body = PAGES.get(request.path)
        if body is None:
            return Response("no such page", status=404)
        return Response((ANSWERS / body).read_bytes() if body.endswith((".json", ".xml")) else body)

    httpserver.expect_request("/", method="GET").respond_with_handler(answer)
    for path in PAGES:
        httpserver.expect_request(path).respond_with_handler(answer)
    return httpserver


def sources(url: str) -> dict[str, Source]:
    base = url.rstrip("/")
    options: dict[str, Mapping[str, Any]] = {
        "arxiv": {"categories": ["cs.CL"], "base_url": base, "api_url": f"{base}/api/query"},
        "huggingface": {"base_url": base},
        "biorxiv": {"base_url": base},
        "crossref": {"base_url": base, "issn": "0000-0019"},
        "openreview": {"base_url": base, "venue": "CONF.cc/2026/Conference"},
        "pubmed": {"base_url": base, "query": "sleep"},
    }
    urls = {"feed": f"{base}/feed", "auto": f"{base}/any", "file": f"{base}/lines", "listing": f"{base}/listing"}
    return {k: Source(name=f"my {k}", kind=k, url=urls.get(k), options=options.get(k, {})) for k in KINDS}


def collect(source: Source, state: SourceState | None = None, now: datetime = NOW) -> Answer:
    async def run() -> Answer:
        async with Client("a@example.org", ["localhost", "127.0.0.1"], gap_s=0, timeout_s=5) as client:
            (answer,) = await gather([source], {source.name: state} if state else {}, client, now)
            return answer

    return asyncio.run(run())


ALL = sorted(set(KINDS) - {"listing"})


def test_every_kind_is_here() -> None:
    assert set(ALL) | {"listing"} == set(kinds())


@pytest.mark.parametrize("kind", ALL)
def test_entries_are_whole_and_the_second_time_nothing_is_new(site: HTTPServer, kind: str) -> None:
    source = sources(site.url_for(""))[kind]
    first = collect(source)
    assert (first.state.status, first.state.error) == ("fresh", None)
    assert first.source is source
    assert first.state.name == source.name
    assert first.state.checked_at == first.state.since == first.state.ids_at == NOW
    assert [e.number for e in first.entries] == list(range(1, len(first.entries) + 1))
    for entry in first.entries:
        assert entry.source == source.name
        assert entry.title
        assert entry.guid or entry.url or entry.identifiers or kind == "file"
        assert all(link.url.startswith("https://") for link in entry.links)
    later = NOW + timedelta(hours=3)
    again = collect(source, first.state, later)
    assert again.state.status == "quiet"
    assert (again.state.checked_at, again.state.ids_at) == (later, NOW)
    json.dumps(dict(again.state.memory))


@pytest.mark.parametrize("body", ["<html><title>Sorry</title></html>", "{}", "[", '{"messages": 3}', "\x00", ""])
@pytest.mark.parametrize("kind", ALL)
def test_nonsense_is_a_failure_and_never_an_exception(httpserver: HTTPServer, kind: str, body: str) -> None:
    httpserver.expect_request("/", method="GET").respond_with_data(body)
    httpserver.respond_nohandler = lambda *a, **k: Response(body)  # type: ignore[method-assign]
    answer = collect(sources(httpserver.url_for(""))[kind])
    assert answer.state.status == "failed"
    assert answer.state.error
    assert answer.entries == ()
    assert answer.state.validators == ()


@pytest.mark.parametrize("kind", ALL)
def test_no_answer_is_a_failure_and_the_past_is_kept(site: HTTPServer, kind: str) -> None:
    source = sources(site.url_for(""))[kind]
    first = collect(source)
    site.clear()
    site.respond_nohandler = lambda *a, **k: Response("down", status=500)  # type: ignore[method-assign]
    failed = collect(source, first.state, NOW + timedelta(hours=3))
    assert (failed.state.status, failed.state.failures) == ("failed", 1)
    assert "500" in (failed.state.error or "")
    assert failed.state.batch == first.state.batch
    assert failed.state.validators == first.state.validators


# ---- what each alone knows --------------------------------------------------------------------------------------


def test_biorxiv(site: HTTPServer) -> None:
    limpet, fly, knot = collect(sources(site.url_for(""))["biorxiv"]).entries
    assert limpet.authors == (Author(name="Marsh, A. L."), Author(name="Okafor, B."), Author(name="de Vries, C."))
    assert limpet.url == "https://www.biorxiv.org/content/10.64898/2026.02.20.700001v1"
    assert limpet.organisation == "Institute of Shore Ecology"
    assert (limpet.announcement, fly.announcement) == ("new", "replace")
    assert fly.published == datetime(2026, 2, 23, tzinfo=UTC)  # written 2026-2-23
    assert fly.identifiers == ("doi:10.64898/2025.11.02.650002", "doi:10.1371/journal.pbio.9900001")
    assert fly.organisation is None
    assert knot.categories == ("biophysics",)


def test_biorxiv_by_category_and_after_an_absence(site: HTTPServer) -> None:
    source = sources(site.url_for(""))["biorxiv"]
    wanted = Source(name="b", kind="biorxiv", options={**source.options, "categories": ["Ecology"]})
    first = collect(wanted)
    assert [e.title[:5] for e in first.entries] == ["Tidal"]
    failed = collect(wanted, first.state, NOW + timedelta(days=4))  # asks from two days before the last answer
    assert "/details/biorxiv/2026-02-22/2026-02-28/0/json" in (failed.state.error or "")


def test_biorxiv_keeps_pages_before_a_failure_and_asks_again(site: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(PAGES, "/details/biorxiv/2026-02-22/2026-02-24/2/json")
    source = sources(site.url_for(""))["biorxiv"]
    partial = collect(source)
    assert (partial.state.status, len(partial.entries)) == ("partial", 2)
    assert "last_day" not in partial.state.memory
    monkeypatch.setitem(PAGES, "/details/biorxiv/2026-02-22/2026-02-24/2/json", "biorxiv-2.json")
    whole = collect(source, partial.state)
    assert (whole.state.status, len(whole.entries)) == ("fresh", 3)


def test_crossref(site: HTTPServer) -> None:
    glass, correction = collect(sources(site.url_for(""))["crossref"]).entries
    assert glass.identifiers == ("doi:10.5555/glass.2026.0117", "doi:10.48550/arXiv.2511.01234")
    assert glass.authors[0] == Author(name="Hanna Quist", affiliation="Department of Old Buildings, Harbour University")
    assert glass.authors[1] == Author(name="The Glass Consortium")
    assert glass.venue == "Journal of Brittle Things"
    assert glass.published == datetime(2026, 3, 1, tzinfo=UTC)
    assert glass.announced == datetime(2026, 2, 24, 6, 11, 8, tzinfo=UTC)
    assert [link.kind for link in glass.links] == ["paper", "pdf"]
    assert correction.published is None
    asked = site.log[0][0].args
    assert asked["filter"].startswith("from-created-date:2026-02-21,until-created-date:2026-02-24,type:journal-article")
    assert asked["cursor"] == "*"


def test_openreview(site: HTTPServer) -> None:
    answer = collect(sources(site.url_for(""))["openreview"])
    tallies, maps = answer.entries  # the third was last changed years ago
    assert tallies.identifiers == ("openreview:aB3dE6gH9j", "https://openreview.net/forum?id=aB3dE6gH9j")
    assert [a.name for a in tallies.authors] == ["Ivo Brandt", "Mei Tanaka"]
    assert (tallies.venue, tallies.categories) == ("CONF 2026 Poster", ("interpretability",))
    assert tallies.keywords == ("recurrent models", "counting")
    assert {link.kind: link.url for link in tallies.links}["pdf"].startswith("https://openreview.net/pdf/")
    assert {link.kind: link.url for link in tallies.links}["code"] == "https://github.com/example/tallies"
    assert maps.authors == ()  # still anonymous
    assert answer.state.memory["changed"] == {"CONF.cc/2026/Conference": 1771840000000}
    assert site.log[0][0].args["sort"] == "tmdate:desc"


def test_pubmed(site: HTTPServer) -> None:
    naps, snoring = collect(sources(site.url_for(""))["pubmed"]).entries
    assert naps.title == "Naps and in vivo CO2 tolerance: a trial."
    assert naps.abstract == "Background: Naps are common in divers. Results: Those who napped tolerated more CO2."
    assert naps.authors == (
        Author(name="Júlia M Ferrer", affiliation="Clinic of Deep Water, Port City."),
        Author(name="NAP-2 Investigators"),
    )
    assert naps.identifiers == (
        "pmid:41999002",
        "doi:10.5555/rest.2026.44",
        "https://pubmed.ncbi.nlm.nih.gov/41999002/",
    )
    assert naps.published == datetime(2026, 2, 23, tzinfo=UTC)
    assert naps.announced == datetime(2026, 2, 24, tzinfo=UTC)
    assert (naps.venue, naps.language, naps.keywords) == ("Annals of rest", "eng", ("diving", "naps"))
    assert snoring.published == datetime(2026, 1, 1, tzinfo=UTC)
    search, fetch = (request.args for request, _ in site.log)
    assert (search["datetype"], search["mindate"], search["maxdate"]) == ("edat", "2026/02/22", "2026/02/24")
    assert fetch["id"] == "41999002,41999001"


def test_a_wait_too_long_for_one_run_runs_on_the_real_clock(httpserver: HTTPServer, monkeypatch: Any) -> None:
    """Whatever `now` a later run of the process is given, nothing is asked before; a new process asks politely."""
    monkeypatch.setattr("digest.net.pace._RESTING", {})  # the server of later tests has the same port
    busy = Response("later", status=429, headers={"Retry-After": "7200"})
    httpserver.expect_request("/feed").respond_with_response(busy)
    source = Source(name="f", kind="feed", url=httpserver.url_for("/feed"))
    refused = collect(source)
    assert refused.state.status == "failed"
    httpserver.clear()
    httpserver.expect_request("/feed").respond_with_data(RSS)
    early = collect(source, refused.state, NOW + timedelta(days=9))
    assert (early.state.status, len(httpserver.log)) == ("failed", 0)
    assert "not to be asked for another" in (early.state.error or "")
    monkeypatch.setattr("digest.net.pace._RESTING", {})
    later = collect(source, early.state, NOW)
    assert (later.state.status, later.state.failures) == ("fresh", 0)


def test_files_and_bytes(tmp_path: Path) -> None:
    path = tmp_path / "papers.jsonl"
    path.write_text(LINES)
    by_path = collect(Source(name="mine", kind="file", options={"path": str(path)}))
    by_bytes = collect(Source(name="mine", kind="auto", options={"body": LINES.encode()}))
    assert by_path.entries == by_bytes.entries
    assert len(by_path.entries) == 2
    missing = collect(Source(name="mine", kind="auto", options={"path": str(tmp_path / "none")}))
    assert missing.state.status == "failed"
    assert "none" in (missing.state.error or "")


def test_an_unknown_kind_is_a_failed_source() -> None:
    answer = collect(Source(name="x", kind="telepathy"))
    assert (answer.state.status, "telepathy" in (answer.state.error or "")) == ("failed", True)


def test_a_plugin_adds_a_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask(source: Source, state: SourceState, client: Client, now: datetime) -> Answer:
        await asyncio.sleep(60)
        raise AssertionError("not reached")

    monkeypatch.setitem(KINDS, "slow", ask)

    async def run() -> tuple[Answer, ...]:
        done: list[str] = []
        async with Client() as client:
            quick = Source(name="quick", kind="auto", options={"body": LINES.encode()})
            slow = Source(name="slow", kind="slow")
            answers = await gather([slow, quick], {}, client, NOW, lambda a: done.append(a.source.name), limit_s=0.3)
        assert done == ["quick", "slow"]
        return answers

    slow, quick = asyncio.run(run())
    assert (slow.state.status, quick.state.status) == ("failed", "fresh")
    assert "within 0 s" in (slow.state.error or "")
