"""What a newsletter prints: topics, scores, items, sections, issues.

Values only; touched when an issue has to carry something new to its readers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from digest.model.changes import Update
from digest.model.coverage import Coverage
from digest.model.papers import Decision, Paper, Sighting, Signal
from digest.model.topics import StandingTopic

IssueStatus = Literal["published", "exists", "empty", "held", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRule:
    """A heading given in config.yaml and what it takes. Words and phrases match whole words, any case."""

    name: str
    words: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    venues: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    limit: int | None = None
    texts: tuple[str, ...] = ()  # of the examples, where they are known


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A heading readers know. `kind`: given, discovered, or other (the honest rest); `colour` is 0 to 7."""

    slug: str
    name: str
    kind: Literal["given", "discovered", "other"]
    colour: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A paper that an issue may print, with all that has been observed of it."""

    paper: Paper
    first_seen: datetime
    sightings: tuple[Sighting, ...] = ()
    signals: tuple[Signal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Every candidate under exactly one topic (`topic_of`: paper id to slug); `tags` are further topics it touches;
    `standing` are the discovered headings to hand to the next day's grouping."""

    topics: tuple[Topic, ...]
    topic_of: Mapping[str, str]
    tags: Mapping[str, tuple[str, ...]]
    decisions: tuple[Decision, ...] = ()
    standing: tuple[StandingTopic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One addend of a score: total = sum of `points`. `value` is what was observed, `level` its standing in 0..1."""

    name: str
    value: float
    level: float
    weight: float
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a paper is where it is, in words with numbers; `kind` names the term or rule it comes from."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    paper_id: str
    total: float
    terms: tuple[Term, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What an issue prints: ids of the top of the day; for each topic in order its ids, best first, and how many of
    its candidates were left out (they stay candidates, each with a decision)."""

    top: tuple[str, ...]
    sections: tuple[tuple[Topic, tuple[str, ...], int], ...]
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """The curator's hand: paper ids to put first (with a Markdown note, maybe empty) and ids to leave out."""

    picks: Mapping[str, str] = field(default_factory=dict)
    skips: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A certain fact shown as a badge: `kind` is code, project, data, venue, video, version, unvoted, sources, …;
    `text` is what the badge says; `url` where it leads, if anywhere."""

    kind: str
    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One value of a chart series on a day."""

    day: date
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A paper in an issue, complete: score, terms and reasons as they stood, one-sentence TL;DR (may be ""), facts,
    `attention` as it grew (empty below three points), names of the sources that announced it, the editor's note."""

    paper: Paper
    score: float
    terms: tuple[Term, ...]
    reasons: tuple[Reason, ...]
    tldr: str
    facts: tuple[Fact, ...]
    attention: tuple[Point, ...]
    sources: tuple[str, ...]
    announcement: str
    first_seen: datetime
    tags: tuple[str, ...] = ()
    note: str = ""
    tldr_original: str = ""  # the abstract's own sentence where `tldr` is a translation


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The items of a topic, best first. `waiting` counts candidates of the topic left out; `arrivals` are papers a day
    over the past fortnight (empty below three days of history); `today` is how many came new today and `usual` the
    usual number a day (None while unknown); `also` are (title, link) of the best that wait, at most fifty."""

    topic: Topic
    items: tuple[Item, ...]
    waiting: int = 0
    arrivals: tuple[Point, ...] = ()
    today: int = 0
    usual: float | None = None
    also: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What an issue should have said: the editor's Markdown `note`, on a paper of it or (None) on all of it. `id` is
    ``NEWSLETTER/YYYY-MM-DD#N``, N from 1; `mailed`: to go to whoever had the issue."""

    id: str
    issue: str
    at: datetime
    note: str
    paper_id: str | None = None
    mailed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One dated issue of one newsletter: everything a rendering needs, no markup. `top` names the ids of the top of
    the day, whose items stand in `sections` as well; `candidates` is how many papers it was chosen from;
    `introduction` is the editor's Markdown. `window_start` is the earliest first sighting it could print. `corrections`
    are no part of what was saved: they came later, oldest first; nor are `withdrawn`, ids of papers taken back since.
    `updated` are known papers that changed."""

    newsletter: str
    title: str
    day: date
    made_at: datetime
    window_start: datetime
    language: str
    top: tuple[str, ...]
    sections: tuple[Section, ...]
    candidates: int
    coverage: tuple[Coverage, ...]
    introduction: str = ""
    corrections: tuple[Correction, ...] = ()
    updated: tuple[Update, ...] = ()
    withdrawn: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """``NEWSLETTER/YYYY-MM-DD``: unique, and what commands and links call it."""
        return f"{self.newsletter}/{self.day.isoformat()}"

    @property
    def items(self) -> tuple[Item, ...]:
        """Every item in reading order of the sections."""
        return tuple(item for section in self.sections for item in section.items)
