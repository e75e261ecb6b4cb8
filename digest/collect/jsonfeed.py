"""Room `collect`: JSON Feed (https://www.jsonfeed.org/version/1.1/) to entries. Pure, no I/O.

Touched when a feed says something about a paper in an extension of its own.
"""

import json
from typing import Any

from digest.collect import feed, fields, followed, shape
from digest.collect.errors import Unreadable
from digest.model import Entry


def parse(body: bytes, source: str, url: str | None = None) -> tuple[Entry, ...]:
    """The entries of a JSON Feed in its order; raises Unreadable where the body is none."""
    return read(load(body), source, url)


def load(body: bytes) -> Any:
    """Any JSON document; raises Unreadable for what is none, or is nested too deeply to be a list of papers."""
    if len(body) > feed.MAX_BYTES:
        raise Unreadable(f"the body has {len(body):,} bytes, more than {feed.MAX_BYTES:,}")
    try:
        return json.loads(body)
    except RecursionError as error:
        raise Unreadable("JSON nested too deeply") from error
    except ValueError as error:  # malformed, wrongly encoded, or a number of thousands of digits
        raise Unreadable(f"not JSON: {error}") from error


def read(document: Any, source: str, url: str | None = None) -> tuple[Entry, ...]:
    """The entries of a JSON Feed already loaded."""
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise Unreadable("not a JSON Feed: no list of items in it")
    language = fields.text(document.get("language"), 20)
    items = [found for found in document["items"] if isinstance(found, dict)]
    return tuple(_entry(found, language, source, i, url) for i, found in enumerate(items, 1))


def _entry(found: dict[str, Any], language: str, source: str, number: int, url: str | None) -> Entry:
    """One item; extensions (keys with an underscore) may name the DOI."""
    authors = found.get("authors") or [found.get("author")]
    extras = [value for key, value in found.items() if key.startswith("_") and isinstance(value, dict)]
    texts = [fields.text(found.get(key), fields.LONG) for key in ("content_text", "content_html", "summary")]
    item = shape.Item(
        title=fields.text(found.get("title")),
        guid=fields.text(found.get("id")),
        texts=[text for text in texts if text],
        people=fields.people([(name, "") for name in _names(authors)], listed=False),
        hrefs=[("alternate", "", fields.text(found.get("url")), "")],
        dois=[fields.text(extra.get("doi")) for extra in extras],
        ids=[fields.text(found.get("external_url"))],
        categories=[fields.text(tag) for tag in _list(found.get("tags"))],
        published=fields.text(found.get("date_published"), 100),
        updated=fields.text(found.get("date_modified"), 100),
        language=fields.text(found.get("language"), 20) or language,
    )
    item.hrefs += [("related", "", fields.text(found.get("external_url")), "html")]
    item.hrefs += [
        ("related", fields.text(a.get("mime_type")), fields.text(a.get("url")), fields.text(a.get("title")))
        for a in _list(found.get("attachments"))
        if isinstance(a, dict) and (a.get("mime_type") == "application/pdf" or a.get("title"))
    ]
    if isinstance(found.get("_digest"), dict):
        followed.fill(item, found["_digest"])
    return shape.entry(item, source, number, url)


def _names(authors: Any) -> list[str]:
    """Names from JSON Feed's author objects, or from plain strings, which many feeds write."""
    found = [fields.text(a.get("name") if isinstance(a, dict) else a) for a in _list(authors)]
    return [name for name in found if name]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
