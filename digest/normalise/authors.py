"""Normalise room: author names as sources write them to a list of people. Touch here how names are split and turned."""

import re
from collections.abc import Sequence

from digest.model import Author
from digest.normalise.plain import plain

MOST = 5_000
"""The largest collaborations list about 3,000 names."""

_LATIN = "A-Za-zÀ-ÖØ-öø-ɏ"
_USUAL = re.compile(rf"[{_LATIN}](?:[ .'-]?[{_LATIN}]|[.] )*\.?")
_UNUSUAL = frozenset({"and", "und", "et", "al", "al.", "others", "unknown"})
_AFFILIATION_LIST = re.compile(r"\s*\(\(.*$")
_BRACKETS = re.compile(r"\s*[(\[]((?:[^()\[\]]|\([^()]*\))*)[)\]]\s*$")
_MARKS = re.compile(
    r"[*†‡§¶‖#]+|(?<=[^\W\d_])[\d⁰¹²³⁴⁵⁶⁷⁸⁹]+(?:,[\d⁰¹²³⁴⁵⁶⁷⁸⁹]+)*(?=\s|,|;|$)|\S+@\S+\.\w+|https?://\S+"
)
_AND = re.compile(r"\s*,?\s+(?:and|&|und|et)\s+(?!al\b)|\s+&\s*|\s*[，、；]\s*", re.I)
_ET_AL = re.compile(r",?\s*\b(?:et\.? al\b\.?|and others)\s*$", re.I)
_INITIALS = re.compile(r"(?:[^\W\d_](?:\.[-\s]*|[-\s]+))*[^\W\d_]\.?|[A-Z]{2,3}")
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|ph\.?d|m\.?d)\.?", re.I)
_PARTICLE = re.compile(r"(?:van|von|de|del|della|der|den|di|da|dos|du|la|le|el|al|bin|ibn|ter|ten|zu)\b", re.I)


def people(authors: Sequence[Author]) -> tuple[Author, ...]:
    """Every person in `authors`, in order, each once, as "First Last"; one entry may hold a whole list of names."""
    return _plainly_named(authors) or _taken_apart(authors)


def _plainly_named(authors: Sequence[Author]) -> tuple[Author, ...]:
    """`authors`, each once, where every one is a person with nothing to take off, as most are; else nobody."""
    found: dict[str, Author] = {}
    for author in authors:
        if author.affiliation or not _is_one(author.name):
            return ()
        found.setdefault(author.name.casefold(), author)
    return tuple(found.values()) if len(authors) <= MOST else ()


def _taken_apart(authors: Sequence[Author]) -> tuple[Author, ...]:
    """`people` of any authors."""
    usual = [_is_one(author.name) for author in authors[:MOST]]
    names = [author.name if one else plain(author.name, 20_000) for author, one in zip(authors, usual, strict=False)]
    inverted = len(names) > 1 and not any(usual) and all(name.count(",") == 1 for name in names)
    found: dict[str, Author] = {}
    for author, name, one in zip(authors, names, usual, strict=False):
        if one and not author.affiliation:
            found.setdefault(name.casefold(), author)
            continue
        for part in _split(name, inverted):
            person = _person(part, author.affiliation)
            if person:
                found.setdefault(person.name.casefold(), person)
    return tuple(found.values())[:MOST]


def _is_one(name: str) -> bool:
    """Whether `name` is Latin letters, single blanks and dots alone: one person with nothing to take off."""
    return _USUAL.fullmatch(name) is not None and len(name) <= 200 and _UNUSUAL.isdisjoint(name.casefold().split())


def surname(name: str) -> str:
    """The family name as far as a "First Last" order tells: the last word that is no suffix and no initial."""
    words = [word for word in name.replace(",", " ").split() if not _SUFFIX.fullmatch(word)]
    full = [word for word in words if len(word.strip(".")) > 1]
    return (full or words or [""])[-1]


def _split(text: str, inverted: bool) -> list[str]:
    """The names that stand in `text`; commas and "and" inside brackets belong to an affiliation."""
    text = _AFFILIATION_LIST.sub("", text)
    hidden: list[str] = []

    def hide(found: re.Match[str]) -> str:
        hidden.append(found[0])
        return f"\x00{len(hidden) - 1}\x00"

    text = re.sub(r"^\S+@\S+\s+\(([^()]*)\)$", r"\1", text)
    text = _ET_AL.sub("", re.sub(r"\((?:[^()]|\([^()]*\))*\)", hide, _MARKS.sub(" ", text)))
    pieces = [piece for part in text.split(";") for piece in _AND.split(part)]
    several = ";" in text or len(pieces) > 1
    names = [name for piece in pieces for name in _commas(piece.strip(" ,"), inverted or several)]
    return [re.sub(r"\x00(\d+)\x00", lambda found: hidden[int(found[1])], name) for name in names]


def _commas(text: str, listed: bool) -> list[str]:
    """The names in a piece with commas: "Last, First", "Last, F., Last, F." or a plain list. `listed`: one of several
    pieces, so that a single comma is rather inside a name."""
    parts = [part for part in re.split(r"\s*,\s*", text) if part]
    while len(parts) > 2 and _SUFFIX.fullmatch(parts[-1]) and len(parts) == 3:
        parts = [f"{parts[0]} {parts.pop()}", *parts[1:]] if _SUFFIX.fullmatch(parts[-1]) else parts
    if len(parts) == 3 and _SUFFIX.fullmatch(parts[1]):
        parts = [f"{parts[0]} {parts[1]}", parts[2]]
    if len(parts) == 2:
        return [_turn(*parts)] if _is_inverted(parts[0], parts[1], listed) else parts
    if len(parts) > 2 and len(parts) % 2 == 0 and all(_INITIALS.fullmatch(part) for part in parts[1::2]):
        return [_turn(last, first) for last, first in zip(parts[::2], parts[1::2], strict=True)]
    return parts


def _is_inverted(last: str, first: str, listed: bool) -> bool:
    last, first = (re.sub(r"\x00\d+\x00", "", part).strip() for part in (last, first))
    if _INITIALS.fullmatch(first) or " " not in last or _PARTICLE.match(last):
        return True
    return " " not in first or (listed and not re.search(r"\b\w\.", last))


def _turn(last: str, first: str) -> str:
    family, _, suffix = last.rpartition(" ")
    if family and _SUFFIX.fullmatch(suffix):
        return f"{first} {family} {suffix}"
    return f"{first} {last}"


def _person(text: str, affiliation: str | None) -> Author | None:
    """One person with what stands in brackets behind the name as affiliation; None where no name is left."""
    found = _BRACKETS.search(text)
    if found:
        text, inside = text[: found.start()], found[1].strip()
        if not affiliation and re.search(r"[^\W\d_]{2}", re.sub(r"\band\b", "", inside)):
            affiliation = inside
    name = " ".join(text.strip(" ,;:|/").split())
    if not any(c.isalpha() for c in name) or name.casefold() in {"and", "et al", "et al.", "others", "unknown", "n/a"}:
        return None
    return Author(name=name[:200], affiliation=plain(affiliation, 500) if affiliation else None)
