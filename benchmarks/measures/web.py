"""Speed of the web side: a feed of 60 kB from the cache, whole and as 304, against a bare Starlette answer of the same
bytes in the same run.

Both servers are processes of their own with the same uvicorn; the product's also guards, counts and times every request
and names it in the log as `digest serve` does. Four connections are kept and ask one request after another; the servers
take turns, so that whatever else the machine does meets both. A ratio is the median of the rounds' (1 is as fast as
bare); beside it stands what processor time a request takes, which a busy machine changes least.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

ROUNDS, TIMES, CLIENTS = 15, 100, 4
SERVERS = Path(__file__).parent / "_web_servers.py"


def measure() -> dict[str, Any]:
    """Requests a second of both, best round, and the median ratios."""
    with (
        tempfile.TemporaryDirectory(prefix="digest-web-") as folder,
        server("digest", folder) as ours,
        server("bare", folder) as theirs,
    ):
        found: dict[str, Any] = {"bytes": (Path(folder) / "feed.xml").stat().st_size, "clients": CLIENTS}
        for name, conditional in (("200", False), ("304", True)):
            found[name] = compared(ours, theirs, conditional)
    return found


@dataclass(frozen=True)
class Server:
    """A running server: where its feed is, and its process."""

    url: str
    pid: int

    def seconds(self) -> float:
        """Processor time it has taken so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def compared(ours: Server, theirs: Server, conditional: bool) -> dict[str, float]:
    """One kind of request, asked of both in turns."""
    both = (ours, theirs)
    requests = {one: request(one.url, etag(one.url) if conditional else "") for one in both}
    expected = b"304" if conditional else b"200"
    rates: dict[Server, list[float]] = {one: [] for one in both}
    began = {one: one.seconds() for one in both}
    for _ in range(ROUNDS):
        for one in both:
            rates[one].append(rate(one.url, requests[one], expected))
    cost = {one: (one.seconds() - began[one]) / (ROUNDS * TIMES * CLIENTS) for one in both}
    ratios = [mine / other for mine, other in zip(rates[ours], rates[theirs], strict=True)]
    return {
        "requests_a_second": round(max(rates[ours])),
        "bare": round(max(rates[theirs])),
        "ratio": round(statistics.median(ratios), 2),
        "processor_us": round(cost[ours] * 1e6),
        "bare_processor_us": round(cost[theirs] * 1e6),
        "processor_ratio": round(cost[theirs] / cost[ours], 2),
    }


@contextmanager
def server(kind: str, folder: str) -> Iterator[Server]:
    """A server process."""
    command = [sys.executable, str(SERVERS), kind, folder]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdin is not None
        yield Server(process.stdout.readline().strip(), process.pid)
        process.stdin.close()
        process.wait(30)


def request(url: str, known: str) -> bytes:
    """The bytes of a request, conditional if an entity tag is `known`."""
    parts = urlsplit(url)
    condition = f"If-None-Match: {known}\r\n" if known else ""
    return f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n{condition}\r\n".encode()


def etag(url: str) -> str:
    """What the server calls its feed."""
    with connection(url) as one:
        head, _ = ask(one, request(url, ""))
    lines = head.decode("latin-1").split("\r\n")
    return next(line.partition(":")[2].strip() for line in lines if line.lower().startswith("etag:"))


def rate(url: str, asked: bytes, expected: bytes) -> float:
    """Requests a second over all clients together."""
    failed: list[bytes] = []

    def client() -> None:
        with connection(url) as one:
            for _ in range(TIMES):
                head, _ = ask(one, asked)
                if head.split(b" ", 2)[1] != expected:
                    failed.append(head)

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    began = perf_counter()
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    took = perf_counter() - began
    if failed:
        raise RuntimeError(f"not a {expected.decode()}: {failed[0]!r}")
    return CLIENTS * TIMES / took


@contextmanager
def connection(url: str) -> Iterator[socket.socket]:
    """A connection that is kept."""
    parts = urlsplit(url)
    with socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=60) as one:
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield one


def ask(one: socket.socket, asked: bytes) -> tuple[bytes, int]:
    """One request: the answer's head, and the length of its body."""
    one.sendall(asked)
    data = b""
    while b"\r\n\r\n" not in data:
        data += one.recv(65_536)
    head, _, rest = data.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    wanted = int(lengths[0].partition(b":")[2]) if lengths and b" 304 " not in head[:20] else 0
    left = wanted - len(rest)
    while left > 0:
        left -= len(one.recv(65_536))
    return head, wanted


if __name__ == "__main__":
    print(measure())
