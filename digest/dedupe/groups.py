"""Dedupe room: readings and known papers joined into groups that are one paper each. Touch here in which order
evidence counts; what counts as evidence is `identity`'s.

Papers that share a key, and then papers that share a title, are joined, strongest evidence first and in an order that
does not depend on the order of arrival. A group holds at most one known paper, unless an entry says that two are one,
as it would have had all come together.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from digest.dedupe import candidates, identity, merge
from digest.dedupe.likeness import Likeness, compare
from digest.model import Known, Paper, Reading

COMPARED = 30
"""How many papers at most one is compared with, those that share most rare words first."""

TERMS = 8
"""How many terms of a likeness a decision names."""


TITLE, ALIKE = "title and authors", "likeness"
"""What speaks for one paper where no key does."""


@dataclass(frozen=True, slots=True)
class Match:
    """Why two papers are one: the rule in words and the numbers it went by."""

    reason: str
    numbers: tuple[tuple[str, float], ...] = ()


@dataclass(slots=True)
class Node:
    """A reading (by its place), a known paper or what one entry said of it (no place), and its group's evidence."""

    paper: Paper
    place: int | None
    match: Match | None = None


@dataclass
class Groups:
    """Union-find over readings and known papers. Known papers come first; among readings, content decides order.
    `told` says whether an entry is in the group; `joined` are the unions that made one paper of two known ones."""

    readings: Sequence[Reading | None]
    known: Known
    nodes: list[Node] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    keys: list[frozenset[str]] = field(default_factory=list)
    past: list[str | None] = field(default_factory=list)
    told: list[bool] = field(default_factory=list)
    doubts: list[tuple[int, int, Match]] = field(default_factory=list)
    joined: list[tuple[int, int, Match]] = field(default_factory=list)
    owners: dict[str, int] = field(default_factory=dict)
    place_of: dict[str, int] = field(default_factory=dict)
    compared: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        for paper_id in sorted(self.known.papers):
            self.place_of[paper_id] = len(self.nodes)
            self._add(Node(self.known.papers[paper_id], None), paper_id)
        # Of what several entries told, entries are compared, as they would have been had all come together.
        self.compared = [place for paper_id, place in self.place_of.items() if not self.known.told.get(paper_id)]
        for paper_id, place in self.place_of.items():
            for paper in sorted(self.known.told.get(paper_id, ()), key=_content):
                self._add(Node(paper, None), paper_id)
                self.parent[-1] = place
        placed = [(i, reading.paper) for i, reading in enumerate(self.readings) if reading is not None]
        for i, paper in sorted(placed, key=lambda pair: _content(pair[1])):
            self._add(Node(paper, i), None)
        self.compared += range(len(self.place_of), len(self.nodes))

    def _add(self, node: Node, past: str | None) -> None:
        self.nodes.append(node)
        self.parent.append(len(self.parent))
        self.keys.append(identity.registered(node.paper.keys))
        self.past.append(past)
        self.told.append(past is None)

    def owns(self, root: int, key: str) -> bool:
        """Whether `key` belongs to the group of `root`: to the known paper that holds it, else to its first holder."""
        owner = self.place_of.get(self.known.by_key.get(key, ""), self.owners.get(key))
        return owner is not None and self.root(owner) == root

    def root(self, node: int) -> int:
        while self.parent[node] != node:
            self.parent[node] = node = self.parent[self.parent[node]]
        return node

    def join(self) -> None:
        """Joins by keys, strongest kind first, then by titles, then by likeness."""
        for held, members in sorted(self._by_key().items(), key=lambda pair: merge.key_rank(pair[0])):
            key = held.partition(" ")[0]
            self.owners.setdefault(key, members[0])
            for one, other in _pairs(members):
                self._unite(one, other, Match(f"same key {key}"), identity.kind(key))
        for fold, members in sorted(self._by_title().items()):
            for one, other in _pairs(members):
                if self.root(one) != self.root(other):
                    self._judge_title(one, other, fold)
        self._join_alike()

    def _by_key(self) -> dict[str, list[int]]:
        """Who holds each key: the known paper that owns it first, then readings by content. An address alone may be a
        whole journal's, so it counts together with the title only."""
        places = self.place_of
        held = [(key, places[owner]) for key, owner in sorted(self.known.by_key.items()) if owner in places]
        held += [(key, i) for i in self.compared for key in self.nodes[i].paper.keys if self._holds(i, key)]
        found: defaultdict[str, list[int]] = defaultdict(list)
        for key, i in held:
            title = f" {identity.fold(self.nodes[i].paper.title)}" if identity.kind(key) == "url" else ""
            found[key + title].append(i)
        return found

    def _holds(self, node: int, key: str) -> bool:
        """Whether a node counts as a holder of one of its keys: a reading, and of an address an entry of the past too,
        since that counts together with the title which the entry bore."""
        if self.nodes[node].place is not None:
            return True
        return identity.kind(key) == "url" and self.known.by_key.get(key) == self.past[node]

    def _by_title(self) -> dict[str, list[int]]:
        """Who bears each folded title, or was ever told of by it; papers of the past first."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for fold, ids in self.known.by_title.items():
            found[fold] += sorted(self.place_of[paper_id] for paper_id in ids if paper_id in self.place_of)
        for i in self.compared:
            bearers = found[identity.fold(self.nodes[i].paper.title)]
            if i not in bearers[:1]:
                bearers.append(i)
        return found

    def _judge_title(self, one: int, other: int, fold: str) -> None:
        """Joins two papers of one folded title if their authors agree; notes a doubt where only that speaks for it."""
        left, right = self.nodes[one].paper, self.nodes[other].paper
        title = left.title if identity.fold(left.title) == fold else right.title
        shared = identity.shared_authors(left, right)
        size = float(len(fold))
        numbers = (("title characters", size), *((("shared authors", float(shared)),) if shared is not None else ()))
        apart = identity.conflict(self.keys[self.root(one)], self.keys[self.root(other)])
        if apart is not None:
            self.doubts.append((one, other, Match(f"same title under two {apart} keys", numbers)))
        elif shared is None and identity.is_generic(title):
            return
        elif shared == 0:
            self.doubts.append((one, other, Match("same title by other authors", numbers)))
        else:
            words = "same title, authors of one side unknown" if shared is None else "same title and authors"
            self._unite(one, other, Match(words, numbers), TITLE)

    def _join_alike(self) -> None:
        """Joins papers whose titles share rare words and whose likeness is beyond doubt, likeliest first; notes a
        doubt about the rest that may be one."""
        found: list[tuple[float, int, int, Likeness]] = []
        papers = [node.paper for node in self.nodes]
        asking = [self.nodes[i].place is not None for i in self.compared]
        for first, second in candidates.pairs([papers[i] for i in self.compared], asking, COMPARED):
            one, other = self.compared[first], self.compared[second]
            left, right = self.root(one), self.root(other)
            if left == right or identity.conflict(self.keys[left], self.keys[right]):
                continue
            likeness = compare(papers[one], papers[other])
            if likeness.answer != "different":
                found.append((-likeness.probability, one, other, likeness))
        for _, one, other, likeness in sorted(found, key=lambda pair: pair[:3]):
            if self.root(one) == self.root(other):
                continue
            shared = identity.shared_authors(papers[one], papers[other])
            if likeness.answer == "same" and shared:
                self._unite(one, other, _explained("alike in title and authors", likeness), ALIKE)
            else:
                held = likeness.guard or ("no author in common" if shared == 0 else "not certain enough")
                self.doubts.append((one, other, _explained(f"alike, but {held}", likeness)))

    def _unite(self, one: int, other: int, match: Match, by: str) -> None:
        """Joins two groups unless registries stronger than `by` (a kind of key, title or likeness) keep them apart, a
        person did, or both hold a known paper and what speaks for one is not enough for that."""
        left, right = sorted((self.root(one), self.root(other)))
        if left == right or self.settled(left, right):
            return
        two = self.past[left] is not None and self.past[right] is not None
        if identity.conflict(self.keys[left], self.keys[right], by) or (two and not self._bridged(left, right, by)):
            self.doubts.append((one, other, match))
            return
        if two:
            self.joined.append((left, right, match))
        self.parent[right] = left
        self.keys[left] |= self.keys[right]
        self.told[left] |= self.told[right]
        self.past[left] = min(filter(None, (self.past[left], self.past[right])), key=merge.key_rank, default=None)
        for node in (one, other):
            self.nodes[node].match = self.nodes[node].match or match

    def settled(self, one: int, other: int) -> bool:
        """Whether a person called papers of the two groups different."""
        if not self.known.apart:
            return False
        left, right = (self.known_in(root) for root in (self.root(one), self.root(other)))
        return any((min(a, b), max(a, b)) in self.known.apart for a in left for b in right)

    def known_in(self, root: int) -> list[str]:
        """Ids of the known papers in the group of `root`."""
        return [paper_id for paper_id, place in self.place_of.items() if self.root(place) == root]

    def _bridged(self, one: int, other: int, by: str) -> bool:
        """Whether an entry makes known papers one: by a key, by title and authors or by likeness. No registry has two
        of them, and neither their authors nor, where these are unknown, their titles say that it mixed them up."""
        if by == "url" or not (self.told[one] or self.told[other]):
            return False
        left, right = ([self.known.papers[name] for name in self.known_in(root)] for root in (one, other))
        two = [(a, b) for a in left for b in right]
        if any(identity.conflict(identity.registered(a.keys), identity.registered(b.keys)) for a, b in two):
            return False
        shared = [names for a, b in two if (names := identity.shared_authors(a, b)) is not None]
        if shared:
            return max(shared) > 0
        return by in (TITLE, ALIKE) or any(candidates.worth(a, b) for a, b in two)


def _content(paper: Paper) -> tuple[object, ...]:
    """What readings are ordered by, so that arrival does not matter; readings equal in this share a key anyway."""
    return paper.id, paper.title, paper.keys, paper.abstract, tuple(author.name for author in paper.authors)


def _explained(reason: str, likeness: Likeness) -> Match:
    """A match with the probability, how far that is above what merging asks for, and the terms that weighed most; all
    but the probability in log-odds."""
    figures = (("probability", round(likeness.probability, 4)), ("margin", round(likeness.margin, 4)))
    return Match(reason, (*figures, *likeness.terms[:TERMS]))


def _pairs(members: list[int]) -> Iterator[tuple[int, int]]:
    """Every pair of a small group, and each against the first few of a large one (a title that a thousand bear)."""
    for at, other in enumerate(members):
        yield from ((one, other) for one in members[: min(at, 20)])
