"""What counts as a rise."""

from hypothesis import given
from hypothesis import strategies as st

from digest.group.trend import trend


def test_a_clear_rise_is_told_with_its_ratio() -> None:
    found = trend([10, 12, 11, 9, 10, 12, 10, 30])
    assert (found.direction, found.usual, found.words) == ("rising", 10, "3x usual")


def test_a_clear_fall() -> None:
    assert trend([40, 42, 38, 41, 39, 40, 10]).direction == "falling"


def test_small_counts_are_no_news() -> None:
    assert trend([1, 0, 2, 1, 1, 0, 1, 3]).direction == "steady"
    assert trend([1, 1, 1, 1, 1, 0]).direction == "steady"


def test_one_busy_day_in_the_past_does_not_make_the_usual() -> None:
    assert trend([5, 5, 90, 5, 5, 5, 5]).usual == 5


def test_a_past_that_scatters_asks_for_more() -> None:
    assert trend([10, 10, 10, 10, 10, 10, 22]).direction == "rising"
    assert trend([1, 30, 5, 22, 2, 28, 22]).direction == "steady"


def test_too_little_past_and_nothing_before() -> None:
    assert trend([]).words == "" and trend([4, 9]).usual is None
    assert trend([0, 0, 0, 0, 5]).words == "new" and trend([0, 0, 0, 0, 1]).words == ""


@given(st.lists(st.integers(0, 5000), max_size=40))
def test_any_series_has_a_trend(counts: list[int]) -> None:
    found = trend(counts)
    assert found.usual is None or min(counts[:-1]) <= found.usual <= max(counts[:-1])
    assert found.direction != "rising" or found.today > (found.usual or 0)
