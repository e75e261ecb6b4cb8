"""What sources that are asked by date have in common: from which day to which, and what to remember. Room `collect`.

Touched when such a source should look further back or remember more. Pure, no I/O.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from digest.collect import health
from digest.collect.errors import Unreadable
from digest.model import Answer, Entry, Source, SourceState

_LONGEST = timedelta(days=60)  # looked back after a long absence


@dataclass(frozen=True, slots=True)
class Window:
    """The days to ask for, both included."""

    since: date
    until: date


def window(state: SourceState, now: datetime, overlap: int) -> Window:
    """From `overlap` days before the last complete answer (papers are indexed late) to today, UTC.

    Days before the source was first asked for are not owed, but for the overlap itself.
    """
    today = now.date()
    last = state.memory.get("last_day")
    since = (date.fromisoformat(last) if last else today) - timedelta(days=overlap)
    return Window(max(since, today - _LONGEST), today)


def concluded(
    source: Source,
    state: SourceState,
    now: datetime,
    entries: Sequence[Entry],
    error: str | None,
    *,
    daily: bool = False,
) -> Answer:
    """The answer after all pages, or those before an `error`; only a complete one moves the window on.

    Raises Unreadable where nothing came but the error.
    """
    if error and not entries:
        raise Unreadable(error)
    moved = {} if error else {"last_day": now.date().isoformat()}
    return health.announced(source, state, now, entries, (), daily=daily, error=error, memory=moved)


def listed(value: object) -> tuple[str, ...]:
    """An option that may be one or several."""
    if isinstance(value, list | tuple):
        return tuple(str(v) for v in value)
    return () if value is None else (str(value),)


def rows(document: object, *path: str) -> list[Mapping[str, Any]]:
    """The list of objects at a path in a JSON answer. Raises Unreadable where there is none."""
    for key in path:
        document = document.get(key) if isinstance(document, dict) else None
    if not isinstance(document, list):
        raise Unreadable(f"no list of papers in the answer (wanted {'.'.join(path)})")
    return [row for row in document if isinstance(row, dict)]
