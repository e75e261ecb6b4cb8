"""A file to be imported as a stream of lines: plain, gzip or zip, or what comes through a pipe. Read once, forwards."""

import gzip
import hashlib
import io
import os
import sys
import zipfile
import zlib
from pathlib import Path
from typing import IO

from digest.errors import InputError

HEAD = 65_536
"""Bytes a file is recognised by."""
TAIL = 4_096
"""Bytes before a place by which it is recognised again."""
DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile)
"""What compressed data raise that end early or are broken."""


class Stream:
    """Lines of a file. `head` is how it begins, unpacked; `forward` goes on to a place, before any line was read."""

    def __init__(self, name: str) -> None:
        """Opens the file called `name`, or standard input for ``-``. Raises InputError."""
        self.name = "standard input" if name == "-" else Path(name).name
        try:
            self._raw: IO[bytes] = sys.stdin.buffer if name == "-" else Path(name).open("rb")  # noqa: SIM115
            self._size = os.fstat(self._raw.fileno()).st_size if name != "-" else 0
            self._rest = self._unpacked()
            self.head = self._rest.read(HEAD)
        except DAMAGED as error:
            raise InputError(f"{name}: cannot be unpacked: {error}") from None
        except OSError as error:
            raise InputError(f"{name}: {error.strerror or error}") from None
        self._start = io.BytesIO(self.head)
        self._tail = b""

    def _unpacked(self) -> IO[bytes]:
        """The file's content, whatever it is packed in."""
        buffered = io.BufferedReader(self._raw, HEAD) if isinstance(self._raw, io.RawIOBase) else self._raw
        start = buffered.peek(4)[:4] if hasattr(buffered, "peek") else b""
        if start.startswith(b"\x1f\x8b"):
            return io.BufferedReader(gzip.GzipFile(fileobj=buffered), HEAD)
        if start == b"PK\x03\x04" and buffered.seekable():
            archive = zipfile.ZipFile(buffered)
            names = [each for each in archive.namelist() if not each.endswith("/")]
            if len(names) != 1:
                raise InputError(f"{self.name}: holds {len(names)} files; unpack it and name the one to import")
            return archive.open(names[0])
        return buffered

    def readline(self, size: int = -1, /) -> bytes:
        """The next line, at most `size` bytes of it. Raises OSError and what is in `DAMAGED`."""
        line = self._start.readline(size)
        if not line.endswith(b"\n") and len(line) != size:
            line += self._rest.readline(size - len(line) if size >= 0 else -1)
        self._tail = (self._tail + line)[-TAIL:]
        return line

    def forward(self, end: int) -> str:
        """Moves to the byte `end` and returns the mark of what stands before it; "" where the file is shorter."""
        at = min(end, len(self.head))
        tail = self.head[max(0, at - TAIL) : at]
        self._start.seek(at)
        if end > at + HEAD + TAIL and self._rest is self._raw and self._raw.seekable():
            at, tail = self._raw.seek(end - TAIL), b""
        while at < end and (some := self._rest.read(min(HEAD, end - at))):
            at, tail = at + len(some), (tail + some)[-TAIL:]
        self._tail = tail
        return self.tail if at == end else ""

    @property
    def tail(self) -> str:
        """The mark of what was read last."""
        return mark(self._tail)

    def share(self) -> float | None:
        """How much of the file is read, 0 to 1; None where nobody can know."""
        return min(1.0, self._raw.tell() / self._size) if self._size else None

    def close(self) -> None:
        """Closes the file; standard input stays open."""
        if self._raw is not sys.stdin.buffer:
            self._raw.close()


def mark(some: bytes) -> str:
    """A mark by which bytes are known again."""
    return hashlib.sha256(some).hexdigest()[:32]
