"""Half-filled lists: told from earlier lists at the same hour, and thin days, weekends and slow days left alone."""

from datetime import UTC, datetime, timedelta

import pytest

from digest.collect import filling

MONDAY = datetime(2026, 2, 2, tzinfo=UTC)


def counts(*lists: dict[int, int]) -> dict[str, dict[str, int]]:
    """Lists of consecutive days from a Monday on, by hour."""
    days = [(MONDAY + timedelta(days=n)).date().isoformat() for n in range(len(lists))]
    return {day: {str(h): n for h, n in found.items()} for day, found in zip(days, lists, strict=True)}


WEEK = [{9: 27}, {9: 44}, {9: 33}, {9: 35}, {9: 30}, {}, {}]


@pytest.mark.parametrize(("papers", "said"), [(13, True), (17, True), (18, False), (40, False), (0, False)])
def test_against_the_shortest_of_a_week(papers: int, said: bool) -> None:
    known = counts(*WEEK, {9: papers})
    words = filling.lacking(known, MONDAY + timedelta(days=7, hours=9))
    assert (words is not None) == said
    assert words is None or f"{papers} papers, where 27 is the least" in words


def test_not_before_a_week_is_known_nor_at_another_hour_nor_on_a_weekend() -> None:
    assert filling.lacking(counts(*WEEK[:4], {9: 3}), MONDAY + timedelta(days=4, hours=9)) is None
    assert filling.lacking(counts(*WEEK, {3: 3}), MONDAY + timedelta(days=7, hours=3)) is None
    assert filling.lacking(counts(*WEEK, {}, {}, {}, {}, {}, {9: 3}), MONDAY + timedelta(days=12, hours=9)) is None


def test_a_list_that_doubles_where_lists_used_to_be_whole() -> None:
    whole = [{9: 27, 12: 27}, {9: 44, 12: 45}]
    words = filling.lacking(counts(*whole, {9: 16, 12: 33}), MONDAY + timedelta(days=2, hours=12))
    assert words == "the list of 2026-02-04 was half filled until now: 16 papers at 9:00 UTC, 33 now"


def test_lists_that_grow_every_day_are_left_to_grow() -> None:
    growing = [{9: 10, 12: 27}, {9: 20, 12: 44}]
    assert filling.lacking(counts(*growing, {9: 16, 12: 33}), MONDAY + timedelta(days=2, hours=12)) is None


def test_a_fortnight_is_remembered() -> None:
    known: dict[str, dict[str, int]] = {}
    for n in range(40):
        known = filling.noted(known, MONDAY + timedelta(days=n, hours=9), n)
    assert len(known) == 15
    assert known[max(known)] == {"9": 39}
