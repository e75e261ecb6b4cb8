"""Two hundred clients at once for a bounded time: every answer is right, and the process does not grow."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from web_serving import issue

from digest.store import Store

CLIENTS, SECONDS = 200, 4.0
MAIN = "from digest.cli import main; main()"
CONFIG = "url: https://papers.example.org\nnewsletters: [{name: daily}]\nserve: {port: 0, per_minute: 0}\n"
PATHS = (
    "/daily/feed.xml",
    "/daily/atom.xml",
    "/daily/feed.json",
    "/daily/",
    "/daily/2026-03-02/",
    "/subscribe",
    "/none",
)


def memory(pid: int) -> int:
    """Bytes the process has in memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def client(port: int, number: int, until: float, met: Counter[str], etags: dict[str, str]) -> None:
    """One connection that asks for one thing after another, half of them with what it knows."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    turn = number
    while time.monotonic() < until:
        path = PATHS[turn % len(PATHS)]
        known = f"If-None-Match: {etags[path]}\r\n" if turn % 2 and path in etags else ""
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n{known}\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status = int(head.split(" ")[1])
        length = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
        body = await reader.readexactly(int(length[1])) if length and status != 304 else b""
        etag = re.search(r'etag: (".*?")', head)
        if etag:
            etags[path] = etag[1]
        wanted = 404 if path == "/none" else 304 if known else 200
        met["right" if status == wanted and (body or status == 304) else f"{path} {status}"] += 1
        turn += 1
    writer.close()
    await writer.wait_closed()


async def crowd(port: int) -> Counter[str]:
    met: Counter[str] = Counter()
    etags: dict[str, str] = {}
    until = time.monotonic() + SECONDS
    await asyncio.gather(*(client(port, number, until, met, etags) for number in range(CLIENTS)))
    return met


async def watched(process: "subprocess.Popen[str]", port: int) -> str:
    """A crowd to warm up, and one during which the process must not grow; what it logged meanwhile."""
    assert process.stderr is not None
    reading = asyncio.create_task(asyncio.to_thread(process.stderr.read))
    warm = await crowd(port)
    before = memory(process.pid)
    again = await crowd(port)
    after = memory(process.pid)
    assert set(warm) == set(again) == {"right"}
    assert again["right"] > CLIENTS, "all of them were answered, more than once"
    assert after - before < 10_000_000, f"{before:,} bytes became {after:,}"
    process.send_signal(signal.SIGTERM)
    return await reading


def test_two_hundred_clients(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(CONFIG)
    with Store.open("sqlite:///digest.db", tmp_path) as store:
        store.issues.save(issue(papers=40))
    command = [sys.executable, "-c", MAIN, "serve", "--config", str(tmp_path / "config.yaml")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        port = ""
        while not port:
            port = "".join(re.findall(r"serving on http://127.0.0.1:(\d+)", process.stderr.readline()))
        said = asyncio.run(watched(process, int(port)))
        assert process.wait(60) == 0
    assert "Traceback" not in said and said.endswith("stopped\n")
