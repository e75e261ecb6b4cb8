"""Which addresses may be asked: public ones, and hosts the operator named. Part of the room `net`.

`is_public` is stricter than `ipaddress.is_global`, which (in Python 3.11) calls 6to4, NAT64 and IPv4-compatible wraps
of 127.0.0.1, site-local and multicast addresses global. Touched when another spelling of a private address is found.
"""

import asyncio
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from digest.net.errors import FetchError

Address = IPv4Address | IPv6Address
_UNICAST = IPv6Network("2000::/3")  # what IANA has given out as global IPv6 unicast
_NAT64 = IPv6Network("64:ff9b::/96")
_BENT = (IPv6Network("2001::/23"), IPv6Network("2001:db8::/32"), IPv6Network("3fff::/20"))  # Teredo, ORCHID, examples


def is_public(address: Address) -> bool:
    """Whether an address is a global unicast one, with every IPv4 address wrapped inside it public as well."""
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast
    wrapped = address.ipv4_mapped or address.sixtofour
    if wrapped is None and address in _NAT64:
        wrapped = IPv4Address(address.packed[-4:])
    if wrapped is not None:
        return is_public(wrapped)
    return address in _UNICAST and not any(address in network for network in _BENT)


class Guard:
    """Says whether a host may be asked; `allow_hosts` are exempt exactly as spelled in the URL (any case)."""

    def __init__(self, allow_hosts: frozenset[str]) -> None:
        self._allowed = frozenset(_plain(host) for host in allow_hosts)
        self._verdicts: dict[str, str | None] = {}

    def admits(self, host: str, address: Address, _port: int = 0) -> bool:
        """The verdict on a connection about to be made; called by httpx-secure with the address it will use."""
        return _plain(host) in self._allowed or is_public(address)

    async def check(self, host: str) -> None:
        """Refuse a host that resolves to any private address, before a single packet goes there.

        httpx-secure would refuse it as well, but only after opening and closing a connection to the address.
        Raises FetchError.
        """
        if _plain(host) in self._allowed:
            return
        if host not in self._verdicts:
            self._verdicts[host] = await self._verdict(host)
        if reason := self._verdicts[host]:
            raise FetchError(reason)

    async def _verdict(self, host: str) -> str | None:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(_plain(host), None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return f"the host {host} is not known"
        for *_, address in found:
            if not is_public(ip_address(str(address[0]).partition("%")[0])):
                return f"{host} is a private address; name it under network.allow_hosts to allow it"
        return None


async def may_ask(host: str, allow_hosts: Iterable[str]) -> str:
    """Why `host` must not be asked, for a library that asks it by itself; "" where it may."""
    try:
        await Guard(frozenset(allow_hosts)).check(host)
    except FetchError as error:
        return error.message
    return ""


def _plain(host: str) -> str:
    return host.strip("[]").rstrip(".").lower()
