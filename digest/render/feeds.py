"""Render, feeds: entries of RSS, Atom and JSON Feed, one a paper.

RSS and Atom are templates. JSON Feed is not: JSON's escaping is not HTML's, one forgotten filter would break every
reader, and there is nothing in it to design; so `json` writes it. Touched when a feed must carry another element.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from digest.render.layout import rfc3339
from digest.render.templates import Templates
from digest.render.view import Card, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A paper in a feed. `made_at` is when the issue that printed it was made."""

    id: str
    card: Card
    categories: tuple[str, ...]
    summary: str
    content: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What the three formats have in common; `rss`, `atom` and `json` are their own addresses."""

    id: str
    title: str
    home: str
    description: str
    language: str
    author: str
    updated: datetime
    rss: str
    atom: str
    json: str
    entries: tuple[Entry, ...]


def feed(views: Sequence[View], base: str, title: str, templates: Templates) -> Feed:
    """A feed over `views` (newest first, at least one); `base` is the address of its folder, ending in a slash.
    A paper that stands in several is given once, as last printed."""
    newest = views[0]
    host = urlsplit(base).hostname or "localhost"
    entries: dict[str, Entry] = {}
    for shown in views:
        for card in shown.cards:
            if card.id not in entries:
                entries[card.id] = _entry(card, shown, host, templates)
    return Feed(
        id=f"tag:{host},2025:{quote(urlsplit(base).path.strip('/') or 'feed')}",
        title=title,
        home=newest.home if len(views) > 1 else newest.url,
        description=f"Trending papers, chosen by {newest.site}",
        language=newest.language,
        author=newest.site or title,
        updated=newest.made_at,
        rss=f"{base}feed.xml",
        atom=f"{base}atom.xml",
        json=f"{base}feed.json",
        entries=tuple(entries.values()),
    )


def _entry(card: Card, shown: View, host: str, templates: Templates) -> Entry:
    return Entry(
        # The year only says since when the host may coin tags (RFC 4151); it must never change.
        id=f"tag:{host},2025:{quote(card.id, safe=':/-._~')}",
        card=card,
        categories=tuple(dict.fromkeys(name for name in (card.topic, *card.categories) if name)),
        summary=card.tldr or card.abstract or card.title,
        content=templates.render("_entry.html.j2", card=card).strip(),
        made_at=shown.made_at,
    )


def json_feed(made: Feed) -> str:
    """`made` as JSON Feed 1.1. Dates of papers that are unknown are left out; modified is when we printed it."""
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": made.title,
            "home_page_url": made.home,
            "feed_url": made.json,
            "description": made.description,
            "language": made.language,
            "authors": [{"name": made.author}],
            "items": [_json_item(entry) for entry in made.entries],
        },
        ensure_ascii=False,
        indent=1,
    )


def _json_item(entry: Entry) -> dict[str, Any]:
    card = entry.card
    item: dict[str, Any] = {
        "id": entry.id,
        "title": card.title,
        "summary": entry.summary,
        "content_html": str(entry.content),
        "date_modified": rfc3339(entry.made_at),
        "tags": list(entry.categories),
    }
    if card.url:
        item["url"] = card.url
    if card.published:
        item["date_published"] = rfc3339(card.published)
    if card.authors:
        item["authors"] = [{"name": name} for name in card.authors]
    return item
