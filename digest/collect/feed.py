"""Room `collect`: any RSS, RDF or Atom body to entries, by feedparser, which repairs what it can. Pure, no I/O.

The only user of feedparser. Known clean shapes go through `lean.py` first; touched when feedparser keeps a fact about
papers under a name that is not read yet.
"""

import io
import re
import time
from datetime import UTC, datetime
from typing import Any

from digest.collect import fields, shape
from digest.collect.errors import Unreadable
from digest.model import Entry

MAX_BYTES = 64_000_000
ROOTS = re.compile(rb"<(?:\w+:)?(rss|rdf|feed)[\s>]", re.IGNORECASE)
_CLOSED = re.compile(rb"</(?:\w+:)?(?:rss|rdf|feed)\s*>", re.IGNORECASE)
_ITEM_ENDS = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
_HTML = re.compile(rb"\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
# feedparser takes quadratic time over the attributes of one tag: half a megabyte of them cost it 20 s.
_ATTRIBUTES = re.compile(rb"<[A-Za-z][\w:.-]*+(?:\s++[\w:.-]++\s*+=\s*+(?:\"[^\"<]*+\"|'[^'<]*+')){300}")


def parse(body: bytes, source: str, url: str | None = None) -> tuple[Entry, ...]:
    """The entries of a feed in its order; () for a valid feed without any.

    `url` is where it came from: relative links are resolved against it.
    Raises Unreadable where the body is no feed, or breaks off (with the entries that stand whole before the break).
    """
    refuse(body)
    if _ATTRIBUTES.search(body.replace(b"\0", b"")):
        raise Unreadable("one tag has more than 300 attributes")
    import feedparser

    parsed = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    if not parsed.entries and not parsed.version:
        raise Unreadable(_not_a_feed(body))
    broken = bool(parsed.bozo) and bool(ROOTS.search(body)) and not _CLOSED.search(body)
    whole = parsed.entries[: len(_ITEM_ENDS.findall(body))] if broken else parsed.entries
    entries = tuple(_entry(found, parsed.feed, source, i, url) for i, found in enumerate(whole, 1))
    complaint(entries, str(parsed.feed.get("title", "")), str(parsed.feed.get("subtitle", "")))
    if broken:
        count = f"{len(entries)} whole {'entry' if len(entries) == 1 else 'entries'}"
        raise Unreadable(f"the feed breaks off after {count}", entries)
    return entries


def refuse(body: bytes) -> None:
    """Raises Unreadable for bodies that are no feed at a glance, or would cost a parser more than their worth."""
    if not body[:1_000].strip() and not body.strip():
        raise Unreadable("the body is empty")
    if len(body) > MAX_BYTES:
        raise Unreadable(f"the body has {len(body):,} bytes, more than {MAX_BYTES:,}")
    if _HTML.match(body[:4_000].removeprefix(b"\xef\xbb\xbf")):
        raise Unreadable(_not_a_feed(body))


def _not_a_feed(body: bytes) -> str:
    """What the body is instead, with the title of an HTML page, which mostly says what went wrong."""
    title = re.search(rb"<title[^<>]*>([^<]{1,200})", body[:20_000], re.IGNORECASE)
    if _HTML.match(body[:4_000]) or re.search(rb"<(?:html|body)\b", body[:4_000], re.IGNORECASE):
        said = " ".join(title[1].decode("utf-8", "replace").split()) if title else ""
        return f"an HTML page, not a feed (“{fields.text(said, 120)}”)" if said else "an HTML page, not a feed"
    return "not a feed: no RSS, RDF or Atom in it"


def complaint(entries: tuple[Entry, ...], title: str, about: str) -> None:
    """Raises Unreadable where arXiv answers a request it did not like with a feed that says so."""
    if len(entries) == 1 and "arxiv.org/api/errors" in entries[0].guid:
        raise Unreadable(f"arXiv's answer is an error: {fields.text(entries[0].abstract, 200)}")
    if not entries and title.startswith("Feed error for query"):
        raise Unreadable(f"arXiv's answer is an error: {fields.text(about, 200)}")


def _entry(found: Any, feed: Any, source: str, number: int, url: str | None) -> Entry:
    """One of feedparser's entries as ours."""
    get = found.get
    item = shape.Item(
        title=fields.text(get("title"), fields.SHORT),
        guid=fields.text(get("id")),
        texts=_texts(found),
        people=fields.people(_people(found), listed="arxiv_announce_type" in found),
        hrefs=[(a.get("rel", ""), a.get("type", ""), a.get("href", ""), a.get("title", "")) for a in get("links", ())],
        ids=[fields.text(get("dc_identifier"))],
        dois=[fields.text(get(key)) for key in ("prism_doi", "arxiv_doi")],
        categories=[fields.text(tag.get("term")) for tag in get("tags", ())],
        published=_date(found, "published") or fields.text(get("prism_publicationdate") or get("prism_coverdate")),
        updated=_date(found, "updated"),
        announcement=fields.text(get("arxiv_announce_type")),
        comment=fields.text(get("arxiv_comment"), fields.SHORT),
        venue=fields.text(
            get("arxiv_journal_ref") or get("arxiv_journal_reference") or _journal(found) or _journal(feed)
        ),
        language=fields.text(get("language") or feed.get("language"), 20),
    )
    primary = get("arxiv_primary_category")
    if primary and primary.get("term"):
        item.categories.insert(0, fields.text(primary["term"]))
    return shape.entry(item, source, number, url)


def _texts(found: Any) -> list[str]:
    """Summary and contents of an entry, those that say anything."""
    spelled = [found.get("summary"), *(content.get("value") for content in found.get("content", ()))]
    return [text for value in spelled if (text := fields.text(value, fields.LONG))]


def _people(found: Any) -> list[tuple[str, str]]:
    """Names of an entry's authors; feedparser keeps no affiliations but the last."""
    spelled = [fields.text(author.get("name"), fields.LONG) for author in found.get("authors", ())]
    return [(name, "") for name in spelled if name]


def _journal(found: Any) -> str | None:
    return fields.text(found.get("prism_publicationname") or found.get("prism_publicationtitle"), fields.LONG) or None


def _date(found: Any, key: str) -> str:
    """The date as written if we read it, else as feedparser, which knows more calendars, understood it."""
    if key not in found:  # not `get`: feedparser would hand out `published` where `updated` is asked for
        return ""
    written = fields.text(found[key], 100)
    if fields.moment(written):
        return written
    parsed: time.struct_time | None = found.get(f"{key}_parsed")
    try:
        return shape.stamp(datetime(*parsed[:6], tzinfo=UTC)) if parsed else ""
    except ValueError:
        return ""
