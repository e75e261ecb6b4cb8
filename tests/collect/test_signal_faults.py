"""Sources of signals that refuse, lie, dawdle or are dead: each is a line, and what had been said before counts."""

import asyncio
import json
import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from digest.collect.signals import KINDS, signal_kinds
from digest.collect.signals.github_stars import repository
from digest.collect.signals.listening import LONGEST_REST, completed, due, listen, resting
from digest.collect.signals.spotting import Post, Spotter, tally
from digest.config.signals import SIGNAL_NEEDS
from digest.model import Heard, Link, Paper, Question, SignalSource, SourceState
from digest.net import Client

NOW = datetime(2026, 3, 3, 10, tzinfo=UTC)
EVERYTHING = re.compile(".*")


def question(number: int, *keys: str, **more: Any) -> Question:
    name = f"arxiv:2603.{number:05d}"
    paper = Paper(id=name, keys=(name, *keys), title=f"Paper {number}", **more)
    return Question(paper=paper, first_seen=NOW - timedelta(hours=5), code=f"https://github.com/den/r{number}")


def hear(
    server: HTTPServer, kind: str, questions: Sequence[Question], limit_s: float = 5, state: Any = None, **more: Any
) -> Heard:
    """What one source says, asked by a real client on loopback."""
    base = server.url_for("").rstrip("/")
    source = completed(SignalSource(name=kind, kind=kind, base_url=base, **more))

    async def ask() -> tuple[Heard, ...]:
        async with Client("me@example.org", ["localhost", "127.0.0.1"], gap_s=0, timeout_s=1.0) as client:
            return await listen([(source, questions)], {kind: state} if state else {}, client, NOW, limit_s)

    return asyncio.run(ask())[0]


def test_config_knows_the_same_kinds() -> None:
    assert set(SIGNAL_NEEDS) == set(signal_kinds())


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"mentions"}))
@pytest.mark.parametrize(
    "body",
    ["", "<html>Sorry</html>", "null", "[]", "{}", '{"data": null}', '{"hits": 7}', '{"data": {"children": [3, null]}}',
     '{"posts": [{"record": [], "author": 5, "likeCount": "many"}], "cursor": 4}', '[{"account": 1, "content": null}]',
     '{"message": {"items": [null, {"DOI": 5}]}}', '{"results": [{"doi": null, "cited_by_count": -4}]}',
     '{"hits": [{"created_at_i": 1e400, "points": true, "url": ["x"]}]}', "[" * 5000,
     '{"data": {"r0": {"stargazerCount": {}}}}'],
)  # fmt: skip
def test_whatever_a_service_answers_is_a_state_and_never_an_error(httpserver: HTTPServer, kind: str, body: str) -> None:

    httpserver.expect_request(EVERYTHING).respond_with_data(body, content_type="application/json")
    heard = hear(httpserver, kind, [question(1, "doi:10.5555/a.b")])
    assert heard.state.status in ("fresh", "failed")
    assert all(value >= 0 for said in heard.values.values() for value in said.values())
    assert heard.state.status == "fresh" or heard.state.error


@pytest.mark.parametrize("kind", ["hackernews", "semantic_scholar", "github_stars"])
@pytest.mark.parametrize("status", [403, 401, 404, 418, 500])
def test_a_refusal_is_said_and_the_service_left_alone(httpserver: HTTPServer, kind: str, status: int) -> None:
    httpserver.expect_request(EVERYTHING).respond_with_data("no", status=status)
    started = time.monotonic()
    heard = hear(httpserver, kind, [question(1)], limit_s=3)
    assert time.monotonic() - started < 5
    if kind == "github_stars" and status == 404:  # the repository is gone: that is an answer
        assert heard.state.status == "fresh" and heard.values == {"arxiv:2603.00001": {}}
        return
    assert heard.state.status == "failed" and heard.values == {} and heard.state.failures == 1
    assert resting(heard.state, NOW + timedelta(minutes=59)) and not resting(heard.state, NOW + timedelta(minutes=61))


