"""What feeds need of the store, kept between requests: issues as printed, who is in them, what changed since.

All of it is asked for anew when the store has changed. One shelf a store, shared by threads.
"""

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote
from weakref import WeakKeyDictionary

from digest.config import Plan
from digest.errors import StoreError
from digest.group.headings import slug as slug_of
from digest.model import Decision, Masthead, Newsletter, Topic
from digest.operations.people import People
from digest.render import Templates, safe
from digest.render.feeds import Latest
from digest.render.view import View, view

if TYPE_CHECKING:
    from digest.store import Store
    from digest.store.published import Since

VIEWS = 64
"""Issues kept as printed; more would be memory for what is seldom asked for."""
_shelves: "WeakKeyDictionary[Store, Shelf]" = WeakKeyDictionary()
_lock = threading.Lock()
_made: "OrderedDict[int, tuple[Plan, Templates]]" = OrderedDict()


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


def quoted(path: str) -> str:
    """A path as it stands in an address."""
    return quote(path, safe="/-._~")


class Shelf:
    """See the module. Every method may raise StoreError."""

    def __init__(self, store: "Store") -> None:
        self._store, self._guard = store, threading.RLock()
        self._version: tuple[int, ...] = ()
        self._days: dict[str, tuple[date, ...]] = {}
        self._people: People | None = None
        self._topics: dict[str, tuple[tuple[Topic, int, date], ...]] = {}
        self._views: OrderedDict[tuple[str, date, str], View] = OrderedDict()
        self._since: dict[str, Since] = {}
        self._marks: dict[str, str] = {}
        self._issue_marks: dict[tuple[str, bool], str] = {}
        self._today: dict[str, str] = {}

    def look(self) -> None:
        """Forgets everything if the store has changed: issues never do, but they may have been corrected."""
        version = self._store.published.version()
        with self._guard:
            if version != self._version:
                self._version, self._days, self._since, self._people = version, {}, {}, None
                self._views.clear()
                self._marks, self._issue_marks, self._today, self._topics = {}, {}, {}, {}

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
        for topic, _, _ in self.printed_topics(letter.name):
            found.setdefault(topic.slug, safe.clean(topic.name, 80))
        return found

    def printed_topics(self, newsletter: str) -> tuple[tuple[Topic, int, date], ...]:
        """The topics that a newsletter printed papers under, with how many and the last day; the most papers first."""
        with self._guard:
            if newsletter not in self._topics:
                self._topics[newsletter] = self._store.shelf.topics(newsletter)
            return self._topics[newsletter]

    def issue_marks(self, places: Collection[tuple[str, date]], *, said: bool = False) -> dict[tuple[str, date], str]:
        """A mark of each of these issues, (newsletter, day), as it was printed; with `said`, of what was said of it
        since as well."""
        ids = {place: f"{place[0]}/{place[1].isoformat()}" for place in places}
        with self._guard:
            if missing := {id_ for id_ in ids.values() if (id_, said) not in self._issue_marks}:
                found = self._store.published.issue_marks(missing, said=said)
                self._issue_marks |= {(id_, said): mark for id_, mark in found.items()}
            return {
                place: self._issue_marks[id_, said] for place, id_ in ids.items() if (id_, said) in self._issue_marks
            }

    def marks(self, ids: Collection[str]) -> dict[str, str]:
        """A mark of all that `latest` is made of, of each of these papers; "" of one that nothing is known of."""
        today = self.today(ids)
        with self._guard:
            missing = set(today.values()) - self._marks.keys()
            if missing:
                self._marks |= self._store.published.marks(missing)
            return {id_: self._marks.get(today[id_], "") for id_ in ids}

    def today(self, ids: Collection[str]) -> dict[str, str]:
        """The id by which each of these papers is known today."""
        with self._guard:
            missing = [id_ for id_ in ids if id_ not in self._today]
            if missing:
                self._today |= {id_: id_ for id_ in missing} | self._store.published.today(missing)
            return {id_: self._today[id_] for id_ in ids}

    @property
    def people(self) -> People:
        """Who wrote what was printed."""
        with self._guard:
            if self._people is None:
                self._people = People(self._store)
            return self._people

    def know(self, people: People) -> None:
        """Takes these people of the store as it stands, instead of reading all papers for them."""
        with self._guard:
            self._people = people

    def latest(self, printed: Mapping[str, datetime]) -> Mapping[str, Latest]:
        """What is known by now of papers, by the id they were printed by, that were printed at these times."""
        today = self.today(printed)
        with self._guard:
            missing = [id_ for id_ in today.values() if id_ not in self._since]
            if missing:
                self._since |= self._store.published.since(missing)
            known = {id_: self._since[today[id_]] for id_ in printed if today[id_] in self._since}
            return {id_: _latest(since, printed[id_]) for id_, since in known.items()}


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
