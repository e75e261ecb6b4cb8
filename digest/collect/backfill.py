"""What a source announced on a day of the past, asked for by that day. Room `collect`.

Touched when another kind of source can be asked for its past. Everyday collecting (digest/collect/kinds) never comes
here: it repairs gaps by itself.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from digest.collect import batches, windows
from digest.collect.kinds import huggingface
from digest.collect.repair import API_URL, Api, kind_of, query
from digest.model import Entry, Source, SourceState
from digest.net import Client

NOON = time(12, tzinfo=UTC)
"""When a list that fills over the day is taken to have been seen."""


async def of_day(source: Source, day: date, client: Client, now: datetime) -> tuple[datetime, tuple[Entry, ...]]:
    """When the source's announcements of `day` were out (UTC), and these as they stand now, numbered from 1.

    Days without announcements have none. Raises FetchError, Unreadable; KeyError for a kind without a past.
    """
    at, entries = await KINDS[source.kind](source, day, client, now)
    return at, tuple(replace(entry, number=number) for number, entry in enumerate(entries, start=1))


async def _arxiv(source: Source, day: date, client: Client, now: datetime) -> tuple[datetime, tuple[Entry, ...]]:
    """The batch of a working day: what was submitted in its window, by the API, as its feeds would have shown it."""
    midnight = datetime.combine(day, time(), batches.NEW_YORK).astimezone(UTC)
    categories = windows.listed(source.options.get("categories"))
    if day.weekday() >= 5 or not categories:
        return midnight, ()
    following = batches.on_or_after(day + timedelta(days=1))
    api = Api(client, SourceState(name=source.name), now, source.name, str(source.options.get("api_url", API_URL)))
    found = await api.pages(query(categories, batches.window_start(day), batches.window_start(following)))
    return midnight, tuple(kind_of(entry, categories) for entry in found)


async def _huggingface(source: Source, day: date, client: Client, now: datetime) -> tuple[datetime, tuple[Entry, ...]]:
    """The list of a day."""
    got = huggingface.Lists()
    await huggingface.read_day(source, SourceState(name=source.name), client, now, day, got)
    return datetime.combine(day, NOON), tuple(got.entries)


Asked = Callable[[Source, date, Client, datetime], Awaitable[tuple[datetime, tuple[Entry, ...]]]]
KINDS: dict[str, Asked] = {"arxiv": _arxiv, "huggingface": _huggingface}
