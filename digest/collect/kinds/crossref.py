"""Kind `crossref`: journals by ISSN, or any query, from Crossref's works. Room `collect`.

Options: `issn` and `query` (one or several), `types` (default journal-article, proceedings-article, posted-content),
`base_url`. The contact address in User-Agent puts us in the polite pool. The wire format is at
https://api.crossref.org/swagger-ui/; touched when it changes.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from digest.collect import fields, jsonfeed, windows
from digest.collect.errors import Unreadable
from digest.model import Answer, Author, Entry, Link, Source, SourceState
from digest.net import Client, FetchError

BASE_URL = "https://api.crossref.org"
GAP_S = 0.5
TYPES = ("journal-article", "proceedings-article", "posted-content")
_OVERLAP = 3  # days: works are deposited late
_ROWS, _PAGES = 200, 50
_SELECT = "DOI,title,author,container-title,abstract,created,issued,published,type,URL,subject,language,link,relation"


async def ask(source: Source, state: SourceState, client: Client, now: datetime) -> Answer:
    """What was deposited since the last complete answer. Raises FetchError, Unreadable."""
    asked = windows.window(state, now, _OVERLAP)
    types = windows.listed(source.options.get("types")) or TYPES
    dates = f"from-created-date:{asked.since},until-created-date:{asked.until}"
    filters = ",".join([dates, *(f"type:{kind}" for kind in types)])
    base = str(source.options.get("base_url", BASE_URL)).rstrip("/")
    issns = [f"{base}/journals/{quote(issn)}/works?" for issn in windows.listed(source.options.get("issn"))]
    queries = [f"{base}/works?{urlencode({'query': q})}&" for q in windows.listed(source.options.get("query"))]
    found: list[Entry] = []
    errors: list[str] = []
    for start in (*issns, *queries):
        try:
            await _pages(f"{start}{urlencode({'filter': filters, 'select': _SELECT})}", source, client, found)
        except (FetchError, Unreadable) as failure:
            errors.append(str(failure))
    return windows.concluded(source, state, now, found, "; ".join(errors) or None)


async def _pages(url: str, source: Source, client: Client, found: list[Entry]) -> None:
    """Append all pages of one list. Raises FetchError, Unreadable."""
    cursor = "*"
    for _ in range(_PAGES):
        page = f"{url}&{urlencode({'rows': _ROWS, 'sort': 'created', 'order': 'asc', 'cursor': cursor})}"
        response = await client.get(page, accept="application/json", gap_s=GAP_S)
        entries, cursor = parse(response.body, source.name)
        found += entries
        if len(entries) < _ROWS or not cursor:
            return
    raise Unreadable(f"more than {_ROWS * _PAGES} works in one list")


def parse(body: bytes, source: str) -> tuple[tuple[Entry, ...], str]:
    """The works of one page and the cursor of the next ("" on the last). Raises Unreadable."""
    document = jsonfeed.load(body)
    rows = windows.rows(document, "message", "items")
    cursor = fields.text(document["message"].get("next-cursor"))
    return tuple(_entry(row, source, i) for i, row in enumerate(rows, 1)), cursor


def _entry(row: Mapping[str, Any], source: str, number: int) -> Entry:
    doi = fields.text(row.get("DOI"))
    page = fields.web(row.get("URL")) or f"https://doi.org/{doi}"
    pdfs = [fields.web(link.get("URL")) for link in _rows(row, "link") if link.get("content-type") == "application/pdf"]
    return Entry(
        source=source,
        number=number,
        title=_first(row, "title"),
        guid=doi,
        abstract=fields.text(row.get("abstract"), fields.LONG),
        authors=tuple(a for a in map(_author, _rows(row, "author")[: fields.MANY]) if a.name),
        identifiers=fields.unique((fields.doi(doi), *_same(row))),
        url=page,
        categories=fields.unique(map(fields.text, windows.listed(row.get("subject")))),
        published=_day(row.get("published")) or _day(row.get("issued")),
        announced=_day(row.get("created")),
        links=(Link(kind="paper", url=page), *(Link(kind="pdf", url=pdf) for pdf in fields.unique(pdfs)[:1])),
        venue=_first(row, "container-title") or None,
        language=fields.text(row.get("language"), 20) or None,
    )


def _same(row: Mapping[str, Any]) -> list[str]:
    """Ids of the preprint or article that Crossref says is the same work."""
    relations = row.get("relation")
    kinds = ("has-preprint", "is-preprint-of", "is-version-of", "has-version")
    found = [r for kind in kinds for r in _rows(relations, kind)] if isinstance(relations, dict) else []
    return [fields.doi(r.get("id")) for r in found if r.get("id-type") == "doi"]


def _rows(row: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = row.get(key)
    return [found for found in value if isinstance(found, dict)] if isinstance(value, list) else []


def _first(row: Mapping[str, Any], key: str) -> str:
    return next(iter(map(fields.text, windows.listed(row.get(key)))), "")


def _author(person: Mapping[str, Any]) -> Author:
    """A person by given and family name, or a group by its name."""
    name = " ".join(filter(None, (fields.text(person.get("given")), fields.text(person.get("family")))))
    places = [fields.text(place.get("name")) for place in _rows(person, "affiliation")]
    return Author(name=name or fields.text(person.get("name")), affiliation=next(filter(None, places), None))


def _day(value: object) -> datetime | None:
    """A date of Crossref's: a time where there is one, else the parts it knows (``[[2026, 2]]``)."""
    if not isinstance(value, dict):
        return None
    parts = value.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    spelled = "-".join(fields.text(part) for part in first)
    return fields.moment(fields.text(value.get("date-time"))) or fields.moment(spelled)
