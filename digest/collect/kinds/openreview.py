"""Kind `openreview`: a venue's papers from OpenReview's API v2. Room `collect`.

Options: `venue` (venue ids such as ``ICLR.cc/2026/Conference``, one or several), `base_url`, `days` (changes that far
back count at first, default 30). Notes are read by the time of their last change, because a decision makes an old note
a paper of the venue. The wire format is at
https://docs.openreview.net/reference/api-v2; touched when it changes.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from digest.collect import fields, health, jsonfeed, windows
from digest.collect.errors import Unreadable
from digest.model import Answer, Author, Entry, Link, Source, SourceState
from digest.net import Client, FetchError

BASE_URL = "https://api2.openreview.net"
SITE = "https://openreview.net"
GAP_S = 1.0
_PAGE, _PAGES = 1000, 40


async def ask(source: Source, state: SourceState, client: Client, now: datetime) -> Answer:
    """Notes changed since each venue was last read to its end. Raises FetchError, Unreadable."""
    base = str(source.options.get("base_url", BASE_URL)).rstrip("/")
    first = now - timedelta(days=int(source.options.get("days", 30)))
    until = {venue: int(first.timestamp() * 1000) for venue in windows.listed(source.options.get("venue"))}
    until |= state.memory.get("changed", {})
    found: list[Entry] = []
    errors: list[str] = []
    for venue in windows.listed(source.options.get("venue")):
        try:
            entries, newest = await _venue(f"{base}/notes", venue, until[venue], source.name, client)
            found += entries
            until[venue] = max(newest, until[venue])
        except (FetchError, Unreadable) as failure:
            errors.append(f"{venue}: {failure}")
    if errors and not found:
        raise Unreadable("; ".join(errors))
    memory = {"changed": until}
    return health.announced(source, state, now, found, (), error="; ".join(errors) or None, memory=memory)


async def _venue(url: str, venue: str, since: int, source: str, client: Client) -> tuple[list[Entry], int]:
    """The notes of a venue changed at `since` or later (milliseconds), and the newest change."""
    found: list[Entry] = []
    newest = 0
    for page in range(_PAGES):
        asked = {"content.venueid": venue, "sort": "tmdate:desc", "limit": _PAGE, "offset": page * _PAGE}
        response = await client.get(f"{url}?{urlencode(asked)}", accept="application/json", gap_s=GAP_S)
        entries, changes = parse(response.body, source)
        newest = max(newest, *changes, 0)
        found += [e for e, changed in zip(entries, changes, strict=True) if changed > since]
        if len(entries) < _PAGE or min(changes) <= since:
            return found, newest
    raise Unreadable(f"more than {_PAGE * _PAGES} notes")


def parse(body: bytes, source: str) -> tuple[tuple[Entry, ...], tuple[int, ...]]:
    """The notes of one page and when each was last changed (milliseconds since 1970). Raises Unreadable."""
    notes = windows.rows(jsonfeed.load(body), "notes")
    changes = tuple(_time(note, "tmdate") or _time(note, "mdate") or _time(note, "cdate") for note in notes)
    return tuple(_entry(note, source, i) for i, note in enumerate(notes, 1)), changes


def _time(note: Mapping[str, Any], key: str) -> int:
    value = note.get(key)
    return value if isinstance(value, int) and 0 < value < 10**14 else 0


def _entry(note: Mapping[str, Any], source: str, number: int) -> Entry:
    ident = fields.text(note.get("forum") or note.get("id"))
    page = f"{SITE}/forum?id={ident}"
    posted = _time(note, "pdate") or _time(note, "odate") or _time(note, "cdate")
    pdf = fields.web(_value(note, "pdf"), SITE)
    code = fields.web(_value(note, "code")) or fields.web(_value(note, "code_link"))
    keywords = _value(note, "keywords")
    return Entry(
        source=source,
        number=number,
        title=fields.text(_value(note, "title")),
        guid=f"openreview:{ident}",
        abstract=fields.text(_value(note, "abstract"), fields.LONG),
        authors=tuple(Author(name=n) for n in map(fields.text, windows.listed(_value(note, "authors"))) if n),
        identifiers=fields.unique((f"openreview:{ident}", page, fields.doi(_value(note, "doi")))),
        url=page,
        categories=fields.unique((fields.text(_value(note, "primary_area")),)),
        keywords=fields.unique(map(fields.text, windows.listed(keywords))),
        published=datetime.fromtimestamp(posted / 1000, UTC) if posted else None,
        links=tuple(Link(kind=kind, url=url) for kind, url in (("paper", page), ("pdf", pdf), ("code", code)) if url),
        comment=fields.text(_value(note, "TLDR")) or None,
        venue=fields.text(_value(note, "venue")) or None,
    )


def _value(note: Mapping[str, Any], key: str) -> Any:
    """A field of a note's content: API v2 wraps each as ``{"value": …}``."""
    content = note.get("content")
    field = content.get(key) if isinstance(content, dict) else None
    return field.get("value") if isinstance(field, dict) else field
