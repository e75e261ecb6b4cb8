"""Kind `arxiv`: one combined feed of the categories, mended through the API category by category. Room `collect`.

Options: `categories`, `query` (one or several API queries) with `max_results`, `base_url`, `api_url`. The calendar is
in `batches`, the mending in `repair`; touched when arXiv is to be asked otherwise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from digest.collect import asking, batches, health, windows
from digest.collect.batches import Track
from digest.collect.errors import Unreadable
from digest.collect.repair import ACCEPT, API_URL, GAP_S, Api, Repaired, kind_of, repair
from digest.model import Answer, Entry, Source, SourceState, Status, Validator
from digest.net import Client, FetchError

BASE_URL = "https://rss.arxiv.org"
_FULL = 2000  # a feed of as many entries is cut off
_NEWEST = 100  # results of a query taken at a time


@dataclass(frozen=True, slots=True)
class _Feed:
    """What the feed gave. With an `error` it is not whole, and its entries (if any) settle nothing."""

    entries: tuple[Entry, ...] = ()
    validators: tuple[Validator, ...] = ()
    changed: bool = True
    error: str | None = None


async def ask(source: Source, state: SourceState, client: Client, now: datetime) -> Answer:
    """The day's batch, what was missing before it, and what queries found. Raises FetchError, Unreadable."""
    categories = windows.listed(source.options.get("categories"))
    api = Api(client, state, now, source.name, str(source.options.get("api_url", API_URL)))
    newest = int(source.options.get("max_results", _NEWEST))
    found, query_error = await _queries(windows.listed(source.options.get("query")), newest, api)
    if not categories:
        if query_error and not found:
            raise Unreadable(query_error)
        return health.announced(source, state, now, found, (), error=query_error)
    feed = await _feed(source, state, client, now, categories)
    due = batches.due_day(now)
    tracks = batches.load(state.memory, categories)
    first = {p: date.fromisoformat(day) for day, ids in state.memory.get("recent", {}).items() for p in ids}
    if not feed.error:
        tracks = [
            batches.read_feed(t, feed.entries, now, first) if feed.changed else replace(t, old=t.shown) for t in tracks
        ]
    announced = [batches.paper_id(e) for e in feed.entries]
    repaired = await _mend(tracks, due, feed, frozenset({*first, *announced}), api)
    regained = {batches.paper_id(e): kind_of(e, categories) for r in repaired for e in r.entries}
    results = [batches.paper_id(e) for e in found]
    new = [e for e in feed.entries if batches.paper_id(e) not in first]
    fresh = bool(new or set(results) - set(state.memory.get("results", ())))
    parts = [_part(r, due, feed, new, now) for r in repaired]
    status = _status(feed, parts, fresh=fresh)
    memory = _memory(state.memory, repaired, (*announced, *regained), now)
    memory["categories"] = batches.save([r.track for r in repaired], parts, (*new, *regained.values()), state.memory)
    return health.settle(
        source,
        state,
        now,
        "partial" if query_error and status in ("fresh", "quiet") else status,
        entries=(*feed.entries, *regained.values(), *found),
        ids=announced,
        error=_words(feed, repaired, due, now, status, query_error),
        validators=feed.validators or None,
        memory=memory | {"results": results},
        arrived=fresh or bool(regained),
    )


async def _feed(source: Source, state: SourceState, client: Client, now: datetime, categories: Sequence[str]) -> _Feed:
    base = str(source.options.get("base_url", BASE_URL)).rstrip("/")
    try:
        url = f"{base}/rss/{'+'.join(categories)}"
        response = await asking.fetch(client, state, url, now, accept=ACCEPT, gap_s=GAP_S)
        if response.not_modified:
            return _Feed(validators=(response.validator,), changed=False)
        entries = await asking.read(response.body, source.name, "arxiv", response.url)
    except FetchError as error:
        return _Feed(error=error.message)
    except Unreadable as error:
        return _Feed(entries=error.entries, error=error.reason)
    if len(entries) >= _FULL:
        return _Feed(entries=entries, error=f"the feed is cut off at {_FULL} entries")
    return _Feed(entries=entries, validators=(response.validator,))


