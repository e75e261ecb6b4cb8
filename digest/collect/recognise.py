"""Room `collect`: a body of unknown kind to entries, the kind told by its content. Pure, no I/O.

Touched when another format of papers is read: its reader is a module beside this one, its look a line below.
"""

import re
from collections.abc import Callable
from typing import Any

from digest.collect import feed, file, hf, jsonfeed, lean, listing, papers, references, snapshot
from digest.collect.errors import Unreadable
from digest.model import Entry

Reader = Callable[[bytes, str, str | None], tuple[Entry, ...]]


def _feed(body: bytes, name: str, url: str | None) -> tuple[Entry, ...]:
    """A feed in XML or JSON, as its first character says."""
    return (jsonfeed.parse if _start(body)[:1] == b"{" else lean.parse)(body, name, url)


def _file(body: bytes, name: str, url: str | None) -> tuple[Entry, ...]:
    """A file of papers, of whatever kind."""
    return recognise(body, name, None, url)


READERS: dict[str, Reader] = {
    "feed": _feed,
    "arxiv": lean.parse,
    "huggingface": hf.parse,
    "listing": listing.parse,
    "jsonl": file.parse_lines,
    "bibtex": file.parse_bibtex,
    "ris": references.parse_ris,
    "csv": references.parse_csv,
    "file": _file,
}
RIS = re.compile(rb"TY {1,2}- *[A-Z]")
BIBTEX = re.compile(rb"^[ \t]*@[A-Za-z]+[ \t]*[{(][ \t\r\n]*+[^,\s{}()]{1,200}[ \t]*,", re.MULTILINE)


def recognise(body: bytes, name: str, kind: str | None = None, url: str | None = None) -> tuple[Entry, ...]:
    """The entries of a body, in its order; `name` is the source's, `url` where it came from, if anywhere.

    `kind` (one of `READERS`) settles what it is; otherwise its content does. Raises Unreadable, maybe with entries.
    """
    if kind not in (None, "auto"):
        reader = READERS.get(str(kind))
        if reader is None:
            raise Unreadable(f"unknown kind {kind!r}; known are {', '.join(READERS)}")
        return reader(body, name, url)
    start = _start(body)
    if not start:
        raise Unreadable("the body is empty")
    if start[:1] in b"[{":
        return _json(body, name, url)
    if start[:1] == b"<" or feed.ROOTS.search(start):
        return lean.parse(body, name, url)
    if BIBTEX.search(body):
        return file.parse_bibtex(body, name, url)
    if RIS.match(start):
        return references.parse_ris(body, name, url)
    if is_table(start):
        return references.parse_csv(body, name, url)
    return listing.parse(body, name, url)


def is_table(start: bytes) -> bool:
    """Whether a body that starts so is a table: its first line names columns, one of titles and another we know."""
    head = start.splitlines()[0].decode("utf-8", "replace") if start else ""
    if len(head) > 2_000 or not any(mark in head for mark in ",;\t|"):
        return False
    try:
        columns = references.named([cell.strip('"') for cell in head.split(references.delimiter(head))])
    except Unreadable:
        return False
    return sum(bool(places) for places in columns.values()) > 1


def _start(body: bytes) -> bytes:
    """The first characters of a body in whatever encoding, without marks and white space."""
    return body[:4_000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")


def _json(body: bytes, name: str, url: str | None) -> tuple[Entry, ...]:
    """A JSON body: one document of a known shape, or one object a line."""
    try:
        document = jsonfeed.load(body)
    except Unreadable:
        if _looks_like_lines(body):
            return file.parse_lines(body, name, url)
        raise
    if isinstance(document, dict) and isinstance(document.get("items"), list):
        return jsonfeed.read(document, name, url)
    if isinstance(document, dict) and document.get("title"):
        return ((snapshot if snapshot.is_row(document) else papers).entry(document, name, 1),)
    if _plain_papers(document):
        return tuple(papers.entry(row, name, i) for i, row in enumerate(document, 1))
    if isinstance(document, dict) and not document.keys() & {"data", "error", "id"}:
        raise Unreadable("JSON of no known shape")
    return hf.read(document, name, url)


def _looks_like_lines(body: bytes) -> bool:
    """Whether there is more than one line and the first or the second is an object of its own."""
    lines = [line for line in body[:200_000].splitlines() if line.strip()][:3]
    return len(lines) > 1 and any(line.lstrip().startswith(b"{") and line.rstrip().endswith(b"}") for line in lines)


def _plain_papers(document: Any) -> bool:
    """Whether it is a list of objects with titles, none of them nested as Hugging Face does it."""
    return (
        isinstance(document, list)
        and bool(document)
        and all(isinstance(row, dict) and row.get("title") and "paper" not in row for row in document)
    )
