"""No request, and no connection, to a private address by any spelling, redirect or DNS answer."""

import asyncio
import socket
from ipaddress import ip_address
from typing import Any

import pytest
from net_serving import Request, Server, reply, serving

from digest.net import Client, FetchError
from digest.net.guard import is_public

SPELLINGS = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "127.000.000.001",
    "127.255.255.254",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "0",
    "0.0.0.0",
    "0x0",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "LocalHost",
    "%6c%6f%63%61%6c%68%6f%73%74",
    "127.0.0.1.",
    "１２７.0.0.1",
    "127。0。0。1",
    "①②⑦.0.0.1",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "user@127.0.0.1",
    "example.org@127.0.0.1",
    "127.0.0.1%23.example.org",
]
OTHER_SPELLINGS = [spelling for spelling in SPELLINGS if "127.0.0.1" not in spelling or "[" in spelling]
PRIVATE = [
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "fe80::1",
    "fc00::1",
    "fd12::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "2001:db8::1",
    "2001::1",
    "2002:a00:1::",
    "::ffff:10.0.0.1",
    "::10.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "5f00::1",
    "100::1",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "128.84.21.199",
    "2606:4700::1111",
    "2a04:4e42::1",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
]


async def tried(server: Server, url: str, *allowed: str) -> str:
    async with Client("", allowed, gap_s=0, timeout_s=2) as client:
        with pytest.raises(FetchError) as caught:
            await client.get(url)
        return str(caught.value)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_connects(spelling: str) -> None:
    async def main() -> int:
        async with serving(lambda _: reply()) as server:
            await tried(server, f"http://{spelling}:{server.port}/")
            return server.connections

    assert asyncio.run(main()) == 0


@pytest.mark.parametrize("spelling", OTHER_SPELLINGS)
def test_no_redirect_leads_there(spelling: str) -> None:
    """The first host is allowed by its spelling; every other spelling of the same address is not."""

    async def main() -> list[Request]:
        async with serving(lambda _: reply()) as inner:

            def away(request: Request) -> bytes:
                return reply(302, b"", Location=f"http://{spelling}:{inner.port}/secret")

            async with serving(away) as outer:
                await tried(inner, f"http://127.0.0.1:{outer.port}/", "127.0.0.1")
            return inner.requests

    assert asyncio.run(main()) == []


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address: str) -> None:
    assert is_public(ip_address(address))


def test_a_name_with_a_private_answer_among_public_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> int:
        async with serving(lambda _: reply()) as server:
            answers = [_info("93.184.216.34", server.port), _info("127.0.0.1", server.port)]
            monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: answers)
            assert "private" in await tried(server, f"http://papers.example.org:{server.port}/")
            return server.connections

    assert asyncio.run(main()) == 0


def test_a_name_that_changes_its_answer_between_look_up_and_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []

    async def main() -> list[Request]:
        async with serving(lambda _: reply()) as server:

            def answer(host: Any, *rest: Any, **more: Any) -> list[Any]:
                calls.append(host)
                return [_info("93.184.216.34" if len(calls) == 1 else "127.0.0.1", server.port)]

            monkeypatch.setattr(socket, "getaddrinfo", answer)
            assert "private" in await tried(server, f"http://papers.example.org:{server.port}/")
            return server.requests

    assert asyncio.run(main()) == []
    assert len(calls) > 1


def test_a_host_the_operator_names_may_be_private(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> bytes:
        async with serving(lambda _: reply()) as server:
            monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: [_info("127.0.0.1", server.port)])
            async with Client("", ["Papers.Internal"], gap_s=0) as client:
                return (await client.get(f"http://papers.internal:{server.port}/")).body

    assert asyncio.run(main()) == b"hello"


def _info(address: str, port: int) -> tuple[Any, ...]:
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
