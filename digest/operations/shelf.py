"""What feeds need of the store, kept between requests: issues as printed, who is in them, what changed since.

All of it is asked for anew when the store has changed. One shelf a store, shared by threads.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote
from weakref import WeakKeyDictionary

from digest.config import Plan
from digest.errors import StoreError
from digest.group.headings import slug as slug_of
from digest.model import Decision, Masthead, Newsletter
from digest.render import Templates, safe
from digest.render.feeds import Latest
from digest.render.view import Card, View, view
from digest.text.fold import fold

if TYPE_CHECKING:
    from digest.store import Store
    from digest.store.published import Since

VIEWS = 64
"""Issues kept as printed; more would be memory for what is seldom asked for."""
_shelves: "WeakKeyDictionary[Store, Shelf]" = WeakKeyDictionary()
_lock = threading.Lock()
_made: "OrderedDict[int, tuple[Plan, Templates]]" = OrderedDict()


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever shares an address of authors: a name, and where papers were printed, (newsletter, day), newest first;
    a place stands there once a paper."""

    name: str
    printed: tuple[tuple[str, date], ...]

    @property
    def places(self) -> tuple[tuple[str, date], ...]:
        """Each place once."""
        return tuple(dict.fromkeys(self.printed))


def of(store: "Store") -> "Shelf":
    """The shelf of this store as it now is. Raises StoreError."""
    with _lock:
        known = _shelves.get(store)
        if known is None:
            known = _shelves[store] = Shelf(store)
    known.look()
    return known


def templates(plan: Plan) -> Templates:
    """The templates of this plan, loaded once. Raises TemplateError."""
    with _lock:
        found = _made.get(id(plan))
        if found is None or found[0] is not plan:
            _made[id(plan)] = found = (plan, Templates(plan.templates, plan.theme))
            while len(_made) > 4:
                _made.popitem(last=False)
    return found[1]


def slugs(names: Iterable[str]) -> set[str]:
    """The addresses of authors: names without accents, in lower case, with hyphens. Namesakes share one."""
    return {slug for name in names if (slug := slug_of_name(name))}


def slug_of_name(name: str) -> str:
    """The address of one author, "" for a name of signs alone."""
    return fold(name).replace(" ", "-")[:100]


def quoted(path: str) -> str:
    """A path as it stands in an address."""
    return quote(path, safe="/-._~")


def printed_at(views: Sequence[View], keep: Callable[[Card], bool] = lambda _card: True) -> dict[str, datetime]:
    """When each paper in `views` (newest first) that `keep` takes was first printed there."""
    return {card.id: shown.made_at for shown in views for card in filter(keep, shown.cards)}


class Shelf:
    """See the module. Every method may raise StoreError."""

    def __init__(self, store: "Store") -> None:
        self._store, self._guard = store, threading.RLock()
        self._version: tuple[int, ...] = ()
        self._days: dict[str, tuple[date, ...]] = {}
        self._people: dict[str, Person] | None = None
        self._views: OrderedDict[tuple[str, date, str], View] = OrderedDict()
        self._since: dict[str, Since] = {}

    def look(self) -> None:
        """Forgets everything if the store has changed: issues never do, but they may have been corrected."""
        version = self._store.published.version()
        with self._guard:
            if version != self._version:
                self._version, self._days, self._since, self._people = version, {}, {}, None
                self._views.clear()

    def days(self, newsletter: str) -> tuple[date, ...]:
        """The days of its issues, newest first."""
        with self._guard:
            if newsletter not in self._days:
                self._days[newsletter] = self._store.shelf.days(newsletter)
            return self._days[newsletter]

    def began(self, letters: Iterable[Newsletter]) -> datetime | None:
        """The day of the first issue: since when a feed without entries is as it is."""
        oldest = [days[-1] for letter in letters if (days := self.days(letter.name))]
        return datetime.combine(min(oldest), datetime.min.time(), UTC) if oldest else None

    def view(self, newsletter: str, day: date, masthead: Masthead) -> View:
        """An issue as printed."""
        key = (newsletter, day, repr(masthead))
        with self._guard:
            if key in self._views:
                self._views.move_to_end(key)
                return self._views[key]
            issue = self._store.issues.get(f"{newsletter}/{day.isoformat()}")
            if issue is None:
                raise StoreError(f"the issue {newsletter}/{day} was taken out meanwhile; ask again")
            shown = self._views[key] = view(issue, masthead)
            while len(self._views) > VIEWS:
                self._views.popitem(last=False)
        return shown

    def topics(self, letter: Newsletter) -> Mapping[str, str]:
        """Slug and name of every topic a newsletter is to print or has printed, the given ones first."""
        found = {slug_of(rule.name): rule.name for rule in letter.topics}
        for topic, _, _ in self._store.shelf.topics(letter.name):
            found.setdefault(topic.slug, safe.clean(topic.name, 80))
        return found

    def topics_on(self, newsletter: str, day: date) -> set[str]:
        """The slugs of topics that an issue prints papers under."""
        issue = self._store.issues.get(f"{newsletter}/{day.isoformat()}")
        return {section.topic.slug for section in issue.sections if section.items} if issue else set()

    def people_on(self, newsletter: str, day: date) -> set[str]:
        """The names of authors of an issue's papers."""
        issue = self._store.issues.get(f"{newsletter}/{day.isoformat()}")
        return {author.name for item in issue.items for author in item.paper.authors} if issue else set()

    def author(self, slug: str) -> Person | None:
        """Who has this address."""
        return self._everybody().get(slug)

    def prolific(self, newsletters: Collection[str], least: int) -> list[str]:
        """The addresses of authors of at least `least` papers printed in these newsletters, by alphabet."""
        found = self._everybody().items()
        return sorted(slug for slug, one in found if sum(name in newsletters for name, _ in one.printed) >= least)

    def latest(self, printed: Mapping[str, datetime]) -> Mapping[str, Latest]:
        """What is known by now of papers, by id, that were printed at these times."""
        with self._guard:
            missing = [id_ for id_ in printed if id_ not in self._since]
            if missing:
                self._since |= self._store.published.since(missing)
            return {id_: _latest(self._since[id_], at) for id_, at in printed.items() if id_ in self._since}

    def _everybody(self) -> Mapping[str, Person]:
        with self._guard:
            if self._people is None:
                names: dict[str, str] = {}
                places: dict[str, list[tuple[str, date]]] = {}
                for name, newsletter, day in self._store.published.authors():
                    cleaned = safe.clean(name, 80)
                    if slug := slug_of_name(cleaned):
                        names.setdefault(slug, cleaned)
                        places.setdefault(slug, []).append((newsletter, day))
                self._people = {slug: Person(names[slug], tuple(found)) for slug, found in places.items()}
            return self._people


def _latest(since: "Since", printed_at: datetime) -> Latest:
    """A version, a venue or a registered publication since the printing is news; the rest came with it silently."""
    told = [(said, change) for change in since.changes if change.at > printed_at and (said := _news(change))]
    words = dict.fromkeys(word for said, _ in told for word in said)
    return Latest(
        paper=since.paper,
        changed_at=max((change.at for _, change in told), default=None),
        news=safe.clean("; ".join(words), 300),
        signals=since.signals,
    )


def _news(change: Decision) -> list[str]:
    """What of a change readers want to know, from dedupe's words for it ("gained keys doi:…, version 2, venue")."""
    parts = change.reason.removeprefix("gained ").split(", ")
    said = [part for part in parts if part.startswith("version ")]
    said += ["a venue is known"] if "venue" in parts else []
    return said + [f"published as {word}" for part in parts for word in part.split() if word.startswith("doi:")]
