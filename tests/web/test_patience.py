"""Real sockets that dribble, do not read, or send what is no request: they are cut off, and hold nobody up."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from web_serving import World, issue, world

from digest.web import patience

GARBAGE = (
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 200,
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 70_000,
    b"POST /subscribe HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
    b"POST /subscribe HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    b"GET http://[::1/ HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\r\n" * 5_000,
)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(patience, "HEAD_S", 1.0)
    monkeypatch.setattr(patience, "WHOLE_S", 1.5)
    with world(tmp_path) as made:
        made.store.issues.save(issue(papers=400))  # a feed larger than what the system takes at once
        yield made


def connected(site: World, stack: ExitStack, small: bool = False) -> socket.socket:
    one = stack.enter_context(socket.socket())
    if small:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    one.settimeout(20)
    one.connect(("127.0.0.1", urlsplit(site.url).port))
    return one


def ended(one: socket.socket) -> bool:
    """Whether the other side has closed, or does so soon."""
    try:
        while one.recv(65_536):
            pass
    except ConnectionError:
        return True
    return True


def test_who_dribbles_a_request_is_cut_off(site: World) -> None:
    with ExitStack() as stack:
        head, body, idle = (connected(site, stack) for _ in range(3))
        body.sendall(b"POST /subscribe HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n")
        body.sendall(b"Content-Type: application/x-www-form-urlencoded\r\n\r\n")
        began, open_ = time.monotonic(), {head, body}
        while open_ and time.monotonic() - began < 15:
            for one in list(open_):
                try:
                    one.sendall(b"x")
                except ConnectionError:
                    open_.discard(one)
            time.sleep(0.1)
        assert not open_, "more parts of the same request give it no more time"
        assert ended(idle)


def test_who_does_not_read_is_cut_off(site: World) -> None:
    with ExitStack() as stack:
        one = connected(site, stack, small=True)
        one.sendall(b"GET /daily/issues.xml HTTP/1.1\r\nHost: x\r\n\r\n" * 150)
        time.sleep(5)
        met = 0
        with pytest.raises(ConnectionError):
            while True:
                part = one.recv(65_536)
                if not part:
                    raise ConnectionResetError
                met += len(part)
        assert 0 < met < 150 * len(site.ask("/daily/issues.xml").text.encode())


@pytest.mark.parametrize("sent", GARBAGE, ids=range(len(GARBAGE)))
def test_what_is_no_request_ends_its_own_connection_alone(site: World, sent: bytes) -> None:
    with ExitStack() as stack:
        one = connected(site, stack)
        try:
            one.sendall(sent)
            one.shutdown(socket.SHUT_WR)
        except ConnectionError:
            pass
        assert ended(one)
        assert site.ask("/subscribe").status == 200


def test_slow_and_broken_clients_hold_nobody_up(site: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEAD_S", 30.0)
    with ExitStack() as stack:
        slow = [connected(site, stack) for _ in range(150)]
        for one in slow[:100]:
            one.sendall(b"GET /daily/feed.xml HTTP/1.1\r\nHo")
        for one in slow[100:]:
            one.sendall(b"GET /daily/issues.xml HTTP/1.1\r\nHost: x\r\n\r\n")  # and never reads
        stop = threading.Event()

        def breaks() -> None:
            number = 0
            while not stop.is_set():
                with ExitStack() as mine:
                    one = connected(site, mine)
                    one.sendall(GARBAGE[number % 3])
                    ended(one)
                number += 1

        breaking = threading.Thread(target=breaks)
        breaking.start()
        try:
            took = []
            for _ in range(100):
                began = time.monotonic()
                assert site.ask("/daily/feed.xml").status == 200
                took.append(time.monotonic() - began)
        finally:
            stop.set()
            breaking.join()
        assert sorted(took)[50] < 0.5, "others are answered as ever"