async def _mend(tracks: Sequence[Track], due: date, feed: _Feed, seen: frozenset[str], api: Api) -> list[Repaired]:
    """The categories with what they lacked; an API that does not answer is not asked for the next one."""
    repaired: list[Repaired] = []
    refusal: str | None = None
    for track in tracks:
        track, missing = _lacking(track, due, feed, api.now)
        if not missing or refusal:
            repaired.append(Repaired(track, missing, error=refusal if missing else None))
            continue
        try:
            repaired.append(await repair(track, missing, due, seen, api))
        except FetchError as error:
            refusal = error.message
            repaired.append(Repaired(track, missing, error=refusal))
    return repaired


def _lacking(track: Track, due: date, feed: _Feed, now: datetime) -> tuple[Track, tuple[date, ...]]:
    """The days of a category to be made up for; without any, the category is whole as far as it goes."""
    have = track.day or track.feed_day
    if have is None and not feed.error and not batches.is_today(due, now):
        return replace(track, day=due), ()  # first asked for on a day without announcements
    missing = tuple(day for day in batches.missing_days(have, due) if day != track.feed_day)
    if not missing and (track.old or feed.error) and batches.behind(track, due, now):
        return track, (due,)  # made up for before; the API may have more by now
    if missing:
        return track, missing
    return replace(track, day=max(have or due, track.feed_day or due)), ()


def _part(repaired: Repaired, due: date, feed: _Feed, new: Sequence[Entry], now: datetime) -> Status:
    """A category's state; `new` are the papers announced for the first time, of whatever category."""
    track = repaired.track
    if feed.error:  # what was made up for before still holds
        held = track.day is not None and track.day >= due and track.feed_day != due
        return "partial" if held or (repaired.missing and not repaired.error) else "failed"
    if repaired.entries or repaired.error:
        return "partial"
    if not batches.behind(track, due, now):
        return "fresh" if any(batches.in_category(e, track.name) for e in new) else "quiet"
    return "partial" if track.day and track.day >= due else batches.overdue(track, due, now)


def _status(feed: _Feed, parts: Sequence[Status], *, fresh: bool) -> Status:
    """The source's state from its categories': all of one mind, or partial."""
    found = set(parts)
    if feed.error:
        return "partial" if "partial" in found or feed.entries else "failed"
    late = found & {"waiting", "stalled"}
    if "partial" in found or (late and late != found):
        return "partial"
    if late:
        return "stalled" if "stalled" in late else "waiting"
    return "fresh" if fresh else "quiet"


def _words(
    feed: _Feed, repaired: Sequence[Repaired], due: date, now: datetime, status: Status, query_error: str | None
) -> str | None:
    """What is wrong, in words; None where nothing is."""
    parts = [f"the feed failed: {feed.error}"] if feed.error else []
    behind = [r.track.name for r in repaired if batches.behind(r.track, due, now)]
    if behind and not feed.error:
        parts.append(f"no batch of {due} yet in {', '.join(behind)}")
    gained = {batches.paper_id(e) for r in repaired for e in r.entries}
    days = sorted({day for r in repaired if r.entries for day in r.missing})
    if gained:
        parts.append(f"{len(gained)} papers of {_span(days)} regained through the API")
    parts += [f"{r.track.name} could not be mended: {r.error}" for r in repaired if r.error]
    parts += [query_error] if query_error else []
    return "; ".join(parts) if query_error or status not in ("fresh", "quiet") else None


def _span(days: Sequence[date]) -> str:
    return f"{days[0]}" if len(days) == 1 else f"{days[0]} to {days[-1]}"


def _memory(
    memory: Mapping[str, Any], repaired: Sequence[Repaired], ids: Sequence[str], now: datetime
) -> dict[str, Any]:
    regained = [
        {"on": now.isoformat(), "category": r.track.name, "days": [str(d) for d in r.missing], "papers": len(r.entries)}
        for r in repaired
        if r.entries
    ]
    return {
        **memory,
        "recent": batches.recent(memory, ids, now),
        "regained": [*memory.get("regained", ()), *regained][-40:],
    }


async def _queries(queries: Sequence[str], newest: int, api: Api) -> tuple[tuple[Entry, ...], str | None]:
    """What the queries found, newest first; a query without answer is an error in words."""
    found: list[Entry] = []
    error = None
    for query in queries:
        try:
            found += await api.newest(query, newest)
        except (FetchError, Unreadable) as failure:
            error = f"the query {query!r} failed: {failure}"
    return tuple(found), error
