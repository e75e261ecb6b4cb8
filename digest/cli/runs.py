"""`run`, its halves `collect` and `publish`, and `schedule`, which runs them by the clock."""

import json
import logging
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from digest.cli.common import JSON, NOW, Session, moment, stateful
from digest.errors import DigestError, InputError
from digest.model import Report, Source

if TYPE_CHECKING:
    from digest.config import Plan

NEWSLETTER = Annotated[str | None, typer.Option("--newsletter", metavar="NAME", help="Only this one, due or not.")]
FROM = Annotated[
    list[str] | None,
    typer.Option("--from", metavar="SOURCE", help="Files or URLs to collect from, in place of the config's sources."),
]
DRY_RUN = Annotated[bool, typer.Option("--dry-run", help="Show what would come of it; save, write and send nothing.")]
YES = Annotated[bool, typer.Option("--yes", help="Send even to far more readers than usual.")]
log = logging.getLogger(__name__)


@stateful
def run(
    session: Session,
    newsletter: NEWSLETTER = None,
    from_: FROM = None,
    now: NOW = None,
    dry_run: DRY_RUN = False,
    yes: YES = False,
    json_: JSON = False,
) -> int:
    """Collect from the sources, make the issues that are due, publish them and send what is to be sent."""
    report = _once(
        session, moment(now), by_the_clock=now is None, newsletter=newsletter, from_=from_, dry=dry_run, yes=yes
    )
    return _print(session, report, json_)


@stateful
def collect(
    session: Session,
    newsletter: NEWSLETTER = None,
    from_: FROM = None,
    now: NOW = None,
    dry_run: DRY_RUN = False,
    json_: JSON = False,
) -> int:
    """Ask the sources what is new and remember it (--newsletter changes nothing: newsletters share the store)."""
    report = _once(
        session,
        moment(now),
        by_the_clock=now is None,
        newsletter=newsletter,
        from_=from_,
        publishing=False,
        dry=dry_run,
    )
    return _print(session, report, json_)


@stateful
def publish(
    session: Session,
    newsletter: NEWSLETTER = None,
    now: NOW = None,
    dry_run: DRY_RUN = False,
    yes: YES = False,
    json_: JSON = False,
) -> int:
    """Make the issues that are due from what was collected, publish them and send what is to be sent."""
    report = _once(
        session, moment(now), by_the_clock=now is None, newsletter=newsletter, collecting=False, dry=dry_run, yes=yes
    )
    return _print(session, report, json_)


@stateful
def schedule(session: Session, yes: YES = False) -> int:
    """Run for ever: collect by `collect`, make each newsletter at its hour, catch up at once with what was missed."""
    by_the_clock(session, yes=yes)
    return 0


def by_the_clock(session: Session, *, yes: bool, on_plan: Callable[["Plan"], None] = lambda _plan: None) -> None:
    """Runs by the plan's schedules until SIGTERM or Ctrl-C; the run at work is finished. The configuration is read
    again on SIGHUP and when it changed; `on_plan` is told."""
    from digest.cli.reloading import EVERY_S, Reloading
    from digest.config.channels import deadlines
    from digest.schedule import Job, run_forever

    current = Reloading(session)
    session.store(current.plan).close()

    def tick() -> None:
        try:
            for line in _lines(_once(session, datetime.now(UTC), plan=current.plan, yes=yes, by_the_clock=True)):
                log.info(line)
        except DigestError as error:
            # One failed hour must not end the schedule: the next one may find the disk or the network back.
            log.error("%s", error)

    def jobs() -> list[Job]:
        letters = [(letter.name, tick, letter.schedule, letter.timezone) for letter in current.plan.newsletters]
        letters += [(f"{name} decided", tick, cron, zone) for name, cron, zone in deadlines(current.plan.newsletters)]
        return [("collect", tick, current.plan.collect, "UTC"), *letters]

    def changed() -> list[Job] | None:
        plan = current.look()
        if plan is None:
            return None
        on_plan(plan)
        return jobs()

    session.say(f"running by the schedule of {len(current.plan.newsletters)} newsletters; stop with Ctrl-C or SIGTERM")
    run_forever(jobs(), tick, changed, EVERY_S)


def given_sources(names: Sequence[str]) -> tuple[Source, ...]:
    """``--from`` as sources: recognised by content, named by file name or URL."""
    sources = []
    for name in names:
        if name.lower().startswith(("http://", "https://")):
            sources.append(Source(name=name, kind="auto", url=name))
        elif Path(name).is_file():
            sources.append(Source(name=Path(name).name, kind="auto", options={"path": str(Path(name).resolve())}))
        else:
            raise InputError(f"--from {name}: there is no such file, and it is not an http:// or https:// address")
    return tuple(sources)


def _once(session: Session, now: datetime, *, plan: "Plan | None" = None, yes: bool = False, **wishes: Any) -> Report:
    from digest.operations.run import Hooks, Wishes
    from digest.operations.run import run as run_once

    plan = plan or session.plan()
    given = wishes.pop("from_", None)
    if wishes.get("newsletter"):
        plan.newsletter(wishes["newsletter"])
    hooks = Hooks(
        bar=session.progress,
        on_wait=lambda: session.say("another run is at work on this store; waiting for it"),
        say=session.say,
        may_send=lambda recipients, usual: yes or _ask(recipients, usual),
    )
    with session.rehearsal(plan) if wishes.get("dry") else session.store(plan) as store:
        sources = given_sources(given) if given else plan.sources
        return run_once(plan, store, now, Wishes(sources=sources, **wishes), hooks)


def _ask(recipients: int, usual: int) -> bool:
    if not sys.stdin.isatty():
        return False
    return typer.confirm(f"This goes to {recipients} readers; usual are {usual}. Send?", err=True)


def _lines(report: Report) -> list[str]:
    from digest.operations.report import as_lines

    return as_lines(report)


def _print(session: Session, report: Report, as_json_: bool) -> int:
    """Prints the report, with --quiet only one that tells of a problem; the exit code."""
    from digest.operations.report import as_json

    sources = report.collected.sources if report.collected else ()
    nobody = bool(sources) and all(source.status == "failed" for source in sources)
    code = 1 if nobody or any(line.status in ("held", "failed") for line in report.issues) else 0
    if as_json_:
        print(json.dumps(as_json(report), ensure_ascii=False))
    elif code or not session.quiet or any(line.deliveries.failed or line.deliveries.in_doubt for line in report.issues):
        print("\n".join(_lines(report)))
    if nobody:
        print("digest: no source answered; nothing was lost, the next run asks again", file=sys.stderr)
    return code
