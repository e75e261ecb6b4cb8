"""A thousand feeds that did not change: one 304 each, beside a bare httpx loop asking the same URLs as often at once.

Run as a script it is the server: it prints its port and, at the end of its input, how often it answered with what.
"""

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from time import perf_counter, process_time
from typing import Any

FEEDS = 1000
AT_ONCE = 6  # requests to one host, as the product makes them
ROUNDS = 3
_FEED = (
    "<rss version='2.0'><channel><title>F</title><item><title>On naps</title>"
    "<link>https://naps.example.org/{}</link></item></channel></rss>"
)


def measure() -> dict[str, Any]:
    """Seconds of wall and CPU for a thousand unchanged feeds, ours and httpx's, and what the server saw of ours."""
    with subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        ours, theirs = asyncio.run(_compared(f"http://127.0.0.1:{port}"))
        said, _ = server.communicate()
    answers = dict(pair.split(":") for pair in said.split())
    return {
        "feeds": FEEDS,
        "requests_a_feed": round(int(answers["304"]) / (FEEDS * 2 * ROUNDS), 3),  # ours and httpx's
        "first_answers": int(answers["200"]) - FEEDS,  # without httpx's own first look
        "ours_s": round(min(wall for wall, _ in ours), 2),
        "ours_cpu_s": round(min(cpu for _, cpu in ours), 2),
        "httpx_s": round(min(wall for wall, _ in theirs), 2),
        "httpx_cpu_s": round(min(cpu for _, cpu in theirs), 2),
        "cpu_ratio": round(min(cpu for _, cpu in ours) / min(cpu for _, cpu in theirs), 2),
    }


async def _compared(url: str) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    from digest.collect import gather
    from digest.model import Source, SourceState
    from digest.net import Client

    sources = [Source(name=str(n), kind="feed", url=f"{url}/{n}") for n in range(FEEDS)]
    now = datetime(2026, 2, 24, 9, tzinfo=UTC)
    states: dict[str, SourceState] = {}

    async def collect() -> None:
        async with Client("a@example.org", ["127.0.0.1"], gap_s=0) as client:
            for answer in await gather(sources, states, client, now):
                states[answer.source.name] = answer.state
        assert all(state.status in ("fresh", "quiet") for state in states.values())

    await collect()
    loop = await _bare(url)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(await _timed(loop))
        ours.append(await _timed(collect))
    return ours, theirs


async def _bare(url: str) -> Callable[[], Awaitable[None]]:
    """A loop of conditional requests with the etags that a first look brought, and nothing else."""
    import httpx

    etags: dict[int, str] = {}

    async def loop() -> None:
        turns = asyncio.Semaphore(AT_ONCE)
        async with httpx.AsyncClient() as client:

            async def ask(n: int) -> None:
                async with turns:
                    headers = {"If-None-Match": etags[n]} if n in etags else {}
                    etags[n] = (await client.get(f"{url}/{n}", headers=headers)).headers["etag"]

            await asyncio.gather(*(ask(n) for n in range(FEEDS)))

    await loop()
    return loop


async def _timed(work: Callable[[], Awaitable[None]]) -> tuple[float, float]:
    wall, cpu = perf_counter(), process_time()
    await work()
    return perf_counter() - wall, process_time() - cpu


async def _serve() -> None:
    """Answers until its input ends."""
    answers: Counter[int] = Counter()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).lower():
                number = head.split(b" ", 2)[1].strip(b"/").decode()
                known = f'if-none-match: "{number}"'.encode() in head
                answers[304 if known else 200] += 1
                body = b"" if known else _FEED.format(number).encode()
                start = "304 Not Modified" if known else "200 OK"
                length = "" if known else f"Content-Type: application/rss+xml\r\nContent-Length: {len(body)}\r\n"
                writer.write(f'HTTP/1.1 {start}\r\nETag: "{number}"\r\n{length}\r\n'.encode() + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    print(*(f"{status}:{count}" for status, count in answers.items()), flush=True)
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve())
