"""A CSV file of readers into the store, for `digest readers import`."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from digest.config import Plan
from digest.readers import table

if TYPE_CHECKING:
    from digest.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of a file: how many readers were added, known before, kept out (they had left), and the bad rows."""

    added: int
    known: int
    suppressed: int
    bad: tuple[tuple[int, str], ...]

    def as_json(self) -> dict[str, Any]:
        """As `digest readers import --json` prints it."""
        return {
            "added": self.added,
            "known": self.known,
            "suppressed": self.suppressed,
            "bad": [{"line": line, "reason": reason} for line, reason in self.bad],
        }


def import_readers(plan: Plan, store: "Store", body: bytes, now: datetime, *, active: bool) -> Imported:
    """Add the file's good rows; `active` says that consent was given elsewhere, else they wait for confirmation."""
    names = [newsletter.name for newsletter in plan.newsletters]
    consent = f"imported {now:%Y-%m-%d}, {'given elsewhere' if active else 'not yet confirmed'}"
    read = table.read(body, names, "active" if active else "pending", consent)
    came = list(store.readers.add(read.readers, now).values())
    return Imported(
        added=came.count("added"), known=came.count("known"), suppressed=came.count("suppressed"), bad=read.bad
    )
