"""Room `collect`: Hugging Face's daily papers (JSON) to entries. Pure, no I/O.

Most fields are nested under `paper`, some stand beside it. Touched when the answer's nesting changes.
"""

import ast
from dataclasses import replace
from typing import Any

from digest.collect import fields, jsonfeed, papers
from digest.collect.errors import Unreadable
from digest.model import Entry, Link

_SITE = "https://huggingface.co/papers/"


def parse(body: bytes, source: str, url: str | None = None) -> tuple[Entry, ...]:
    """The entries of an answer in its order; () for a day without papers.

    Raises Unreadable for an error in place of an answer, and, with the entries that can be read, where some cannot.
    """
    return read(jsonfeed.load(body), source, url)


def read(document: Any, source: str, url: str | None = None) -> tuple[Entry, ...]:  # noqa: ARG001
    """As `parse`, of JSON already loaded: a list of rows, or the envelope with rows as Python wrote them."""
    rows = _rows(document)
    found = {i: _flat(row) for i, row in enumerate(rows, 1)}
    entries = tuple(_entry(row, source, i) for i, row in found.items() if row is not None)
    if len(entries) < len(rows):
        lost = next(i for i, row in found.items() if row is None)
        raise Unreadable(f"{len(rows) - len(entries)} of {len(rows)} rows hold no paper (the first is {lost})", entries)
    return entries


def _rows(document: Any) -> list[Any]:
    """The rows of an answer, however it is wrapped."""
    if isinstance(document, dict) and document.get("error"):
        raise Unreadable(f"Hugging Face's answer is an error: {fields.text(document['error'], 200)}")
    if isinstance(document, dict) and isinstance(document.get("data"), list):
        return [_python(row) for row in document["data"]]
    if isinstance(document, dict) and "id" in document:
        return [document]  # the answer of api/papers/ID
    if not isinstance(document, list):
        raise Unreadable("not a list of Hugging Face's daily papers")
    return document


def _python(row: Any) -> Any:
    """A row that was recorded as Python prints it (as on 2025-01-10), read as a literal and never run."""
    if not isinstance(row, str) or len(row) > 1_000_000:
        return row
    try:
        return ast.literal_eval(row)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None


def _flat(row: Any) -> dict[str, Any] | None:
    """A row with what is nested under `paper` on one level; None where there is no paper in it."""
    if not isinstance(row, dict):
        return None
    nested = row.get("paper", row)
    if not isinstance(nested, dict) or not (nested.get("id") or nested.get("title")):
        return None
    return {**row, **{key: value for key, value in nested.items() if value not in (None, "")}}


def _entry(row: dict[str, Any], source: str, number: int) -> Entry:
    """The row as an entry: the paper's page is arXiv's where it has one there, the site's page is its discussion."""
    entry = papers.entry({**row, "url": None}, source, number)
    name = fields.text(row.get("id"), 100)
    page = fields.web(_SITE + name) if name else None
    on_arxiv = entry.guid.startswith("arXiv:")
    url = f"https://arxiv.org/abs/{name}" if on_arxiv else page
    links = [Link(kind="paper", url=url)] if url else []
    links += [Link(kind="discussion", url=page)] if page and on_arxiv else []
    videos = row.get("mediaUrls") if isinstance(row.get("mediaUrls"), list) else []
    films = [Link(kind="video", url=v) for v in map(fields.web, videos or []) if v and v.endswith((".mp4", ".webm"))]
    # That an author answers is an observation; that none does yet is none.
    author = (("author", 1.0),) if row.get("isAuthorParticipating") is True else ()
    measures = (*entry.measures, *author)
    return replace(entry, url=url, links=fields.unique([*links, *entry.links, *films]), measures=measures)
