"""Room `collect`: one item of any feed, as its reader found it, to an `Entry`. Pure, no I/O.

feedparser's reader and the lean one both end here, so that what an entry means is decided once. Touched when a feed
says something about a paper (an id, a kind of announcement) in a place not looked at yet.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from digest.collect import labelled
from digest.collect.fields import LONG, MANY, doi, link, moment, names, text, unique, web
from digest.model import Announcement, Author, Entry, Link

# What arXiv's feeds put before the abstract, e.g. "arXiv:2503.01234v1 Announce Type: new \nAbstract: ".
_PREAMBLE = re.compile(r"arXiv:(\S{1,40})\s+Announce Type:\s*(\S{1,20})\s+Abstract:\s*")
_ANNOUNCEMENTS: dict[str, Announcement] = {
    "new": "new",
    "cross": "cross",
    "replace": "replace",
    "replace-cross": "replace-cross",
}
_TAGS = re.compile(r"<[^<>]*>")


@dataclass(slots=True)
class Item:
    """What a reader found in one item: cleaned text, addresses and dates as written."""

    title: str = ""
    guid: str = ""
    texts: list[str] = field(default_factory=list)
    people: tuple[Author, ...] = ()
    hrefs: list[tuple[str, str, str, str]] = field(default_factory=list)  # rel, media type, address, title
    ids: list[str] = field(default_factory=list)
    dois: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    published: str = ""
    updated: str = ""
    announcement: str = ""
    comment: str = ""
    venue: str = ""
    language: str = ""
    organisation: str = ""
    measures: list[tuple[str, float]] = field(default_factory=list)


def entry(item: Item, source: str, number: int, base: str | None = None) -> Entry:
    """The item as an entry. An address on its own, a DOI or an id in any of its fields becomes an identifier."""
    abstract, spelling, announced = _abstract(item.texts)
    if "<" in abstract and (said := labelled.read(abstract)):
        abstract = _apart(item, said)
    links: dict[str, Link] = {}
    for rel, kind, href, title in item.hrefs[:MANY]:
        found = link(href, base, rel=rel, kind=kind, title=title)
        if found:
            links.setdefault(found.url, found)
    url = _page(links) or web(item.guid)
    identifiers = [item.guid, spelling, *map(doi, item.dois), *item.ids, url]
    updated = moment(item.updated) if item.updated else None
    return Entry(
        source=source,
        number=number,
        title=item.title,
        guid=item.guid,
        abstract=abstract,
        authors=item.people,
        identifiers=unique(identifiers),
        url=url,
        categories=unique(item.categories),
        published=(moment(item.published) if item.published else None) or updated,
        updated=updated,
        announcement=_ANNOUNCEMENTS.get(item.announcement or announced, "new"),
        links=tuple(links.values()),
        comment=item.comment or None,
        venue=item.venue or None,
        organisation=item.organisation or None,
        language=item.language or None,
        measures=tuple(item.measures),
    )


def _apart(item: Item, said: labelled.Labelled) -> str:
    """Fills what the item lacks from a description in labelled paragraphs; its abstract."""
    item.people = item.people or names(text(said.authors, LONG), listed=True)
    item.dois += [text(said.doi)]
    item.venue = item.venue or text(said.venue)
    if said.date and not item.published:
        written = said.date.removeprefix("Available online ")
        item.published = stamp(moment(f"{written} 00:00") or moment(f"1 {written} 00:00"))
    item.hrefs += [("related", "", text(address), kind) for kind, address in said.links]
    return said.abstract


def _page(links: dict[str, Link]) -> str | None:
    """The address of the paper's own page, or else of whatever is linked first."""
    for address, one in links.items():
        if one.kind == "paper":
            return address
    return next(iter(links), None)


def _abstract(texts: Sequence[str]) -> tuple[str, str, str]:
    """The fullest of an item's texts without arXiv's preamble; the id and kind of announcement that this named."""
    if not texts:
        return "", "", ""
    fullest = texts[0] if len(texts) == 1 else max(texts, key=lambda t: len(_TAGS.sub("", t)))
    match = _PREAMBLE.match(fullest) if fullest.startswith("arXiv:") else None
    if not match:
        return fullest[:LONG], "", ""
    return fullest[match.end() :][:LONG], f"arXiv:{match[1]}", match[2]


def stamp(value: datetime | None) -> str:
    """A time as `Item` holds it; "" for None."""
    return value.isoformat() if value else ""
