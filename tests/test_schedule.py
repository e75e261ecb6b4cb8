"""When a newsletter is due: cron's own weekday numbers, time zones, clock changes, missed days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from digest.errors import InputError
from digest.model import Newsletter
from digest.schedule import due, fires, local_day, next_fire


def letter(schedule: str, timezone: str = "UTC") -> Newsletter:
    return Newsletter(name="n", title="N", schedule=schedule, timezone=timezone)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_weekday_numbers_are_crons() -> None:
    """0 and 7 are Sunday; apscheduler itself counts from Monday."""
    week = at("2026-03-01T00:00"), at("2026-03-07T23:59")  # a Sunday to a Saturday
    for field, days in (
        ("0", [1]),
        ("7", [1]),
        ("1", [2]),
        ("1-5", [2, 3, 4, 5, 6]),
        ("6,7", [1, 7]),
        ("mon,sat", [2, 7]),
    ):
        found = [fire.day for fire in fires(f"0 7 * * {field}", "UTC", week[0], week[1])]
        assert found == days, field


def test_a_minute_equal_to_now_is_due() -> None:
    assert due(letter("0 7 * * *"), date(2026, 3, 2), at("2026-03-03T07:00"))
    assert not due(letter("0 7 * * *"), date(2026, 3, 2), at("2026-03-03T06:59"))


def test_an_issue_of_today_is_enough() -> None:
    assert not due(letter("0 * * * *"), date(2026, 3, 3), at("2026-03-03T23:00"))


def test_the_first_issue_waits_for_its_hour_of_today() -> None:
    weekdays = letter("0 7 * * mon-fri")
    assert due(weekdays, None, at("2026-03-03T08:00"))
    assert not due(weekdays, None, at("2026-03-07T08:00")), "a Saturday, nothing missed by a new installation"


def test_missed_days_are_made_up_for_once() -> None:
    weekdays = letter("0 7 * * mon-fri")
    assert due(weekdays, date(2026, 3, 5), at("2026-03-07T08:00")), "Friday was missed"
    assert not due(weekdays, date(2026, 3, 6), at("2026-03-08T08:00")), "nothing was missed over the weekend"


def test_local_day_is_the_newsletters() -> None:
    assert local_day(letter("0 7 * * *", "Asia/Tokyo"), at("2026-03-03T22:00")) == date(2026, 3, 4)


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_a_clock_change_never_makes_a_second_issue(day: str) -> None:
    """02:30 happens not at all or twice in Paris on these days."""
    paris = letter("30 2 * * *", "Europe/Paris")
    made: list[date] = []
    now, last = at(f"{day}T00:00") - timedelta(hours=30), None
    while now < at(f"{day}T00:00") + timedelta(hours=48):
        if due(paris, last, now):
            last = local_day(paris, now)
            made.append(last)
        now += timedelta(minutes=10)
    assert len(made) == len(set(made)) >= 3
    assert date.fromisoformat(day) in made


def test_next_fire() -> None:
    assert next_fire(letter("0 7 * * *", "Europe/Berlin"), at("2026-07-01T05:00")) == at("2026-07-02T05:00")
    assert next_fire(letter("0 7 30 2 *"), at("2026-07-01T05:00")) is None


@pytest.mark.parametrize("cron", ["", "7", "0 7 * *", "0 25 * * *", "x 7 * * *", "0 7 * * funday"])
def test_what_is_no_cron_expression(cron: str) -> None:
    with pytest.raises(InputError, match="cron"):
        list(fires(cron, "UTC", at("2026-03-01T00:00"), at("2026-03-02T00:00")))
