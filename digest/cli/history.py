"""The past: `backfill` fetches it, `backtest` replays it."""

import json
from datetime import date, timedelta
from typing import Annotated

import typer

from digest.cli.common import JSON, NOW, Session, moment, stateful
from digest.errors import InputError

SINCE = Annotated[str, typer.Option("--since", metavar="DATE", help="The first day, as 2025-03-11.")]
UNTIL = Annotated[str | None, typer.Option("--until", metavar="DATE", help="The last day [yesterday].")]


@stateful
def backfill(
    session: Session,
    source: Annotated[str, typer.Option("--source", metavar="NAME", help="The source, as the config calls it.")],
    since: SINCE,
    until: UNTIL = None,
    now: NOW = None,
    json_: JSON = False,
) -> int:
    """Fetch what a source announced in the past, day by day, and learn from it; run again, it goes on where it was."""
    from digest import foresight
    from digest.operations.backfill import fill
    from digest.operations.run import LOCK_WAIT_S

    plan, at = session.plan(), moment(now)
    first, last = _days(since, until, at.date())
    with session.store(plan) as store, store.lock("run", LOCK_WAIT_S):
        with session.progress(f"backfilling {source}", (last - first).days + 1) as bar:

            def told(words: str) -> None:
                bar(words)
                if session.verbose:
                    session.say(words)

            filled = fill(plan, store, source, first, last, at, told)
        foresight.keep_up(plan.forecast, store, at, session.say)
    if json_:
        print(json.dumps(filled.as_json()))
    else:
        print(
            f"{source}: {filled.days} days asked for, {filled.before} had before: "
            f"{filled.entries} announcements, {filled.new} new papers"
        )
    return 0


def _days(since: str, until: str | None, today: date) -> tuple[date, date]:
    """The first and the last day meant; none lies in the future."""
    first = _day("--since", since)
    last = min(_day("--until", until), today) if until else today - timedelta(days=1)
    if first > last:
        raise InputError(f"--since {since}: must not be later than {last}, the last day")
    return first, last


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InputError(f"{option} {text}: is not a date; write 2025-03-11") from None
