"""The small chart: one value a day of the most telling growing signal."""

import random
from datetime import UTC, date, datetime, timedelta

from digest.model import Candidate, Paper, Point, Signal
from digest.summarise import attention

DAY = datetime(2026, 3, 1, 9, tzinfo=UTC)


def observed(kind: str, values: list[float], source: str = "hf", every_hours: int = 24) -> list[Signal]:
    times = [DAY + timedelta(hours=every_hours * i) for i in range(len(values))]
    return [Signal(paper_id="p", kind=kind, value=v, at=t, source=source) for v, t in zip(values, times, strict=True)]


def chart(*signals: Signal) -> tuple[Point, ...]:
    return attention(
        Candidate(paper=Paper(id="p", keys=("p",), title="T"), first_seen=DAY, signals=tuple(signals))
    )  # fmt: skip


def values(points: tuple[Point, ...]) -> list[float]:
    return [point.value for point in points]


def test_below_three_days_there_is_no_chart():
    assert chart() == ()
    assert chart(*observed("upvotes", [1, 5])) == ()
    assert chart(*observed("upvotes", [1, 2, 3, 4], every_hours=3)) == ()


def test_one_value_a_day_the_last():
    found = chart(*observed("upvotes", [1, 2, 3, 4, 5, 6], every_hours=12))
    assert values(found) == [2, 4, 6]
    assert found[0].day == date(2026, 3, 1)


def test_upvotes_come_before_stars_before_others():
    stars, mentions = observed("stars", [10, 20, 30]), observed("mentions", [1, 2, 3])
    assert values(chart(*mentions, *stars)) == [10, 20, 30]
    assert values(chart(*mentions, *stars, *observed("upvotes", [0, 1, 2]))) == [0, 1, 2]


def test_what_does_not_grow_is_not_drawn():
    flat = observed("upvotes", [7, 7, 7])
    assert chart(*flat) == ()
    assert values(chart(*flat, *observed("comments", [0, 1, 4]))) == [0, 1, 4]


def test_sources_are_not_mixed():
    long, short = observed("upvotes", [1, 2, 3, 4], "b"), observed("upvotes", [100, 200, 300], "a")
    assert values(chart(*short, *long)) == [1, 2, 3, 4]


def test_the_order_of_signals_does_not_matter():
    signals = [*observed("upvotes", [1, 2, 3, 9]), *observed("upvotes", [2, 2, 3, 8]), *observed("stars", [1, 2, 3])]
    expected = chart(*signals)
    for seed in range(5):
        shuffled = signals[:]
        random.Random(seed).shuffle(shuffled)
        assert chart(*shuffled) == expected