def test_it_rests_longer_with_each_failure_up_to_a_day_and_comes_back(httpserver: HTTPServer) -> None:
    httpserver.expect_request(EVERYTHING).respond_with_data("no", status=400)
    state: SourceState | None = None
    rests = []
    for _ in range(8):
        state = hear(httpserver, "hackernews", [question(1)], state=state).state
        rests.append(datetime.fromisoformat(state.memory["rest_until"]) - NOW)
    assert rests == sorted(rests) and rests[0] == timedelta(hours=1) and rests[-1] == LONGEST_REST
    assert not resting(state or SourceState(name="x"), NOW - timedelta(days=400))  # a clock that went back
    httpserver.clear()
    httpserver.expect_request("/api/v1/search_by_date").respond_with_json({"hits": []})
    well = hear(httpserver, "hackernews", [question(1)], state=state).state
    assert well.status == "fresh" and well.failures == 0 and well.error is None and "rest_until" not in well.memory


def test_retry_after_is_obeyed_with_403_as_well(httpserver: HTTPServer) -> None:
    times: list[float] = []

    def answer(_request: Request) -> Response:
        times.append(time.monotonic())
        if len(times) == 1:
            return Response("slow down", status=403, headers={"Retry-After": "1"})
        return Response(json.dumps({"stargazers_count": 5}), content_type="application/json")

    httpserver.expect_request("/repos/den/r1").respond_with_handler(answer)
    heard = hear(httpserver, "github_stars", [question(1)], limit_s=10)
    assert heard.values == {"arxiv:2603.00001": {"stars": 5.0}}
    assert len(times) == 2 and times[1] - times[0] >= 0.95


