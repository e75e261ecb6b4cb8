"""Room `collect`: references as RIS or as a table (CSV), as reference managers and databases export them, to entries.

Pure, no I/O. Touched when an export names a field in another way.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from digest.collect import papers
from digest.collect.errors import Unreadable
from digest.model import Entry

RIS_LINE = re.compile(r"^([A-Z][A-Z0-9]) {1,2}-(?: (.*))?$")
_RIS = {  # our field: the tags that hold it, the better ones first
    "title": ("TI", "T1", "CT"),
    "abstract": ("AB", "N2"),
    "doi": ("DO",),
    "url": ("UR", "L2", "LK"),
    "pdf": ("L1",),
    "venue": ("JO", "JF", "T2", "JA", "J2", "BT"),
    "published": ("DA", "PY", "Y1"),
    "comment": ("N1",),
    "language": ("LA",),
}
_COLUMNS = {  # our field: what columns are called, folded to small letters and spaces
    "title": ("title", "article title", "document title", "name", "ti"),
    "abstract": ("abstract", "abstract note", "summary", "ab"),
    "authors": ("authors", "author", "author full names", "author s", "au"),
    "doi": ("doi", "di", "article doi"),
    "id": ("id", "arxiv", "arxiv id", "paper id", "eprint"),
    "url": ("url", "link", "links", "article url", "address"),
    "pdf": ("pdf", "pdf url", "pdf link"),
    "venue": ("venue", "journal", "journal book", "publication title", "source title", "source", "booktitle",
              "conference", "journal title"),
    "published": ("published", "publication date", "date", "publication year", "year", "py"),
    "categories": ("categories", "category", "subjects"),
    "keywords": ("keywords", "author keywords", "manual tags"),
    "comment": ("comment", "comments", "note", "notes"),
    "language": ("language",),
    "pmid": ("pmid", "pubmed id"),
    "pmcid": ("pmcid", "pmc id"),
}  # fmt: skip
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
_FOLDED = re.compile(r"[\W_]+")


def parse_ris(body: bytes, source: str, url: str | None = None) -> tuple[Entry, ...]:  # noqa: ARG001
    """The references of an RIS file. Raises Unreadable where there is none."""
    found = [
        papers.entry(row, source, number)
        for number, row in enumerate(map(ris_row, _ris_records(body.decode("utf-8-sig", "replace"))), 1)
        if row.get("title")
    ]
    if not found:
        raise Unreadable("no references in it")
    return tuple(found)


def parse_csv(body: bytes, source: str, url: str | None = None) -> tuple[Entry, ...]:  # noqa: ARG001
    """The rows of a table whose first line names its columns. Raises Unreadable without a column of titles."""
    text = body.decode("utf-8-sig", "replace")
    head, _, _ = text.partition("\n")
    mark = delimiter(head)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        columns = named(next(rows, []))
        found = [row for row in (table_row(columns, cells) for cells in rows) if row.get("title")]
    except csv.Error as error:
        raise Unreadable(f"line {rows.line_num} is not CSV: {error}") from None
    return tuple(papers.entry(row, source, number) for number, row in enumerate(found, 1))


def ris_row(record: Iterable[str]) -> dict[str, Any]:
    """One reference's lines by the names that `papers.entry` knows; a line without a tag goes on with the last."""
    tags: dict[str, list[str]] = {}
    last: list[str] = []
    for line in record:
        found = RIS_LINE.match(line.rstrip())
        if found:
            last = tags.setdefault(found[1], [])
            last.append((found[2] or "").strip())
        elif last and line.strip():
            last[-1] = f"{last[-1]} {line.strip()}".strip()
    row: dict[str, Any] = {
        name: next((value for tag in those for value in tags.get(tag, ()) if value), None)
        for name, those in _RIS.items()
    }
    row["published"] = _ris_date(row["published"])
    row["authors"] = [turned(name) for tag in ("AU", "A1") for name in tags.get(tag, ()) if name]
    row["keywords"] = [word for word in tags.get("KW", ()) if word]
    row["identifiers"] = [
        value for tag in ("AN", "C1", "ID", "UR", "M1") for value in tags.get(tag, ()) if _names(value)
    ]
    return row


def turned(person: str) -> str:
    """``Family, Given`` as ``Given Family``; so are ``Family, Jr, Given`` (BibTeX) and ``Family, Given, Jr`` (RIS)."""
    parts = [part.strip() for part in person.split(",")]
    if len(parts) == 2:
        return f"{parts[1]} {parts[0]}"
    if len(parts) != 3:
        return person.strip()
    family, middle, last = parts
    return f"{middle} {family} {last}" if _SUFFIX.fullmatch(last) else f"{last} {family} {middle}"


def delimiter(head: str) -> str:
    """What separates the columns that `head`, a table's first line, names."""
    return max(",;\t|", key=lambda mark: (head.count(mark), mark == ","))


def named(cells: Sequence[str]) -> dict[str, list[int]]:
    """Places of a table's columns by the names that `papers.entry` knows. Raises Unreadable without one of titles."""
    folded = [_FOLDED.sub(" ", cell.lower()).strip() for cell in cells[:500]]
    found = {name: [folded.index(each) for each in known if each in folded] for name, known in _COLUMNS.items()}
    if not found["title"]:
        raise Unreadable("a table needs a first line that names its columns, one of them `title`")
    return found


def table_row(columns: Mapping[str, Sequence[int]], cells: Sequence[str]) -> dict[str, Any]:
    """One row of a table by the names that `papers.entry` knows."""
    row: dict[str, Any] = {
        name: next((cells[at] for at in places if at < len(cells) and cells[at].strip()), None)
        for name, places in columns.items()
    }
    row["identifiers"] = [f"{kind}:{row[kind]}" for kind in ("pmid", "pmcid") if row.get(kind)]
    people = row.get("authors") or ""
    mark = ";" if ";" in people else " and " if " and " in people else None
    if mark:
        row["authors"] = [turned(person) for person in people.split(mark) if person.strip()]
    return row


def _ris_records(text: str) -> Iterable[list[str]]:
    """The lines of each reference."""
    record: list[str] = []
    for line in text.splitlines():
        record.append(line)
        if line.startswith("ER  -"):
            yield record
            record = []
    if any(line.strip() for line in record):
        yield record


def _ris_date(value: str | None) -> str:
    """``2024/03/01/spring`` as ``2024-03-01``."""
    return "-".join(part for part in (value or "").split("/")[:3] if part.isdecimal())


def _names(value: str) -> bool:
    """Whether a number of a database says of which one it is; a bare number does not."""
    return any(mark in value.lower() for mark in ("arxiv", "10.", "pmid", "pmc", "pubmed"))
