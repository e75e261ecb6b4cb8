"""Summarise room: the phrases a paper is about, for search, tags and names of topics.

Candidates come from `text.phrases`; here they are weighed within one paper. Pure; touched when odd phrases come first.
"""

import math
from collections import Counter

from digest.model import Paper
from digest.summarise.ranker import learnt
from digest.text.phrases import phrases

TITLE_COUNTS = 3  # a phrase of the title counts as often as this many in the abstract


def keyphrases(paper: Paper, most: int = 8) -> tuple[str, ...]:
    """Up to `most` phrases as the paper writes them, the most telling first; none contains another.

    Worth = (1 + ln count) x mean rarity of its words x a bonus for two and three words, after the C-value's preference
    for longer terms (Frantzi et al. 2000). Every phrase stands in the title or abstract.
    """
    counts: Counter[str] = Counter()
    written: dict[str, str] = {}
    for text, times in ((paper.title, TITLE_COUNTS), (paper.abstract[:8000], 1)):
        for key, surface in phrases(text):
            counts[key] += times
            written.setdefault(key, surface)
    ranked = sorted(counts, key=lambda key: (-_worth(key, counts[key]), key))
    chosen: list[str] = []
    for key in ranked:
        if counts[key] > 1 and not _nested(key, counts) and not any(_overlap(key, other) for other in chosen):
            chosen.append(key)
        if len(chosen) == most:
            break
    return tuple(written[key] for key in chosen)


def _worth(key: str, count: int) -> float:
    """How telling a phrase is in its paper."""
    rarity = learnt().rarity
    parts = key.split()
    bonus = {1: 0.5, 2: 1.0, 3: 1.3}.get(len(parts), 1.35)
    return (1 + math.log(count)) * bonus * sum(rarity.get(part, 1.0) for part in parts) / max(len(parts), 1)


def _nested(key: str, counts: Counter[str]) -> bool:
    """Whether a single word stands nearly always inside one longer phrase, which says more."""
    return " " not in key and any(
        f" {key} " in f" {longer} " and 4 * count >= 3 * counts[key]
        for longer, count in counts.items()
        if " " in longer
    )


def _overlap(key: str, other: str) -> bool:
    return f" {key} " in f" {other} " or f" {other} " in f" {key} "
