"""Render, feeds: a feed as RSS, Atom or JSON Feed, the list of feeds as OPML, and how browsers show them.

RSS and Atom are templates. JSON Feed is not: JSON's escaping is not HTML's, one forgotten filter would break every
reader, and there is nothing in it to design; so `json` writes it. Touched when a format gains an element.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from digest.model import Edition
from digest.render.feeds.entries import Feed
from digest.render.feeds.extension import NAMESPACE
from digest.render.feeds.ready import in_json
from digest.render.templates import Templates

NAMES = ("rss", "atom", "json")
MEDIA: Mapping[str, str] = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}
STYLES: Mapping[str, str] = {"feed.xsl": "text/xsl; charset=utf-8", "feed.css": "text/css; charset=utf-8"}
"""What a browser shows a feed with: XSLT where it still knows it, else style sheets alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A feed in the list of feeds; `children` are those below it."""

    title: str
    rss: str = ""
    home: str = ""
    description: str = ""
    language: str = ""
    children: tuple["Outline", ...] = ()


def body(name: str, made: Feed, templates: Templates) -> str:
    """`made` as rss, atom or json."""
    if name == "json":
        return json_feed(made)
    return templates.render(f"{name}.xml.j2", feed=made, namespace_of_digests=NAMESPACE)


def opml(title: str, outlines: Sequence[Outline], templates: Templates) -> str:
    """The feeds in `outlines` as OPML 2.0."""
    return templates.render("feeds.opml.j2", title=title, outlines=outlines)


def styles(templates: Templates) -> tuple[Edition, ...]:
    """The style sheets that feeds name, for the root of a site."""
    return tuple(
        Edition(path=name, media_type=media, body=templates.render(f"{name}.j2").encode())
        for name, media in STYLES.items()
    )


def json_feed(made: Feed) -> str:
    """`made` as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/). Unknown dates are left out."""
    frame = made.frame
    older = dict(made.neighbours("json")).get("prev-archive")
    values = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": made.title,
        "home_page_url": made.home,
        "feed_url": made.json,
        "next_url": older,
        "description": made.description,
        "language": made.language,
        "authors": [{"name": made.author}],
        "hubs": [{"type": "WebSub", "url": frame.hub}] if frame.hub else None,
        "_digest": {"about": NAMESPACE, "lists": "papers" if frame.lists == "feed" else "issues"},
    }
    kept = {name: value for name, value in values.items() if value is not None}
    # A line an entry: whole lines are what the fast encoder writes, indented ones are ten times as slow.
    head = json.dumps(kept, ensure_ascii=False).removesuffix("}")
    items = ",\n".join(in_json(entry) for entry in made.entries)
    return f'{head}, "items": [\n{items}\n]}}'
