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
            raise DigestError(
                f"{path} cannot be written: {error.strerror or error}; the old file is untouched"
            ) from error
    return tuple(path for path, _ in wanted)


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
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with partial.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
