"""Group: what rises and falls. Touched when a topic is called rising that is not, or a rise is missed.

The usual number a day is the median of the days before. A rise or fall is told by the exact conditional test of two
Poisson rates (Przyborowski and Wilenski 1940), with the count's variance inflated where the past scatters more than
Poisson's does (median absolute deviation): three papers where one is usual is no news.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from statistics import median

_LEAST_DAYS = 3  # of history, below which nothing is usual
_SURE = 0.05  # the chance of being wrong that a rise may have
_LARGE = 400  # papers above which the binomial sum is not worth its length


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """`today` counted, `usual` a day (None: too little past), `ratio` of both (None: unknown or usually nothing), and
    the `direction`: rising, falling, steady, or new where there was nothing before."""

    today: float
    usual: float | None
    ratio: float | None
    direction: str

    @property
    def words(self) -> str:
        """ "1.7x usual", "as usual", "new", or "" where nothing can be said."""
        if self.direction == "new":
            return "new"
        if self.ratio is None:
            return ""
        return f"{self.times} usual" if self.direction in ("rising", "falling") else "as usual"

    @property
    def times(self) -> str:
        """The ratio as "1.7x", "3x" or "12x"; "" where it is unknown."""
        if self.ratio is None:
            return ""
        whole = self.ratio >= 9.95 or round(self.ratio, 1) == round(self.ratio)
        return f"{self.ratio:.0f}x" if whole else f"{self.ratio:.1f}x"


def trend(counts: Sequence[float]) -> Trend:
    """The trend of a series of daily counts, the last being today's. Days without any collection must be left out, not
    be zeros."""
    if not counts:
        return Trend(today=0, usual=None, ratio=None, direction="steady")
    *past, today = counts
    if len(past) < _LEAST_DAYS:
        return Trend(today=today, usual=None, ratio=None, direction="steady")
    usual = usual_a_day(past)
    if not any(past):
        return Trend(today=today, usual=0.0, ratio=None, direction="new" if today >= 2 else "steady")
    direction = _direction(past, today, usual)
    return Trend(today=today, usual=usual, ratio=today / usual if usual else None, direction=direction)


def usual_a_day(past: Sequence[float]) -> float:
    """The median, or for rare papers (a median below 2) the mean of all but the largest day: a median of 0 or 1 says
    little of them."""
    middle = float(median(past))
    if middle >= 2 or len(past) < 2:
        return middle
    return (sum(past) - max(past)) / (len(past) - 1)


def _direction(past: Sequence[float], today: float, usual: float) -> str:
    """Whether `today` differs from its past by more than chance."""
    expected = max(usual, 1 / len(past))
    spread = median(abs(count - usual) for count in past) * 1.4826  # of a normal distribution, the deviation
    inflation = max(1.0, spread**2 / expected)
    seen, before = round(today / inflation), round(expected * len(past) / inflation)
    part = 1 / (1 + len(past))
    if today > usual and _at_least(seen, seen + before, part) < _SURE:
        return "rising"
    if today < usual and 1 - _at_least(seen + 1, seen + before, part) < _SURE:
        return "falling"
    return "steady"


def _at_least(seen: int, total: int, part: float) -> float:
    """The chance of `seen` or more of `total`, each with the chance `part`; above 400 by the normal distribution."""
    if total > _LARGE:
        from statistics import NormalDist

        deviation = (total * part * (1 - part)) ** 0.5
        return 1 - NormalDist(total * part, deviation).cdf(seen - 0.5)
    return min(1.0, sum(comb(total, k) * part**k * (1 - part) ** (total - k) for k in range(seen, total + 1)))
