"""Deliver room: editions as files. Each is there whole or not at all, and one that did not change is not touched."""

import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from digest.errors import DigestError, InputError
from digest.model import Edition


def write(editions: Iterable[Edition], root: Path) -> tuple[Path, ...]:
    """Writes each edition below `root` (made where missing) and returns their paths, in order.

    Raises InputError for a path that leads out of `root`, DigestError where the disk or its permissions refuse; what
    was written before stays, each file complete.
    """
    base = root.resolve()
    wanted = [(_inside(base, edition.path), edition.body) for edition in editions]
    for path, body in wanted:
        try:
            _put(path, body)
        except OSError as error:
            raise _refused(path, error) from error
    return tuple(path for path, _ in wanted)


class Folder:
    """Many files at once below a folder: each whole or not at all, but on the disk for certain only when `settle` is
    done, since a flush for each of ten thousand files would take minutes. Raises as `write` does."""

    def __init__(self, root: Path) -> None:
        self._base = root.resolve()

    def put(self, edition: Edition) -> Path:
        """Writes the edition and returns its path."""
        path = _inside(self._base, edition.path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _replace(path, edition.body, flush=False)
        except OSError as error:
            raise _refused(path, error) from error
        return path

    def take(self, name: str) -> None:
        """Takes a file away, if it is there, and the folders that are empty then."""
        path = _inside(self._base, name)
        try:
            path.unlink(missing_ok=True)
            for folder in path.parents:
                if folder == self._base or any(folder.iterdir()):
                    break
                folder.rmdir()
        except FileNotFoundError:
            return
        except OSError as error:
            raise _refused(path, error) from error

    def read(self, name: str) -> bytes:
        """The bytes of a file; none where there is no such file."""
        try:
            return _inside(self._base, name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return b""

    def settle(self) -> None:
        """Waits until all that was written is on the disk."""
        os.sync()


def _refused(path: Path, error: OSError) -> DigestError:
    return DigestError(f"{path} cannot be written: {error.strerror or error}; the old file is untouched")


def _inside(base: Path, name: str) -> Path:
    """The file that `name` means; symbolic links on the way are followed first, so that none leads out."""
    given = PurePosixPath(name)
    if given.name and not given.is_absolute() and ".." not in given.parts and "\0" not in name:
        path = (base / given.parent).resolve() / given.name
        if path.is_relative_to(base):
            return path
    raise InputError(f"an edition must lie inside {base}: {name!r}")


def _put(path: Path, body: bytes) -> None:
    try:
        if path.read_bytes() == body:
            return
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, body, flush=True)


def _replace(path: Path, body: bytes, *, flush: bool) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with partial.open("wb") as file:
            file.write(body)
            if flush:
                file.flush()
                os.fsync(file.fileno())
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
