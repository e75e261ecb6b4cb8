"""What makes a feed valid, written from the specifications: each function gives the faults of a body, [] for none.

RSS 2.0 (the specification's required and optional elements, their forms and how often they may stand), Atom (RFC 4287
by the schema in atom.rng, and what no grammar says), JSON Feed 1.1 and OPML 2.0.
"""

import json
import re
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import html5lib
import jsonschema
from lxml import etree

ATOM, XHTML = "{http://www.w3.org/2005/Atom}", "{http://www.w3.org/1999/xhtml}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
HISTORY = "{http://purl.org/syndication/history/1.0}"
SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).parent / "atom.rng"))
_CHANNEL = {
    "title", "link", "description", "language", "copyright", "managingEditor", "webMaster", "pubDate", "lastBuildDate",
    "category", "generator", "docs", "cloud", "ttl", "image", "rating", "textInput", "skipHours", "skipDays", "item",
}  # fmt: skip
_ITEM = {"title", "link", "description", "author", "category", "comments", "enclosure", "guid", "pubDate", "source"}
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_RFC822 = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d\d? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} "
    r"\d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|GMT|UT)"
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_RUNS = {"script", "iframe", "object", "embed", "form", "input", "style", "link", "base", "meta"}


def rss(body: bytes) -> list[str]:
    """Faults of RSS 2.0."""
    root = etree.fromstring(body)
    channels = root.findall("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or len(channels) != 1 or len(root) != 1:
        return ["the root is <rss version='2.0'> with one channel"]
    (channel,) = channels
    faults = _children(channel, _CHANNEL, "channel", several={"category", "item"})
    faults += [f"a channel needs a {name}" for name in ("title", "link", "description") if not _said(channel, name)]
    faults += _dates(channel, ("pubDate", "lastBuildDate")) + _web(channel.findtext("link"), "channel link")
    if channel.find("language") is not None and not _LANGUAGE.fullmatch(_said(channel, "language")):
        faults.append("language")
    if channel.find("ttl") is not None and not re.fullmatch(r"[1-9]\d*", _said(channel, "ttl")):
        faults.append("ttl is a number of minutes")
    own = [link for link in channel.findall(ATOM + "link") if link.get("rel") == "self"]
    if len(own) != 1 or own[0].get("type") != "application/rss+xml":
        faults.append("one link to itself, as the advisory board's profile asks")
    items = channel.findall("item")
    for item in items:
        faults += _item(item)
    guids = [item.findtext("guid") for item in items]
    return faults + (["guids are not unique"] if len(set(guids)) < len(guids) else [])


def _item(item: etree._Element) -> list[str]:
    faults = _children(item, _ITEM, "item", several={"category"})
    if not (_said(item, "title") or _said(item, "description")):
        faults.append("an item needs a title or a description")
    guid = item.find("guid")
    if guid is None or not (guid.text or "").strip():
        faults.append("an item without guid")
    elif guid.get("isPermaLink", "true") == "true":
        faults += _web(guid.text, "a guid that is a permalink")
    faults += _dates(item, ("pubDate",)) + (
        _web(item.findtext("link"), "link") if item.find("link") is not None else []
    )
    if item.find("author") is not None and "@" not in _said(item, "author"):
        faults.append("an author is a mail address")
    for name in ("description", CONTENT):
        faults += _inert(item.findtext(name) or "", name)
    return faults + [f"{len(part)} elements in {part.tag}" for part in item if part.tag in _ITEM and len(part)]


def _children(parent: etree._Element, known: set[str], what: str, several: set[str]) -> list[str]:
    tags = [str(child.tag) for child in parent if isinstance(child.tag, str)]
    plain = [tag for tag in tags if not tag.startswith("{")]
    faults = [f"no {what} has a {tag}" for tag in set(plain) - known]
    return faults + [f"{tag} stands twice in {what}" for tag in set(plain) - several if plain.count(tag) > 1]


def _said(parent: etree._Element, name: str) -> str:
    return (parent.findtext(name) or "").strip()


def _dates(parent: etree._Element, names: tuple[str, ...]) -> list[str]:
    found = [(name, _said(parent, name)) for name in names if parent.find(name) is not None]
    return [
        f"{name} {said!r}" for name, said in found if not _RFC822.fullmatch(said) or not parsedate_to_datetime(said)
    ]


def _web(address: str | None, what: str) -> list[str]:
    parts = urlsplit((address or "").strip())
    return [] if parts.scheme in ("http", "https") and parts.netloc else [f"{what}: {address!r}"]


def _inert(html: str, what: str) -> list[str]:
    """What in a piece of HTML would run, load or break out."""
    tree = html5lib.parseFragment(html, treebuilder="lxml", namespaceHTMLElements=False)
    faults = []
    for element in (each for part in tree if not isinstance(part, str) for each in part.iter(etree.Element)):
        if element.tag in _RUNS:
            faults.append(f"{what} has <{element.tag}>")
        for name, value in element.attrib.items():
            if name.startswith("on") or (
                name in ("href", "src") and not value.startswith(("http:", "https:", "mailto:"))
            ):
                faults.append(f"{what} has {name}={value!r}")
    return faults


def atom(body: bytes) -> list[str]:
    """Faults of Atom 1.0."""
    root = etree.fromstring(body)
    if not SCHEMA.validate(root):
        return [str(SCHEMA.error_log.last_error)]
    entries = root.findall(ATOM + "entry")
    faults = []
    if root.find(ATOM + "author") is None and any(each.find(ATOM + "author") is None for each in entries):
        faults.append("4.1.1: an author, of the feed or of every entry")
    if not [link for link in root.findall(ATOM + "link") if link.get("rel") == "self"]:
        faults.append("4.1.1: a link to itself")
    ids = [(each.findtext(ATOM + "id"), each.findtext(ATOM + "updated")) for each in entries]
    faults += ["4.1.1: the same id and updated twice"] if len(set(ids)) < len(ids) else []
    for each in (root, *entries):
        alternate = [
            (link.get("type"), link.get("hreflang"))
            for link in each.findall(ATOM + "link")
            if link.get("rel", "alternate") == "alternate"
        ]
        faults += ["4.1.2: two alternate links of one type"] if len(set(alternate)) < len(alternate) else []
        if each is not root and not alternate and each.find(ATOM + "content") is None:
            faults.append("4.1.2: content or an alternate link")
    for each in entries:
        content = each.find(ATOM + "content")
        if content is not None and content.get("src") is not None and each.find(ATOM + "summary") is None:
            faults.append("4.1.2: a summary beside content from elsewhere")
        if content is not None and content.get("type") == "html":
            faults += _inert(content.text or "", "content")
    return faults


_TEXT, _URL = {"type": "string"}, {"type": "string", "pattern": r"^https?://[^\s]+$"}
_MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}
_OWN = {"^_[^.]+$": {"type": "object"}}
_PEOPLE = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"name": _TEXT, "url": _URL, "avatar": _URL},
        "minProperties": 1,
        "additionalProperties": False,
        "patternProperties": _OWN,
    },
}
JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {**_TEXT, "minLength": 1},
        "home_page_url": _URL,
        "feed_url": _URL,
        "description": _TEXT,
        "user_comment": _TEXT,
        "next_url": _URL,
        "icon": _URL,
        "favicon": _URL,
        "authors": _PEOPLE,
        "language": {**_TEXT, "pattern": _LANGUAGE.pattern},
        "expired": {"type": "boolean"},
        "hubs": {
            "type": "array",
            "items": {"type": "object", "required": ["type", "url"], "properties": {"type": _TEXT, "url": _URL}},
        },
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id"],
                "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
                "properties": {
                    "id": {**_TEXT, "minLength": 1},
                    "url": _URL,
                    "external_url": _URL,
                    "title": _TEXT,
                    "content_html": _TEXT,
                    "content_text": _TEXT,
                    "summary": _TEXT,
                    "image": _URL,
                    "banner_image": _URL,
                    "date_published": _MOMENT,
                    "date_modified": _MOMENT,
                    "authors": _PEOPLE,
                    "tags": {"type": "array", "items": _TEXT, "uniqueItems": True},
                    "language": _TEXT,
                    "attachments": {"type": "array"},
                },
                "additionalProperties": False,
                "patternProperties": _OWN,
            },
        },
    },
    "additionalProperties": False,
    "patternProperties": _OWN,
}


