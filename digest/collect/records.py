"""Room `collect`: a file of papers of any size, record by record, for an import that may be taken up again.

Nothing is held but the record at hand. Each record says on which line it begins and at which byte it ends, which is
where a later call may go on. Touched when another format of files is to be imported.
"""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from digest.collect import file, papers, references
from digest.collect.errors import Unreadable
from digest.collect.recognise import BIBTEX, RIS, is_table
from digest.model import Entry

Kind = Literal["jsonl", "bibtex", "ris", "csv", "export"]
"""What a file is; an `export` is another digest's, whose lines are no entries."""
KINDS: tuple[Kind, ...] = get_args(Kind)
ALONE: tuple[Kind, ...] = ("jsonl", "ris")
"""Kinds whose records stand for themselves: none says how another is read."""
EXPORT = b'{"digest":"export"'
LONGEST = 8_000_000
"""Bytes of one record; the longest of the snapshot, with 3,000 authors, has a few hundred thousand."""
OF_LINES = 300_000
"""Bytes of a record of several lines: one that never ends must not be looked through for ever."""
_BLOCK = re.compile(rb"^\s*@([A-Za-z]+)\s*[{(]")


class Lines(Protocol):
    """What is read: a binary file, or anything else that gives one line a time."""

    def readline(self, size: int = -1, /) -> bytes:
        """The next line with its end, at most `size` bytes of it; b"" at the end."""


@dataclass(frozen=True, slots=True)
class Record:
    """What stands from `line` (from 1) up to the byte `end`."""

    line: int
    end: int
    body: bytes


def kind_of(start: bytes) -> Kind:
    """The kind of a file that begins so. Raises Unreadable where it is none that can be imported."""
    found = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if found[:1] == b"{":
        return "export" if found.startswith(EXPORT) else "jsonl"
    if RIS.match(found):
        return "ris"
    if BIBTEX.search(found):
        return "bibtex"
    if is_table(found):
        return "csv"
    raise Unreadable(f"it is none of {', '.join(KINDS)}; `--kind` says which it is meant to be")


def split(kind: Kind, lines: Lines, line: int = 0, at: int = 0) -> Iterator[Record]:
    """The records of what `lines` gives, which is at byte `at`, behind `line` lines."""
    return _single(lines, line, at) if kind in ("jsonl", "export") else _joined(kind, lines, line, at)


def _single(lines: Lines, line: int, at: int) -> Iterator[Record]:
    """`split` where each line stands for itself."""
    while found := lines.readline(LONGEST):
        ended = found.endswith(b"\n")
        line, at = line + ended, at + len(found)
        if not found.isspace():
            yield Record(line if ended else line + 1, at, found)


def _joined(kind: Kind, lines: Lines, line: int, at: int) -> Iterator[Record]:
    """`split` where a record may have several lines."""
    whole = _WHOLE[kind]()
    body, first = bytearray(), line + 1
    while found := lines.readline(LONGEST):
        line, at = line + found.endswith(b"\n"), at + len(found)
        if kind == "bibtex" and body and _BLOCK.match(found):  # the block before never ended
            yield Record(first, at - len(found), bytes(body))
            body = bytearray()
        if not body:
            first = line if found.endswith(b"\n") else line + 1
            if not found.strip() or (kind == "bibtex" and not _BLOCK.match(found)):
                continue
        body += found
        if whole(body, found) or len(body) >= OF_LINES:
            yield Record(first, at, bytes(body))
            body = bytearray()
    if body:
        yield Record(first, at, bytes(body))


def reader(kind: Kind, source: str) -> Callable[[Record], Entry | None]:
    """A function from a record to its entry, or to None where it is no paper's (a table's head, a BibTeX macro).

    It must see every record of a table or of BibTeX, in order, since some say how others are read. It raises
    ValueError, in words that fit behind "line 7: ", for a record that cannot be read.
    """
    if kind == "jsonl":
        return lambda record: file.of_line(record.body, source, record.line)
    if kind == "ris":
        return lambda record: _ris(record, source)
    return _Table(source) if kind == "csv" else _Bibtex(source)


def _ris(record: Record, source: str) -> Entry:
    row = references.ris_row(record.body.decode("utf-8-sig", "replace").splitlines())
    return _titled(papers.entry(row, source, record.line))


def _titled(entry: Entry) -> Entry:
    if not entry.title.strip():
        raise ValueError("it has no title")
    return entry


class _Table:
    """Reads rows by what the first one says."""

    def __init__(self, source: str) -> None:
        self._source, self._mark = source, ","
        self._columns: dict[str, list[int]] = {}

    def __call__(self, record: Record) -> Entry | None:
        text = record.body.decode("utf-8-sig", "replace")
        if not self._columns:
            self._mark = references.delimiter(text)
        try:
            cells = next(csv.reader(text.splitlines(keepends=True), delimiter=self._mark), [])
            if not self._columns:
                self._columns = references.named(cells)
                return None
        except csv.Error as error:
            raise ValueError(str(error)) from None
        except Unreadable as error:
            raise ValueError(error.reason) from None
        return _titled(papers.entry(references.table_row(self._columns, cells), self._source, record.line))


class _Bibtex:
    """Reads blocks, each with the macros (``@string``) that stood before it."""

    def __init__(self, source: str) -> None:
        self._source, self._macros = source, b""

    def __call__(self, record: Record) -> Entry | None:
        found = _BLOCK.match(record.body)
        kind = found[1].lower() if found else b""
        if kind in (b"string", b"comment", b"preamble"):
            if kind == b"string" and len(self._macros) < LONGEST:
                self._macros += record.body
            return None
        try:
            entries = file.parse_bibtex(self._macros + record.body, self._source)
        except Unreadable:
            raise ValueError("it is not BibTeX") from None
        return _titled(entries[0])


class _Whole(Protocol):
    """Whether a record is whole with the line `found`, its last so far."""

    def __call__(self, body: bytearray, found: bytes, /) -> bool: ...


class _Reference:
    def __call__(self, _body: bytearray, found: bytes, /) -> bool:
        return found.startswith(b"ER  -")


class _Block:
    """BibTeX: every brace is closed, and the bracket of a block in round ones; ``\\{`` is none."""

    _depth = 0
    _round = False

    def __call__(self, body: bytearray, found: bytes, /) -> bool:
        if len(body) == len(found):
            head = _BLOCK.match(found)
            self._depth, self._round = 0, head is not None and head[0].endswith(b"(")
        text = found.replace(b"\\{", b"").replace(b"\\}", b"")
        self._depth += text.count(b"{") - text.count(b"}")
        return self._depth <= 0 and (not self._round or text.rstrip().endswith(b")"))


class _Row:
    """A table: a quote that opens a field may close lines later, and only a line with a quote can close it."""

    _mark = ""

    def __call__(self, body: bytearray, found: bytes, /) -> bool:
        if not self._mark:
            self._mark = references.delimiter(found.decode("utf-8-sig", "replace"))
        if b'"' not in found:
            return len(body) == len(found)
        lines = body.decode("utf-8-sig", "replace").splitlines(keepends=True)
        try:
            next(csv.reader(lines, delimiter=self._mark, strict=True), None)
        except csv.Error as error:
            return "unexpected end" not in str(error)
        return True


_WHOLE: dict[Kind, Callable[[], _Whole]] = {
    "ris": _Reference,
    "csv": _Row,
    "bibtex": _Block,
}
