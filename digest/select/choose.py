"""The select room: which papers fill the issue, and why each of the others waits. Touch it to change what limits bind.

Greedy maximal marginal relevance (Carbonell and Goldstein 1998): the next paper is the one with the greatest
score - diversity · (overlap of its words with the most alike paper already chosen).
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from digest.model import Decision, Grouping, Hand, Paper, Scored
from digest.select.likeness import Likeness, names, one_group

LIKENESS = 0.5  # points that a paper of the very same words costs; freshness is worth 1
AUTHORS = 2  # papers of one group of authors, while others are left
OTHER = "other"
NOT_ATTENTION = frozenset(
    {"fresh", "sources", "code", "project", "forecast", "topic"}
)  # terms that nobody's attention made


@dataclass(frozen=True, slots=True)
class Limits:
    """What binds: papers in all, least score (None: off), papers of a topic by slug, places for the overlooked, papers
    of one group of authors while others are left; `diversity`: points that a paper of the very same words costs."""

    limit: int
    floor: float | None
    topics: Mapping[str, int] = field(default_factory=dict)
    overlooked: int = 0
    authors: int = AUTHORS
    diversity: float = LIKENESS


@dataclass(frozen=True, slots=True)
class Chosen:
    """The ids printed, in the order chosen, and why each other candidate is not: (verdict, reason, of what)."""

    ids: tuple[str, ...]
    scored: Sequence[Scored]
    left: Mapping[str, tuple[str, str, str | None]]
    picks: frozenset[str]

    def decisions(self, heading: Mapping[str, str], now: datetime) -> tuple[Decision, ...]:
        """One decision a candidate, in the order of their scores."""
        places = {paper_id: place for place, paper_id in enumerate(self.ids, start=1)}
        made = []
        for number, found in enumerate(self.scored, start=1):
            name, of = found.paper_id, None
            if name in places:
                how = (
                    "picked by the editor" if name in self.picks else f"number {number} of {len(self.scored)} by score"
                )
                verdict, reason = "printed", f"{how}, under “{heading[name]}”"
            else:
                verdict, reason, of = self.left[name]
            numbers = (("score", found.total), ("rank", float(number)), ("place", float(places.get(name, 0))))
            made.append(
                Decision(subject=name, stage="select", verdict=verdict, reason=reason, at=now, of=of, numbers=numbers)
            )
        return tuple(made)


def choose(
    scored: Sequence[Scored], grouping: Grouping, papers: Mapping[str, Paper], hand: Hand, limits: Limits
) -> Chosen:
    """Picks first, then the greatest marginal relevance within the limits; authors bind while others are left."""
    filling = _Filling(grouping, papers, limits)
    totals = {s.paper_id: s.total for s in scored}
    for name in hand.picks:
        if name in totals and name not in hand.skips and len(filling.ids) < limits.limit:
            filling.add(name)
    picked = frozenset(filling.ids)
    open_ = [s for s in scored if s.paper_id not in hand.skips and s.paper_id not in picked]
    open_ = [s for s in open_ if limits.floor is None or s.total >= limits.floor]
    promising = [s for s in open_ if overlooked(s)]
    kept = min(limits.overlooked, len(promising))
    filling.fill(open_, limits.limit - kept, authors=limits.authors)
    found = len(filling.printed.intersection(s.paper_id for s in promising))
    filling.fill(promising, min(limits.limit, len(filling.ids) + max(0, kept - found)), authors=limits.authors)
    filling.fill(open_, limits.limit, authors=limits.authors)
    filling.fill(open_, limits.limit, authors=None)
    left = {s.paper_id: filling.why_not(s, hand) for s in scored if s.paper_id not in filling.printed}
    return Chosen(tuple(filling.ids), scored, left, picked)


def overlooked(found: Scored) -> bool:
    """Promising and unnoticed: a forecast above the usual chance, and no attention that speaks for the paper."""
    attention = sum(t.points for t in found.terms if t.name not in NOT_ATTENTION)
    return attention <= 0 and any(t.name == "forecast" and t.level > 0.5 for t in found.terms)


class _Filling:
    """An issue while it fills: what was chosen and what still fits."""

    def __init__(self, grouping: Grouping, papers: Mapping[str, Paper], limits: Limits) -> None:
        self.ids: list[str] = []
        self.printed: set[str] = set()
        self._topic_of, self._limits = grouping.topic_of, limits
        self._names = {topic.slug: topic.name for topic in grouping.topics}
        self._likeness = Likeness(papers)
        self._topics: Counter[str] = Counter()
        self._authors = {paper_id: names(paper) for paper_id, paper in papers.items()}
        self._by_name: dict[str, list[str]] = defaultdict(list)  # the chosen papers of each author
        self._worst = float("inf")  # the least score printed

    def add(self, paper_id: str, total: float = float("inf")) -> None:
        self.ids.append(paper_id)
        self.printed.add(paper_id)
        self._topics[self._topic(paper_id)] += 1
        for author in self._authors[paper_id]:
            self._by_name[author].append(paper_id)
        self._worst = min(self._worst, total)

    def fill(self, candidates: Sequence[Scored], until: int, authors: int | None) -> None:
        """Add the best that fits until there are `until` or nothing fits. `authors` None: their groups do not bind."""
        remaining = [s for s in candidates if s.paper_id not in self.printed]
        while remaining and len(self.ids) < until:
            best = self._best(remaining, authors)
            if best is None:
                return
            self.add(best.paper_id, best.total)
            remaining.remove(best)

    def _best(self, remaining: Sequence[Scored], authors: int | None) -> Scored | None:
        """The greatest marginal relevance. Likeness only costs, so the search ends where a bare score is no better."""
        best, most = None, float("-inf")
        for found in remaining:
            if found.total <= most:
                break
            if not self._fits(found.paper_id, authors):
                continue
            marginal = found.total - self._limits.diversity * self._likeness.nearest(found.paper_id, self.ids)[0]
            if marginal > most:
                best, most = found, marginal
        return best

    def _topic(self, paper_id: str) -> str:
        return self._topic_of.get(paper_id, OTHER)

    def _full(self, paper_id: str) -> bool:
        topic = self._topic(paper_id)
        return topic in self._limits.topics and self._topics[topic] >= self._limits.topics[topic]

    def _crowded(self, paper_id: str, authors: int) -> bool:
        own = self._authors[paper_id]
        near = {other for name in own for other in self._by_name.get(name, ())}
        return len(near) >= authors and sum(one_group(own, self._authors[other]) for other in near) >= authors

    def _fits(self, paper_id: str, authors: int | None) -> bool:
        return not self._full(paper_id) and (authors is None or not self._crowded(paper_id, authors))

    def why_not(self, found: Scored, hand: Hand) -> tuple[str, str, str | None]:
        """(verdict, reason, of what) of a paper that is not printed."""
        name, limit = found.paper_id, self._limits.limit
        if name in hand.skips:
            return "skipped", "left out by the editor", None
        if name in hand.picks:
            return "waiting", f"picked, but the issue was full ({limit})", None
        if self._limits.floor is not None and found.total < self._limits.floor:
            return "waiting", f"below the floor ({found.total:.2f} of {self._limits.floor:.2f})", None
        if self._full(name):
            slug = self._topic(name)
            return "waiting", f"“{self._names.get(slug, slug)}” was full ({self._limits.topics[slug]})", None
        if self._crowded(name, self._limits.authors):
            many = self._limits.authors
            before = "1 paper of these authors was" if many == 1 else f"{many} papers of these authors were"
            return "waiting", f"{before} chosen before it", None
        if found.total > self._worst:
            alike, of = self._likeness.nearest(name, self.ids)
            return "waiting", f"much like {of} ({alike:.2f} of their words)", of
        return "waiting", f"the issue was full ({limit})", None
