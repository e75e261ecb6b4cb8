"""The past: `backfill` fetches it, `backtest` replays it."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast, get_args

import typer

from digest.cli.common import JSON, NOW, Session, moment, stateful
from digest.errors import InputError

if TYPE_CHECKING:
    from digest.operations.backtest import Against

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
        foresight.keep_up(plan.forecast, store, at, session.say, anew=filled.entries > 0)
    if json_:
        print(json.dumps(filled.as_json()))
    else:
        print(
            f"{source}: {filled.days} days asked for, {filled.before} had before: "
            f"{filled.entries} announcements, {filled.new} new papers"
        )
    return 0


@stateful
def backtest(
    session: Session,
    since: SINCE,
    until: UNTIL = None,
    newsletter: Annotated[
        str | None, typer.Option("--newsletter", metavar="NAME", help="Whose weights and schedule [the first].")
    ] = None,
    weights: Annotated[
        list[str] | None,
        typer.Option("--weights", metavar="NAME=N,…", help="Weights to compare with the current; may be repeated."),
    ] = None,
    against: Annotated[
        str, typer.Option(metavar="picks|votes", help="What should have come first: papers picked, or best voted.")
    ] = "picks",
    chart: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw the measures into this SVG file.")] = None,
    now: NOW = None,
    json_: JSON = False,
) -> int:
    """Replay the stored past: would these weights have put first what was picked within a week?"""
    from digest.operations.backtest import replay
    from digest.operations.backtest_chart import as_lines, as_svg

    plan, at = session.plan(), moment(now)
    first, last = _days(since, until, at.date())
    chosen = plan.newsletter(newsletter) if newsletter else plan.newsletters[0]
    others = [(text, _weights(text)) for text in weights or ()]
    target = _against(against)
    with session.store(plan) as store:
        found = replay(plan, chosen, store, first, last, others, target, session.say)
    if chart is not None:
        chart.write_text(as_svg(found), encoding="utf-8")
        session.say(str(chart))
    print(json.dumps(found.as_json(), ensure_ascii=False) if json_ else "\n".join(as_lines(found)))
    return 0


def _against(text: str) -> "Against":
    from digest.operations.backtest import Against

    for known in get_args(Against):
        if text == known:
            return cast("Against", known)
    raise InputError(f"--against {text}: must be picks or votes")


def _weights(text: str) -> dict[str, float]:
    """``upvotes=0.5,forecast=0`` as a mapping."""
    found = {}
    for part in text.split(","):
        name, equals, value = part.partition("=")
        try:
            found[name.strip()] = float(value)
        except ValueError:
            equals = ""
        if not equals or not name.strip() or not 0 <= found.get(name.strip(), -1) < float("inf"):
            raise InputError(f"--weights {text}: must be NAME=NUMBER, as in --weights upvotes=0.5,forecast=0")
    return found


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
