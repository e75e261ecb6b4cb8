"""Render, charts: small bars of a series. Touched when a chart must show something else.

How bars are drawn (table cells in mail, boxes on pages) is the templates'.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from digest.model import Point
from digest.render import words

BARS, TALLEST = 14, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A small chart: `heights` in pixels (1 to 20, 0 for nothing), and the same in words."""

    heights: tuple[int, ...]
    words: str


def bars(points: Sequence[Point], what: str) -> Bars | None:
    """The last fourteen `points` as bars from zero to the largest; None below three points or without any value."""
    kept = sorted(points, key=lambda point: point.day)[-BARS:]
    values = [max(0.0, point.value) for point in kept]
    largest = max(values, default=0.0)
    if len(kept) < 3 or not 0 < largest < float("inf"):
        return None
    heights = tuple(max(1, round(value / largest * TALLEST)) if value else 0 for value in values)
    told = f"{what}, {words.short_date(kept[0].day)} to {words.short_date(kept[-1].day)}: "
    return Bars(heights=heights, words=told + ", ".join(f"{value:,.10g}" for value in values))
