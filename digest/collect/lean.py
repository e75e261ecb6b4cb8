"""Room `collect`: clean RSS, RDF and Atom bodies to entries by lxml, many times faster than feedparser. Pure, no I/O.

arXiv's feeds and API answers are the shapes it is for. It reads only what it knows wholly: anything else about a body
(an undeclared entity, XHTML content, a tag of unknown meaning) hands that body to `feed.py`, so that nothing is lost.
The only user of lxml for feeds; touched when another big source deserves the fast way.
"""

from typing import TYPE_CHECKING

from digest.collect import feed, fields, followed, shape
from digest.model import Entry

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_RSS1, _ATOM = "http://purl.org/rss/1.0/", "http://www.w3.org/2005/Atom"
_ARXIV, _DC = "http://arxiv.org/schemas/atom", "http://purl.org/dc/elements/1.1/"
_PRISM = "http://prismstandard.org/namespaces/"
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
_VOCABULARIES |= {followed.NAMESPACE: {"paper": "followed", "issue": "followed"}}
_LISTED = frozenset(("text", "creator", "category", "link", "identifier", "doi"))  # may stand several times
_NESTED = frozenset(("author", "href", "term", "primary", "followed"))  # say what they say in attributes or children
_NAME, _AFFILIATION = f"{{{_ATOM}}}name", f"{{{_ARXIV}}}affiliation"
_PLAIN = {None, "", "text", "html", "text/plain", "text/html"}


class _UnknownShape(Exception):
    """The body says something this reader does not know."""


def parse(body: bytes, source: str, url: str | None = None) -> tuple[Entry, ...]:
    """As `feed.parse`, with the same entries for the same body; Unreadable likewise."""
    feed.refuse(body)
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(body, parser)
        if root.getroottree().docinfo.internalDTD is not None:
            raise _UnknownShape  # it may declare entities
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
    journal = next((e.text for e in top if isinstance(e.tag, str) and _MEANINGS[e.tag] == "journal"), "")
    found = {"title": top.findtext(prefix + "title"), "about": top.findtext(prefix + about)}
    return items, {k: _clean(v) for k, v in (found | {"language": language, "journal": journal}).items()}


class _Meanings(dict[str, str | None]):
    """What a tag (in lxml's spelling) holds of an entry; "" for nothing of use, None where nobody knows."""

    def __missing__(self, tag: str) -> str | None:
        space, _, name = tag.rpartition("}")
        space = space[1:]
        vocabulary = _PRISM_TAGS if space.startswith(_PRISM) else _VOCABULARIES.get(space, {})
        if len(self) < 1_000:  # a hostile feed may invent tags without end
            self[tag] = vocabulary.get(name)
        return vocabulary.get(name)


_MEANINGS = _Meanings()


def _item(element: "Element", head: dict[str, str]) -> shape.Item:
    """One item element; raises _UnknownShape at the first thing in it that is not known."""
    once, lists, nested = _parts(element)
    get, every = once.get, lists.get
    item = shape.Item(
        title=get("title") or get("other_title", ""),
        guid=get("guid") or element.get(_ABOUT) or "",
        texts=every("text", []),
        hrefs=[("", "", href, "") for href in every("link", ())],
        ids=every("identifier", []),
        dois=every("doi", []),
        categories=every("category", []),
        published=_date(get("published") or get("day")),
        updated=_date(get("updated")),
        announcement=get("announcement", ""),
        comment=get("comment", ""),
        venue=get("venue") or get("journal") or head["journal"],
        language=head["language"],
    )
    people = [(name, "") for name in every("creator", ()) if name]
    if nested:
        _read_nested(item, nested, people)
    item.people = fields.people(people, listed="announcement" in once)
    for meaning, part in nested:
        if meaning == "followed":
            followed.fill(item, followed.of_element(part))
    return item


def _parts(element: "Element") -> tuple[dict[str, str], dict[str, list[str]], list[tuple[str, "Element"]]]:
    """What stands in an item by meaning: texts that stand once, texts that may repeat, elements to look into."""
    once: dict[str, str] = {}
    lists: dict[str, list[str]] = {}
    nested: list[tuple[str, Element]] = []
    for child in element:
        meaning = _MEANINGS[child.tag]
        if not meaning:
            if meaning is None:
                raise _UnknownShape
        elif meaning in _NESTED:
            nested.append((meaning, child))
        elif len(child) or meaning in once or child.get("type") not in _PLAIN:
            raise _UnknownShape
        elif meaning in _LISTED:
            lists.setdefault(meaning, []).append(_clean(child.text, fields.LONG))
        else:
            once[meaning] = _clean(child.text)
    if element.base is not None:
        raise _UnknownShape  # addresses in it may be relative to another
    return once, lists, nested


def _date(written: str | None) -> str:
    """A date as written; one that we cannot read is left to feedparser, which knows more calendars."""
    if not written:
        return ""
    if fields.moment(written) is None:
        raise _UnknownShape
    return written


def _read_nested(item: shape.Item, nested: list[tuple[str, "Element"]], people: list[tuple[str, str]]) -> None:
    """Atom's links and categories, the primary one first, and its authors with arXiv's affiliations."""
    for meaning, part in nested:
        if meaning == "author":
            people.append(_person(part))
        elif meaning == "href":
            get = part.get
            item.hrefs.append((get("rel", ""), get("type", ""), get("href", ""), get("title", "")))
        elif meaning == "primary":
            item.categories.insert(0, _clean(part.get("term")))
        elif meaning == "term":
            item.categories.append(_clean(part.get("term")))


def _person(part: "Element") -> tuple[str, str]:
    """An Atom author's name and arXiv's affiliations; raises for anything else in it."""
    if len(part) == 0 or part[0].tag != _NAME:
        raise _UnknownShape
    if len(part) == 1:
        return _clean(part[0].text), ""
    name, *rest = part
    if any(found.tag != _AFFILIATION for found in rest):
        raise _UnknownShape
    return _clean(name.text), "; ".join([_clean(found.text) for found in rest])


def _clean(value: str | None, limit: int = fields.SHORT) -> str:
    """`fields.text` for what an XML parser let through, which in ASCII holds nothing unprintable but DEL."""
    if not value:
        return ""
    if value.isascii() and len(value) <= limit and "\x7f" not in value:
        return value.strip()
    return fields.text(value, limit)
