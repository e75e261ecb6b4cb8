"""Store room: one SQLite file, its connections, transactions and locks. The only part that knows SQLite's ways.

A read is one snapshot; a write is one ``BEGIN IMMEDIATE``: pysqlite's own habit (a SELECT outside any transaction, then
a deferred BEGIN before the first INSERT) makes read-then-write neither atomic nor free of "database is locked".
"""

import fcntl
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from digest.errors import InputError, StoreError

CHUNK = 500  # values in one IN (...): far below SQLite's limit, and past the point where more makes it faster
BUSY_S = 30.0
LITTLE = 100_000  # bytes free on a disk that may as well be called full
T = TypeVar("T")


def locate(url: str, home: Path) -> Path:
    """The file that `url` names; a relative path starts from `home`. Raises InputError for any other database."""
    scheme, _, rest = url.partition("://")
    if scheme.split("+")[0] in ("postgresql", "postgres"):
        raise InputError("database: postgresql:// comes later; use sqlite:///digest.db for now")
    if scheme != "sqlite" or not rest.startswith("/") or not rest.strip("/"):
        raise InputError("database: expected sqlite:///FILE (relative to the home) or sqlite:////ABSOLUTE/FILE")
    return (home / rest[1:]).absolute()


class Database:
    """Connections to the store's file. Threads may share one; processes each open their own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file, self._log = str(path), f"{path}-wal"
        url = sa.URL.create("sqlite", database=str(path))
        self._reads = sa.create_engine(url, connect_args={"timeout": BUSY_S})
        sa.event.listen(self._reads, "connect", _on_connect)
        sa.event.listen(self._reads, "begin", _on_begin)
        self._writes = self._reads.execution_options(immediate=True)

    def read(self) -> AbstractContextManager[sa.Connection]:
        """A context manager giving a connection that sees one moment of the store. Raises StoreError."""
        return self._transaction(self._reads)

    def write(self) -> AbstractContextManager[sa.Connection]:
        """A context manager giving a connection of one transaction: all of it is kept, or none. Raises StoreError."""
        return self._transaction(self._writes)

    @contextmanager
    def outside(self) -> Iterator[sa.Connection]:
        """A connection outside of any transaction, for what SQLite does only there. Raises StoreError."""
        with in_words(self.path), self._reads.connect() as connection:
            yield connection.execution_options(outside=True)

    def stamp(self) -> tuple[int, ...]:
        """Another value whenever anything was saved, by whichever process: time and size of the write-ahead log, which
        every transaction goes to first; without one, of the file. Costs a call of the system."""
        try:
            status = os.stat(self._log)  # noqa: PTH116 - asked at every request; a Path costs as much again
        except FileNotFoundError:
            status = os.stat(self._file)  # noqa: PTH116
        return status.st_mtime_ns, status.st_size, status.st_ino

    def close(self) -> None:
        """Closes every connection; a later use opens them anew."""
        self._reads.dispose()

    @contextmanager
    def _transaction(self, engine: sa.Engine) -> Iterator[sa.Connection]:
        with in_words(self.path), engine.begin() as connection:
            yield connection


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # no transaction but those that `_on_begin` opens
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA secure_delete=ON")  # who is erased must not stay behind in free pages


def _on_begin(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    if options.get("outside"):
        return
    immediate = options.get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turns what the database or the disk refuses into a StoreError of one sentence; a broken rule stays a bug."""
    try:
        yield
    except (sa.exc.IntegrityError, sqlite3.IntegrityError, sa.exc.ProgrammingError):
        raise
    except (sa.exc.DBAPIError, sqlite3.Error, OSError) as error:
        raise StoreError(_sentence(path, str(getattr(error, "orig", None) or error))) from error


def _sentence(path: Path, cause: str) -> str:
    said = cause.casefold()
    if "i/o error" in said and path.parent.is_dir() and shutil.disk_usage(path.parent).free < LITTLE:
        said = "full"  # SQLite says so only of the file itself, not of the two beside it
    for sign, words in (
        ("full", f"no room left on the disk of {path}; free some and run again, nothing was changed"),
        ("no space", f"no room left on the disk of {path}; free some and run again, nothing was changed"),
        ("i/o error", f"the disk of {path} reports an error; look to the disk and run again, nothing was changed"),
        ("locked", f"{path} is held by another program; run again when it has finished"),
        ("readonly", f"{path} or its folder cannot be written; mend their permissions"),
        ("permission", f"{path} or its folder cannot be written; mend their permissions"),
        ("unable to open", f"{path} cannot be opened; its folder must exist and be writable"),
        ("malformed", f"{path} is damaged; restore it from a copy, nothing was changed"),
        ("not a database", f"{path} is not a SQLite database; move it away or name another file"),
    ):
        if sign in said:
            return words
    return f"{path} cannot be used: {cause}"


def chunks(values: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """`values` in runs of at most `size`."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


@contextmanager
def lock(path: Path, wait_s: float, on_wait: Callable[[], None] | None = None) -> Iterator[None]:
    """Holds the lock file `path`, which the kernel frees when this process ends, however it ends.

    Waits at most `wait_s` seconds, calling `on_wait` once if it has to; then raises StoreError.
    """
    descriptor = _open_lock(path)
    try:
        for pause in range(int(wait_s / 0.05) + 1):
            if try_flock(descriptor):
                break
            if pause == 0 and on_wait is not None:
                on_wait()
            time.sleep(0.05)
        else:
            raise StoreError(f"another digest is at work here ({path}); run again when it has finished")
        yield
    finally:
        os.close(descriptor)


def _open_lock(path: Path) -> int:
    with in_words(path):
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def try_flock(descriptor: int) -> bool:
    """Whether the lock of an open file is now ours; never waits."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
