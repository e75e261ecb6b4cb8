"""Benchmark: the rows of ../data/dedupe as the product's own entries, read by the product's own reader."""

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from digest.model import Author, Entry, Paper
from digest.normalise import read


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The JSON objects of a file of JSON lines, gzipped or not."""
    with path.open("rb") as packed, gzip.open(packed) if path.suffix == ".gz" else packed as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def entry(row: Mapping[str, Any], number: int = 1) -> Entry:
    """A bibliographic record as an announcement: whatever it has of title, authors, venue, year, ids and abstract."""
    authors = row.get("authors") or ()
    names = [authors] if isinstance(authors, str) else list(authors)
    venue = next(
        (row[name] for name in ("venue", "journal", "booktitle", "institution", "publisher") if row.get(name)), ""
    )
    year = re.search(r"(?:19|20)\d\d", str(row.get("year") or ""))
    arxiv = f"arXiv:{row['id']}" if re.fullmatch(r"\d{4}\.\d{4,5}", str(row.get("id", ""))) else ""
    return Entry(
        source="records",
        number=number,
        title=row.get("title") or "",
        abstract=row.get("abstract") or "",
        authors=tuple(Author(name=name) for name in names if name),
        identifiers=tuple(found for found in (arxiv, row.get("doi") or "") if found),
        venue=venue or None,
        published=datetime(int(year[0]), 1, 1, tzinfo=UTC) if year else None,
    )


def paper(row: Mapping[str, Any]) -> Paper | None:
    """The paper that a record is about, as the product reads it."""
    reading = read(entry(row))
    return reading.paper if reading else None
