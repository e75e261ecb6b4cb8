"""What commands share: their common options, the opened plan and store, the time, and how they talk.

Standard output is for results (`--json`: one object and nothing else); progress and logs go to standard error.
"""

import functools
import inspect
import logging
import sys
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from digest.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.config import Plan
    from digest.store import Store

CONFIG = Annotated[
    Path, typer.Option("--config", envvar="DIGEST_CONFIG", help="The configuration file.", metavar="FILE")
]
HOME = Annotated[
    Path | None,
    typer.Option(
        "--home", envvar="DIGEST_HOME", metavar="DIR", help="What relative paths in the config start from [its folder]."
    ),
]
SET = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Any config value, by dotted path; may be repeated."),
]
QUIET = Annotated[bool, typer.Option("--quiet", help="Say only what went wrong.")]
VERBOSE = Annotated[bool, typer.Option("--verbose", help="Say every step.")]
LOG_FORMAT = Annotated[str, typer.Option("--log-format", metavar="text|json", help="How log lines look.")]
JSON = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
NOW = Annotated[
    str | None,
    typer.Option(metavar="ISO", help="Pretend it is this time. Without an offset UTC; a date alone: its end."),
]

_COMMON: dict[str, tuple[Any, Any]] = {
    "config": (CONFIG, Path("config.yaml")),
    "home": (HOME, None),
    "set_": (SET, None),
    "quiet": (QUIET, False),
    "verbose": (VERBOSE, False),
    "log_format": (LOG_FORMAT, "text"),
}


@dataclass(frozen=True, slots=True)
class Session:
    """The common options of one call, and what they open."""

    config: Path
    home: Path | None
    overrides: tuple[str, ...]
    quiet: bool
    verbose: bool

    def plan(self, *, needed: bool = True) -> "Plan":
        """The configuration; with `needed` False a missing default file means the defaults."""
        from digest.config import default_plan, load

        if not needed and not self.config.exists() and self.config == Path("config.yaml"):
            return default_plan(self.home or Path.cwd(), self.overrides)
        return load(self.config, self.home, self.overrides)

    def store(self, plan: "Plan", *, create: bool = True) -> "Store":
        """The store that the plan names, migrated to this program's schema."""
        from digest.store import Store

        return Store.open(plan.database, plan.home, create=create)

    def rehearsal(self, plan: "Plan") -> "Store":
        """A throw-away copy of that store, for dry runs."""
        from digest.store import Store

        return Store.rehearsal(plan.database, plan.home)

    def say(self, message: str) -> None:
        """A line about progress, on standard error; silent with --quiet."""
        if not self.quiet:
            print(message, file=sys.stderr)

    @contextmanager
    def progress(self, what: str, total: int | None = None) -> "Iterator[Callable[[str], None]]":
        """A progress bar on standard error where a person waits; the callable advances it and names the thing done."""
        if self.quiet or not sys.stderr.isatty():
            yield lambda _done: None
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (
            TextColumn(what),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[done]}"),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(what, total=total, done="")
            yield lambda done: bar.update(task, advance=1, done=done)


def stateful(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the common options: it receives a `Session` as its first argument in their place."""

    @functools.wraps(command)
    def wrapper(**values: Any) -> Any:
        common = {name: values.pop(name) for name in _COMMON}
        _set_up_logging(verbose=common["verbose"], quiet=common["quiet"], style=common["log_format"])
        session = Session(
            common["config"], common["home"], tuple(common["set_"] or ()), common["quiet"], common["verbose"]
        )
        return command(session, **values)

    signature = inspect.signature(command)
    extra = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in _COMMON.items()
    ]
    own = [item.replace(kind=inspect.Parameter.KEYWORD_ONLY) for item in list(signature.parameters.values())[1:]]
    wrapper.__signature__ = signature.replace(parameters=[*own, *extra])  # type: ignore[attr-defined]
    wrapper.__annotations__ = {item.name: item.annotation for item in (*own, *extra)}
    return wrapper


def moment(text: str | None) -> datetime:
    """`--now` as a UTC time; the clock's when absent. Without an offset it is UTC; a date alone is its end."""
    if text is None:
        return datetime.now(UTC)
    try:
        stamp = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InputError(
            f"--now {text}: is not a date or time; write 2025-03-11 or 2025-03-11T08:00:00+00:00"
        ) from None
    if len(text.strip()) <= 10:
        stamp = datetime.combine(stamp.date(), time(23, 59, 59))
    return stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp.astimezone(UTC)


class _JsonLines(logging.Formatter):
    """One JSON object a log line: time, level, logger, message; the request it belongs to, and what else it tells."""

    def format(self, record: logging.LogRecord) -> str:
        import json

        stamp = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"time": stamp, "level": record.levelname.lower(), "logger": record.name, "message": record.getMessage()}
        if request := getattr(record, "request", ""):
            line["request"] = request
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class _Lines(logging.Formatter):
    """A line a record, with the id of the request it belongs to."""

    def format(self, record: logging.LogRecord) -> str:
        request = getattr(record, "request", "")
        return super().format(record) + (f" [{request}]" if request else "")


def _set_up_logging(*, verbose: bool, quiet: bool, style: str) -> None:
    if style not in ("text", "json"):
        raise InputError(f"--log-format {style}: must be text or json")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines() if style == "json" else _Lines("%(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("digest").setLevel(logging.DEBUG if verbose else logging.ERROR if quiet else logging.INFO)
