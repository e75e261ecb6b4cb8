"""What an issue rests on: its sources, how they were, and what they brought.

Values only; touched when readers are to be told something new of a source.
"""

from dataclasses import dataclass
from datetime import datetime

from digest.model.papers import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveragePart:
    """A part of a source that is followed by itself, such as a category of arXiv; `entries` as for the source."""

    name: str
    status: Status
    entries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """A source, its state and what it brought since the last issue: `entries` papers, `new` of them from it first."""

    source: str
    status: Status
    entries: int
    new: int
    since: datetime | None = None
    error: str | None = None
    parts: tuple[CoveragePart, ...] = ()
