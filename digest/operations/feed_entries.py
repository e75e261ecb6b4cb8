"""What feeds list: issues in brief (sheets), and the entries of their papers, made anew or as rendered before.

A sheet is enough to say which papers a feed lists. What was rendered stands for as long as what it was made of: the
issue that printed the paper last, the one that did first, and what is known of it by now, all by their marks. Touched
when an entry comes to depend on something else: that has to go into its mark.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from digest.config import Plan
from digest.group.headings import slug
from digest.operations import feed_shelf
from digest.operations.people import slug_of
from digest.render import Templates, feeds
from digest.render.feeds import Entry, Frame, Ready
from digest.render.view import Card, View

if TYPE_CHECKING:
    from digest.store.rendered import Rendered

Entries = tuple[Entry | Ready, ...]


@dataclass(frozen=True, slots=True)
class Slip:
    """A paper as an issue printed it: its id then, the slug of its heading, its score, the addresses of its authors."""

    id: str
    heading: str
    score: float
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    """An issue in brief; `slips` are in reading order."""

    newsletter: str
    day: date
    made_at: datetime
    language: str
    slips: tuple[Slip, ...]

    @property
    def id(self) -> str:
        """The id of the issue."""
        return f"{self.newsletter}/{self.day.isoformat()}"


@dataclass(frozen=True, slots=True)
class Place:
    """A paper in a feed: its id as printed, the issue it is shown of, and the first that printed it."""

    id: str
    shown: Sheet
    first: Sheet


def sheet_of(view: View, newsletter: str) -> Sheet:
    """An issue in brief."""
    slips = (Slip(card.id, card.heading.slug, card.item.score, tuple(_people(card))) for card in view.cards)
    return Sheet(newsletter=newsletter, day=view.day, made_at=view.made_at, language=view.language, slips=tuple(slips))


class Desk:
    """Makes sheets and entries for the feeds of one plan; with `rendered`, keeps them there and looks there first.
    Every method raises StoreError and TemplateError."""

    def __init__(
        self, plan: Plan, known: feed_shelf.Shelf, templates: Templates, rendered: "Rendered | None" = None
    ) -> None:
        self._plan, self._shelf, self._templates, self._rendered = plan, known, templates, rendered
        self._sheets: dict[tuple[str, date], Sheet] = {}
        self._root = plan.masthead.url.rstrip("/") + "/"

    def sheets(self, places: Iterable[tuple[str, date]]) -> list[Sheet]:
        """The issues of these (newsletter, day) in brief."""
        wanted = list(places)
        missing = [place for place in dict.fromkeys(wanted) if place not in self._sheets]
        if self._rendered is not None and missing:
            marks = self._shelf.issue_marks(missing)
            names = {_sheet_name(*place): place for place in missing}
            for name, parts in self._rendered.some((name, marks[place]) for name, place in names.items()).items():
                self._sheets[names[name]] = _unpacked(names[name], parts[0])
        for place in missing:
            if place not in self._sheets:
                made = self._sheets[place] = sheet_of(self._view(*place), place[0])
                if self._rendered is not None:
                    mark = self._shelf.issue_marks([place])[place]
                    self._rendered.put(_sheet_name(*place), mark, (_packed(made), "", "", ""))
        return [self._sheets[place] for place in wanted]

    def papers(self, places: Sequence[Place], frame: Frame) -> Entries:
        """The entries of these papers, in this order."""
        if self._rendered is None:
            return self._papers(places, frame)
        marks = self._marks(places)
        names = {place: f"{place.shown.id} {place.first.id} {place.id}" for place in places}
        found = self._rendered.some((names[place], marks[place]) for place in places)
        missing = [place for place in places if names[place] not in found]
        made = {place: feeds.ready(entry, self._templates) for place, entry in self._made(missing, frame)}
        for place, one in made.items():
            self._rendered.put(names[place], marks[place], feeds.packed(one))
        return tuple(made.get(place) or feeds.unpacked(found[names[place]]) for place in places)

    def issues(self, days: Sequence[tuple[str, date]], frame: Frame) -> Entries:
        """The entries of the issues of these (newsletter, day), in this order."""
        if self._rendered is None:
            return tuple(feeds.issue(self._view(*place), frame, self._templates) for place in days)
        marks = self._shelf.issue_marks(days, said=True)
        names = {place: f"{place[0]}/{place[1].isoformat()} whole" for place in days}
        found = self._rendered.some((names[place], marks[place]) for place in days)
        entries: list[Entry | Ready] = []
        for place in days:
            if names[place] in found:
                entries.append(feeds.unpacked(found[names[place]]))
                continue
            one = feeds.ready(feeds.issue(self._view(*place), frame, self._templates), self._templates)
            self._rendered.put(names[place], marks[place], feeds.packed(one))
            entries.append(one)
        return tuple(entries)

    def _papers(self, places: Sequence[Place], frame: Frame) -> Entries:
        made = dict(self._made(places, frame))
        return tuple(made[place] for place in places)

    def _made(self, places: Sequence[Place], frame: Frame) -> Iterable[tuple[Place, Entry]]:
        """Entries made anew."""
        latest = self._shelf.latest({place.id: place.first.made_at for place in places})
        for place in places:
            view = self._view(place.shown.newsletter, place.shown.day)
            card = next(card for card in view.cards if card.id == place.id)
            names = self._given(place.shown.newsletter) | feeds.names_of(view)
            first = f"{self._root}{feed_shelf.quoted(place.first.id)}/"
            known = latest.get(place.id)
            yield place, feeds.paper(card, place.first.made_at, first, frame, self._templates, known, names)

    def _marks(self, places: Sequence[Place]) -> dict[Place, str]:
        """Of each entry, a mark of all it is made of."""
        of_issue = self._shelf.issue_marks([(place.shown.newsletter, place.shown.day) for place in places])
        of_paper = self._shelf.marks([place.id for place in places])
        return {
            place: f"{of_issue[place.shown.newsletter, place.shown.day]} {of_paper[place.id]} {place.first.made_at}"
            for place in places
        }

    def _given(self, newsletter: str) -> dict[str, str]:
        """The names of the topics that a newsletter is to print, by slug."""
        rules = next((letter.topics for letter in self._plan.newsletters if letter.name == newsletter), ())
        return {slug(rule.name): rule.name for rule in rules}

    def _view(self, newsletter: str, day: date) -> View:
        return self._shelf.view(newsletter, day, self._plan.masthead)


def _people(card: Card) -> Iterable[str]:
    return dict.fromkeys(slug for name in card.authors if (slug := slug_of(name)))


def _sheet_name(newsletter: str, day: date) -> str:
    return f"{newsletter}/{day.isoformat()} brief"


def _packed(sheet: Sheet) -> str:
    slips = [[slip.id, slip.heading, slip.score, slip.people] for slip in sheet.slips]
    return json.dumps([sheet.made_at.isoformat(), sheet.language, slips])


def _unpacked(place: tuple[str, date], text: str) -> Sheet:
    made_at, language, slips = json.loads(text)
    return Sheet(
        newsletter=place[0],
        day=place[1],
        made_at=datetime.fromisoformat(made_at),
        language=language,
        slips=tuple(Slip(id_, heading, score, tuple(people)) for id_, heading, score, people in slips),
    )
