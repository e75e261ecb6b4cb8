"""Store room: papers of the past by the million, and where the import of a file stands.

What is new at a glance goes in here in the quickest way; what meets papers already there is `collected.py`'s. Touched
when a paper gains something that it is to be found by.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from digest.model import Row
from digest.store import tables as t
from digest.store.codec import decode, encode
from digest.store.database import Database
from digest.store.words import settle_words, stage_words

BEFORE = datetime(1970, 1, 1, tzinfo=UTC)
"""When papers of the past were first seen: before anything that this store saw itself, so that they are never news."""

LOG, USUAL_LOG = 16_000, 1_000
"""Pages in the write-ahead log before they are moved into the file. Batch after batch changes the same pages of the
indexes; waiting for 64 MB of them writes a third less. Whatever is in the log is as safe as what is in the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a file is imported. `mark` is made of its first bytes; `end` and `line` are where to go on, and `tail` is
    made of the bytes before that, so that a file that only begins alike is not taken for it. All calls are
    counted. `exact`: an export that is put back as it was."""

    mark: str
    name: str
    kind: str
    at: datetime
    end: int = 0
    line: int = 0
    tail: str = ""
    added: int = 0
    known: int = 0
    updated: int = 0
    merged: int = 0
    bad: int = 0
    done: bool = False
    exact: bool = False


class Bulk:
    """Imports. Every method raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, rows: Sequence[Row], progress: Progress) -> None:
        """Keeps papers of which no key and no title is known, and how far their file now is, in one transaction."""
        first_seen = BEFORE.isoformat(timespec="microseconds")
        with self._database.write() as write:
            write.exec_driver_sql(f"PRAGMA wal_autocheckpoint={LOG}")
            many = _many(write)
            many(_PAPERS, [(row.keys[0], first_seen, row.body) for row in rows])
            many(_KEYS, sorted((key, row.keys[0]) for row in rows for key in row.keys))
            many(_TITLES, sorted((row.fold, row.keys[0]) for row in rows if row.fold))
            note(write, ((row.keys[0], row.words) for row in rows), progress)

    def settle(self, progress: Progress) -> None:
        """Makes what was added findable by the words of its title: once at the end of a file."""
        with self._database.write() as write:
            settle_words(write)
            _put(write, progress)
            write.exec_driver_sql("PRAGMA optimize")
            write.exec_driver_sql(f"PRAGMA wal_autocheckpoint={USUAL_LOG}")

    def progress(self, mark: str) -> Progress | None:
        """How far the file of this mark is; None where none was ever begun."""
        with self._database.read() as read:
            body = read.scalar(sa.select(t.imports.c.body).where(t.imports.c.mark == mark))
        return None if body is None else decode(Progress, body)

    def imports(self) -> tuple[Progress, ...]:
        """Every file that was ever begun, in the order of their marks."""
        with self._database.read() as read:
            bodies = read.execute(sa.select(t.imports.c.body).order_by(t.imports.c.mark)).scalars()
            return tuple(decode(Progress, body) for body in bodies)


def note(write: sa.Connection, words: Iterable[tuple[str, Sequence[str]]], progress: Progress) -> None:
    """Sets down papers with the rare words of their titles, and how far their file now is."""
    stage_words(write, words)
    _put(write, progress)


_PAPERS = "INSERT OR IGNORE INTO papers (id, first_seen, body) VALUES (?, ?, ?)"
_KEYS = "INSERT OR IGNORE INTO paper_keys (key, paper_id) VALUES (?, ?)"
_TITLES = "INSERT OR IGNORE INTO paper_titles (fold, paper_id) VALUES (?, ?)"


def _many(write: sa.Connection) -> Callable[[str, list[tuple[str, ...]]], None]:
    """A function that runs a statement for many rows."""

    def run(statement: str, rows: list[tuple[str, ...]]) -> None:
        if rows:
            write.exec_driver_sql(statement, rows)

    return run


def _put(write: sa.Connection, progress: Progress) -> None:
    statement = insert(t.imports).values(mark=progress.mark, body=encode(progress))
    write.execute(statement.on_conflict_do_update(set_={"body": statement.excluded.body}))
