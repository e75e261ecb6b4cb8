"""Kind `auto`: what `--from` names, a URL, a path or bytes, recognised by its content. Room `collect`.

Options: `body` (bytes) or `path`; else the source's `url`. `as` forces a kind of content.
"""

import asyncio
from datetime import datetime
from pathlib import Path

from digest.collect import asking, health
from digest.collect.kinds import file
from digest.model import Answer, Source, SourceState
from digest.net import Client


async def ask(source: Source, state: SourceState, client: Client, now: datetime) -> Answer:
    """The entries of whatever it is. Raises FetchError, Unreadable, OSError."""
    body, path = source.options.get("body"), source.options.get("path")
    forced = source.options.get("as")
    if isinstance(body, bytes):
        entries = await asking.read(body, source.name, forced, None)
    elif path:
        found = await asyncio.to_thread(file.read, Path(str(path)))
        entries = await asking.read(found, source.name, forced, None)
    else:
        response = await asking.fetch(client, state, source.url or "", now)
        if response.not_modified:
            return health.announced(source, state, now, (), [response.validator])
        entries = await asking.read(response.body, source.name, forced, response.url)
        return health.announced(source, state, now, entries, [response.validator])
    return health.announced(source, state, now, entries, ())
