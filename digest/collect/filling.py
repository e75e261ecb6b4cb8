"""Whether a list that fills up over its day is as full as it should be by now. Room `collect`, pure, no I/O.

Told from how many papers earlier working days' lists held at the same hour, never from a clock inside the list.
Touched when a half-filled list passes for a short one; docs/sources.md says how often it is right.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

_DAYS = 5  # working days compared with
_REMEMBERED = timedelta(days=15)
_SHORT = 2 / 3  # of the shortest of those lists: halves are found, ordinary thin days are not
_GREW, _USUALLY = 1.5, 1.2  # times what it held before, where it used to grow less than that
_SAME = 3  # hours within which two looks count as at the same hour

Counts = Mapping[str, Mapping[str, int]]
"""Day (ISO) to hour (UTC) to how many papers the day's own list held then; JSON values."""


def noted(counts: Counts, now: datetime, papers: int) -> dict[str, dict[str, int]]:
    """`counts` with what today's list holds now; what is older than a fortnight is forgotten."""
    oldest = (now.date() - _REMEMBERED).isoformat()
    kept = {day: dict(hours) for day, hours in counts.items() if day > oldest}
    kept.setdefault(now.date().isoformat(), {})[str(now.hour)] = papers
    return kept


def lacking(counts: Counts, now: datetime) -> str | None:
    """What today's list lacks, or lacked until now, in words; None on weekends, while nothing is known, or if whole."""
    today = now.date()
    papers = _held(counts, today, now.hour)
    if today.weekday() > 4 or not papers:
        return None
    days = sorted(d for d in map(date.fromisoformat, counts) if d < today and d.weekday() < 5)[-_DAYS:]
    usual = [n for day in days if (n := _held(counts, day, now.hour)) is not None]
    if len(usual) == _DAYS and papers < _SHORT * min(usual):
        return f"the list of {today} is half filled: {papers} papers, where {min(usual)} is the least at this hour"
    return _grown(counts, now, days, papers)


def _grown(counts: Counts, now: datetime, days: list[date], papers: int) -> str | None:
    """Words for a list that was half filled until now, where lists used to be whole by then."""
    earlier = [int(hour) for hour in counts[now.date().isoformat()] if int(hour) < now.hour]
    before = _held(counts, now.date(), max(earlier, default=-1))
    if not before or papers < max(_GREW * before, before + 4):
        return None
    pairs = [(_held(counts, day, max(earlier)), _held(counts, day, now.hour)) for day in days]
    growths = [late / early for early, late in pairs if early and late]
    if len(growths) < 2 or max(growths) >= _USUALLY:
        return None
    return f"the list of {now.date()} was half filled until now: {before} papers at {max(earlier)}:00 UTC, {papers} now"


def _held(counts: Counts, day: date, hour: int) -> int | None:
    """How many papers a day's list held at an hour; None where nobody looked about then."""
    looks = [int(h) for h in counts.get(day.isoformat(), {}) if hour - _SAME < int(h) <= hour]
    return counts[day.isoformat()][str(max(looks))] if looks else None
