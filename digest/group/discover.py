"""Group: sections for papers that no given topic takes. Touched when alike papers are torn apart or unlike ones joined.

Spherical k-means (k-means on rows of unit length) that chooses its own number of sections by the mean silhouette
(Rousseeuw 1987), then sizes are brought between the bounds. Fixed seeds; one thread, so that sums round alike.
"""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digest.text.vectors import Floats

NOWHERE = -1
_MOST = 24  # headings a page can bear; more only where `maximum` forces them
_TRIED = 12  # numbers of sections that are tried out
_SAMPLE = 1500  # rows a silhouette is measured on


def sections(rows: "Floats", *, minimum: int, maximum: int, count: int | None = None) -> list[int]:
    """The section, from 0, of each row of unit length (papers, dimensions), or NOWHERE.

    Every section has `minimum` to `maximum` papers; rows of zeros and rows that fit nowhere are NOWHERE. `count`
    forces the number of sections and lifts the bounds.
    """
    known = [number for number in range(len(rows)) if rows[number].any()]
    if not known:
        return [NOWHERE] * len(rows)
    usable = rows[known]
    if count is not None:
        found = _cluster(usable, min(count, len(known)))
    else:
        tried = _numbers(len(known), minimum, maximum)
        found = _bounded(usable, _best(usable, tried), minimum, maximum)
    placed = [NOWHERE] * len(rows)
    for number, section in zip(known, _renumbered(found), strict=True):
        placed[number] = section
    return placed


def _numbers(papers: int, minimum: int, maximum: int) -> list[int]:
    """The numbers of sections worth trying for so many papers, a geometric grid within what the bounds allow."""
    low = max(1, -(-papers // maximum))
    high = max(low, min(papers // max(1, minimum), max(_MOST, 2 * low)))
    if low == 1 and high > 2 and papers > 2 * minimum:
        low = 2
    ratio = (high / low) ** (1 / (_TRIED - 1))
    return sorted({round(low * ratio**step) for step in range(_TRIED)})


def _best(rows: "Floats", numbers: Sequence[int]) -> list[int]:
    """The clustering of the best mean silhouette; of equal ones the one with fewest sections."""
    from sklearn.metrics import silhouette_score

    best, best_score = [0] * len(rows), -2.0
    for number in numbers:
        labels = _cluster(rows, number, starts=3)
        if not 1 < len(set(labels)) < len(rows):
            continue
        size = _SAMPLE if len(rows) > _SAMPLE else None
        score = float(silhouette_score(rows, labels, sample_size=size, random_state=0))
        if score > best_score + 1e-9:
            best, best_score = labels, score
    return best


def _cluster(rows: "Floats", number: int, starts: int = 10) -> list[int]:
    """k-means with `number` centres, the best of `starts`."""
    import warnings

    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer distinct rows than centres: some stay empty
        return [int(label) for label in KMeans(number, n_init=starts, random_state=0).fit_predict(rows)]


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
        halves = _cluster(rows[members], 2)
        if len(set(halves)) < 2 or maximum < 2:
            halves = [number // maximum % 2 for number in range(len(members))]
        for number, half in zip(members, halves, strict=True):
            labels[number] = following if half else label
        pending += [label, following]
        following += 1
    return labels


def _renumbered(labels: Sequence[int]) -> list[int]:
    """The same sections, numbered from 0 with the largest first; of equal ones the one with the earliest paper."""
    first = {label: number for number, label in reversed(list(enumerate(labels)))}
    sizes = Counter(labels)
    order = sorted((label for label in sizes if label != NOWHERE), key=lambda label: (-sizes[label], first[label]))
    new = {label: number for number, label in enumerate(order)} | {NOWHERE: NOWHERE}
    return [new[label] for label in labels]
