"""Room `collect`: clean RSS, RDF and Atom bodies to entries by lxml, many times faster than feedparser. Pure, no I/O.

arXiv's feeds and API answers are the shapes it is for. It reads only what it knows wholly: anything else about a body
(an undeclared entity, XHTML content, a tag of unknown meaning) hands that body to `feed.py`, so that nothing is lost.
The only user of lxml for feeds; touched when another big source deserves the fast way.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from digest.collect import feed, fields, shape
from digest.model import Author, Entry

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_RSS1, _ATOM = "http://purl.org/rss/1.0/", "http://www.w3.org/2005/Atom"
_ARXIV, _DC = "http://arxiv.org/schemas/atom", "http://purl.org/dc/elements/1.1/"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"

# What a tag means, by vocabulary. "" is known to say nothing that an entry holds; what stands nowhere is unknown.
_RSS_TAGS = {"title": "title", "link": "link", "description": "text", "guid": "guid", "category": "category"}
_RSS_TAGS |= {"pubDate": "published", "comments": "", "enclosure": ""}
_ATOM_TAGS = {"title": "title", "id": "guid", "summary": "text", "content": "text", "updated": "updated"}
_ATOM_TAGS |= {"published": "published", "link": "href", "category": "term", "author": "author", "rights": ""}
_DC_TAGS = {"creator": "creator", "identifier": "identifier", "date": "updated", "title": "other_title"}
_DC_TAGS |= dict.fromkeys(("rights", "format", "source", "type"), "")
_ARXIV_TAGS = {"announce_type": "announcement", "comment": "comment", "doi": "doi", "primary_category": "primary"}
_ARXIV_TAGS |= {"journal_ref": "venue", "journal_reference": "venue", "DOI": "doi"}
_PRISM_TAGS = {"doi": "doi", "publicationName": "journal", "publicationTitle": "journal", "publicationDate": "day"}
_PRISM_SILENT = ("startingPage", "endingPage", "volume", "number", "issn", "eIssn", "section", "url", "isPartOf")
_PRISM_TAGS |= dict.fromkeys(_PRISM_SILENT, "")
_VOCABULARIES = {"": _RSS_TAGS, _RSS1: _RSS_TAGS, _ATOM: _ATOM_TAGS, _DC: _DC_TAGS, _ARXIV: _ARXIV_TAGS}
_VOCABULARIES |= {_CONTENT: {"encoded": "text"}, "http://web.resource.org/cc/": {"license": ""}}
_PLAIN = {None, "", "text", "html", "text/plain", "text/html"}


class _UnknownShape(Exception):
    """The body says something this reader does not know."""


def parse(body: bytes, source: str, url: str | None = None) -> tuple[Entry, ...]:
    """As `feed.parse`, with the same entries for the same body; Unreadable likewise."""
    feed.refuse(body)
    from lxml import etree

    if b"<!DOCTYPE" in body or b"<!ENTITY" in body or b"xml:base" in body:
        return feed.parse(body, source, url)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(body, parser)
        items, head = _items(root)
        entries = tuple(shape.entry(_item(e, head), source, i, url) for i, e in enumerate(items, 1))
    except (etree.XMLSyntaxError, _UnknownShape, LookupError):
        return feed.parse(body, source, url)
    feed.complaint(entries, head["title"], head["about"])
    return entries


def _items(root: "Element") -> tuple[list["Element"], dict[str, str]]:
    """The item elements of a feed, and what its head says: title, about, language, journal."""
    space, _, name = root.tag.rpartition("}")
    space = space[1:]
    if name == "feed" and space == _ATOM:
        prefix, top, about = f"{{{_ATOM}}}", root, "subtitle"
        items = root.findall(prefix + "entry")
    elif (name == "rss" and not space) or name == "RDF":
        prefix, about = (f"{{{_RSS1}}}" if name == "RDF" else ""), "description"
        channel = root.find(prefix + "channel")
        if channel is None or (name == "rss" and len(root) > 1):
            raise _UnknownShape
        top, items = channel, (channel if name == "rss" else root).findall(prefix + "item")
    else:
        raise _UnknownShape
    language = root.get(_LANGUAGE) or top.findtext(prefix + "language") or top.findtext(f"{{{_DC}}}language")
    journal = next((e.text for e in top if isinstance(e.tag, str) and _meaning(e.tag) == "journal"), "")
    found = {"title": top.findtext(prefix + "title"), "about": top.findtext(prefix + about)}
    return items, {k: _clean(v) for k, v in (found | {"language": language, "journal": journal}).items()}


@lru_cache(maxsize=1_024)
def _meaning(tag: str) -> str | None:
    """What a tag (in lxml's spelling) holds of an entry; "" for nothing of use, None where nobody knows."""
    space, _, name = tag.rpartition("}")
    space = space[1:]
    if space.startswith("http://prismstandard.org/namespaces/"):
        return _PRISM_TAGS.get(name)
    return _VOCABULARIES.get(space, {}).get(name)


def _item(element: "Element", head: dict[str, str]) -> shape.Item:
    """One item element; raises _UnknownShape at the first thing in it that is not known."""
    parts: dict[str, list[Element]] = {}
    for child in element:
        meaning = _meaning(child.tag)
        if meaning:
            parts.setdefault(meaning, []).append(child)
            if len(child) and meaning != "author":
                raise _UnknownShape
        elif meaning is None:
            raise _UnknownShape
    item = shape.Item(
        title=_once(parts, "title") or _once(parts, "other_title"),
        guid=_once(parts, "guid") or _clean(element.get(_ABOUT)),
        texts=[text for part in parts.get("text", ()) if (text := _plain(part))],
        people=_people(parts),
        hrefs=[("alternate", "", _clean(part.text), "") for part in parts.get("link", ())],
        ids=_all(parts, "identifier"),
        dois=_all(parts, "doi"),
        categories=_all(parts, "category"),
        published=_date(parts, "published") or _date(parts, "day"),
        updated=_date(parts, "updated"),
        announcement=_once(parts, "announcement"),
        comment=_once(parts, "comment"),
        venue=_once(parts, "venue") or _once(parts, "journal") or head["journal"],
        language=head["language"],
    )
    if "href" in parts or "term" in parts:
        _attributes(item, parts)
    return item


def _attributes(item: shape.Item, parts: dict[str, list["Element"]]) -> None:
    """What Atom says in attributes: links and categories, the primary one first."""
    for part in parts.get("href", ()):
        get = part.get
        item.hrefs.append((get("rel") or "", get("type") or "", get("href") or "", get("title") or ""))
    terms = (*parts.get("primary", ()), *parts.get("term", ()))
    item.categories += [_clean(part.get("term")) for part in terms]


def _people(parts: dict[str, list["Element"]]) -> tuple[Author, ...]:
    """Authors from Dublin Core's creators and Atom's authors, with arXiv's affiliations."""
    found = [(part.text or "", "") for part in parts.get("creator", ())]
    for part in parts.get("author", ()):
        name = _clean(part.findtext(f"{{{_ATOM}}}name"))
        found.append((name, "; ".join(_clean(a.text) for a in part.findall(f"{{{_ARXIV}}}affiliation"))))
    return fields.people(found, listed="announcement" in parts)


def _once(parts: dict[str, list["Element"]], meaning: str) -> str:
    """The text of a part that stands at most once."""
    found = parts.get(meaning)
    if not found:
        return ""
    if len(found) > 1:
        raise _UnknownShape
    return _plain(found[0], fields.SHORT)


def _all(parts: dict[str, list["Element"]], meaning: str) -> list[str]:
    return [_clean(part.text) for part in parts.get(meaning, ())]


def _date(parts: dict[str, list["Element"]], meaning: str) -> str:
    """A date as written; one that we cannot read is left to feedparser, which knows more calendars."""
    written = _once(parts, meaning)
    if written and not fields.moment(written):
        raise _UnknownShape
    return written


def _plain(part: "Element", limit: int = fields.LONG) -> str:
    """An element's text; raises where its type says that it is more than text or escaped HTML."""
    if part.attrib and (part.get("type") not in _PLAIN or part.get("src") or part.get("mode")):
        raise _UnknownShape
    return _clean(part.text, limit)


def _clean(value: str | None, limit: int = fields.SHORT) -> str:
    """`fields.text` for what an XML parser let through, which in ASCII holds nothing unprintable but DEL."""
    if not value:
        return ""
    if value.isascii() and "\x7f" not in value:
        return value[: 2 * limit].strip()[:limit]
    return fields.text(value, limit)
