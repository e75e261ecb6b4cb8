"""Kind `biorxiv`: bioRxiv and medRxiv by their details API. Room `collect`.

Options: `server` (biorxiv, medrxiv), `categories` (as the site names them; none: all), `base_url`. The wire format is
at https://api.biorxiv.org/; touched when it changes.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from digest.collect import fields, jsonfeed, windows
from digest.collect.errors import Unreadable
from digest.model import Answer, Entry, Link, Source, SourceState
from digest.net import Client, FetchError

BASE_URL = "https://api.biorxiv.org"
GAP_S = 1.0
_OVERLAP = 2  # days: a day's list is still filled the day after
_PAGES = 200  # at 30 to 100 papers each


async def ask(source: Source, state: SourceState, client: Client, now: datetime) -> Answer:
    """What was posted since the last complete answer, page by page. Raises FetchError, Unreadable."""
    base = str(source.options.get("base_url", BASE_URL)).rstrip("/")
    server = str(source.options.get("server", "biorxiv"))
    asked = windows.window(state, now, _OVERLAP)
    found: list[Entry] = []
    error, cursor = None, 0
    try:
        for _ in range(_PAGES):
            url = f"{base}/details/{server}/{asked.since}/{asked.until}/{cursor}/json"
            response = await client.get(url, accept="application/json", gap_s=GAP_S)
            entries, total = parse(response.body, source.name)
            found += entries
            cursor += len(entries)
            if not entries or cursor >= total:
                break
        if cursor < total:
            error = f"{cursor} of {total} papers, then no more"
    except (FetchError, Unreadable) as failure:
        if not found:
            raise
        error = f"page after {cursor} papers: {failure}"
    wanted = {c.casefold() for c in windows.listed(source.options.get("categories"))}
    chosen = [e for e in found if not wanted or wanted & {c.casefold() for c in e.categories}]
    return windows.concluded(source, state, now, chosen, error, daily=not wanted)


def parse(body: bytes, source: str) -> tuple[tuple[Entry, ...], int]:
    """The papers of one page and how many there are on all pages. Raises Unreadable."""
    document = jsonfeed.load(body)
    rows = windows.rows(document, "collection")
    heads = windows.rows(document, "messages")
    head = heads[0] if heads else {}
    status = fields.text(head.get("status")) or "no status"
    if status != "ok" and not status.startswith("no posts"):
        raise Unreadable(f"the API says: {status}")
    total = fields.text(head.get("total"))
    entries = tuple(_entry(row, source, i) for i, row in enumerate(rows, 1))
    return entries, int(total) if total.isdecimal() and len(total) < 10 else len(entries)


def _entry(row: Mapping[str, Any], source: str, number: int) -> Entry:
    doi, version = fields.text(row.get("doi")), fields.text(row.get("version"))
    server = fields.text(row.get("server")).casefold() or "biorxiv"
    page = f"https://www.{server}.org/content/{doi}v{version or 1}"
    published = fields.text(row.get("published"))
    institution = fields.text(row.get("author_corresponding_institution"))
    return Entry(
        source=source,
        number=number,
        title=fields.text(row.get("title")),
        guid=f"{doi}v{version or 1}",
        abstract=fields.text(row.get("abstract"), fields.LONG),
        authors=fields.names(fields.text(row.get("authors"), fields.LONG)),
        identifiers=fields.unique((fields.doi(doi), fields.doi(published) if published.startswith("10.") else "")),
        url=page,
        categories=fields.unique((fields.text(row.get("category")),)),
        published=fields.moment(fields.text(row.get("date"))),
        announcement="new" if version in ("", "1") else "replace",
        links=(Link(kind="paper", url=page), Link(kind="pdf", url=f"{page}.full.pdf")),
        organisation=institution if institution.casefold() not in ("", "na") else None,
    )
