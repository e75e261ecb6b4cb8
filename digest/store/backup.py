"""Store room: the store as one file to keep elsewhere, and back. Touched when more than the database must be kept.

A backup is a zip archive: the database as it stood at one moment, the journals of whoever was sending at that moment,
and what else the caller adds by name (the key of signed links). Journals are read while writing is locked out, so that
none can be brought into the database between the moment copied and its own reading.
"""

import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from digest.errors import InputError, StoreError
from digest.store.database import BUSY_S, in_words
from digest.store.upgrade import keep, look

DATABASE, ABOUT = "digest.db", "about.json"
JOURNALS, OTHERS = "senders/", "files/"


def write(path: Path, to: Path, others: Mapping[str, Path], about: Mapping[str, Any]) -> None:
    """Writes the archive `to`: the store at `path`, the files `others` (name in the archive to path; absent ones are
    left out) and `about`. Whole or not at all; readable by its owner alone. Raises StoreError."""
    to = to.absolute()
    unready = to.with_name(f"{to.name}.new")
    with in_words(to), tempfile.TemporaryDirectory(prefix=".digest-", dir=to.parent) as folder:
        copied = Path(folder) / DATABASE
        journals = _copy(path, copied)
        schema = look(copied)
        with zipfile.ZipFile(_private(unready), "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(ABOUT, json.dumps({**about, "schema": schema}, indent=1))
            archive.write(copied, DATABASE)
            for name, body in journals.items():
                archive.writestr(f"{JOURNALS}{name}", body)
            for name, file in others.items():
                if file.is_file():
                    archive.write(file, f"{OTHERS}{name}")
        _synced(unready)
        unready.replace(to)


def read(archive: Path, path: Path, others: Mapping[str, Path]) -> dict[str, Any]:
    """Puts the store in `archive` in the place of the one at `path`, and its other files where `others` says.

    The caller holds the store's run lock, so nobody is sending. What was there is kept as ``PATH.before-restore``. The
    database changes in one transaction: killed at any moment it is as before or as after. Returns what the archive says
    about itself. Raises InputError for a file that is no backup, StoreError for a damaged or newer one; nothing is
    changed then.
    """
    path = path.absolute()
    with _opened(archive) as box, tempfile.TemporaryDirectory(prefix=".digest-", dir=path.parent) as folder:
        about: dict[str, Any] = json.loads(box.read(ABOUT))
        fresh = Path(folder) / DATABASE
        with in_words(path), box.open(DATABASE) as source, fresh.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        _sound(fresh, archive)
        if path.exists() and path.stat().st_size:
            keep(path, path.with_name(f"{path.name}.before-restore"))
        with in_words(path):
            for name in box.namelist():
                if name.startswith(JOURNALS) and (own := _plain(name, JOURNALS)):
                    _replace(path.with_name(f"{path.name}{own}"), box.read(name))
            for name, place in others.items():
                if f"{OTHERS}{name}" in box.namelist():
                    _replace(place, box.read(f"{OTHERS}{name}"))
            _pour(fresh, path)
        return about


def _copy(path: Path, to: Path) -> dict[str, bytes]:
    """The store as at one moment into the file `to`; the journals of that moment, by
    what their names add to the store's."""
    if look(path) is False:
        raise StoreError(f"there is no store at {path} yet; `digest run` makes one")
    with closing(_connected(path)) as holding, closing(_connected(path)) as source:
        holding.execute("BEGIN IMMEDIATE")  # nobody writes while the moment is fixed and journals are read
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        senders = path.parent.glob(f"{path.name}.sender-*")
        journals = {file.name.removeprefix(path.name): file.read_bytes() for file in senders}
        holding.execute("ROLLBACK")
        with closing(sqlite3.connect(to)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
    return journals


def _connected(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)


@contextmanager
def _opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    """The archive, if it is a backup. Raises InputError."""
    try:
        with zipfile.ZipFile(archive) as box:
            if not {ABOUT, DATABASE} <= set(box.namelist()) or box.testzip() is not None:
                raise InputError(f"{archive}: is no whole backup; `digest backup FILE` writes one")
            yield box
    except (zipfile.BadZipFile, EOFError):
        raise InputError(f"{archive}: is no backup, or cut short; `digest backup FILE` writes one") from None
    except FileNotFoundError:
        raise InputError(f"{archive}: there is no such file") from None


def _sound(fresh: Path, archive: Path) -> None:
    """Raises StoreError where the database of a backup is damaged, foreign or of a newer version."""
    try:
        found = look(fresh)
        with closing(sqlite3.connect(f"{fresh.as_uri()}?mode=ro", uri=True)) as connection, in_words(fresh):
            (words,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except StoreError as error:
        raise StoreError(f"{archive}: {str(error).replace(str(fresh), 'its store')}") from None
    if found is False or words != "ok":
        raise StoreError(f"{archive}: the store in it is damaged ({words}); nothing was changed")


def _pour(fresh: Path, path: Path) -> None:
    """The pages of `fresh` in place of those of the database at `path`, in one transaction of SQLite's."""
    with closing(sqlite3.connect(fresh)) as source, closing(_connected(path)) as target:
        source.backup(target)


def _plain(name: str, prefix: str) -> str:
    """The bare file name after `prefix`, "" for one that would lead elsewhere."""
    bare = name.removeprefix(prefix)
    return bare if "/" not in bare and "\\" not in bare and bare not in ("", ".", "..") else ""


def _private(path: Path) -> Path:
    path.unlink(missing_ok=True)
    path.touch(0o600)
    return path


def _replace(path: Path, body: bytes) -> None:
    unready = _private(path.with_name(f".{path.name}.new"))
    unready.write_bytes(body)
    unready.replace(path)


def _synced(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
