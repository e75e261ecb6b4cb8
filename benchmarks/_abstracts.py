"""Benchmark: what one abstract in two records says of their being one paper, counted on arXiv's own papers.

Papers under different arXiv ids are taken for different. Of the pairs that the product would compare and that have a
name in common, so many share an abstract all the same; the weight is the log-odds that this leaves, at most `MOST`.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from _dedupe_data import rows

from digest.dedupe import rare_words
from digest.dedupe.likeness import ABSTRACT_WORDS, ABSTRACTS_SAME, long_words
from digest.text.fold import fold

COMMON = 60
MOST = 3.0
"""An abstract alone must not make two papers one: it lifts 0.86 to what merging asks for, not a half."""


def weight(data: Path) -> tuple[float, dict[str, int]]:
    """(weight of one abstract in both, the counts that it is made of)."""
    papers = listed(data)
    words = [long_words(row["abstract"]) for row in papers]
    compared = same = 0
    for one, other in acquainted(papers):
        if min(len(words[one]), len(words[other])) < ABSTRACT_WORDS:
            continue
        compared += 1
        same += len(words[one] & words[other]) >= ABSTRACTS_SAME * len(words[one] | words[other])
    counts = {"pairs_of_two_papers_with_a_name_in_common": compared, "of_these_with_one_abstract": same}
    return round(min(MOST, math.log(compared / (same + 1))), 4), counts


def listed(data: Path) -> list[dict[str, Any]]:
    """arXiv's papers of a year."""
    return list(rows(data / "forecast" / "papers.jsonl.gz"))


def acquainted(papers: Sequence[dict[str, Any]]) -> Iterator[tuple[int, int]]:
    """Pairs of places of papers that share rare words of their titles and a name among their authors."""
    people = [_names(row) for row in papers]
    pairs = sorted(_pairs([row["title"] for row in papers]))
    return ((one, other) for one, other in pairs if people[one] & people[other])


def _names(row: dict[str, Any]) -> frozenset[str]:
    return frozenset(word for name in row["authors"] for word in fold(name).split() if len(word) > 1)


def _pairs(titles: list[str]) -> set[tuple[int, int]]:
    holders: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for place, title in enumerate(titles):
        for pair in combinations(sorted(rare_words(title)), 2):
            holders[pair].append(place)
    return {pair for places in holders.values() if len(places) <= COMMON for pair in combinations(places, 2)}