def json_feed(body: bytes) -> list[str]:
    """Faults of JSON Feed 1.1."""

    def no_number(said: str) -> None:
        raise ValueError(f"{said} is no JSON")

    made: Any = json.loads(body.decode(), parse_constant=no_number)
    faults = [error.message for error in jsonschema.Draft202012Validator(JSON_FEED).iter_errors(made)]
    ids = [item["id"] for item in made["items"]]
    faults += ["ids are not unique"] if len(set(ids)) < len(ids) else []
    for item in made["items"]:
        faults += _inert(item.get("content_html", ""), "content_html")
    return faults + (
        ["characters that nothing may hold"] if _ILLEGAL.search(json.dumps(made, ensure_ascii=False)) else []
    )


def opml(body: bytes) -> list[str]:
    """Faults of OPML 2.0: a head, a body with outlines, each with text, subscriptions with type and address."""
    root = etree.fromstring(body)
    if root.tag != "opml" or root.get("version") != "2.0" or [child.tag for child in root] != ["head", "body"]:
        return ["the root is <opml version='2.0'> with head and body"]
    outlines = list(root.iter("outline"))
    faults = ["an outline without text" for each in outlines if not each.get("text")]
    faults += ["no outline"] if not outlines else []
    for each in outlines:
        if each.get("xmlUrl") is not None:
            faults += [] if each.get("type") == "rss" else ["a subscription of no type"]
            faults += _web(each.get("xmlUrl"), "xmlUrl") + _web(each.get("htmlUrl"), "htmlUrl")
    return faults


def faults(path: str, body: bytes) -> list[str]:
    """The faults of whatever feed is at `path`."""
    name = path.rpartition("/")[2]
    if name.endswith(".json"):
        return json_feed(body)
    if name.endswith(".opml"):
        return opml(body)
    if name in ("feed.xsl", "feed.css"):
        return []
    return atom(body) if "atom" in name else rss(body)
