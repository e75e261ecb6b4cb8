"""The select room: how alike two papers are, by their words and by their authors. Touch it to change either."""

import re
from collections.abc import Mapping

from digest.model import Paper

WORD = re.compile(r"[^\W\d_]{4,}")  # short words and numbers say little about the subject


def words(paper: Paper) -> frozenset[str]:
    """The distinct longer words of title and abstract, case folded."""
    return frozenset(WORD.findall(f"{paper.title} {paper.abstract}".casefold()))


def names(paper: Paper) -> frozenset[str]:
    """The authors' names, case folded."""
    return frozenset(" ".join(a.name.casefold().split()) for a in paper.authors) - {""}


def overlap(a: frozenset[str], b: frozenset[str]) -> float:
    """Jaccard likeness in 0..1: |a ∩ b| / |a ∪ b| (Jaccard 1901); 0 for two empty sets."""
    common = len(a & b)
    return common / (len(a) + len(b) - common) if common else 0.0


def one_group(a: frozenset[str], b: frozenset[str]) -> bool:
    """Two papers are of one group of authors if they share two names, or the only name either has.

    One shared name among many is no group: names recur, and large labs sign everything.
    """
    return len(a & b) >= min(2, len(a), len(b)) > 0


class Likeness:
    """Words of the papers, made once each, and the greatest overlap with those chosen so far."""

    def __init__(self, papers: Mapping[str, Paper]) -> None:
        self._papers = papers
        self._words: dict[str, frozenset[str]] = {}
        self._seen: dict[str, tuple[int, float, str]] = {}  # how many of the chosen were compared, greatest, which

    def of(self, a: str, b: str) -> float:
        """The overlap of two papers by id."""
        return overlap(self._of(a), self._of(b))

    def nearest(self, paper_id: str, chosen: list[str]) -> tuple[float, str]:
        """(overlap, id) of the chosen paper most like this one; ``(0.0, "")`` with none. `chosen` only grows."""
        compared, most, which = self._seen.get(paper_id, (0, 0.0, ""))
        for other in chosen[compared:]:
            alike = self.of(paper_id, other)
            if alike > most:
                most, which = alike, other
        self._seen[paper_id] = (len(chosen), most, which)
        return most, which

    def _of(self, paper_id: str) -> frozenset[str]:
        if paper_id not in self._words:
            self._words[paper_id] = words(self._papers[paper_id])
        return self._words[paper_id]
