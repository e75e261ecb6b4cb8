"""Deliver room: telling a hub that feeds changed (WebSub, https://www.w3.org/TR/websub/, which leaves it to hubs how;
they take the form of PubSubHubbub, one a feed). What changed and what waits is a value; the caller keeps it.

Touched when a hub wants to be told otherwise.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from digest.net import Client, FetchError

FIRST, LONGEST = timedelta(minutes=5), timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """A feed as the hub knows it: `mark` is of the state to be told, `told` whether it was; else how often it was tried
    and when it may be again (ISO time)."""

    mark: str
    told: bool = False
    tries: int = 0
    retry_at: str = ""


def changed(known: Mapping[str, Ping], marks: Mapping[str, str]) -> dict[str, Ping]:
    """The pings of feeds (by address) that now have these marks: a new mark is to be told, an old one stays as it is;
    feeds that are no more are forgotten."""
    new = {url: Ping(mark=mark) for url, mark in marks.items()}
    return {url: known[url] if url in known and known[url].mark == ping.mark else ping for url, ping in new.items()}


def due(pings: Mapping[str, Ping], now: datetime) -> list[str]:
    """The addresses to be told of at `now`."""
    return [url for url, ping in pings.items() if not ping.told and (not ping.retry_at or _at(ping) <= now)]


async def tell(client: Client, hub: str, url: str, ping: Ping, now: datetime) -> tuple[Ping, str]:
    """Tells `hub` that the feed at `url` changed: the ping as it then stands, and what went wrong, if anything."""
    form = urlencode({"hub.mode": "publish", "hub.url": url, "hub.topic": url}).encode()
    try:
        await client.post(hub, form, {"Content-Type": "application/x-www-form-urlencoded"})
    except FetchError as error:
        if not (error.status and 200 <= error.status < 300):  # hubs answer 202 or 204, without anything to read
            wait = min(FIRST * 2**ping.tries, LONGEST)
            return replace(ping, tries=ping.tries + 1, retry_at=(now + wait).isoformat()), error.message
    return replace(ping, told=True, retry_at=""), ""


def encode(pings: Mapping[str, Ping]) -> bytes:
    """The pings as they are kept."""
    return json.dumps({url: asdict(ping) for url, ping in pings.items()}, separators=(",", ":")).encode()


def decode(body: bytes | None) -> dict[str, Ping]:
    """The pings that were kept; none where nothing was."""
    return {url: Ping(**ping) for url, ping in json.loads(body or b"{}").items()}


def _at(ping: Ping) -> datetime:
    return datetime.fromisoformat(ping.retry_at)
