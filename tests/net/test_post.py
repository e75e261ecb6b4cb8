"""Posting against a real server: what is sent, what is refused, and that a key never travels on."""

import asyncio
import gzip
import time
from collections.abc import Callable

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from digest.net import Client, FetchError

HEADERS = {"Authorization": "Bearer secret", "Content-Type": "application/json"}


def posted(server: HTTPServer, answer: Callable[[Request], Response], times: int = 1, **options: object) -> list[bytes]:
    server.expect_request("/chat").respond_with_handler(answer)

    async def main() -> list[bytes]:
        limits = {"timeout_s": 1.0, "max_bytes": 1000, **options}
        async with Client("a@example.org", ["localhost"], **limits) as client:  # type: ignore[arg-type]
            return [await client.post(server.url_for("/chat"), b'{"q": 1}', HEADERS) for _ in range(times)]

    return asyncio.run(main())


def test_sends_body_and_headers_each_time(httpserver: HTTPServer):
    said = posted(httpserver, lambda request: Response(b"got " + request.data), times=2)
    assert said == [b'got {"q": 1}'] * 2
    (first, _), (second, _) = httpserver.log
    assert first.method == second.method == "POST"
    assert first.headers["Authorization"] == "Bearer secret"


@pytest.mark.parametrize("status", [302, 307, 308])
def test_is_never_redirected(httpserver: HTTPServer, status: int):
    elsewhere = httpserver.url_for("/elsewhere")
    with pytest.raises(FetchError):
        posted(httpserver, lambda request: Response("", status=status, headers={"Location": elsewhere}))
    assert len(httpserver.log) == 1


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
def test_a_refusal_is_one_request_and_keeps_the_key_to_itself(httpserver: HTTPServer, status: int):
    with pytest.raises(FetchError) as caught:
        posted(httpserver, lambda request: Response("no", status=status))
    assert caught.value.status == status
    assert "secret" not in str(caught.value)
    assert len(httpserver.log) == 1


def test_too_much_is_refused_packed_and_unpacked(httpserver: HTTPServer):
    with pytest.raises(FetchError, match="1,000 bytes"):
        posted(httpserver, lambda request: Response(b"x" * 100_000))
    httpserver.clear()
    bomb = gzip.compress(b"x" * 100_000)
    assert len(bomb) < 1000
    with pytest.raises(FetchError, match="1,000 bytes"):
        posted(httpserver, lambda request: Response(bomb, headers={"Content-Encoding": "gzip"}))


def test_slow_is_given_up(httpserver: HTTPServer):
    def answer(request: Request) -> Response:
        time.sleep(0.8)
        return Response("late")

    start = time.perf_counter()
    with pytest.raises(FetchError, match="within"):
        posted(httpserver, answer, timeout_s=0.2)
    assert time.perf_counter() - start < 0.7


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "0.0.0.0", "2130706433", "localhost.", "169.254.169.254"])
def test_a_private_address_is_refused_before_a_packet_goes_there(httpserver: HTTPServer, host: str):
    async def main() -> None:
        async with Client("a@example.org", [], timeout_s=2.0) as client:
            await client.post(f"http://{host}:{httpserver.port}/chat", b"{}", HEADERS)

    with pytest.raises(FetchError):
        asyncio.run(main())
    assert httpserver.log == []


def test_after_a_retry_after_the_next_one_waits(httpserver: HTTPServer):
    times: list[float] = []

    def answer(request: Request) -> Response:
        times.append(time.monotonic())
        return Response("ok") if len(times) > 1 else Response("", status=429, headers={"Retry-After": "1"})

    httpserver.expect_request("/chat").respond_with_handler(answer)

    async def main() -> bytes:
        async with Client("a@example.org", ["localhost"]) as client:
            url = httpserver.url_for("/chat")
            with pytest.raises(FetchError, match="429"):
                await client.post(url, b"{}", {})
            return await client.post(url, b"{}", {})

    assert asyncio.run(main()) == b"ok"
    assert times[1] - times[0] > 0.9
