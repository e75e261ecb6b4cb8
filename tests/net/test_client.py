"""The client against a real server: headers, conditions, redirects, retries, limits, pace."""

import asyncio
import gzip
import itertools
import tracemalloc
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from net_serving import Request, Server, reply, serving

from digest.model import Validator
from digest.net import Client, FetchError

NOW = datetime(2026, 2, 24, 9, tzinfo=UTC)


def run(answer: Callable[[Request], Any], test: Callable[[Server, Client], Awaitable[None]], **options: Any) -> Server:
    async def main() -> Server:
        async with serving(answer) as server:
            async with Client("a@example.org", ["127.0.0.1"], **{"gap_s": 0, **options}) as client:
                await test(server, client)
            return server

    return asyncio.run(main())


async def refused(client: Client, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await client.get(url)
    return caught.value


def test_says_who_asks_and_what_it_takes() -> None:
    async def test(server: Server, client: Client) -> None:
        answer = await client.get(f"{server.url}/a")
        assert (answer.status, answer.body, answer.content_type) == (200, b"hello", "text/plain")

    (request,) = run(lambda _: reply(Content_Type="text/plain; charset=utf-8"), test).requests
    assert request.headers["user-agent"].startswith("trending-papers-digest/")
    assert request.headers["user-agent"].endswith("(mailto:a@example.org)")
    assert "atom" in request.headers["accept"]
    assert "*/*" in request.headers["accept"]
    assert request.headers["accept-encoding"] == "gzip"
    assert request.headers["accept-language"]


def test_a_contact_cannot_add_headers() -> None:
    async def main() -> Server:
        async with (
            serving(lambda _: reply()) as server,
            Client("a@example.org\r\nX-Evil: 1", ["127.0.0.1"], gap_s=0) as client,
        ):
            await client.get(server.url)
            return server

    assert "x-evil" not in asyncio.run(main()).requests[0].headers


def test_asks_only_if_changed() -> None:
    def answer(request: Request) -> bytes:
        same = request.headers.get("if-none-match") == '"v1"'
        return reply(304, b"") if same else reply(ETag='"v1"', Last_Modified="Tue, 24 Feb 2026 05:00:00 GMT")

    async def test(server: Server, client: Client) -> None:
        first = await client.get(f"{server.url}/feed")
        again = await client.get(f"{server.url}/other", Validator(url="x", etag='"v1"'))
        assert not first.not_modified
        assert first.validator.etag == '"v1"'
        assert first.validator.url == f"{server.url}/feed"
        assert again.not_modified
        assert again.body == b""
        assert again.validator.etag == '"v1"'  # a 304 that repeats nothing keeps what was known

    run(answer, test)


def test_a_url_is_asked_once() -> None:
    async def test(server: Server, client: Client) -> None:
        answers = await asyncio.gather(*(client.get(f"{server.url}/same") for _ in range(5)))
        later = await client.get(f"{server.url}/same", Validator(url="x", etag='"old"'))
        assert {a.body for a in (*answers, later)} == {b"hello"}

    assert len(run(lambda _: reply(), test).requests) == 1


def test_a_304_is_no_answer_for_one_who_has_no_copy() -> None:
    async def test(server: Server, client: Client) -> None:
        known = await client.get(f"{server.url}/same", Validator(url="x", etag='"v1"'))
        fresh = await client.get(f"{server.url}/same")
        assert (known.not_modified, fresh.body) == (True, b"hello")

    run(lambda r: reply(304, b"") if "if-none-match" in r.headers else reply(), test)


def test_one_who_gives_up_does_not_take_the_answer_from_others() -> None:
    async def slowly(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.3)
        writer.write(reply())

    async def test(server: Server, client: Client) -> None:
        waits = asyncio.ensure_future(client.get(server.url))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await client.get(server.url)
        assert (await waits).body == b"hello"

    assert len(run(lambda _: slowly, test).requests) == 1


def test_cache_control_is_obeyed_by_the_runs_own_clock() -> None:
    async def test(server: Server, client: Client) -> None:
        known = (await client.get(server.url, now=NOW)).validator
        assert known.fresh_until == NOW + timedelta(seconds=3540)
        assert (await client.get(f"{server.url}/", known, now=NOW + timedelta(minutes=58))).not_modified
        assert not (await client.get(f"{server.url}/x", known, now=NOW + timedelta(minutes=60))).not_modified

    server = run(lambda _: reply(Cache_Control="public, max-age=3600", Age="60"), test)
    assert [r.target for r in server.requests] == ["/", "/x"]


@pytest.mark.parametrize("control", ["no-cache, max-age=60", "no-store", "max-age=0, must-revalidate", "max-age=x", ""])
def test_nothing_is_fresh_unless_it_says_so(control: str) -> None:
    async def test(server: Server, client: Client) -> None:
        assert (await client.get(server.url, now=NOW)).validator.fresh_until is None

    run(lambda _: reply(Cache_Control=control), test)


# ---- redirects --------------------------------------------------------------------------------------------------


def moving(request: Request) -> bytes:
    hops = {
        "/old": (301, "/newer"),
        "/newer": (308, "/now"),
        "/mixed": (301, "/passing"),
        "/passing": (302, "/now"),
        "/loop": (302, "/loop?more"),
        "/loop?more": (302, "/loop"),
        "/file": (302, "file:///etc/passwd"),
        "/lost": (301, "/nowhere"),
    }
    if request.target in hops:
        status, location = hops[request.target]
        return reply(status, b"", Location=location)
    return reply(404 if request.target == "/nowhere" else 200)


def test_permanent_moves_are_remembered_and_passing_ones_are_not() -> None:
    async def test(server: Server, client: Client) -> None:
        moved = await client.get(f"{server.url}/old")
        mixed = await client.get(f"{server.url}/mixed")
        assert moved.url == mixed.url == f"{server.url}/now"
        assert moved.validator.url == f"{server.url}/old"
        assert moved.validator.moved_to == f"{server.url}/now"
        assert mixed.validator.moved_to == f"{server.url}/passing"
        server.requests.clear()
        async with Client("", ["127.0.0.1"], gap_s=0) as later:
            again = await later.get(f"{server.url}/old", moved.validator)
        assert [r.target for r in server.requests] == ["/now"]
        assert again.validator.moved_to == f"{server.url}/now"

    run(moving, test)


def test_a_move_that_leads_nowhere_is_forgotten() -> None:
    async def test(server: Server, client: Client) -> None:
        known = Validator(url=f"{server.url}/still", moved_to=f"{server.url}/nowhere")
        answer = await client.get(f"{server.url}/still", known)
        assert (answer.status, answer.validator.moved_to) == (200, None)

    run(moving, test)


def test_redirects_end() -> None:
    async def test(server: Server, client: Client) -> None:
        assert "without end" in str(await refused(client, f"{server.url}/loop"))
        assert "not an http" in str(await refused(client, f"{server.url}/file"))

    assert len(run(moving, test).requests) < 15


@pytest.mark.parametrize("url", ["", "x", "ftp://example.org/", "http://", "http://[", "http://a b/", "file:///etc"])
def test_what_is_no_web_address_is_refused(url: str) -> None:
    async def test(server: Server, client: Client) -> None:
        await refused(client, url)

    assert not run(lambda _: reply(), test).requests


# ---- trouble ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again(status: int) -> None:
    calls = itertools.count()

    async def test(server: Server, client: Client) -> None:
        assert (await client.get(server.url)).status == 200

    assert len(run(lambda _: reply(status if next(calls) < 2 else 200), test).requests) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 406, 410, 451])
