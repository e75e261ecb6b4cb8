"""Room `collect`: files of papers, as JSON lines or BibTeX, to entries. Pure, no I/O.

The only user of bibtexparser. Touched when a reference manager writes a field in another way.
"""

import io
import json
import logging
import re
from typing import Any

from digest.collect import feed, papers, snapshot
from digest.collect.errors import Unreadable
from digest.collect.references import turned
from digest.model import Entry

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Braces that only protect capitals; those that belong to a TeX command stay.
_BRACES = re.compile(r"(?<![\\\w}])\{([^{}\\$]*)\}")


def parse_lines(body: bytes, source: str, url: str | None = None) -> tuple[Entry, ...]:  # noqa: ARG001
    """The papers of a JSON-lines file, empty lines aside.

    Raises Unreadable naming the first line that is no JSON object, with the entries of all the lines that are.
    """
    entries: list[Entry] = []
    wrong: list[str] = []
    for number, line in enumerate(io.BytesIO(body), 1):
        if not line.strip():
            continue
        try:
            entries.append(of_line(line, source, len(entries) + 1))
        except ValueError as error:
            wrong.append(f"line {number} is not a paper: {error}")
    if wrong:
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        raise Unreadable(wrong[0] + more, tuple(entries))
    return tuple(entries)


def of_line(line: bytes, source: str, number: int) -> Entry:
    """The paper of one JSON line, also of a row of arXiv's snapshot. Raises ValueError for what is no object."""
    row = _object(line)
    return snapshot.entry(row, source, number) if snapshot.is_row(row) else papers.entry(row, source, number)


def _object(line: bytes) -> dict[str, Any]:
    """One line as an object; ValueError for anything else."""
    try:
        row = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(row, dict):
        raise ValueError("it is no JSON object")
    return row


def parse_bibtex(body: bytes, source: str, url: str | None = None) -> tuple[Entry, ...]:  # noqa: ARG001
    """The references of a BibTeX file; TeX in their fields stays.

    Raises Unreadable naming the line of the first block that cannot be read, with the entries of those that can.
    """
    if len(body) > feed.MAX_BYTES:
        raise Unreadable(f"the body has {len(body):,} bytes, more than {feed.MAX_BYTES:,}")
    import bibtexparser

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # it logs each bad block; we report the first
    library = bibtexparser.parse_string(  # type: ignore[attr-defined]
        body.decode("utf-8-sig", "replace")
    )
    entries = tuple(
        papers.entry(_row({f.key.lower(): _unbraced(f.value) for f in found.fields}), source, i)
        for i, found in enumerate(library.entries, 1)
    )
    if library.failed_blocks:
        line = (library.failed_blocks[0].start_line or 0) + 1
        raise Unreadable(f"the block at line {line} is not BibTeX", entries)
    if not entries:
        raise Unreadable("no references in it")
    return entries


def _row(found: dict[str, str]) -> dict[str, Any]:
    """A reference's fields by the names that `papers.entry` knows."""
    eprint = found.get("eprint", "")
    archive = (found.get("archiveprefix") or found.get("eprinttype") or "arxiv").lower()
    people = found["author"].split(" and ") if found.get("author") else []
    return {
        **found,
        "id": eprint if eprint and archive == "arxiv" else None,
        "authors": [turned(person) for person in people],
        "author": None,
        "published": found.get("date") or _issued(found),
        "comment": found.get("note") or found.get("comment"),
        "venue": found.get("journal") or found.get("journaltitle") or found.get("booktitle"),
        "categories": [found["primaryclass"]] if found.get("primaryclass") else [],
    }


def _issued(found: dict[str, str]) -> str:
    """Year and month as ``2024-03``; the month may be a number or a name."""
    year, month = found.get("year", ""), found.get("month", "").strip().lower()
    named = _MONTHS.index(month[:3]) + 1 if month[:3] in _MONTHS else 0
    number = int(month) if month.isdecimal() and len(month) < 3 else named
    return f"{year}-{number:02}" if 1 <= number <= 12 else year


def _unbraced(value: Any) -> str:
    """A field on one line, without braces that only protect capitals."""
    return _BRACES.sub(r"\1", " ".join(str(value).split()))
