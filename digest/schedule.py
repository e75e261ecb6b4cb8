"""When a newsletter is due, and running a callable by the clock for ever. The only user of apscheduler.

Cron expressions are the standard five fields in the newsletter's own time zone. The number of weekdays is cron's
(0 and 7 are Sunday), which apscheduler counts from Monday, so numbers are turned into names first. A clock change can
make apscheduler fire twice or shift a fire time; the store's rule of one issue per newsletter and local date makes that
harmless.
"""

import re
import signal
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from digest.errors import InputError
from digest.model import Newsletter

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ALIASES = {
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * sun",
    "@monthly": "0 0 1 * *",
    "@hourly": "0 * * * *",
}
LOOK_BACK = timedelta(days=40)
"""How far back a missed hour is still made up for: a monthly newsletter that was off over its day."""


def zone(name: str) -> ZoneInfo:
    """The time zone called `name` (``Europe/Berlin``); `InputError` for a name that is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(f"`{name}` is not a time zone; names look like Europe/Berlin or UTC") from None


def trigger(cron: str, timezone: str) -> Any:
    """apscheduler's trigger for a five-field cron expression; `InputError` says which part is wrong."""
    from apscheduler.triggers.cron import CronTrigger

    text = _ALIASES.get(cron.strip().lower(), cron.strip())
    fields = text.split()
    if len(fields) != 5:
        raise InputError(f"`{cron}` is not a cron expression of five fields (minute hour day month weekday)")
    minute, hour, day, month, weekday = fields
    try:
        return CronTrigger(
            minute=minute,
            hour=hour,
            day=day,
            month=month,
            day_of_week=_weekday_names(weekday),
            timezone=zone(timezone),
        )
    except ValueError as error:
        raise InputError(f"`{cron}` is not a cron expression: {error}") from None


def fires(cron: str, timezone: str, after: datetime, until: datetime) -> Iterator[datetime]:
    """Every hour of the schedule later than `after` and not later than `until`, in order, as UTC."""
    rule = trigger(cron, timezone)
    previous, start = None, after + timedelta(microseconds=1)
    while (fire := rule.get_next_fire_time(previous, start)) is not None and fire <= until:
        yield fire.astimezone(UTC)
        previous, start = fire, fire + timedelta(microseconds=1)


def next_fire(newsletter: Newsletter, now: datetime) -> datetime | None:
    """The next hour of the newsletter's schedule after `now`, as UTC; None when there is none."""
    rule = trigger(newsletter.schedule, newsletter.timezone)
    fire = rule.get_next_fire_time(None, now + timedelta(microseconds=1))
    return None if fire is None else fire.astimezone(UTC)


def local_day(newsletter: Newsletter, now: datetime) -> date:
    """The newsletter's own date at `now`: what an issue made at `now` is dated."""
    return now.astimezone(zone(newsletter.timezone)).date()


def due(newsletter: Newsletter, last_day: date | None, now: datetime) -> bool:
    """Whether an issue should have been made by `now` and was not.

    `last_day` is the date of the newest issue. Without any, only today's hours count, so that a fresh installation
    does not make up for a past it never saw; later, an hour missed is made up for by an issue of today's date.
    """
    today = local_day(newsletter, now)
    if last_day is not None and last_day >= today:
        return False
    midnight = datetime.combine(today, datetime.min.time(), zone(newsletter.timezone))
    since = midnight if last_day is None else max(_end_of(last_day, newsletter), now - LOOK_BACK)
    return any(True for _ in fires(newsletter.schedule, newsletter.timezone, since - timedelta(seconds=1), now))


Job = tuple[str, Callable[[], None], str, str]
"""A name, what to call, at which hours (cron), in which time zone."""


def run_forever(
    jobs: Sequence[Job],
    first: Callable[[], None],
    changed: Callable[[], Sequence[Job] | None] = lambda: None,
    every_s: float = 5.0,
) -> None:
    """Run `first`, then each job at its hours until SIGTERM or SIGINT; `changed` is asked every `every_s` seconds, and
    the jobs it gives take the place of those there were.

    One thread: jobs never overlap, and the one at work when the signal comes is finished before this returns. Late
    hours are caught up once, however late.
    """
    from apscheduler.executors.pool import ThreadPoolExecutor
    from apscheduler.schedulers.blocking import BlockingScheduler

    scheduler = BlockingScheduler(timezone=UTC, executors={"default": ThreadPoolExecutor(1)})
    _set_jobs(scheduler, jobs)

    def look() -> None:
        if (others := changed()) is not None:
            _set_jobs(scheduler, others)

    scheduler.add_job(look, "interval", seconds=every_s, id=_LOOK, coalesce=True, misfire_grace_time=None)
    stopping = False

    def stop(*_: int | FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        if scheduler.running:
            # On the scheduler's own thread, so not waiting here: the worker thread is joined at exit.
            scheduler.shutdown(wait=False)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    first()
    if not stopping:
        scheduler.start()


_LOOK = "look whether the jobs changed"


def _set_jobs(scheduler: Any, jobs: Sequence[Job]) -> None:
    """These jobs and no others (but the look)."""
    for job in scheduler.get_jobs():
        if job.id != _LOOK:
            job.remove()
    for name, call, cron, timezone in jobs:
        when = trigger(cron, timezone)
        scheduler.add_job(call, when, id=name, name=name, coalesce=True, max_instances=1, misfire_grace_time=None)


def _end_of(day: date, newsletter: Newsletter) -> datetime:
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), zone(newsletter.timezone))


def _weekday_names(field: str) -> str:
    """Cron's weekday numbers as names; a range that ends on 7 (Sunday) is written out."""
    parts = []
    for part in field.split(","):
        bounds = re.fullmatch(r"([0-7])-([0-7])", part)
        if bounds and int(bounds[1]) <= int(bounds[2]):
            parts += [_DAYS[number] for number in range(int(bounds[1]), int(bounds[2]) + 1)]
        else:
            parts.append(_DAYS[int(part)] if re.fullmatch(r"[0-7]", part) else part)
    return ",".join(parts)
