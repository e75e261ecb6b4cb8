"""Group: sections for papers that no given topic takes. Touched when there are too many headings, or too few.

How many: the mean silhouette (Rousseeuw 1987) among the numbers a page can bear. Which paper where: `cluster`. Then
sizes are brought between the bounds. Joining this with names and with yesterday is `sections`.
"""

from collections import Counter
from math import isqrt
from typing import TYPE_CHECKING, Any

from digest.group import cluster

if TYPE_CHECKING:
    from digest.text.vectors import Floats

NOWHERE = -1
_MOST = 12  # headings a page can bear; more only where `maximum` forces them
_SAMPLE = 1500  # rows a silhouette is measured on


def clusters(
    rows: "Floats", shares: Any, worded: int, *, minimum: int, maximum: int, count: int | None = None
) -> list[int]:
    """The cluster of each row of unit length (papers, dimensions), the first `worded` columns of which come from words;
    `shares` are the papers' words. As many as suit the bounds, or `count`; sizes are not bounded yet."""
    chosen = _number(rows, minimum, maximum) if count is None else min(count, len(rows))
    return cluster.consensus(rows, shares, chosen, worded)


def numbers(papers: int, minimum: int, maximum: int) -> range:
    """The numbers of sections to choose from: what the bounds allow, no more than a page can bear nor than about the
    root of the number of papers, so that a section is worth its heading."""
    low = max(1, -(-papers // maximum))
    high = min(papers // max(1, minimum), max(min(_MOST, 1 + isqrt(papers)), low + low // 4))
    if low == 1 and high > 1 and papers > 2 * minimum:
        low = 2
    return range(low, max(low, high) + 1)


def _number(rows: "Floats", minimum: int, maximum: int) -> int:
    """The number of sections with the best mean silhouette; of equal ones the smallest."""
    from sklearn.metrics import silhouette_score

    tried = numbers(len(rows), minimum, maximum)
    if len(tried) == 1 or tried[-1] > 2 * _MOST:
        return tried[-1]
    space = cluster.smoothed(rows)
    size = _SAMPLE if len(rows) > _SAMPLE else None
    best, best_score = tried[0], -2.0
    for number in tried:
        labels = cluster.kmeans(space, number, starts=3)
        if 1 < len(set(labels)) < len(rows):
            score = float(silhouette_score(rows, labels, sample_size=size, random_state=0))
            if score > best_score + 1e-9:
                best, best_score = number, score
    return best


def bounded(
    rows: "Floats", labels: list[int], minimum: int, maximum: int, favoured: frozenset[int] = frozenset()
) -> list[int]:
    """The same sections with sizes between the bounds, and no more than a page can bear: large ones are cut in two, the
    papers of small ones go to the nearest with room, and what then fits nowhere is NOWHERE. To be among the sections of
    the page, a `favoured` one (printed the day before) counts half as large again."""
    labels = _divided(rows, labels, maximum)
    sizes = Counter(labels)
    most = numbers(len(labels), minimum, maximum)[-1]
    leading = sorted(sizes, key=lambda label: (-sizes[label] * (3 if label in favoured else 2), label))[:most]
    standing = sorted(label for label in leading if sizes[label] >= minimum)
    homeless = [number for number, label in enumerate(labels) if label not in standing]
    centres = {label: rows[[i for i, x in enumerate(labels) if x == label]].mean(axis=0) for label in standing}
    for number in homeless:
        room = [label for label in standing if sizes[label] < maximum]
        nearest = max(room, key=lambda label: float(rows[number] @ centres[label]), default=NOWHERE)
        alike = nearest != NOWHERE and float(rows[number] @ centres[nearest]) > 0
        labels[number] = nearest if alike else NOWHERE
        sizes[labels[number]] += 1
    return labels


def _divided(rows: "Floats", labels: list[int], maximum: int) -> list[int]:
    """Sections above `maximum` cut in two until none is; papers that cannot be told apart are dealt out in turn."""
    labels, pending = list(labels), sorted(set(labels))
    following = max(labels) + 1
    while pending:
        label = pending.pop()
        members = [number for number, other in enumerate(labels) if other == label]
        if len(members) <= maximum:
            continue
        halves = cluster.kmeans(rows[members], 2)
        if len(set(halves)) < 2:
            halves = [number % 2 for number in range(len(members))]
        larger = int(sum(halves) * 2 > len(halves))  # keeps the label, and so the name
        for number, half in zip(members, halves, strict=True):
            labels[number] = label if half == larger else following
        pending += [label, following]
        following += 1
    return labels
