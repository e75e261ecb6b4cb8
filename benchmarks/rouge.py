"""ROUGE F1 (Lin 2004) with the product's own rough stemmer: for learning, and for comparing rules within one run."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from digest.summarise.wording import stem

_TOKEN = re.compile(r"[^\W_]+")


def best(said: str, references: Iterable[str]) -> tuple[float, float, float]:
    """ROUGE-1, ROUGE-2 and ROUGE-L F1 (0 to 1) against the reference with the best ROUGE-1."""
    mine = _stems(said)
    one, theirs = max(((_overlap(mine, other), other) for other in map(_stems, references)), key=lambda score: score[0])
    two = _overlap(list(itertools.pairwise(mine)), list(itertools.pairwise(theirs)))
    return one, two, _f1(_common(mine, theirs), len(mine), len(theirs))


def _stems(text: str) -> list[str]:
    """Parts of hyphenated words count by themselves, and short words are left as they are, as scorers do."""
    return [stem(word) if len(word) > 3 else word for word in _TOKEN.findall(text.lower())]


def _overlap(mine: Sequence[Any], theirs: Sequence[Any]) -> float:
    return _f1(sum((Counter(mine) & Counter(theirs)).values()), len(mine), len(theirs))


def _f1(hits: float, mine: int, theirs: int) -> float:
    return 2 * hits / (mine + theirs) if mine and theirs else 0.0


def _common(a: Sequence[str], b: Sequence[str]) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(b) + 1)
    for x in a:
        before = 0
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], before + 1 if x == y else max(row[j], row[j - 1])
    return row[-1]
