"""The rank room: how well an order of a day's papers foresaw what was picked. Touch it to change the measure."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digest.rank.outlook import Check, Example

Numbers = NDArray[np.float64]


def auc(scores: Numbers, picked: NDArray[np.bool_]) -> float:
    """The area under the ROC curve, 0..1, ties by half: the share of pairs (picked, not) in the right order.

    The Mann-Whitney statistic (Hanley and McNeil 1982). Needs at least one of each.
    """
    chosen = int(picked.sum())
    _, place, ties = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(ties) - (ties - 1) / 2)[place]  # from 1, ties by their mean
    return float((ranks[picked].sum() - chosen * (chosen + 1) / 2) / (chosen * (len(picked) - chosen)))


def compare(examples: Sequence[Example], picked: NDArray[np.bool_], scores: Numbers) -> Check:
    """Means over the days on which some papers were picked and some not, of `scores` and of newest-first."""
    days: dict[object, list[int]] = defaultdict(list)
    for row, example in enumerate(examples):
        days[example.day].append(row)
    pairs = []
    for rows in days.values():
        of_day = picked[rows]
        if of_day.any() and not of_day.all():
            pairs.append((auc(scores[rows], of_day), auc(_newness([examples[row] for row in rows]), of_day)))
    if not pairs:
        return Check(days=0, auc=0.5, newest=0.5, error=0.0)
    found = np.array(pairs)
    gain = found[:, 0] - found[:, 1]
    error = float(gain.std(ddof=1) / np.sqrt(len(gain))) if len(gain) > 1 else 1.0
    return Check(days=len(pairs), auc=float(found[:, 0].mean()), newest=float(found[:, 1].mean()), error=error)


def _newness(examples: Sequence[Example]) -> Numbers:
    """The time of publication, where known; within a day those without are the day's oldest."""
    times = [e.paper.published.timestamp() if e.paper.published else -np.inf for e in examples]
    return np.array(times)
