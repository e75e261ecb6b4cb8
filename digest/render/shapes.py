"""Render, the shapes of what is printed: a paper, a heading, a correction, an issue, as clean strings for templates.

Values only; `view.py` makes them. Touched when an edition must say something else.
"""

from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from digest.model import Fact, Item, Topic
from digest.render import updates
from digest.render.charts import Bars


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A paper as printed. `links` are (word, address); `title_dir` and `text_dir` are ltr or rtl. `item` and `heading`
    are what it was made of: hostile, not for templates."""

    id: str
    anchor: str
    title: str
    url: str
    language: str
    title_dir: str
    text_dir: str
    byline: str
    institution: str
    sources: str
    authors: tuple[str, ...]
    topic: str
    colour: int
    badges: tuple[Fact, ...]
    tldr: str
    original: str
    abstract: str
    why: str
    note: Markup
    note_text: str
    links: tuple[tuple[str, str], ...]
    attention: Bars | None
    categories: tuple[str, ...]
    origin: str
    published: datetime | None
    updated: datetime | None
    math: tuple[tuple[str, str], ...]
    item: Item
    heading: Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A heading with its cards. `waiting` papers were left out of the issue, the best named in `also` as (title,
    link, ltr or rtl); `moved` stand on the page only."""

    slug: str
    name: str
    colour: int
    cards: tuple[Card, ...]
    waiting: int
    also: tuple[tuple[str, str, str], ...]
    moved: int
    bars: Bars | None
    today: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """A correction as printed: `date` in words, the title of the paper it is about ("" for the whole issue)."""

    at: datetime
    date: str
    title: str
    note: Markup
    note_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """An issue as printed, in reading order."""

    title: str
    site: str
    day: date
    date: str
    made_at: datetime
    language: str
    direction: str
    url: str
    home: str
    size: str
    minutes: str
    papers: int
    moved: int
    note: Markup
    note_text: str
    corrections: tuple[Amendment, ...]
    glance: tuple[Group, ...]
    top: tuple[Card, ...]
    groups: tuple[Group, ...]
    updated: tuple[updates.Line, ...]
    coverage: str
    trouble: tuple[str, ...]
    contact: str
    address: str
    unsubscribe: str
    preferences: str

    @property
    def cards(self) -> tuple[Card, ...]:
        """Every card once, in reading order."""
        return self.top + tuple(card for group in self.groups for card in group.cards)
