"""Papers in and out by the file: `import` makes a past known, `export` gives everything back."""

import json
import sys
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast, get_args

import typer

from digest.cli.common import JSON, NOW, Session, moment, stateful
from digest.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.operations.import_papers import Imported

STEPS = 1000  # of a progress bar


@stateful
def import_(
    session: Session,
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Files of papers; - is standard input.")],
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help="What the files are, where their content does not tell.")
    ] = None,
    as_new: Annotated[
        bool, typer.Option("--as-new", help="They are news: candidates of the next issue, as if just announced.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Read a file that was imported before from its start.")
    ] = False,
    now: NOW = None,
    json_: JSON = False,
) -> int:
    """Make papers known from files of any size; they are the past, never news. Interrupted, it goes on where it was."""
    from digest.operations.import_papers import Wishes, import_file
    from digest.operations.run import LOCK_WAIT_S

    wishes, at, plan = Wishes(kind=_kind(kind), as_new=as_new, again=again), moment(now), session.plan(needed=False)
    came = []
    with session.store(plan) as store, store.lock("run", LOCK_WAIT_S):
        for name in files:
            with _bar(session, f"importing {name}") as on_batch:
                came.append(import_file(store, name, at, wishes, on_batch))
            if not json_:
                print("\n".join(_lines(came[-1])))
    for one in came:
        for line, reason in one.bad:
            print(f"{one.name}, line {line}: {reason}", file=sys.stderr)
    if json_:
        print(json.dumps({"files": [one.as_json() for one in came]}, ensure_ascii=False))
    return 0 if all(one.rows > one.skipped or one.before for one in came) and not any(one.ended for one in came) else 1


@stateful
def export(
    session: Session,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only papers first seen, and issues made, since then.")
    ] = None,
    format_: Annotated[
        str, typer.Option("--format", metavar="jsonl|bibtex|ris|csv", help="How it is written.")
    ] = "jsonl",
    out: Annotated[str, typer.Option(metavar="FILE|-", help="Where to.")] = "-",
) -> int:
    """Give everything back: JSON lines lose nothing and can be imported; the others hold the papers alone."""
    from digest.operations.export import FORMATS
    from digest.operations.export import export as pieces

    if format_ not in FORMATS:
        raise InputError(f"--format {format_}: must be one of {', '.join(FORMATS)}")
    first, plan = moment(f"{since}T00:00" if since and len(since) <= 10 else since) if since else None, session.plan()
    with session.store(plan, create=False) as store:
        found = pieces(store, cast("Any", format_), first)
        if out == "-":
            sys.stdout.writelines(found)
            return 0
        written = Path(f"{out}.part")  # an export cut short must not look like a whole one
        with written.open("w", encoding="utf-8", newline="") as file:
            file.writelines(found)
        written.replace(out)
        session.say(f"{out}: {Path(out).stat().st_size:,} bytes")
    return 0


def _kind(name: str | None) -> Any:
    from digest.operations.import_papers import Kind

    if name is not None and name not in get_args(Kind):
        raise InputError(f"--kind {name}: must be one of {', '.join(get_args(Kind))}")
    return cast("Kind | None", name)


@contextmanager
def _bar(session: Session, what: str) -> "Iterator[Callable[[int, float | None], None]]":
    """A progress bar by the share of the file that is read; --verbose says how many rows."""
    with session.progress(what, STEPS) as step:
        shown = 0

        def on_batch(rows: int, share: float | None) -> None:
            nonlocal shown
            for _ in range(int((share or 0.0) * STEPS) - shown):
                step(f"{rows:,} rows")
                shown += 1
            if session.verbose:
                session.say(f"{rows:,} rows read")

        yield on_batch


def _lines(came: "Imported") -> list[str]:
    """What a file came to, for a person."""
    lines = []
    if came.before is not None:
        done = "was imported" if came.before.done else "was begun"
        lines.append(
            f"{came.name} {done} on {came.before.at:%Y-%m-%d}: {came.before.line:,} lines, of which "
            f"{came.before.added:,} papers were new; this call went on behind them"
        )
    lines.append(
        f"{came.name} ({came.kind}): {came.rows:,} rows: {came.added:,} added, {came.known:,} known before "
        f"({came.updated:,} gained something), {came.merged:,} merged, {came.skipped:,} skipped"
    )
    if came.ended:
        lines.append(f"{came.name}: {came.ended}; what stood before that is kept")
    return lines
