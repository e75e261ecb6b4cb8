"""Operations: what wears out while nobody looks, for `digest doctor`: the disk, growth, unread sources, the clock, the
certificate of the site."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from digest.config import Plan
from digest.operations.finding import Finding

if TYPE_CHECKING:
    from digest.store import Store

LOOK_BACK = timedelta(days=90)
ENOUGH = 50
"""New papers of a source within `LOOK_BACK` from which on one would expect a printed one."""
LITTLE_FREE = 300_000_000
"""Bytes free below which a person is asked to look, whatever the store's size."""
ENDS_SOON = timedelta(days=14)
BY_THE_CLOCK = "by_the_clock"
"""In a stored report: whether the run's time was this machine's and not one given."""
MUCH_OFF_S = 120.0


def examine(plan: Plan, store: "Store", now: datetime) -> tuple[Finding, ...]:
    """All of it."""
    return (
        *_disk(plan, store),
        *_growth(plan, store, now),
        *_unread(plan, store, now),
        *_clock(store),
        *_door(plan, now),
    )


def record(store: "Store", now: datetime) -> None:
    """Keeps the sizes of today, once a week."""
    day = now.astimezone(UTC).date()
    if store.sizes.due(day):
        store.sizes.record(day, {**store.pruning.rows(), store.sizes.WHOLE: store.pruning.size()})


def _disk(plan: Plan, store: "Store") -> Iterator[Finding]:
    """A migration, a restore and a pruning each need room for a second store."""
    free, size = shutil.disk_usage(plan.home).free, store.pruning.size()
    words = f"{_bytes(free)} free beside a store of {_bytes(size)}"
    if free < max(LITTLE_FREE, size):
        words += "; an upgrade needs room for a copy: `digest prune`, or more disk"
        yield Finding(area="store", name="disk", state="problem", words=words)
    else:
        yield Finding(area="store", name="disk", state="ok", words=words)


def _growth(plan: Plan, store: "Store", now: datetime) -> Iterator[Finding]:
    before = store.sizes.since((now - timedelta(days=60)).astimezone(UTC).date())
    today = now.astimezone(UTC).date()
    if before is None or (today - before[0]).days < 7:
        return
    days, size = (today - before[0]).days, store.pruning.size()
    a_year = (size - before[1].get(store.sizes.WHOLE, size)) * 365 // days
    rows = store.pruning.rows()
    most, more = max(((name, count - before[1].get(name, 0)) for name, count in rows.items()), key=lambda each: each[1])
    words = f"grows by {_bytes(max(a_year, 0))} a year, most of all `{most}` ({more * 365 // days:,} rows a year)"
    full = a_year > 0 and shutil.disk_usage(plan.home).free < a_year
    if full:
        words += "; the disk is full within a year: `digest prune --keep 400d`"
    yield Finding(area="store", name="growth", state="problem" if full else "ok", words=words)


def _unread(plan: Plan, store: "Store", now: datetime) -> Iterator[Finding]:
    """Sources whose papers nobody ever gets to read."""
    used = {name for letter in plan.newsletters for name in letter.sources}
    everything = any(not letter.sources for letter in plan.newsletters)
    brought = store.sources.brought(now - LOOK_BACK)
    for source in plan.sources:
        new, printed = brought.get(source.name, (0, 0))
        if not everything and source.name not in used:
            words = "no newsletter takes it: name it under a newsletter's `sources`, or remove it"
        elif new >= ENOUGH and not printed:
            words = f"{new} papers in {LOOK_BACK.days} days, none printed: is it worth asking?"
        else:
            continue
        yield Finding(area="config", name=source.name, state="note", words=words)


def _clock(store: "Store") -> Iterator[Finding]:
    """How far this machine's clock is off, by what servers said of theirs; a run takes time, so the least counts."""
    last = store.runs.last(1)
    if not last or not last[0].get(BY_THE_CLOCK):
        return
    states = store.sources.states().values()
    heard = [each.behind_s for state in states for each in state.validators if each.behind_s is not None]
    off = min(heard, key=abs, default=0.0)
    if abs(off) >= MUCH_OFF_S:
        way = "behind" if off > 0 else "ahead"
        words = f"this machine's clock is {_span(abs(off))} {way} by what sources say: issues come at wrong hours"
        yield Finding(area="schedule", name="clock", state="problem", words=words)


def _door(plan: Plan, now: datetime) -> Iterator[Finding]:
    """The certificate at the site's public address."""
    from digest.net import door

    url = urlsplit(plan.masthead.url)
    if url.scheme != "https" or (url.hostname or "").endswith("example.org"):
        return
    found = door.certificate(url.hostname or "", url.port or 443)
    state: Literal["ok", "note", "problem"] = "ok"
    if found.ends is None:
        state, words = "problem" if found.refused else "note", found.words
    elif found.ends - now < ENDS_SOON:
        state, words = "problem", f"the certificate of {url.hostname} ends on {found.ends:%Y-%m-%d}: renew it"
    else:
        words = f"the certificate of {url.hostname} holds until {found.ends:%Y-%m-%d}"
    yield Finding(area="web", name="certificate", state=state, words=words)


def _bytes(size: int) -> str:
    for unit, worth in (("GB", 1e9), ("MB", 1e6)):
        if size >= worth:
            return f"{size / worth:.1f} {unit}"
    return f"{size / 1e3:.0f} kB"


def _span(seconds: float) -> str:
    for unit, worth in (("days", 86400), ("hours", 3600)):
        if round(seconds / worth) >= 2:
            return f"{seconds / worth:.0f} {unit}"
    return f"{seconds / 60:.0f} minutes"
