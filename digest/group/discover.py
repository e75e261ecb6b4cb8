"""Group: sections for papers that no given topic takes. Touched when there are too many headings, or too few.

How many: the mean silhouette (Rousseeuw 1987) among the numbers a page can bear. Which paper where: `cluster`. Then
sizes are brought between the bounds.
"""

from collections import Counter
from collections.abc import Sequence
from math import isqrt
from typing import TYPE_CHECKING, Any

from digest.group import cluster

if TYPE_CHECKING:
    from digest.text.vectors import Floats

NOWHERE = -1
_MOST = 12  # headings a page can bear; more only where `maximum` forces them
_SAMPLE = 1500  # rows a silhouette is measured on


def sections(rows: "Floats", shares: Any, *, minimum: int, maximum: int, count: int | None = None) -> list[int]:
    """The section, from 0, of each row of unit length (papers, dimensions), or NOWHERE; `shares` are their words.

    Every section has `minimum` to `maximum` papers; rows of zeros and rows that fit nowhere are NOWHERE. `count`
    forces the number of sections and lifts the bounds.
    """
    known = [number for number in range(len(rows)) if rows[number].any()]
    if not known:
        return [NOWHERE] * len(rows)
    usable, words = rows[known], shares[known]
    if count is None:
        chosen = _number(usable, minimum, maximum)
        found = _bounded(usable, cluster.consensus(usable, words, chosen), minimum, maximum)
    else:
        found = cluster.consensus(usable, words, min(count, len(known)))
    placed = [NOWHERE] * len(rows)
    for number, section in zip(known, renumbered(found), strict=True):
        placed[number] = section
    return placed


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


def _bounded(rows: "Floats", labels: list[int], minimum: int, maximum: int) -> list[int]:
    """The same sections with sizes between the bounds: large ones are cut in two, small ones go to the nearest with
    room, and what then fits nowhere is NOWHERE."""
    labels = _divided(rows, labels, maximum)
    sizes = Counter(labels)
    homeless = [number for number, label in enumerate(labels) if sizes[label] < minimum]
    standing = sorted(label for label, size in sizes.items() if size >= minimum)
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
        for number, half in zip(members, halves, strict=True):
            labels[number] = following if half else label
        pending += [label, following]
        following += 1
    return labels


def renumbered(labels: Sequence[int]) -> list[int]:
    """The same sections, numbered from 0 with the largest first; of equal ones the one with the earliest paper."""
    first = {label: number for number, label in reversed(list(enumerate(labels)))}
    sizes = Counter(labels)
    order = sorted((label for label in sizes if label != NOWHERE), key=lambda label: (-sizes[label], first[label]))
    new = {label: number for number, label in enumerate(order)} | {NOWHERE: NOWHERE}
    return [new[label] for label in labels]
