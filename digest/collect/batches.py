"""arXiv's rhythm: a batch every working day, category by category. Room `collect`, pure, no I/O.

Tells from ids alone whether a category's feed moved on, and from the calendar what was due. Touched when arXiv changes
how it announces: https://info.arxiv.org/help/availability.html says how.
"""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from digest.model import Entry, SourceState, Status

NEW_YORK = ZoneInfo("America/New_York")  # arXiv's clock: feeds change at its midnight
_DAY = timedelta(days=1)
_SETTLING = timedelta(hours=2)  # after midnight before a batch counts as due
_CUTOFF = time(18, tzinfo=UTC)  # submissions close at 14:00 in New York
SAME = 0.9  # share of a category's ids that are still there when its feed has not moved on
_KNOWN, _TELLING = 0.3, 5  # share and number of papers seen on days before: more than are cross-listed late
_NONE: Mapping[str, date] = {}
_LATE_HOUR = 18  # UTC; old ids after this hour of a due day mean stalled, before it waiting
_MISSED = 3  # batches missed in a row before an empty feed is no holiday any more
_ID = re.compile(r"(?<![\w.])(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?=v\d|\W|$)")

_NEW_STYLE = re.compile(r"\d{4}\.\d{5}")  # these compare as text


@dataclass(frozen=True, slots=True)
class Track:
    """What is known of one category: `day` is the last batch had whole by whatever route, `feed_day` the last one that
    its feed showed, `ids` what the feed showed then. `shown` tells whether the feed's last answer held any papers of
    it, `old` whether only those of `ids`. `floor` is the newest id of the first batch ever shown: arXiv numbers papers
    in the order it announces them, so what is not above it was announced before this source was asked for."""

    name: str
    day: date | None = None
    feed_day: date | None = None
    ids: frozenset[str] = frozenset()
    old: bool = False
    shown: bool = False
    floor: str = ""


def paper_id(entry: Entry) -> str:
    """The arXiv id of an entry without version, whatever its guid looks like; else its guid, link or title."""
    for spelling in (entry.url or "", entry.guid, *entry.identifiers):
        if match := _ID.search(spelling):
            return match[1]
    return entry.guid or entry.url or entry.title


def owed(track: Track, entries: Iterable[Entry], seen: Container[str]) -> list[Entry]:
    """Those entries that were announced since this category is followed, and not seen.

    A number from a month before the paper's submission tells nothing of when it was announced; such a paper is owed.
    """
    return [
        e for e in entries if (paper := paper_id(e)) not in seen and (paper > track.floor or _misnumbered(paper, e))
    ]


def _misnumbered(paper: str, entry: Entry) -> bool:
    return bool(_NEW_STYLE.fullmatch(paper) and entry.published and paper[:4] < f"{entry.published:%y%m}")


def in_category(entry: Entry, category: str) -> bool:
    """Whether an entry belongs to a category, or to one of an archive's (``cs`` holds ``cs.CL``); any case."""
    wanted = category.lower()
    return any(c.lower() == wanted or c.lower().startswith(wanted + ".") for c in entry.categories)


def due_day(now: datetime) -> date:
    """The newest working day whose batch should be out by now, in New York's reckoning."""
    return on_or_before((now.astimezone(NEW_YORK) - _SETTLING).date())


def is_today(day: date, now: datetime) -> bool:
    """Whether it is still that day: a batch that is not there may still come."""
    return day == now.astimezone(UTC).date()


def behind(track: Track, due: date, now: datetime) -> bool:
    """Whether the feed itself lacks the batch that is due, however that was made up for."""
    return (track.feed_day or date.min) < due and (track.old or is_today(due, now))


def on_or_before(day: date) -> date:
    """The day itself if it is a working day, else the Friday before."""
    return day - _DAY * max(0, day.weekday() - 4)


def on_or_after(day: date) -> date:
    """The day itself if it is a working day, else the Monday after."""
    return day + _DAY * (7 - day.weekday() if day.weekday() > 4 else 0)


def working_days_before(day: date, count: int) -> date:
    """The working day that lies `count` working days before."""
    for _ in range(count):
        day = on_or_before(day - _DAY)
    return day


def missing_days(complete: date | None, due: date) -> tuple[date, ...]:
    """The working days after `complete` up to `due`; only `due` where nothing was ever complete."""
    if complete is None:
        return (due,)
    days = (complete + _DAY * n for n in range(1, (due - complete).days + 1))
    return tuple(day for day in days if day.weekday() < 5)


def window_start(day: date) -> datetime:
    """When submissions of a day's batch begin: 18:00 UTC two working days before it."""
    return datetime.combine(working_days_before(day, 2), _CUTOFF)


