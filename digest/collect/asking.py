"""What every kind does when it asks: the validator it knows, and a body read into entries. Room `collect`.

Touched when all kinds should ask differently; what only one kind does belongs into its file in `kinds/`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from digest.collect.recognise import recognise
from digest.model import Answer, Entry, Source, SourceState, Validator
from digest.net import Client, Response

Ask = Callable[[Source, SourceState, Client, datetime], Awaitable[Answer]]

GAP_S = 0.2  # between requests to one host that asks for no more


def validator(state: SourceState, url: str) -> Validator | None:
    """What the last understood answer of this URL said about asking again."""
    return next((known for known in state.validators if known.url == url), None)


async def fetch(
    client: Client, state: SourceState, url: str, now: datetime, accept: str | None = None, gap_s: float = GAP_S
) -> Response:
    """Ask for a URL if it has changed since it was last understood. Raises FetchError.

    The caller keeps `response.validator` only once it has understood the body: a damaged answer must be asked again.
    """
    return await client.get(url, validator(state, url), accept, now=now, gap_s=gap_s)


async def read(body: bytes, source: str, kind: str | None, url: str | None) -> tuple[Entry, ...]:
    """The entries of a body, read beside the event loop so that a large one does not hold up the others.

    Raises Unreadable.
    """
    return await asyncio.to_thread(recognise, body, source, kind, url)
