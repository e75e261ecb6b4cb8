"""Dedupe room: a paper as the comparison sees it: folded words, names, years, venue. Touch how a field is read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from digest.model import Paper
from digest.text.fold import fold

_ROMAN = frozenset(["ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"])
_NUMBER = re.compile(r"\d+")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
PARTS = frozenset(["part", "volume", "vol", "chapter", "paper", "phase", "episode", "section", "installment"])
_EMPTY_WORDS = frozenset(
    ["a", "an", "the", "of", "on", "in", "for", "and", "to", "by", "with", "from", "at", "as", "is", "are", "its"]
)

_VENUES = (
    ("sigmod record", "sigmod rec", "sigmodrecord"),
    ("sigmod", "management of data", "sigmod conference", "sigmodconference"),
    ("vldb journal", "vldb j"),
    ("vldb", "very large data", "very large databases"),
    ("tods", "transactions on database", "trans database syst", "acm tods"),
    ("tkde", "transactions on knowledge and data", "trans knowl data eng"),
    ("icde", "conference on data engineering", "data engineering"),
    ("pods", "principles of database"),
    ("kdd", "knowledge discovery and data mining"),
    ("cacm", "communications of the acm", "commun acm"),
)
"""Venues by the names that abbreviating cannot relate: first the family, then what gives it away."""


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name, folded: `family` may be "" where only initials are known."""

    family: str
    initials: str


@dataclass(frozen=True, slots=True)
class View:
    """What of a paper is compared. `words` are those of the title, `record` those of all fields together."""

    title: str
    words: tuple[str, ...]
    numbers: frozenset[str]
    names: tuple[Name, ...]
    years: frozenset[int]
    year: int | None
    venue: str
    family: str
    record: frozenset[str]
    text: str


@lru_cache(maxsize=16384)
def folded(title: str) -> str:
    """`title` as words; cached, because each is asked for again and again."""
    return fold(title)


@lru_cache(maxsize=8192)
def view(paper: Paper) -> View:
    """`paper` as it is compared with others; cached, because each is compared with many."""
    title = folded(paper.title)
    words = tuple(title.split())
    venue = fold(paper.venue or "")
    year = paper.published.year if paper.published else None
    names = tuple(_name(fold(author.name)) for author in paper.authors)
    written = " ".join((title, *(fold(author.name) for author in paper.authors), venue, str(year or "")))
    text = " ".join(written.split())
    years = frozenset(int(found) for found in _YEAR.findall(text))
    return View(
        title=title,
        words=words,
        numbers=numbers(words),
        names=names,
        years=years,
        year=year or (min(years) if len(years) == 1 else None),
        venue=venue,
        family=_family(venue) or _family(title[-60:]),
        record=frozenset(text.split()),
        text=text,
    )


def numbers(words: Iterable[str]) -> frozenset[str]:
    """The numbers among `words`, Roman ones too, without years: "part ii" and "part i" differ in them."""
    found: list[str] = []
    before = ""
    for word in words:
        if word in _ROMAN or (word in {"i", "a", "b", "c"} and before in PARTS):
            found.append(word)
        else:
            found += _NUMBER.findall(word)
        before = word
    return frozenset(word.lstrip("0") for word in found if not _YEAR.fullmatch(word))


def informative(words: Iterable[str]) -> frozenset[str]:
    """`words` without articles and prepositions."""
    return frozenset(word for word in words if word not in _EMPTY_WORDS)


def _name(folded: str) -> Name:
    """A folded name taken apart; "jagadish hv" and "h v jagadish" are the same person."""
    words = [word for word in folded.split() if word not in {"jr", "sr", "dr"}]
    full = [word for word in words if len(word) > 2] or [word for word in words if len(word) == 2]
    if not full:
        return Name("", "".join(words))
    family = full[0] if words[-1] != full[-1] and words[0] == full[0] and len(words[-1]) <= 2 else full[-1]
    rest = [word for word in words if word != family]
    return Name(family, "".join(word if len(word) <= 2 and word not in full else word[0] for word in rest))


def _family(venue: str) -> str:
    return next((names[0] for names in _VENUES if any(name in venue for name in names)), "")