def read_feed(track: Track, entries: Sequence[Entry], now: datetime, seen: Mapping[str, date] = _NONE) -> Track:
    """A category after its feed answered with `entries` (those of all categories asked for at once).

    It has not moved on if it shows nearly all it showed before, whatever else a combined feed shows of it: papers of
    other categories that are cross-listed here; nor if much of what it shows was `seen` (id to the day it first was,
    by whatever route) before the day the feed says it is of. A feed that moved on without papers of a category was
    current too.
    """
    announced = [e for e in entries if not e.announcement.startswith("replace")]
    ids = frozenset(paper_id(e) for e in announced if in_category(e, track.name))
    track = replace(track, old=False, shown=bool(ids))
    if not entries:
        return track
    day = label(announced, now)
    if track.ids and len(ids & track.ids) >= SAME * len(track.ids):  # a batch may still grow on its own day
        return replace(track, old=True, ids=ids if day == track.feed_day else track.ids)
    if track.feed_day and day < track.feed_day:  # the feed went back to an earlier batch
        return replace(track, old=True)
    known = sum(paper in seen and seen[paper] < day for paper in ids)
    if known >= max(_TELLING, _KNOWN * len(ids)):
        return replace(track, old=True)
    floor = track.floor or max(filter(_NEW_STYLE.fullmatch, ids), default="")
    return replace(track, feed_day=day, ids=ids or track.ids, floor=floor)


def label(entries: Iterable[Entry], now: datetime) -> date:
    """The day a batch says it is of, never in the future; the day that is due where it says nothing."""
    dates = [e.published.astimezone(NEW_YORK).date() for e in entries if e.published]
    return min(max(dates), now.astimezone(UTC).date()) if dates else due_day(now)


def overdue(track: Track, due: date, now: datetime) -> Status:
    """waiting or stalled, of a category whose batch of `due` was to be had by no route."""
    late = now >= datetime.combine(due, time(_LATE_HOUR, tzinfo=UTC))
    missed = len(missing_days(track.day, due)) if track.day else 1
    return "stalled" if missed >= _MISSED or (track.old and (late or missed > 1)) else "waiting"


def load(memory: Mapping[str, Any], categories: Iterable[str]) -> list[Track]:
    """The tracks of the categories asked for, as `save` left them."""
    saved = memory.get("categories", {})
    return [_track(name, saved.get(name, {})) for name in categories]


def _track(name: str, saved: Mapping[str, Any]) -> Track:
    day, feed_day = (date.fromisoformat(saved[k]) if saved.get(k) else None for k in ("day", "feed_day"))
    ids, shown, floor = saved.get("ids", ()), saved.get("shown", False), saved.get("floor", "")
    return Track(name, day, feed_day, frozenset(ids), shown=shown, floor=floor)


def save(
    tracks: Sequence[Track], states: Sequence[Status], new: Sequence[Entry], memory: Mapping[str, Any]
) -> dict[str, Any]:
    """The tracks as JSON values, each with its state and how many papers its last batch brought."""
    before = memory.get("categories", {})
    counts = {t.name: sum(in_category(e, t.name) for e in new) for t in tracks}
    return {
        t.name: {
            "day": t.day.isoformat() if t.day else None,
            "feed_day": t.feed_day.isoformat() if t.feed_day else None,
            "ids": sorted(t.ids),
            "shown": t.shown,
            "floor": t.floor,
            "status": status,
            "papers": counts[t.name] or before.get(t.name, {}).get("papers", 0),
        }
        for t, status in zip(tracks, states, strict=True)
    }


@dataclass(frozen=True, slots=True)
class Part:
    """One category as a person wants to know it: its state, the last day had whole, the papers of its last batch."""

    name: str
    status: Status
    day: date | None
    papers: int


def parts(state: SourceState) -> tuple[Part, ...]:
    """The parts of a source that has any (arXiv's categories), in the order of the configuration."""
    saved = state.memory.get("categories", {})
    days = {name: date.fromisoformat(found["day"]) if found.get("day") else None for name, found in saved.items()}
    return tuple(Part(name, f.get("status", "quiet"), days[name], f.get("papers", 0)) for name, f in saved.items())


def recent(memory: Mapping[str, Any], ids: Iterable[str], now: datetime, days: int = 14) -> dict[str, list[str]]:
    """Ids by the day (ISO) on which they were first announced here, with today's; older than `days` are forgotten."""
    kept = {d: list(v) for d, v in memory.get("recent", {}).items() if d > (now.date() - _DAY * days).isoformat()}
    known = {paper for found in kept.values() for paper in found}
    new = [paper for paper in dict.fromkeys(ids) if paper not in known]
    if new:
        kept.setdefault(now.date().isoformat(), []).extend(new)
    return kept
