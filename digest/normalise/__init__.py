"""The normalise room: raw entries to readings in plain Unicode with canonical keys. Touch here what a field is made of.

`read` is the room's door; `plain`, `identifiers`, `authors`, `links` and `venues` each know one thing.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

from digest.model import Author, Entry, Link, Paper, Reading
from digest.normalise import authors, identifiers, links, urls, venues
from digest.normalise.formulas import formulas
from digest.normalise.plain import plain
from digest.text import notices
from digest.text.fold import compact

__all__ = ["read"]

TITLE_LIMIT = 1_000
FIELD_LIMIT = 2_000
_OF_THE_PAPER = frozenset({"paper", "pdf", "html", "doi"})

_PREAMBLE = re.compile(r"^\s*arXiv:(\S+)\s+Announce Type:\s*\S+\s*(?:Abstract:\s*)?", re.I)
_ABSTRACT_WORD = re.compile(r"^(?:abstract|summary)\s*[:.—–-]\s*", re.I)
_TITLE_TAIL = re.compile(r"\s*\(arXiv:(\S+)(?:\s*\[[\w.-]+\])?\s*(?:UPDATED|CROSS LISTED)?\)\s*$", re.I)
_TITLE_HEAD = re.compile(r"^\[(\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?)\]\s*")


@dataclass(frozen=True, slots=True)
class _Head:
    """A title freed of what listings put around it, and the identifiers that stood there."""

    title: str
    spellings: tuple[str, ...]


def read(entry: Entry) -> Reading | None:
    """The paper that `entry` announces, in plain text, with every key it has; None without a title that says anything,
    and for the error notes that arXiv's interface sends in the shape of an entry."""
    head = _head(entry.title)
    if not _says_something(head.title) or "arxiv.org/api/errors" in f"{entry.guid} {entry.url}":
        return None
    preamble = _PREAMBLE.match(entry.abstract)
    announced = (preamble[1],) if preamble else ()
    spellings = (
        *entry.identifiers,
        *head.spellings,
        *announced,
        *(link.url for link in entry.links if link.kind in _OF_THE_PAPER),
    )
    people = authors.people(entry.authors)
    comment = plain(entry.comment or "", FIELD_LIMIT) or None
    abstract = plain(entry.abstract[preamble.end() :] if preamble else entry.abstract)
    if heading := _ABSTRACT_WORD.match(abstract):
        abstract = abstract[heading.end() :]
    told = tuple(dict.fromkeys((*spellings, entry.guid, entry.url or "")))
    keys = _keys(entry, told, head.title, people)
    implied = links.implied(key for key in keys if not key.startswith("url:"))
    paper = Paper(
        id=keys[0],
        keys=keys,
        title=head.title,
        abstract=abstract,
        authors=people,
        url=_url(entry, implied),
        categories=tuple(dict.fromkeys(c for c in map(_category, entry.categories) if c)),
        published=entry.published,
        updated=entry.updated,
        version=_version(*told),
        links=_links(entry, implied),
        comment=comment,
        venue=_venue(entry, head.title, comment),
        organisation=plain(entry.organisation or "", FIELD_LIMIT) or None,
        language=plain(entry.language or "", 40) or None,
        withdrawn=notices.is_withdrawn(head.title, abstract, comment or ""),
        math=formulas(entry.title, entry.abstract),
    )
    return Reading(entry=entry, paper=paper)


def _keys(entry: Entry, told: tuple[str, ...], title: str, people: tuple[Author, ...]) -> tuple[str, ...]:
    """Every key of a paper that registries know, or else that of its title; the entry's own address last."""
    found = identifiers.keys(*told)
    registered = tuple(key for key in found if not key.startswith("url:"))
    address = identifiers.keys(entry.url or "")[-1:] if len(registered) < len(found) else ()
    if not registered:
        registered = (title_key(title, people[0].name if people else "", entry),)
    return (*registered, *(key for key in address if key.startswith("url:")))


def title_key(title: str, first_author: str, entry: Entry | None = None) -> str:
    """The key of a paper that no registry knows: ``title:`` and the first 16 hex digits of a SHA-256.

    Hashed is, in UTF-8, the folded title (`digest.text.fold.compact`), a tab, and the folded family name of the first
    author ("" without authors). For a title that many papers bear ("Editorial", see `is_generic`), a second tab and
    the entry's address, else its guid, else its source follow, so that such papers stay apart.
    """
    parts = [compact(title), compact(authors.surname(first_author))]
    if entry is not None and is_generic(title):
        parts.append(urls.identity(entry.url or "") or entry.guid or entry.source)
    return "title:" + hashlib.sha256("\t".join(parts).encode()).hexdigest()[:16]


def is_generic(title: str) -> bool:
    """Whether a title is too short to name one paper by itself: below 12 letters and digits ("Editorial", "Reply")."""
    return len(compact(title)) < 12


def _head(title: str) -> _Head:
    text = plain(title, TITLE_LIMIT)
    tail = _TITLE_TAIL.search(text) if text.endswith(")") else None  # few do, and searching costs
    text = text[: tail.start()] if tail else text
    head = _TITLE_HEAD.match(text)
    text = text[head.end() :] if head else text
    return _Head(text, tuple(f"arXiv:{found[1]}" for found in (tail, head) if found))


def _says_something(title: str) -> bool:
    return title[:1].isalnum() or any(c.isalnum() for c in title)


def _venue(entry: Entry, title: str, comment: str | None) -> str | None:
    """The venue as the source names it (some repeat the title there), else the one the comment names."""
    venue = plain(entry.venue or "", FIELD_LIMIT)
    return venue if venue and compact(venue) != compact(title) else venues.named_in(comment or "")


@lru_cache(maxsize=1024)
def _category(text: str) -> str:
    return plain(text, 200)


def _version(*spellings: str) -> int | None:
    return max((found for found in map(identifiers.arxiv_version, spellings) if found), default=None)


def _url(entry: Entry, implied: tuple[Link, ...]) -> str | None:
    """Where a reader goes: arXiv's page of what arXiv holds, else the entry's own address, else a key's page."""
    if implied and implied[0].url.startswith("https://arxiv.org/abs/"):
        return implied[0].url
    return urls.safe(entry.url) or next((link.url for link in implied if link.kind in {"paper", "doi"}), None)


def _links(entry: Entry, implied: tuple[Link, ...]) -> tuple[Link, ...]:
    mentioned = links.found_in(entry.abstract, entry.comment or "")
    if not mentioned and not entry.links:
        return implied
    return tuple({link.url: link for link in (*implied, *links.cleaned((*entry.links, *mentioned)))}.values())
