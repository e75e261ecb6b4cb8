"""Render, curves: a series over time as a drawing (inline SVG), and in words. Touched when a chart is to look other.

Coordinates are those of the drawing's own view box, of WIDTH by HEIGHT; the templates only write them down.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from digest.model import Point
from digest.render import words

WIDTH, HEIGHT = 600, 100
_BOTTOM, _TOP, _RIGHT = 99.0, 5.0, 590.0
_COLUMNS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A drawing: `line` and `area` are SVG paths ("" where it is of columns), `dots` (x, y) and `columns` (x, y, width,
    height) in SVG's numbers; what it reaches, its first and last day; all of it in `words`."""

    line: str = ""
    area: str = ""
    dots: tuple[tuple[str, str], ...] = ()
    columns: tuple[tuple[str, str, str, str], ...] = ()
    top: str
    first: str
    last: str
    words: str


def curve(points: Sequence[Point], what: str) -> Curve | None:
    """How a count grew: a line from zero to the largest, over the days as they lie apart. None below two days or
    without any value. `what` names the values in words: "votes"."""
    kept = sorted(points, key=lambda point: point.day)
    largest = max((point.value for point in kept), default=0.0)
    if len({point.day for point in kept}) < 2 or not 0 < largest < float("inf"):
        return None
    first, span = kept[0].day, (kept[-1].day - kept[0].day).days
    places = [
        (_RIGHT * (point.day - first).days / span + 5, _BOTTOM - (_BOTTOM - _TOP) * max(0.0, point.value) / largest)
        for point in kept
    ]
    line = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    return replace(
        _labelled(kept, largest, what),
        line=line,
        area=f"{line}L{places[-1][0]:.1f} {_BOTTOM:.0f}L{places[0][0]:.1f} {_BOTTOM:.0f}Z",
        dots=tuple((f"{x:.1f}", f"{y:.1f}") for x, y in places) if len(places) <= 40 else (),
    )


def columns(points: Sequence[Point], what: str) -> Curve | None:
    """How many a day: a column each, the last 120 days that have a value. None below three days or without any."""
    kept = sorted(points, key=lambda point: point.day)[-_COLUMNS:]
    largest = max((point.value for point in kept), default=0.0)
    if len(kept) < 3 or not 0 < largest < float("inf"):
        return None
    width = min(24.0, WIDTH / len(kept) * 0.8)
    drawn = []
    for number, point in enumerate(kept):
        height = (_BOTTOM - _TOP) * max(0.0, point.value) / largest
        left = (WIDTH - width) * number / (len(kept) - 1)
        drawn.append((f"{left:.1f}", f"{_BOTTOM - height:.1f}", f"{width:.1f}", f"{height:.1f}"))
    return replace(_labelled(kept, largest, what), columns=tuple(drawn))


def _labelled(kept: Sequence[Point], largest: float, what: str) -> Curve:
    first, last = words.short_date(kept[0].day), words.short_date(kept[-1].day)
    ends = f"{kept[0].value:,.10g} on {first}, {kept[-1].value:,.10g} on {last}, at most {largest:,.10g}"
    top = f"at most {largest:,.10g} {what}"
    return Curve(top=top, first=first, last=last, words=f"{what}: {ends}")