def test_what_came_before_a_failure_counts(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/repos/den/r1").respond_with_json({"stargazers_count": 5})
    httpserver.expect_request("/repos/den/r2").respond_with_data("{", content_type="application/json")
    heard = hear(httpserver, "github_stars", [question(1), question(2), question(3)])
    assert heard.values == {"arxiv:2603.00001": {"stars": 5.0}}
    assert heard.state.status == "partial" and "not JSON" in (heard.state.error or "")


def test_a_slow_service_costs_its_time_and_no_more(httpserver: HTTPServer) -> None:
    def dawdle(_request: Request) -> Response:
        time.sleep(0.6)
        return Response("{}")

    httpserver.expect_request("/api/v1/search_by_date").respond_with_handler(dawdle)
    started = time.monotonic()
    heard = hear(httpserver, "hackernews", [question(1)], limit_s=0.3)
    assert time.monotonic() - started < 3
    assert heard.state.status == "failed" and "within" in (heard.state.error or "")


def test_a_dead_service() -> None:
    base = "http://127.0.0.1:9"
    source = completed(SignalSource(name="dead", kind="crossref", base_url=base))

    async def ask() -> tuple[Heard, ...]:
        async with Client("", ["127.0.0.1"], gap_s=0, timeout_s=1.0) as client:
            return await listen([(source, [question(1, "doi:10.1/x")])], {}, client, NOW, 6)

    heard = asyncio.run(ask())[0]
    assert heard.state.status == "failed" and "ConnectError" in (heard.state.error or "")


def test_a_private_address_is_not_asked() -> None:
    source = completed(SignalSource(name="inside", kind="hackernews", base_url="http://169.254.169.254"))

    async def ask() -> tuple[Heard, ...]:
        async with Client("", [], gap_s=0, timeout_s=1.0) as client:
            return await listen([(source, [question(1)])], {}, client, NOW, 5)

    assert "private address" in (asyncio.run(ask())[0].state.error or "")


def test_a_token_goes_in_a_header_and_follows_no_redirect(httpserver: HTTPServer) -> None:
    seen: list[str | None] = []

    def leads_on(request: Request) -> Response:
        seen.append(request.headers.get("Authorization"))
        return Response(status=302, headers={"Location": httpserver.url_for("/elsewhere")})

    httpserver.expect_request("/api/v2/search").respond_with_handler(leads_on)
    heard = hear(httpserver, "mastodon", [question(1)], token="s3cret")
    assert seen == ["Bearer s3cret"] and heard.state.status == "failed"
    assert "s3cret" not in (heard.state.error or "") + repr(heard.source)
    assert [request.path for request, _ in httpserver.log] == ["/api/v2/search"]


def test_graphql_asks_a_hundred_at_once_and_no_name_escapes_its_quotes(httpserver: HTTPServer) -> None:
    queries: list[str] = []

    def answer(request: Request) -> Response:
        query = request.get_json()["query"]
        queries.append(query)
        rows = {f"r{i}": {"stargazerCount": i} for i in range(query.count("repository("))}
        return Response(json.dumps({"data": rows | {"r3": None}, "errors": [{"message": "gone"}]}))

    httpserver.expect_request("/graphql").respond_with_handler(answer)
    heard = hear(httpserver, "github_stars", [question(i) for i in range(150)], token="t")
    assert [query.count("repository(") for query in queries] == [100, 50]
    assert heard.values["arxiv:2603.00005"] == {"stars": 5.0} and heard.values["arxiv:2603.00003"] == {}
    assert repository('https://github.com/a/b") { id } evil(x: "') == ("a", "b")
    assert repository("https://github.com/orgs") is None and repository("https://gitlab.com/a/b") is None
    assert repository("https://github.com/A-b/c.d.git") == ("A-b", "c.d")


def test_a_feed_that_forgets_is_remembered(httpserver: HTTPServer) -> None:
    def feed(*numbers: int) -> str:
        items = "".join(
            f"<item><guid>g{n}</guid><title>Link {n}</title>"
            f"<description>Read &lt;a href='https://arxiv.org/abs/2603.00001v{n}'&gt;this&lt;/a&gt;</description></item>"
            for n in numbers
        )
        return f"<?xml version='1.0'?><rss version='2.0'><channel><title>Links</title>{items}</channel></rss>"

    state = None
    counts = []
    for numbers in ((1,), (1, 2), (3,)):
        httpserver.clear()
        httpserver.expect_request("/feed").respond_with_data(feed(*numbers), content_type="application/rss+xml")
        heard = hear(httpserver, "mentions", [question(1), question(2)], state=state, url=httpserver.url_for("/feed"))
        state = heard.state
        counts.append((heard.values["arxiv:2603.00001"]["mentions"], heard.values["arxiv:2603.00002"]["mentions"]))
    assert counts == [(1, 0), (2, 0), (3, 0)]


def test_intervals_grow_with_age() -> None:
    source = completed(SignalSource(name="hackernews", kind="hackernews"))
    seen = NOW - timedelta(days=10)
    assert due(source, seen, None, NOW) == float("inf")
    assert due(source, NOW - timedelta(hours=4), NOW - timedelta(hours=3), NOW) >= 1
    assert due(source, seen, NOW - timedelta(hours=3), NOW) < 1
    assert due(source, seen, NOW - timedelta(days=2.1), NOW) >= 1  # asked at 7.9 days: after 1.98 more
    assert due(source, seen, NOW, NOW) == 0


def test_only_identifiers_and_addresses_name_a_paper() -> None:
    papers = [
        Paper(id="arxiv:2603.00001", keys=("arxiv:2603.00001", "doi:10.1101/2026.03.01.5"), title="Deep nets"),
        Paper(id="b", keys=("openreview:AbCd1234",), title="Deep nets", url="https://www.lab.example.org/p/7/"),
        Paper(
            id="c", keys=("doi:10.5555/x",), title="Deep nets", links=(Link(kind="code", url="https://github.com/q/z"),)
        ),
    ]
    spot = Spotter(papers).find
    for text in (
        "see https://arxiv.org/pdf/2603.00001v3.pdf", "arXiv:2603.00001", "https://huggingface.co/papers/2603.00001",
        "https://doi.org/10.48550/ARXIV.2603.00001", "https://www.biorxiv.org/content/10.1101/2026.03.01.5v2.full",
        "http%3A%2F%2Farxiv.org%2Fabs%2F2603.00001",
    ):  # fmt: skip
        assert spot([text]) == {"arxiv:2603.00001"}, text
    assert spot(["https://openreview.net/forum?id=AbCd1234&noteId=x"]) == {"b"}
    assert spot(["(http://lab.example.org/p/7)"]) == {"b"} and spot(["https://GitHub.com/Q/Z.git"]) == {"c"}
    assert spot(["doi 10.5555/X."]) == {"c"}
    assert spot(["Deep nets", "2603.00001", "arxiv.org/abs/2603.000011", "https://lab.example.org/", ""]) == set()


@given(st.lists(st.text(max_size=200), max_size=5))
def test_no_text_breaks_the_spotter(texts: list[str]) -> None:
    assert Spotter([question(1).paper]).find(texts) <= {"arxiv:2603.00001"}


@given(st.integers(1, 200), st.integers(0, 10**6))
def test_a_hundred_posts_of_one_person_are_one(posts: int, likes: int) -> None:
    said = [Post("loud", ("arxiv:2603.00001",), {"likes": float(likes)}) for _ in range(posts)]
    heard = tally([*said, Post("other", ("arxiv:2603.00001",), {"likes": 1.0})], [question(1)], ("likes",))
    assert heard["arxiv:2603.00001"] == {"mentions": 2.0, "likes": likes + 1.0}
