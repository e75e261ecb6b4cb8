"""Store room: what was rendered, kept between builds of the site in a small SQLite file of its own, beside the store.

A cache and nothing else: the file may be deleted at any time, it is of no use to another `look` (a mark of all that
renders), and whatever is wrong with it costs time only. Touched when something else that is rendered is to be kept.
"""

import logging
import sqlite3
from collections import OrderedDict
from collections.abc import Collection, Iterable
from contextlib import closing
from pathlib import Path

from digest.store.database import chunks

log = logging.getLogger(__name__)
MOST = 3_000
"""Things kept, the latest; a feed's entry in all its formats has about 12 kB."""
SCHEMA = 1
"""Raised whenever what is kept comes to be packed otherwise."""
_PAGE = 8192
_TABLES = """
CREATE TABLE IF NOT EXISTS look (mark TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS rendered (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, mark TEXT NOT NULL,
    about TEXT NOT NULL, one TEXT NOT NULL, two TEXT NOT NULL, three TEXT NOT NULL
);
"""
Parts = tuple[str, str, str, str]
"""What a thing was rendered to."""


class Rendered:
    """Named things, each with a mark of what it was rendered of. Never raises: what cannot be read is not there, what
    cannot be kept is not kept. Nothing is written before `keep`."""

    def __init__(self, path: Path, look: str, most: int = MOST) -> None:
        """With the file at `path` where it is of this `look`."""
        self._path, self._look, self._most = path, f"{SCHEMA} {look}", most
        self._new: OrderedDict[str, tuple[str, Parts]] = OrderedDict()
        self._whole = not self._fits()

    def forget(self) -> None:
        """Everything, for the file as well, as soon as something is kept."""
        self._new.clear()
        self._whole = True

    def some(self, wanted: Iterable[tuple[str, str]]) -> dict[str, Parts]:
        """By name, those of the (name, mark) `wanted` that are there with just this mark."""
        marks = dict(wanted)
        found = {name: kept[1] for name, mark in marks.items() if (kept := self._new.get(name)) and kept[0] == mark}
        missing = sorted(marks.keys() - found.keys())
        if missing and not self._whole:
            try:
                found |= {name: parts for name, mark, parts in self._rows(missing) if marks[name] == mark}
            except (sqlite3.Error, OSError) as error:
                self._lost(error)
        return found

    def put(self, name: str, mark: str, parts: Parts) -> None:
        """To be kept under this name, in place of what was."""
        self._new.pop(name, None)
        self._new[name] = mark, parts
        if len(self._new) > self._most:
            self._new.popitem(last=False)

    def keep(self) -> None:
        """Writes what was put, and drops the oldest of what is too much."""
        if not self._new:
            return
        try:
            if self._whole:
                for path in (self._path, self._path.with_name(f"{self._path.name}-journal")):
                    path.unlink(missing_ok=True)
            with closing(sqlite3.connect(self._path)) as file, file:
                self._write(file)
        except (sqlite3.Error, OSError) as error:
            self._lost(error)
        self._new.clear()

    def _write(self, file: sqlite3.Connection) -> None:
        if self._whole:
            file.executescript(f"PRAGMA page_size = {_PAGE};{_TABLES}")
            file.execute("DELETE FROM look")
            file.execute("INSERT INTO look VALUES (?)", (self._look,))
        rows = ((name, mark, *parts) for name, (mark, parts) in self._new.items())
        statement = "INSERT OR REPLACE INTO rendered (name, mark, about, one, two, three) VALUES (?, ?, ?, ?, ?, ?)"
        file.executemany(statement, rows)
        last = file.execute("SELECT number FROM rendered ORDER BY number DESC LIMIT 1 OFFSET ?", (self._most,))
        file.execute("DELETE FROM rendered WHERE number <= ?", last.fetchone() or (0,))
        self._whole = False

    def _rows(self, names: Collection[str]) -> list[tuple[str, str, Parts]]:
        found = []
        with closing(sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True)) as file:
            for some in chunks(sorted(names)):
                marks = ", ".join("?" * len(some))
                query = f"SELECT name, mark, about, one, two, three FROM rendered WHERE name IN ({marks})"  # noqa: S608
                found += [(row[0], row[1], row[2:]) for row in file.execute(query, some)]
        return found

    def _fits(self) -> bool:
        """Whether there is a file that can be read and is of this look."""
        if not self._path.is_file():
            return False
        try:
            with closing(sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True)) as file:
                return file.execute("SELECT mark FROM look").fetchall() == [(self._look,)]
        except sqlite3.Error:
            return False

    def _lost(self, error: Exception) -> None:
        log.warning("%s cannot be used, everything is rendered anew: %s", self._path, error)
        self._whole = True
