"""Room `collect`: turning single values of any wire format into the values of an `Entry`. Pure, no I/O.

Every reader of this room passes what it found through here, so that the limits on hostile text stand in one place.
Touched when a value (a date, a link, a list of names) comes in a spelling that is not understood yet.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin, urlsplit

from digest.model import Author, Link

SHORT, LONG = 2_000, 100_000  # characters kept of a title, a name or an address; of an abstract
MANY = 10_000  # authors, categories, links kept of one entry: the longest author lists have about 5,000

# What XML 1.0 or a text column does not take: control characters, lone surrogates, noncharacters, byte order marks.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]+")
# Windows-1252 declared as Latin-1 leaves C1 controls where quotes and dashes were meant.
_C1 = {i: bytes([i]).decode("cp1252", "replace").replace("\ufffd", " ") for i in range(0x80, 0xA0)}
_C1_USED = re.compile("[\x80-\x9f]")
_ARXIV_ID = re.compile(r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?")
_SUFFIXES = frozenset(
    f"{suffix}{dot}" for suffix in ("Jr", "Sr", "jr", "sr", "II", "III", "IV", "Esq") for dot in ("", ".")
)
_SUFFIXES |= {"PhD", "Ph.D.", "Ph.D", "Ph. D.", "MD", "M.D.", "MSc", "M.Sc."}
_PLAIN_ADDRESS = re.compile(
    r"https?://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?:[/?#][\w/.:%~?=&#;,+@!$*()-]*)?", re.ASCII
)
_AND = re.compile(r"^and | (?:and|&) ")
_OUTSIDE = {mark: re.compile(rf"(?:\([^()]*\)|[^{mark}(]+|\()+") for mark in ",;"}
_DAY = re.compile(r"(\d{4})(?:[-/](\d{1,2}))?(?:[-/](\d{1,2}))?")


def text(value: object, limit: int = SHORT) -> str:
    """A value as text without unprintable characters, stripped, cut at `limit` characters; "" for None."""
    if value is None or isinstance(value, dict | list):
        return ""
    found = value[: 2 * limit] if isinstance(value, str) else str(value)
    if not (found.isascii() and found.isprintable()):
        found = found if found.isascii() else _mended(found)
        found = _UNPRINTABLE.sub(" ", found)
        if _C1_USED.search(found):
            found = found.translate(_C1)
    return found.strip()[:limit]


def _mended(value: str) -> str:
    """UTF-8 that was read as Latin-1 once too often (arXiv's API does it: ``Î±`` for ``α``) put right."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


def web(value: object, base: str | None = None) -> str | None:
    """An http(s) address, made absolute against `base`; None for anything else (``javascript:``, ``urn:``, …)."""
    if isinstance(value, str) and len(value) < SHORT and _PLAIN_ADDRESS.fullmatch(value):
        return value
    found = text(value)
    if not found or any(c in found for c in " \t\r\n<>\"'") or not found.isprintable():
        return None
    try:
        address = urljoin(base, found) if base else found
        parts = urlsplit(address)
        return address if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:  # an address such as http://[
        return None


@lru_cache(maxsize=4_096)
def moment(value: str) -> datetime | None:
    """A date in ISO 8601 or in the form of mail, as an aware UTC time; None where it is neither.

    A time without zone is taken as UTC, a day alone as its midnight, a month or year alone as its first day.
    """
    value = value.strip()
    if not 4 <= len(value) <= 64:
        return None
    try:
        found: datetime | None = datetime.fromisoformat(value)
    except ValueError:
        found = _mail_date(value) or _day(value)
    if found is None:
        return None
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError:
        return None


def _mail_date(value: str) -> datetime | None:
    """RFC 5322's date, as RSS writes it."""
    try:
        return parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _day(value: str) -> datetime | None:
    """``2024-3-7``, ``2024/03``, ``2024`` and the like."""
    match = _DAY.fullmatch(value)
    if not match:
        return None
    try:
        return datetime(int(match[1]), int(match[2] or 1), int(match[3] or 1), tzinfo=UTC) + timedelta(0)
    except ValueError:
        return None


def names(spelling: str, *, listed: bool = False) -> tuple[Author, ...]:
    """The people in one author field: ``A B, C D and E F``; ``A B; C D``; ``Family, Given`` stays one.

    `listed` says that the source separates people by commas and nothing else (arXiv does), so that one-word names are
    people too. What stands in brackets after a name is its affiliation.
    """
    people = _split(spelling, ";" if ";" in spelling and not listed else ",")
    if not listed:
        if ";" not in spelling and not all(" " in person for person in people):
            people = [spelling]
        if " and " in spelling or " & " in spelling:
            people = [part for person in people for part in _AND.split(person)]
    if "(" in spelling or len(spelling) > SHORT:
        return tuple([author(person[:SHORT]) for person in people[:MANY]])
    return tuple([Author(name=person) for person in people])


def _split(spelling: str, mark: str) -> list[str]:
    """Parts between marks outside brackets; a suffix such as ``Jr.`` stays with the name before it."""
    if "\n" in spelling or "  " in spelling or "\t" in spelling:
        spelling = " ".join(spelling.split())
    if "(" in spelling:
        found = _OUTSIDE[mark].findall(spelling)
    else:  # a mark with its blank leaves nothing to strip
        found = spelling.split(f"{mark} " if spelling.count(mark) == spelling.count(f"{mark} ") else mark)
    people = [part for part in map(str.strip, found) if part]
    if _SUFFIXES.isdisjoint(people):
        return people
    joined: list[str] = []
    for part in people:
        if joined and part in _SUFFIXES:
            joined[-1] += f", {part}"
        else:
            joined.append(part)
    return joined


def people(found: Sequence[tuple[str, str]], *, listed: bool) -> tuple[Author, ...]:
    """Authors from (name, affiliation) pairs of clean text: one field may name several, several fields one each."""
    if len(found) == 1 and not found[0][1]:
        return names(found[0][0], listed=listed)
    return tuple(
        [
            Author(name=name, affiliation=affiliation or None) if affiliation or "(" not in name else author(name)
            for name, affiliation in found[:MANY]
            if name
        ]
    )


def author(spelling: str) -> Author:
    """One person; what stands in brackets at the end is the affiliation."""
    if spelling.endswith(")") and "(" in spelling:
        name, _, affiliation = spelling[:-1].partition("(")
        if name.strip():
            return Author(name=text(name), affiliation=text(affiliation) or None)
    return Author(name=spelling[:SHORT])


def identifier(value: object) -> str:
    """A spelling of an id; a bare arXiv id (``2503.01234v2``, ``astro-ph/0601001``) gets the prefix it lacks."""
    found = text(value)
    return f"arXiv:{found}" if _ARXIV_ID.fullmatch(found) else found


def doi(value: object) -> str:
    """A DOI with its prefix; "" where the value holds none."""
    found = text(value)
    return f"doi:{found}" if found.startswith("10.") else found


def unique(values: Iterable[Any]) -> tuple[Any, ...]:
    """The values in order, empty ones and repetitions left out."""
    return tuple(dict.fromkeys([v for v in values if v]))[:MANY]


_ELSEWHERE = frozenset(("enclosure", "self", "edit", "replies", "license", "hub", "next", "prev", "icon"))
_TYPED = frozenset(("pdf", "html", "code", "project", "data", "weights", "demo", "video", "discussion", "doi"))
_MEDIA = ("image/", "audio/", "video/")


def link(url: object, base: str | None = None, *, rel: str = "", kind: str = "", title: str = "") -> Link | None:
    """A link typed by what its feed says of it: `kind` is a media type, `title` what it is called (``pdf``, ``doi``).

    None for what is no link to the paper: images and other enclosures, the feed itself, replies, licences.
    """
    address = web(url, base)
    if not address:
        return None
    rel, kind, title = rel.lower(), kind.lower(), title.lower()
    if rel in _ELSEWHERE:
        return None
    if title in _TYPED:
        return Link(kind=title, url=address)
    if kind == "application/pdf":
        return Link(kind="pdf", url=address)
    if rel in ("", "alternate"):
        return Link(kind="paper", url=address)
    return Link(kind="html", url=address) if rel == "related" and not kind.startswith(_MEDIA) else None
