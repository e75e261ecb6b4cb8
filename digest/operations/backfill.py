"""A source's past, day by day, for `digest backfill`: kept as if collected then. A day done is not asked for again."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from digest import dedupe, normalise, pipeline, recognition
from digest.collect import Unreadable, backfill
from digest.config import Plan
from digest.errors import DigestError, InputError
from digest.model import Entry, Source
from digest.net import Client, FetchError

if TYPE_CHECKING:
    from digest.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What filling a source's past came to. `before` counts days that an earlier call had done."""

    source: str
    days: int
    before: int
    entries: int
    new: int

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


def fill(
    plan: Plan,
    store: "Store",
    name: str,
    since: date,
    until: date,
    now: datetime,
    on_day: Callable[[str], None] = lambda _words: None,
) -> Filled:
    """Asks the source called `name` for each day from `since` to `until` (both included) that was not asked for yet.

    What it finds is kept as of that day, but for votes and the like, which are as of `now`. Raises DigestError where a
    day cannot be had: those before it are kept, and the same call goes on from there.
    """
    source = _source(plan, name)
    days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
    done = _done(store, name)
    wanted = [day for day in days if day.isoformat() not in done]
    counts = asyncio.run(_fill(plan, store, source, wanted, now, on_day))
    return Filled(source=name, days=len(wanted), before=len(days) - len(wanted), entries=counts[0], new=counts[1])


def _source(plan: Plan, name: str) -> Source:
    for source in plan.sources:
        if source.name == name and source.kind in backfill.KINDS:
            return source
        if source.name == name:
            kinds = " and ".join(sorted(backfill.KINDS))
            raise InputError(f"--source {name}: is of kind {source.kind}, which tells no past; {kinds} do")
    there = ", ".join(source.name for source in plan.sources) or "none"
    raise InputError(f"--source {name}: no source is called so; there is {there}")


async def _fill(
    plan: Plan, store: "Store", source: Source, days: Sequence[date], now: datetime, on_day: Callable[[str], None]
) -> tuple[int, int]:
    """(entries, new papers) of all days, each kept before the next is asked for."""
    entries = new = 0
    async with pipeline.client(plan) as client:
        for day in days:
            at, found = await _day(source, day, client, now)
            outcomes = keep(store, found, at, now)
            _mark(store, source.name, day, now)
            entries, new = entries + len(found), new + outcomes.count("new")
            on_day(f"{day}: {len(found)} announcements, {outcomes.count('new')} new")
    return entries, new


async def _day(source: Source, day: date, client: Client, now: datetime) -> tuple[datetime, tuple[Entry, ...]]:
    try:
        return await backfill.of_day(source, day, client, now)
    except (FetchError, Unreadable) as error:
        raise DigestError(f"{source.name}, {day}: {error}; run again to go on from there") from None


def keep(store: "Store", entries: Sequence[Entry], at: datetime, now: datetime) -> tuple[str, ...]:
    """Saves entries as if seen `at`, with the attention observed `now`: the outcome of each."""
    readings = tuple(normalise.read(entry) for entry in entries)
    known = recognition.past(store, readings, now)
    resolved = dedupe.resolve(entries, readings, known, at)
    resolved = replace(resolved, signals=tuple(replace(signal, at=now) for signal in resolved.signals))
    recognition.keep(store, (), resolved, at)
    return resolved.outcomes


def _name(source: str) -> str:
    return f"backfill of {source}"


def _done(store: "Store", source: str) -> set[str]:
    """The days (ISO) of a source that were asked for before."""
    return set(json.loads(store.fitted.get(_name(source)) or b"[]"))


def _mark(store: "Store", source: str, day: date, now: datetime) -> None:
    days = sorted(_done(store, source) | {day.isoformat()})
    store.fitted.put({_name(source): json.dumps(days).encode()}, now)
