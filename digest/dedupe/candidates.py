"""Dedupe room: which pairs of papers are worth comparing at all: those that share rare words of their titles.

Touch how many are compared; comparing itself is `likeness`'s.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from digest.dedupe import identity
from digest.dedupe.likeness import alike, compare, rare_words
from digest.dedupe.views import View, folded, view
from digest.model import Paper

SHARED = 2
"""Rare words that two titles must share; one where a title has no more."""

ALIKE = 60.0
"""Token-set ratio of titles below which a comparison is a waste (rapidfuzz, 0 to 100)."""

ROUNDS = 3
"""How often groups are looked through again; nothing joins after the second round in the collections seen."""


def pairs(
    papers: Sequence[Paper], asking: Sequence[bool] | None = None, most: int = 1_000
) -> Iterator[tuple[int, int]]:
    """Pairs of places (i < j) of papers worth comparing, in order. With `asking`, only pairs in which one is asking;
    `most`: how many papers at most are compared with one."""
    everyone: defaultdict[str, list[int]] = defaultdict(list)
    askers: defaultdict[str, list[int]] = defaultdict(list)
    for j, paper in enumerate(papers):
        asks = asking is None or asking[j]
        words = rare_words(paper.title)
        shared = Counter(i for word in words for i in (everyone if asks else askers).get(word, ()))
        needed = min(SHARED, len(words))
        found = sorted((i for i, count in shared.items() if count >= needed), key=lambda i: (-shared[i], i))[:most]
        yield from ((i, j) for i in sorted(found) if worth(papers[i], paper))
        for word in words:
            everyone[word].append(j)
            if asks:
                askers[word].append(j)


def worth(one: Paper, other: Paper) -> bool:
    """Whether two titles are near enough for the papers to be compared."""
    return fuzz.token_set_ratio(folded(one.title), folded(other.title), score_cutoff=ALIKE) > 0


def grouped(papers: Sequence[Paper]) -> tuple[int, ...]:
    """For each of `papers` the number of its group, for a whole collection at once.

    Papers of one registered key are one, and so are copies to the letter. Then pairs that are likelier one than two
    join their groups, likeliest first, if at least half of all pairs between the two groups are so (average linkage on
    yes and no), unless registries keep the groups apart. Likelier, not certain: for looking through a collection, not
    for merging unasked.
    """
    places: dict[tuple[View, frozenset[str]], int] = {}
    copy_of = [places.setdefault((view(paper), identity.registered(paper.keys)), i) for i, paper in enumerate(papers)]
    kept = sorted(i for i, first in enumerate(copy_of) if i == first or not alike(papers[i], papers[i]).likelier)
    found = _grouped([papers[i] for i in kept])
    number = {i: kept[group] for i, group in zip(kept, found, strict=True)}
    return tuple(number[i] if i in number else number[first] for i, first in enumerate(copy_of))


def _grouped(papers: Sequence[Paper]) -> list[int]:
    """`grouped` for papers that differ in some field."""
    groups = _Grouping(papers)
    first: dict[str, int] = {}
    for i, paper in enumerate(papers):
        for key in sorted(identity.registered(paper.keys)):
            groups.unite(first.setdefault(key, i), i, sure=True)
    likely = []
    for i, j in pairs(papers):
        found = compare(papers[i], papers[j])
        if found.likelier:
            likely.append((-found.probability, i, j))
            groups.alike[i].add(j)
            groups.alike[j].add(i)
    for _ in range(ROUNDS):
        joined = [groups.unite(i, j) for _, i, j in sorted(likely)]
        if not any(joined):
            break
    return groups.of


class _Grouping:
    """Groups under way: `of` the group of each paper, `alike` the papers each is likely one with."""

    def __init__(self, papers: Sequence[Paper]) -> None:
        self.of = list(range(len(papers)))
        self.members = {i: {i} for i in self.of}
        self.keys = [identity.registered(paper.keys) for paper in papers]
        self.alike: defaultdict[int, set[int]] = defaultdict(set)

    def unite(self, i: int, j: int, sure: bool = False) -> bool:
        """Joins the groups of two papers if they may be joined; whether it did."""
        left, right = sorted((self.of[i], self.of[j]))
        if left == right or identity.conflict(self.keys[left], self.keys[right]):
            return False
        between = sum(len(self.alike[member] & self.members[left]) for member in self.members[right])
        if not sure and 2 * between < len(self.members[left]) * len(self.members[right]):
            return False
        for member in self.members[right]:
            self.of[member] = left
        self.members[left] |= self.members.pop(right)
        self.keys[left] |= self.keys[right]
        return True
