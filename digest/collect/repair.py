"""What a category's feed did not show is fetched from arXiv's API. Room `collect`, kind `arxiv`.

Touched when gaps are to be looked for elsewhere or further back. Which days are missing is decided in `batches`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from digest.collect import asking, batches
from digest.collect.batches import Track
from digest.collect.errors import Unreadable
from digest.model import Entry, SourceState
from digest.net import Client

API_URL = "https://export.arxiv.org/api/query"
GAP_S = 3.0  # arXiv's terms: one request in three seconds, one connection
ACCEPT = "application/atom+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1"
_PAGE, _DEEPEST = 500, 30_000  # results a page; how far arXiv pages
_HELD = timedelta(days=9)  # papers held back by moderators are announced days after their submission
_WINTER = timedelta(hours=1)  # New York's 14:00 is 18:00 UTC in summer, 19:00 in winter
_TOTAL = re.compile(rb"totalResults[^<>]{0,200}>\s*(\d{1,9})\s*<")
_WITHOUT_PARTS = ("gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph", "nucl-ex", "nucl-th", "quant-ph")


@dataclass(frozen=True, slots=True)
class Api:
    """Where and with what to ask."""

    client: Client
    state: SourceState
    now: datetime
    source: str
    url: str = API_URL

    async def pages(self, query: str) -> tuple[Entry, ...]:
        """All results of a query in order of submission, as deep as arXiv pages. Raises FetchError, Unreadable."""
        found: list[Entry] = []
        while True:
            entries, total = await self._page(query, len(found), _PAGE, "ascending")
            found += entries
            if len(found) >= min(total, _DEEPEST):
                return tuple(found)
            if not entries:
                raise Unreadable(f"arXiv's API gave {len(found)} of {total} papers, then an empty page")

    async def newest(self, query: str, count: int) -> tuple[Entry, ...]:
        """The newest results of a query, newest first. Raises FetchError, Unreadable."""
        return (await self._page(query, 0, count, "descending"))[0]

    async def _page(self, query: str, start: int, count: int, order: str) -> tuple[tuple[Entry, ...], int]:
        asked = {"search_query": query, "start": start, "max_results": count, "sortBy": "submittedDate"}
        url = f"{self.url}?{urlencode(asked | {'sortOrder': order})}"
        response = await self.client.get(url, None, ACCEPT, gap_s=GAP_S)
        entries = await asking.read(response.body, self.source, "arxiv", response.url)
        total = _TOTAL.search(response.body)
        return entries, int(total[1]) if total else start + len(entries)


@dataclass(frozen=True, slots=True)
class Repaired:
    """A category after the API was asked for what is missing: the papers not seen before, or why there is no answer."""

    track: Track
    missing: tuple[date, ...] = ()
    entries: tuple[Entry, ...] = ()
    error: str | None = None


async def repair(track: Track, missing: Sequence[date], due: date, seen: frozenset[str], api: Api) -> Repaired:
    """Ask for what was submitted since the first missing day's window opened, and for papers held back before it.

    `seen` are ids announced before. Raises FetchError where the API does not answer.
    """
    start = batches.window_start(missing[0])
    try:
        entries = await api.pages(query([track.name], start, api.now))
        if track.floor and batches.owed(track, entries, seen):
            entries = await api.pages(query([track.name], start - _HELD, start)) + entries
    except Unreadable as error:
        return Repaired(track, tuple(missing), error=error.reason)
    return Repaired(_concluded(track, entries, due, api.now), tuple(missing), tuple(batches.owed(track, entries, seen)))


def _concluded(track: Track, entries: Sequence[Entry], due: date, now: datetime) -> Track:
    """The category's days after the API answered. Days before `due` are settled: what there was of them is here."""
    if track.feed_day and track.feed_day >= due:
        return replace(track, day=due)
    opened = batches.window_start(due) + _WINTER
    ids = {batches.paper_id(e) for e in entries if e.published and e.published >= opened}
    if not ids and not track.old and not batches.is_today(due, now):  # its day is over: it was a holiday
        return replace(track, day=due)
    if not ids:  # not announced yet, or a holiday
        return replace(track, day=max(track.day or date.min, batches.working_days_before(due, 1)))
    if not track.old and len(ids & track.ids) >= batches.SAME * len(ids):  # the feed was current, its date was not
        return replace(track, day=due, feed_day=due)
    return replace(track, day=due)


def query(categories: Sequence[str], start: datetime, end: datetime) -> str:
    """The API's words for papers of any of these categories (or archives) submitted from `start` to `end`."""
    wanted = [f"cat:{c}{'' if '.' in c or c in _WITHOUT_PARTS else '.*'}" for c in categories]
    low, high = (moment.astimezone(UTC).strftime("%Y%m%d%H%M") for moment in (start, end))
    either = wanted[0] if len(wanted) == 1 else f"({' OR '.join(wanted)})"
    return f"{either} AND submittedDate:[{low} TO {high}]"


def kind_of(entry: Entry, categories: Sequence[str]) -> Entry:
    """An API result as a feed over these categories would have announced it: cross if its first is none of them."""
    primary = replace(entry, categories=entry.categories[:1])
    new = any(batches.in_category(primary, category) for category in categories)
    return replace(entry, announcement="new" if new else "cross")
