"""What feeds need of the store, kept between requests: issues as printed, who and what is in them, what changed since.

Issues never change, so what was read of one is kept (the newest views whole, of the rest names alone); all else is
asked for anew when the store has changed. One shelf a store, shared by threads.
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
from digest.model import Decision, Issue, Masthead, Newsletter
from digest.render import Templates, safe
from digest.render.feeds import Latest
from digest.render.view import Card, View, view
from digest.text.fold import fold

if TYPE_CHECKING:
    from digest.store import Store
    from digest.store.published import Since

Days = Sequence[date]
VIEWS = 64
"""Issues kept as printed; more would be memory for what is seldom asked for."""
_shelves: "WeakKeyDictionary[Store, Shelf]" = WeakKeyDictionary()
_lock = threading.Lock()
_made: "OrderedDict[int, tuple[Plan, Templates]]" = OrderedDict()


@dataclass(frozen=True, slots=True)
class Held:
    """What an issue holds: its topics and authors by slug with their names, how many papers of each author, the best
    score."""

    topics: Mapping[str, str]
    authors: Mapping[str, int]
    best: float


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
    return {slug for name in names if (slug := fold(name).replace(" ", "-")[:100])}


def quoted(path: str) -> str:
    """A path as it stands in an address."""
    return quote(path, safe="/-._~")


class Shelf:
    """See the module. Every method may raise StoreError."""

    def __init__(self, store: "Store") -> None:
        self._store, self._guard = store, threading.RLock()
        self._version: tuple[int, ...] = ()
        self._days: dict[str, tuple[date, ...]] = {}
        self._held: dict[tuple[str, date], Held] = {}
        self._views: OrderedDict[tuple[str, date, Masthead], View] = OrderedDict()
        self._since: dict[str, Since] = {}

    def look(self) -> None:
        """Forgets what may have changed, if the store did."""
        version = self._store.published.version()
        with self._guard:
            if version != self._version:
                self._version, self._days, self._since = version, {}, {}
                self._views.clear()  # an issue never changes, but may have been corrected

    def days(self, newsletter: str) -> tuple[date, ...]:
        """The days of its issues, newest first."""
        with self._guard:
            if newsletter not in self._days:
                self._days[newsletter] = self._store.shelf.days(newsletter)
            return self._days[newsletter]

    def made_at(self, letters: Iterable[Newsletter]) -> datetime | None:
        """A time that is later the newer the newest issue is."""
        newest = [days[0] for letter in letters if (days := self.days(letter.name))]
        return datetime.combine(max(newest), datetime.min.time(), UTC) if newest else None

    def view(self, newsletter: str, day: date, masthead: Masthead) -> View:
        """An issue as printed."""
        key = (newsletter, day, masthead)
        with self._guard:
            if key in self._views:
                self._views.move_to_end(key)
                return self._views[key]
            shown = self._views[key] = view(self._issue(newsletter, day), masthead)
            while len(self._views) > VIEWS:
                self._views.popitem(last=False)
        return shown

    def views(
        self, letters: Sequence[Newsletter], masthead: Masthead, wanted: Callable[[Held], bool], most: int
    ) -> list[View]:
        """Issues, newest first, that hold something of what is `wanted`; at most `most`."""
        dated = sorted(((day, letter.name) for letter in letters for day in self.days(letter.name)), reverse=True)
        found: list[View] = []
        for day, name in dated:
            if len(found) == most:
                break
            if wanted(self.held(name, day)):
                found.append(self.view(name, day, masthead))
        return found

    def held(self, newsletter: str, day: date) -> Held:
        """What an issue holds."""
        with self._guard:
            known = self._held.get((newsletter, day))
            if known is None:
                known = self._held[newsletter, day] = _held(self._issue(newsletter, day))
            return known

    def _issue(self, newsletter: str, day: date) -> Issue:
        issue = self._store.issues.get(f"{newsletter}/{day.isoformat()}")
        if issue is None:
            raise StoreError(f"the issue {newsletter}/{day} was taken out meanwhile; ask again")
        return issue

    def topics(self, letter: Newsletter) -> Mapping[str, str]:
        """Slug and name of every topic a newsletter is to print or has printed, the given ones first."""
        found = {slug_of(rule.name): rule.name for rule in letter.topics}
        for day in self.days(letter.name):
            for slug, name in self.held(letter.name, day).topics.items():
                found.setdefault(slug, name)
        return found

    def authors(self, newsletters: Collection[str], least: int) -> list[str]:
        """The slugs of authors of at least `least` printed papers, by alphabet."""
        counted: dict[str, int] = {}
        for name in newsletters:
            for day in self.days(name):
                for slug, papers in self.held(name, day).authors.items():
                    counted[slug] = counted.get(slug, 0) + papers
        return sorted(slug for slug, papers in counted.items() if papers >= least)

    def author(self, views: Sequence[View], slug: str) -> str:
        """The name behind a slug, as last printed."""
        names = (name for shown in views for card in shown.cards for name in card.authors)
        return next((name for name in names if slug in slugs([name])), slug)

    def latest(self, views: Sequence[View], keep: Callable[[Card], bool] = lambda _card: True) -> Mapping[str, Latest]:
        """What is known by now of the papers printed in `views`."""
        printed = {card.id: shown.made_at for shown in views for card in filter(keep, shown.cards)}
        with self._guard:
            missing = [id_ for id_ in printed if id_ not in self._since]
            if missing:
                self._since |= self._store.published.since(missing)
            return {id_: _latest(self._since[id_], at) for id_, at in printed.items() if id_ in self._since}


def _held(issue: Issue) -> Held:
    counted: dict[str, int] = {}
    for item in issue.items:
        for slug in slugs(safe.clean(author.name, 80) for author in item.paper.authors):
            counted[slug] = counted.get(slug, 0) + 1
    topics = {section.topic.slug: safe.clean(section.topic.name, 80) for section in issue.sections if section.items}
    return Held(topics=topics, authors=counted, best=max((item.score for item in issue.items), default=0.0))


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