def test_what_will_not_pass_is_not_tried_again(status: int) -> None:
    async def test(server: Server, client: Client) -> None:
        error = await refused(client, server.url)
        assert (error.status, error.gone) == (status, status == 410)

    assert len(run(lambda _: reply(status), test).requests) == 1


def test_trouble_that_stays_is_an_error_after_a_few_attempts() -> None:
    async def test(server: Server, client: Client) -> None:
        assert (await refused(client, server.url)).status == 503

    assert len(run(lambda _: reply(503), test).requests) == 4


@pytest.mark.parametrize("as_date", [False, True])
def test_nothing_is_asked_of_a_host_before_its_retry_after(as_date: bool) -> None:
    """The date is years away from this machine's clock, and one second after the answer's own Date."""
    then = datetime(2031, 1, 1, tzinfo=UTC)
    later = format_datetime(then + timedelta(seconds=1), usegmt=True) if as_date else "1"
    calls = itertools.count()

    def answer(request: Request) -> bytes:
        first = next(calls) == 0
        return reply(429, Retry_After=later, Date=format_datetime(then, usegmt=True)) if first else reply()

    async def test(server: Server, client: Client) -> None:
        async def other() -> None:
            await asyncio.sleep(0.2)
            await client.get(f"{server.url}/other")

        await asyncio.gather(client.get(f"{server.url}/one"), other())

    times = [r.at for r in run(answer, test).requests]
    assert len(times) == 3
    assert 0.99 < times[1] - times[0] < 3


def test_a_wait_too_long_ends_the_turn_of_the_whole_host() -> None:
    async def test(server: Server, client: Client) -> None:
        error = await refused(client, server.url)
        assert error.retry_after_s == pytest.approx(3600, abs=5)
        await refused(client, f"{server.url}/other")

    assert len(run(lambda _: reply(429, Retry_After="3600"), test).requests) == 1


