"""The troubles of the simulated month: which fault, on which day and hours, at which source, and whether it is real.

A fault is real if it costs something that a person could miss; what the client passes by itself (one refusal, then an
answer; guids that change) must leave no trace at all. Faults are in the replay server's words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Trouble:
    """A fault from hour `start` to before hour `end` of a day; `spec` is empty while the machine itself is down."""

    day: date
    source: str
    spec: str
    start: int = 0
    end: int = 24
    real: bool = True

    def active(self, now: datetime) -> bool:
        """Whether the source fails now."""
        return now.date() == self.day and self.start <= now.hour < self.end

    def touches(self, now: datetime) -> bool:
        """Whether it may still be spoken of: on its day, and on the next, when what was missed is regained."""
        return 0 <= (now.date() - self.day).days <= (0 if self.spec else 2)

    def hides_feed(self, day: date) -> bool:
        """Whether arXiv's feed of that day may never have been seen whole."""
        return self.day == day and self.source in ("arxiv", "*")


def down(troubles: Sequence[Trouble], now: datetime) -> bool:
    """Whether the machine is off."""
    return any(trouble.active(now) and not trouble.spec for trouble in troubles)


def _at(day: str, source: str, spec: str, start: int = 0, end: int = 24, *, real: bool = True) -> Trouble:
    return Trouble(date.fromisoformat(day), source, spec, start, end, real)


# 2026-02-03 has no batch, as if it were a holiday. Two quiet days stand first, so that the sources are known.
MONTH = (
    _at("2026-01-30", "arxiv", "status-429=1,1:/rss/*", real=False),
    _at("2026-02-02", "arxiv", "late"),
    _at("2026-02-02", "zookeys", "html-instead:/feeds/zoo*"),
    _at("2026-02-04", "arxiv", "stale:cs.AI@2026-02-04"),
    _at("2026-02-04", "hf", "status-429=99,0:/api/daily*", 6, 16),
    _at("2026-02-05", "arxiv", "empty:/rss/*"),
    _at("2026-02-05", "hf", "malformed-json:/api/daily*", 0, 12),
    _at("2026-02-05", "jstage", "gone:/feeds/jstage*"),
    _at("2026-02-06", "hf", "partial@2026-02-06"),
    _at("2026-02-06", "arxiv", "reset-guid", 9, 18, real=False),
    _at("2026-02-06", "zookeys", "status-503:/feeds/zoo*", 9, 12),
    _at("2026-02-09", "arxiv", "html-instead:/rss/*"),
    _at("2026-02-09", "hf", "drop:/api/daily*", 0, 12),
    _at("2026-02-10", "arxiv", "late:/rss/*@2026-02-10"),
    _at("2026-02-10", "zookeys", "moved:/feeds/zoo*"),
    _at("2026-02-11", "*", "status-429=99,0"),
    _at("2026-02-11", "hf", "odd-shape:/api/daily*", real=False),
    _at("2026-02-12", "arxiv", "stale@2026-02-12"),
    _at("2026-02-12", "hf", "slow=0.01:/api/daily*", 0, 9),
    _at("2026-02-13", "arxiv", "badxml=truncated:/rss/*"),
    _at("2026-02-13", "hf", "status-406-without-accept", real=False),
    _at("2026-02-16", "arxiv", "gone:/rss/*"),
    _at("2026-02-16", "hf", "empty:/api/daily*", 0, 18),
    _at("2026-02-17", "arxiv", "slow=0.01:/rss/*", 0, 9),
    _at("2026-02-18", "*", ""),
    _at("2026-02-19", "*", ""),
    _at("2026-02-23", "arxiv", "drop:/rss/*"),
    _at("2026-02-24", "arxiv", "gzip-bad:/rss/*"),
    _at("2026-02-24", "hf", "status-503:/api/daily*", 9, 12),
    _at("2026-02-25", "arxiv", "stale:cs.CV@2026-02-25"),
    _at("2026-02-25", "hf", "html-instead:/api/daily*", 0, 9),
    _at("2026-02-26", "arxiv", "redirect-loop:/rss/*"),
    _at("2026-02-26", "jstage", "huge:/feeds/jstage*", 0, 9),
)
