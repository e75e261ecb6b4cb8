"""The rank room: how a paper's attention stands beside that of papers as old, from the same source.

Touch it to change what is compared with what; what a standing is worth is decided in `trending`.
"""

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from digest.model import Candidate, Signal

DAY = timedelta(days=1)
NEUTRAL = 0.25  # the standing that is worth nothing: few comparable papers shrink to it
PRIOR = 10.0  # as many imaginary papers as pull a standing to NEUTRAL
SMALL = 3.0  # added to both counts of a growth, so that 1 -> 3 is not taken for 100 -> 300

Series = Sequence[Signal]
Key = tuple[str, str, str, int]  # level or growth, kind, source, band of age


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a value stands: `level` in 0..1 (shrunk share of comparable papers that have less, ties by half),
    `below` of `peers` comparable papers have strictly less; for a growth, `before` and `gap` say since when."""

    value: float
    level: float
    below: int
    peers: int
    age: timedelta
    before: float = 0.0
    gap: timedelta = timedelta(0)


def elapsed(start: datetime, end: datetime) -> timedelta:
    """The time from `start` to `end`, in whatever zones they are written.

    By way of UTC: Python takes the difference of two times in one zone by the wall clock, wrong across a clock change.
    """
    return end.astimezone(UTC) - start.astimezone(UTC)


def origin(candidate: Candidate) -> datetime:
    """When attention could begin: publication, or the first sighting where that was earlier or is all we know."""
    first, published = candidate.first_seen.astimezone(UTC), candidate.paper.published
    return min(published.astimezone(UTC), first) if published else first


def band(age: timedelta) -> int:
    """Papers are about as old as each other within a doubling of age: up to 1 day, 2, 4, 8, …"""
    return max(0, math.ceil(math.log2(max(age / DAY, 1.0))))


def series(candidate: Candidate) -> dict[tuple[str, str], list[Signal]]:
    """The usable observations by (kind, source), oldest first; of two at one time the larger is the later."""
    found: dict[tuple[str, str], list[Signal]] = defaultdict(list)
    for signal in candidate.signals:
        if math.isfinite(signal.value) and signal.value >= 0:
            found[signal.kind, signal.source].append(signal)
    for observed in found.values():
        observed.sort(key=lambda s: (s.at.astimezone(UTC), s.value))
    return dict(found)


def earlier(observed: Series) -> Signal | None:
    """The observation nearest to one day before the last one, or None when there is only one time."""
    last = observed[-1]
    past = [(gap, s) for s in observed if (gap := elapsed(s.at, last.at)) > timedelta(0)]
    return min(past, key=lambda pair: (abs(pair[0] - DAY), -pair[0], -pair[1].value), default=(None, None))[1]


def growth(observed: Series) -> float | None:
    """Doublings a day since the earlier observation, damped for small counts and never below 0; None without one."""
    last, past = observed[-1], earlier(observed)
    if past is None:
        return None
    days = max(elapsed(past.at, last.at) / DAY, 0.5)
    return max(0.0, math.log2((last.value + SMALL) / (past.value + SMALL)) / days)


class Population:
    """The values that comparable papers had when they were as old: one of each paper, kind, source and band."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._of: dict[Key, dict[str, float]] = defaultdict(dict)
        for candidate in candidates:
            for key, value in _values(candidate):
                self._of[key][candidate.paper.id] = value
        self._sorted: dict[Key, list[float]] = {key: sorted(of.values()) for key, of in self._of.items()}

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of signal that anything was observed of."""
        return frozenset(kind for _, kind, _, _ in self._of)

    def compare(self, key: Key, paper_id: str, value: float) -> tuple[float, int, int]:
        """(level, below, peers) of `value` among the other papers under `key`.

        level = (below + ties/2 + PRIOR·usual) / (peers + PRIOR): the mid-rank empirical distribution with a Beta-like
        prior of PRIOR imaginary papers (additive smoothing). `usual` is NEUTRAL for a level; of imaginary papers half
        grow by no more than a doubling a day, a fourth by two, …, so that a growth says something by itself.
        """
        usual = NEUTRAL if key[0] == "level" else 1.0 - (1.0 - NEUTRAL) * math.pow(2.0, -value)
        values = self._sorted.get(key, [])
        low, high = bisect_left(values, value), bisect_right(values, value)
        below, ties, peers = low, high - low, len(values)
        own = self._of[key].get(paper_id) if values else None
        if own is not None:
            below, ties, peers = below - (own < value), ties - (own == value), peers - 1
        return (below + ties / 2 + PRIOR * usual) / (peers + PRIOR), below, peers


def _values(candidate: Candidate) -> Iterable[tuple[Key, float]]:
    """Every (key, value) a paper adds to the population: in each band of age the last level and growth it had."""
    start = origin(candidate)
    for (kind, source), observed in series(candidate).items():
        last_of = {band(elapsed(start, signal.at)): count for count, signal in enumerate(observed, start=1)}
        for age, count in last_of.items():
            yield ("level", kind, source, age), observed[count - 1].value
            grown = growth(observed[:count])
            if grown is not None:
                yield ("growth", kind, source, age), grown


def standings(candidate: Candidate, population: Population) -> Mapping[tuple[str, str], Standing]:
    """The best standing over all sources by ("level" or "growth", kind); a kind never observed is not there."""
    best: dict[tuple[str, str], Standing] = {}
    for (kind, source), observed in sorted(series(candidate).items()):
        for measure, found in _of_series(candidate, population, kind, source, observed):
            known = best.get((measure, kind))
            if known is None or (found.level, found.value) > (known.level, known.value):
                best[measure, kind] = found
    return best


def _of_series(
    candidate: Candidate, population: Population, kind: str, source: str, observed: Series
) -> Iterable[tuple[str, Standing]]:
    last, past, grown = observed[-1], earlier(observed), growth(observed)
    age = elapsed(origin(candidate), last.at)
    level, below, peers = population.compare(("level", kind, source, band(age)), candidate.paper.id, last.value)
    yield "level", Standing(last.value, _earned(level, last.value), below, peers, age)
    if past is not None and grown is not None:
        key = ("growth", kind, source, band(age))
        level, below, peers = population.compare(key, candidate.paper.id, grown)
        level = _earned(level, grown)
        yield "growth", Standing(last.value, level, below, peers, age, past.value, elapsed(past.at, last.at))


def _earned(level: float, value: float) -> float:
    """Where most have none of something, none of it stands in the middle: that is no merit, so it earns nothing."""
    return level if value > 0 else min(level, NEUTRAL)