def test_a_host_that_is_not_there() -> None:
    async def test(server: Server, client: Client) -> None:
        await refused(client, "http://127.0.0.1:1/")
        assert "not known" in str(await refused(client, "http://no-such-host.invalid/"))

    run(lambda _: reply(), test)


# ---- limits -----------------------------------------------------------------------------------------------------


async def endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"<!-- more -->" * 1000)
        await writer.drain()


async def dripping(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b".")
        await writer.drain()
        await asyncio.sleep(0.05)


async def cut(writer: asyncio.StreamWriter) -> None:
    writer.write(reply(200, b"x", Content_Length="100"))


def packed(body: bytes, *, encoding: str = "gzip") -> bytes:
    return reply(200, body, Content_Encoding=encoding)


ZIPPED = gzip.compress(b"hello" * 100)
REFUSED = {
    "endless": (lambda _: endless, "larger than"),
    "dripping": (lambda _: dripping, "within"),
    "bomb": (lambda _: packed(gzip.compress(bytes(50_000_000))), "unpacks to more"),
    "nested bomb": (lambda _: packed(gzip.compress(bytes(900_000)) * 3), "unpacks to more"),
    "damaged": (lambda _: packed(ZIPPED[:20] + b"\x5a" * 30), "damaged|too early"),
    "cut": (lambda _: packed(ZIPPED[:-12]), "too early"),
    "no gzip": (lambda _: packed(b"hello"), "damaged"),
    "brotli": (lambda _: packed(b"hello", encoding="br"), "not asked for"),
    "long header": (lambda _: reply(200, X_Long="x" * 200_000), "RemoteProtocolError"),
    "many headers": (lambda _: reply(200, **{f"X_{i}": "x" * 100 for i in range(2000)}), "RemoteProtocolError"),
    "cut body": (lambda _: cut, "failed"),
    "no http": (lambda _: b"what?\r\n\r\n", "RemoteProtocolError"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bodies_and_headers_have_limits(name: str) -> None:
    answer, words = REFUSED[name]

    async def test(server: Server, client: Client) -> None:
        with pytest.raises(FetchError, match=words):
            await client.get(server.url)

    run(answer, test, timeout_s=1.0, max_bytes=1_000_000)


@pytest.mark.parametrize(
    "body", [ZIPPED, gzip.compress(b"hello" * 50) * 2, ZIPPED + bytes(8)], ids=["one member", "two", "padded"]
)
def test_packed_bodies_of_any_number_of_members(body: bytes) -> None:
    async def test(server: Server, client: Client) -> None:
        assert (await client.get(server.url)).body == b"hello" * 100

    run(lambda _: packed(body), test)


# ---- pace -------------------------------------------------------------------------------------------------------


def test_one_host_is_asked_in_turns() -> None:
    async def test(server: Server, client: Client) -> None:
        await asyncio.gather(*(client.get(f"{server.url}/{i}") for i in range(4)))

    times = [r.at for r in run(lambda _: reply(), test, gap_s=0.2).requests]
    assert min(b - a for a, b in itertools.pairwise(times)) >= 0.2


def test_a_source_may_wish_for_more_time_and_the_operator_decides() -> None:
    async def test(server: Server, client: Client) -> None:
        for i in range(3):
            await client.get(f"{server.url}/{i}", gap_s=0.3)

    slow = [r.at for r in run(lambda _: reply(), test, gap_s=None).requests]
    fast = [r.at for r in run(lambda _: reply(), test, gap_s=0.0).requests]
    assert slow[2] - slow[0] >= 0.6
    assert fast[2] - fast[0] < 0.3


def test_redirects_and_retries_wait_their_turn_too() -> None:
    async def test(server: Server, client: Client) -> None:
        await client.get(f"{server.url}/old")

    times = [r.at for r in run(moving, test, gap_s=0.2).requests]
    assert len(times) == 3
    assert min(b - a for a, b in itertools.pairwise(times)) >= 0.2


def test_bodies_wait_on_disk_not_in_memory() -> None:
    """Thirty bodies of a megabyte: one at a time is in memory, and each is the same when asked for again."""
    bodies = {f"/{i}": bytes([65 + i]) * 1_000_000 for i in range(30)}

    async def test(server: Server, client: Client) -> None:
        tracemalloc.start()
        for path in bodies:
            await client.get(server.url + path)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 8_000_000
        for path, body in bodies.items():
            assert (await client.get(server.url + path)).body == body

    assert len(run(lambda request: reply(body=bodies[request.target]), test).requests) == 30
