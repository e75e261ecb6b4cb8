"""Kinds `file` (JSON lines, BibTeX) and `listing` (a papers page as text), from disk or a URL. Room `collect`.

Any other kind whose answer lies on disk too: `path`, in which ``{date}`` is the day of the run, UTC.

Touched when these are to be fetched otherwise; how they are read is in the parsers.
"""

import asyncio
import os
from datetime import datetime
from pathlib import Path

from digest.collect import asking, health
from digest.collect.errors import Unreadable
from digest.model import Answer, Source, SourceState
from digest.net import Client

MAX_BYTES = 64_000_000


async def ask(source: Source, state: SourceState, client: Client, now: datetime) -> Answer:
    """All entries of the file, each time it changed. Raises FetchError, Unreadable, OSError."""
    path = source.options.get("path")
    if path:
        body = await asyncio.to_thread(read, Path(str(path).replace("{date}", now.date().isoformat())))
        entries = await asking.read(body, source.name, source.kind, None)
        return health.announced(source, state, now, entries, ())
    response = await asking.fetch(client, state, source.url or "", now)
    if response.not_modified:
        return health.announced(source, state, now, (), [response.validator])
    entries = await asking.read(response.body, source.name, source.kind, response.url)
    return health.announced(source, state, now, entries, [response.validator])


def read(path: Path) -> bytes:
    """The bytes of a file of sane size. Raises OSError, Unreadable."""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size > MAX_BYTES:
            raise Unreadable(f"the file is larger than {MAX_BYTES:,} bytes")
        return file.read(MAX_BYTES + 1)
