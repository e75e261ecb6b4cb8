"""Room `collect`: what another digest says of its papers in its feeds, taken over whole. Pure, no I/O.

JSON Feed has it under `_digest`, RSS and Atom in a namespace with the same names (docs/feeds.md). It is as hostile as
any feed: every value is looked at before it is used. Touched when digests tell one another something more.
"""

import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from digest.collect import fields
from digest.collect.errors import Unreadable
from digest.collect.shape import Item
from digest.model import Author

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

NAMESPACE = "urn:trending-papers-digest:feed:1"
MOST = 100
"""Keys, tags, signals or links taken of one paper."""
_KIND = re.compile(r"[a-z][a-z0-9 _-]{0,39}")
_LISTS = {"key": "keys", "tag": "tags", "signal": "signals", "affiliation": "affiliations", "link": "links"}
_LARGEST = 1e12


def fill(item: Item, said: Mapping[str, Any]) -> None:
    """Adds to `item` what a digest says of the paper beside what every feed can. Raises Unreadable for an entry that
    is an issue."""
    if "papers" in said or "day" in said:
        raise Unreadable("this feed of a digest lists issues; the one beside it, feed.json or feed.xml, lists papers")
    keys = [fields.text(key) for key in _list(said, "keys")]
    version = fields.text(said.get("version"), 5)
    item.ids += [fields.text(said.get("id")), *keys]
    item.ids += [f"{key}v{version}" for key in keys if key.startswith("arxiv:") and version.isdigit()]
    item.title = fields.text(said.get("title")) or item.title
    abstract = fields.text(said.get("abstract"), fields.LONG)
    item.texts = [abstract] if abstract else item.texts
    topic = said.get("topic")
    topics = [topic.get("name")] if isinstance(topic, dict) else []
    item.categories = [*item.categories, *(fields.text(name, 200) for name in (*topics, *_list(said, "tags")))]
    for name in ("venue", "comment", "language", "organisation"):
        setattr(item, name, fields.text(said.get(name)) or getattr(item, name))
    item.updated = fields.text(said.get("updated"), 100) or item.updated
    item.announcement = fields.text(said.get("announcement"), 20)
    item.measures += _measures(said)
    item.hrefs += [
        ("alternate" if link.get("kind") == "paper" else "related", "", fields.text(link.get("url")), _kind(link))
        for link in _objects(said, "links")
    ]
    _place(item, said)


def of_element(element: "Element") -> dict[str, Any]:
    """What a ``paper`` or ``issue`` element of the namespace says, as the same object that JSON has."""
    said: dict[str, Any] = {str(name): value for name, value in element.items()}
    for child in element:
        name = str(child.tag).rpartition("}")[2]
        if name in _LISTS:
            found: Any = {str(key): value for key, value in child.items()} or child.text
            if name == "affiliation":
                found = {"name": child.get("name"), "affiliation": child.text}
            said.setdefault(_LISTS[name], []).append(found)
        elif name == "topic":
            said["topic"] = {"name": child.text, "slug": child.get("slug"), "kind": child.get("kind")}
        elif name not in ("term", "id"):
            said[name] = child.text
    return said


def _measures(said: Mapping[str, Any]) -> list[tuple[str, float]]:
    """The score and the last observation of each kind of attention; numbers that are none are left out."""
    found = [("score", said.get("score")), *((_kind(one), one.get("value")) for one in _objects(said, "signals"))]
    known: dict[str, float] = {}
    for kind, value in found:
        number = _number(value)
        if number is not None and _KIND.fullmatch(kind):
            known.setdefault(kind, number)
    return list(known.items())


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and abs(number) <= _LARGEST else None


def _place(item: Item, said: Mapping[str, Any]) -> None:
    """Gives authors the affiliations they have."""
    places = {
        fields.text(one.get("name")): fields.text(one.get("affiliation")) for one in _objects(said, "affiliations")
    }
    item.people = tuple(
        Author(name=person.name, affiliation=person.affiliation or places.get(person.name) or None)
        for person in item.people
    )


def _kind(one: Mapping[str, Any]) -> str:
    return fields.text(one.get("kind"), 40)


def _list(said: Mapping[str, Any], name: str) -> list[Any]:
    found = said.get(name)
    return found[:MOST] if isinstance(found, list) else []


def _objects(said: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    return [one for one in _list(said, name) if isinstance(one, dict)]
