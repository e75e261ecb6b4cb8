"""What the site shows besides issues: papers as printed, all that is known of one, what a search found.

Values only; touched when a page has to say something new.
"""

from dataclasses import dataclass
from datetime import date, datetime

from digest.model.issues import Item, Topic
from digest.model.papers import Decision, Paper, Sighting, Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A paper of an issue, in brief; `place` is its order there."""

    newsletter: str
    day: date
    place: int
    topic: Topic
    score: float
    tldr: str
    paper: Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How a paper stood in an issue: under which topic, and the item as it was printed."""

    newsletter: str
    title: str
    day: date
    topic: Topic
    item: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """A paper near another in meaning: the cosine (0 to 1), and whether it has a page here."""

    paper: Paper
    likeness: float
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """All that is known of a paper. `shown` and what was observed are oldest first."""

    paper: Paper
    first_seen: datetime
    sightings: tuple[Sighting, ...] = ()
    signals: tuple[Signal, ...] = ()
    decisions: tuple[Decision, ...] = ()
    shown: tuple[Shown, ...] = ()
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The issues of a newsletter in a calendar month (`first` is its first day), and how many papers they print."""

    newsletter: str
    first: date
    issues: int
    papers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A search as understood: words and phrases (all must be there), each anywhere or in one field; papers first seen
    `since` then; in order of relevance or of how they trend."""

    everywhere: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    since: date | None = None
    trending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A paper that a search found; `printed` is where it was printed last, None where it never was."""

    paper: Paper
    first_seen: datetime
    printed: Printed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search came to: `total` papers in all, of which `hits` are these."""

    total: int
    hits: tuple[Hit, ...] = ()
