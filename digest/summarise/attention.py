"""Summarise room: how attention to a paper grew, one value a day, for the small chart beside it.

Pure; touched when a new kind of signal is worth drawing or another should come first.
"""

from collections import defaultdict
from datetime import date

from digest.model import Candidate, Point, Signal

# The most telling first; kinds not named here come after these, by name.
TELLING = ("upvotes", "stars", "citations", "mentions", "comments", "downloads")
FEWEST_POINTS = 3


def attention(candidate: Candidate) -> tuple[Point, ...]:
    """The last value of each UTC day of the first kind in `TELLING` that grew, oldest day first.

    A series is one kind as one source counts it; sources are never mixed, since each counts its own readers. Of
    several sources the one with the most days is taken, then the first by name. Empty below three days of data.
    """
    series: dict[tuple[str, str], list[Signal]] = defaultdict(list)
    for signal in candidate.signals:
        series[signal.kind, signal.source].append(signal)
    charts = [(kind, source, _daily(signals)) for (kind, source), signals in series.items()]
    drawable = [c for c in charts if len(c[2]) >= FEWEST_POINTS and c[2][-1].value > c[2][0].value]
    if not drawable:
        return ()
    return min(drawable, key=lambda c: (_place(c[0]), c[0], -len(c[2]), c[1]))[2]


def _place(kind: str) -> int:
    """Where a kind stands among the telling ones."""
    return TELLING.index(kind) if kind in TELLING else len(TELLING)


def _daily(signals: list[Signal]) -> tuple[Point, ...]:
    """The last value of each day; of two values at one moment the higher, so that their order does not matter."""
    last: dict[date, float] = {}
    for signal in sorted(signals, key=lambda s: (s.at, s.value)):
        last[signal.at.date()] = signal.value
    return tuple(Point(day=day, value=value) for day, value in sorted(last.items()))
