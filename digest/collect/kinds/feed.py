"""Kind `feed`: any RSS, RDF, Atom or JSON feed at a URL. Room `collect`.

Touched when feeds are to be asked otherwise; how they are read is in the parsers.
"""

from datetime import datetime

from digest.collect import asking, health
from digest.model import Answer, Source, SourceState
from digest.net import Client


async def ask(source: Source, state: SourceState, client: Client, now: datetime) -> Answer:
    """The entries of the feed if it changed; one that did not costs a 304. Raises FetchError, Unreadable."""
    url = source.url or str(source.options.get("url", ""))
    response = await asking.fetch(client, state, url, now)
    if response.not_modified:
        return health.announced(source, state, now, (), [response.validator])
    entries = await asking.read(response.body, source.name, "feed", response.url)
    return health.announced(source, state, now, entries, [response.validator])
