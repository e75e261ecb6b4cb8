"""What a run came to: the values behind the report that `digest run --json` prints.

Values only; touched together with docs/commands.md, since scripts read what these become.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from digest.model.issues import IssueStatus
from digest.model.papers import Status
from digest.model.readers import Counts, Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """What one source brought. `new` counts papers it was the first to announce."""

    name: str
    status: Status
    entries: int = 0
    new: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalLine:
    """What one source of signals said: of how many papers it was `asked`, of how many it `found` anything above 0."""

    name: str
    status: Status
    asked: int = 0
    found: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What a collect came to: entries = new + known + merged + rejected."""

    entries: int = 0
    new: int = 0
    known: int = 0
    merged: int = 0
    rejected: int = 0
    sources: tuple[SourceLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueLine:
    """What became of one issue. `sections` pairs a topic's name with its papers' ids; `files` are paths as written;
    `channels` are its deliveries besides mail."""

    newsletter: str
    day: date
    status: IssueStatus
    sections: tuple[tuple[str, tuple[str, ...]], ...] = ()
    files: tuple[str, ...] = ()
    deliveries: Counts = field(default_factory=Counts)
    note: str = ""
    channels: tuple[Delivery, ...] = ()

    @property
    def papers(self) -> int:
        """How many papers it prints."""
        return sum(len(ids) for _, ids in self.sections)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A whole run: `collected` is None where nothing was asked to be collected."""

    now: datetime
    collected: Collected | None
    issues: tuple[IssueLine, ...]
    signals: tuple[SignalLine, ...] = ()
