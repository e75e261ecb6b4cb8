"""Telling the hub of feeds that changed, once a change; what it did not take is told by a later run.

A feed has changed when it has another entry, or one says something else of its paper: votes alone are no news.
"""

import asyncio
import hashlib
import logging
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from digest import pipeline
from digest.config import Plan
from digest.deliver import websub
from digest.deliver.websub import Ping
from digest.operations import feed_shelf, feeds
from digest.render.feeds import FILES, Feed

if TYPE_CHECKING:
    from digest.store import Store

log = logging.getLogger(__name__)
NAME = "websub"


def tell(plan: Plan, store: "Store", now: datetime) -> tuple[str, ...]:
    """Tells the hub, if there is one, of every feed of papers, issues and topics that changed since it was told: the
    addresses it took. Raises StoreError, TemplateError."""
    if not plan.feeds.hub:
        return ()
    before = websub.decode(store.fitted.get(NAME))
    pings = websub.changed(before, _marks(plan, store, now))
    waiting = websub.due(pings, now)
    told = asyncio.run(_told(plan, {url: pings[url] for url in waiting}, now)) if waiting else {}
    after = {**pings, **told}
    if after != before:
        store.fitted.put({NAME: websub.encode(after)}, now)
    return tuple(url for url, ping in told.items() if ping.told)


async def _told(plan: Plan, pings: Mapping[str, Ping], now: datetime) -> dict[str, Ping]:
    found: dict[str, Ping] = {}
    async with pipeline.client(plan) as client:
        for url, ping in pings.items():
            found[url], wrong = await websub.tell(client, plan.feeds.hub, url, ping, now)
            if wrong:
                log.warning("the hub was not told of %s: %s", url, wrong)
                break  # the others would meet the same; they are due again with the next run
    return found


def _marks(plan: Plan, store: "Store", now: datetime) -> dict[str, str]:
    """A mark of each feed's state by address; the three formats of one say the same."""
    marks: dict[str, str] = {}
    for folder, lists in _folders(plan, store):
        made = feeds.asked(plan, store, f"{folder}/{FILES[lists]['atom']}", {}, now)
        if made is not None:
            marks |= dict.fromkeys((made.rss, made.atom, made.json), _mark(made))
    return marks


def _folders(plan: Plan, store: "Store") -> Iterator[tuple[str, str]]:
    known = feed_shelf.of(store)
    for letter in plan.newsletters:
        if known.days(letter.name):
            yield from ((letter.name, lists) for lists in FILES)
            yield from ((f"{letter.name}/topics/{slug}", "feed") for slug in known.topics(letter))


def _mark(made: Feed) -> str:
    said = "\n".join(f"{entry.id} {entry.updated.isoformat()}" for entry in made.entries)
    return hashlib.blake2b(said.encode(), digest_size=12).hexdigest()
