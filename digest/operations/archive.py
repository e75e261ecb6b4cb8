"""What pages need of the store, read in bulk: issues as printed, all that is known of papers, how topics went.

One of these serves one build or one request; issues it has read are kept, the newest few hundred, for papers of one
issue are asked for together.
"""

import threading
from collections import OrderedDict
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from digest import nearby
from digest.group.trend import trend
from digest.model import Dossier, Issue, Paper, Point, Printed, Related, Shown, Topic

if TYPE_CHECKING:
    from digest.group.related import Index
    from digest.store import Store

ISSUES = 200
"""Issues kept in memory."""
RELATED, ALIKE = 6, 0.35
"""Papers named as near another, and the cosine below which none is."""
NEAREST = 1
"""Papers whose pages are made again for a new one beside them."""
HISTORY = 120
"""Issues whose days the chart of a topic shows."""
DORMANT = timedelta(days=28)
"""A topic that printed nothing for so long is charted to its last day, so that its page stays as it is."""

_indexes: "WeakKeyDictionary[Store, tuple[int, Index | None]]" = WeakKeyDictionary()
_lock = threading.Lock()


class Archive:
    """See the module. Every method raises StoreError where the store cannot be read."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._issues: OrderedDict[str, Issue | None] = OrderedDict()
        self._months: list[date] | None = None
        self._topics: dict[str, tuple[tuple[Topic, int, date], ...]] = {}
        self._index: Index | None = None
        self._places: dict[str, int] | None = None

    def issue(self, issue_id: str) -> Issue | None:
        """The issue of this id."""
        if issue_id not in self._issues:
            self._issues[issue_id] = self._store.issues.get(issue_id)
            while len(self._issues) > ISSUES:
                self._issues.popitem(last=False)
        self._issues.move_to_end(issue_id)
        return self._issues[issue_id]

    def dossiers(self, ids: Collection[str]) -> list[Dossier]:
        """All that is known of these papers, in the order given, as far as they are there."""
        records = self._store.dossiers.records(ids)
        printed = self._store.shelf.of(records)
        near = {id_: self._near(id_) for id_ in records}
        others = self._store.papers.some({id_ for found in near.values() for id_, _ in found})
        here = set(self._store.shelf.of(others))
        return [
            Dossier(
                paper=record.paper,
                first_seen=record.first_seen,
                sightings=record.sightings,
                signals=record.signals,
                decisions=record.decisions,
                shown=self._shown(printed.get(id_, ())),
                related=_related(near[id_], others, here),
            )
            for id_ in ids
            if (record := records.get(id_)) is not None
        ]

    def neighbours(self, ids: Collection[str]) -> set[str]:
        """The papers that these are nearest to: whose own lists of what is near have likely changed with them."""
        return {near for id_ in ids for near, _ in self._near(id_)[:NEAREST]}

    def trend(self, newsletter: str, topic: Topic, last: date) -> tuple[tuple[Point, ...], str]:
        """How many papers of a topic came new on each day with an issue, and how it stands in words; `last` is when it
        was printed last."""
        days = self._store.shelf.days(newsletter)[:HISTORY]
        if not days:
            return (), ""
        dormant = days[0] - last > DORMANT
        until = last if dormant else days[0]
        points = self._store.issues.arrivals(newsletter, topic.slug, days[-1], until + timedelta(days=1))
        began = next((at for at, point in enumerate(points) if point.value), len(points))
        points = points[began:]
        now = trend([point.value for point in points[-28:]])
        if dormant or not points:
            return points, f"Last printed on {last.day} {last:%B %Y}"
        return points, f"{now.today:,.0f} new in the last issue" + (f", {now.words}" if now.words else "")

    def first_printed(self, since: date, before: date) -> list[Printed]:
        """Papers first printed from `since` to the day before `before`, in any newsletter, newest first."""
        first = self._store.shelf.first_days(since)
        found: dict[str, Printed] = {}
        for one in reversed(self._store.shelf.printed(since=since, before=before)):
            if first.get(one.paper.id) == one.day:
                found.setdefault(one.paper.id, one)
        return list(found.values())[::-1]

    def months(self) -> list[date]:
        """Months in which a paper was first printed, newest first."""
        if self._months is None:
            self._months = sorted({day.replace(day=1) for day in self._store.shelf.first_days().values()}, reverse=True)
        return self._months

    def topics(self, newsletter: str) -> tuple[tuple[Topic, int, date], ...]:
        """The topics that a newsletter printed papers under, with how many and the last day; the most papers first."""
        if newsletter not in self._topics:
            self._topics[newsletter] = self._store.shelf.topics(newsletter)
        return self._topics[newsletter]

    def _near(self, paper_id: str) -> tuple[tuple[str, float], ...]:
        if self._places is None:
            self._index = _index_of(self._store)
            self._places = {id_: place for place, id_ in enumerate(self._index.ids)} if self._index else {}
        if self._index is None or paper_id not in self._places:
            return ()
        near = self._index.related(self._index.rows[self._places[paper_id]], RELATED, frozenset([paper_id]))
        return tuple((id_, likeness) for id_, likeness in near if likeness >= ALIKE)

    def _shown(self, printed: Sequence[Printed]) -> tuple[Shown, ...]:
        """How a paper stood where it was printed, oldest first."""
        shown = []
        for one in printed:
            issue = self.issue(f"{one.newsletter}/{one.day.isoformat()}")
            for section in issue.sections if issue else ():
                for item in section.items:
                    if item.paper.id in (one.paper.id, *one.paper.keys) and issue is not None:
                        shown.append(
                            Shown(
                                newsletter=one.newsletter,
                                title=issue.title,
                                day=one.day,
                                topic=section.topic,
                                item=item,
                            )
                        )
        return tuple(shown)


def _index_of(store: "Store") -> "Index | None":
    """The index of what is near what; kept from one request to the next while there are as many papers."""
    papers = store.papers.count(nearby.BEFORE)
    with _lock:
        known = _indexes.get(store)
        if known is None or known[0] != papers:
            known = _indexes[store] = (papers, nearby.index_of(store))
    return known[1]


def _related(
    near: Sequence[tuple[str, float]], papers: "dict[str, Paper]", here: Collection[str]
) -> tuple[Related, ...]:
    return tuple(
        Related(paper=papers[id_], likeness=likeness, here=id_ in here) for id_, likeness in near if id_ in papers
    )
