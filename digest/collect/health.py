"""How a source is: fresh, quiet, waiting, stalled, partial or failed. Room `collect`, pure, no I/O.

Decided by comparing ids with those announced before and with the source's own rhythm, never by dates inside a feed.
Touched when a state is given wrongly: add the case to tests/collect/test_health.py first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from digest.model import Answer, Entry, Source, SourceState, Status, Validator

_DAY = timedelta(days=1)
_REMEMBERED = 40  # arrivals: eight weeks of working days, enough to know a rhythm
_MISSED = 3  # due days without anything new before "waiting" becomes "stalled": longer than any holiday's gap
_UNKNOWN = 180  # days of silence before a source of unknown rhythm counts as stalled


def entry_ids(entries: Iterable[Entry]) -> tuple[str, ...]:
    """What each entry is told by between runs: its link, unless another entry has the same one, else guid or title.

    Links outlive guids: publishers reset guids more often than they move articles.
    """
    listed = list(entries)
    links = [entry.url for entry in listed]
    shared = {link for link in links if link and links.count(link) > 1} if len(set(links)) < len(links) else set()
    return tuple(dict.fromkeys(e.url if e.url and e.url not in shared else e.guid or e.url or e.title for e in listed))


def settle(
    source: Source,
    state: SourceState,
    now: datetime,
    status: Status,
    *,
    entries: Sequence[Entry] = (),
    ids: Sequence[str] = (),
    error: str | None = None,
    validators: Sequence[Validator] | None = None,
    memory: Mapping[str, Any] | None = None,
    arrived: bool = False,
) -> Answer:
    """An answer with the state to remember: `since` moves when the status does, `batch` when ids came."""
    return Answer(
        source=source,
        entries=tuple(replace(entry, number=i) for i, entry in enumerate(entries, 1)),
        state=replace(
            state,
            name=source.name,
            status=status,
            since=state.since if state.since and state.status == status else now,
            checked_at=now,
            ids_at=now if arrived else state.ids_at,
            batch=tuple(ids) or state.batch,
            error=error,
            failures=state.failures + 1 if status == "failed" else 0,
            validators=state.validators if validators is None else tuple(validators),
            memory=state.memory if memory is None else memory,
            broken_since=(broken := broken_since(state, status, now)),
            noticed_at=state.noticed_at if broken else None,
        ),
    )


def broken_since(state: SourceState, status: Status, now: datetime) -> datetime | None:
    """When an outage began that still lasts: failed or stalled, and waiting after either."""
    if status in ("failed", "stalled"):
        return state.broken_since or now
    return state.broken_since if status == "waiting" else None


def announced(
    source: Source,
    state: SourceState,
    now: datetime,
    entries: Sequence[Entry],
    validators: Sequence[Validator],
    *,
    daily: bool = False,
    error: str | None = None,
    memory: Mapping[str, Any] | None = None,
) -> Answer:
    """What a plain list came to: fresh with new ids, else quiet, waiting or stalled by its rhythm.

    `error` says that a part is missing (partial); `memory` is what the kind wants to know next time. `daily` is for
    sources known to announce every working day.
    """
    ids = entry_ids(entries)
    arrived = bool(set(ids) - set(state.batch))
    arrivals = remembered(state.memory.get("arrivals", ()), now, arrived)
    status: Status = "fresh" if arrived else overdue(arrivals, now, daily=daily)
    words = None if status in ("fresh", "quiet") else late(arrivals)
    return settle(
        source,
        state,
        now,
        "partial" if error else status,
        entries=entries,
        ids=ids,
        error=error or words,
        validators=validators,
        memory={**state.memory, **(memory or {}), "arrivals": arrivals},
        arrived=arrived,
    )


def remembered(arrivals: Iterable[str], now: datetime, arrived: bool) -> list[str]:
    """The days (ISO, oldest first) on which something new came, with today if it did."""
    days = sorted({*arrivals, *([now.date().isoformat()] if arrived else [])})
    return days[-_REMEMBERED:]


def overdue(arrivals: Sequence[str], now: datetime, *, daily: bool = False) -> Status:
    """quiet, waiting or stalled, from the days on which something new came before."""
    days = [date.fromisoformat(day) for day in arrivals]
    today = now.date()
    if not days:  # a list that should have been there is no quiet day, even if it is the first one asked for
        return "waiting" if daily and today.weekday() < 5 else "quiet"
    expected = weekdays(days, today, daily=daily)
    if not expected:
        gap = max(((b - a).days for a, b in pairwise(days)), default=0)
        silence = (today - days[-1]).days
        waits, stalls = (2 * gap + 7, 3 * gap + 14) if len(days) > 3 else (_UNKNOWN // 2, _UNKNOWN)
        return "stalled" if silence > stalls else "waiting" if silence > waits else "quiet"
    since = (days[-1] + _DAY * n for n in range(1, (today - days[-1]).days + 1))
    missed = sum(day.weekday() in expected for day in since)
    return "quiet" if missed == 0 else "waiting" if missed < _MISSED else "stalled"


def weekdays(days: Sequence[date], today: date, *, daily: bool) -> frozenset[int]:
    """The weekdays (Monday 0) on which this source brings something new, as seen over its last five weeks.

    A weekday is expected once it brought something in two thirds of its weeks, and in two at least; before two weeks
    are known, the working days are if the source is `daily`, else none.
    """
    first = max(days[0], today - 35 * _DAY)
    if (today - first).days < 14:
        return frozenset(range(5)) if daily else frozenset()
    seen = set(days)
    past = [first + _DAY * n for n in range((today - first).days)]
    counts = {w: sum(d in seen for d in past if d.weekday() == w) for w in range(7)}
    chances = {w: sum(d.weekday() == w for d in past) for w in range(7)}
    return frozenset(w for w in range(7) if counts[w] >= 2 and 3 * counts[w] >= 2 * chances[w])


def late(arrivals: Sequence[str]) -> str:
    """What is wrong with a source that is waiting or stalled, in words."""
    return f"nothing new since {arrivals[-1]}, though it was due" if arrivals else "nothing new, though it was due"
