"""Group: so many clusters, as sound as they can be had. Touched when the clustering itself should be better.

Three steps, each of which gained on labelled sets (docs/topics.md has the figures):

1. `smoothed`: each row is moved half-way to the mean of its nearest neighbours, which pulls short texts out of noise.
2. `tempered`: k-means is refined by expectation-maximisation of a mixture of multinomials over the papers' words
   (Nigam et al. 2000) with equal priors and every paper counted as `_EVIDENCE` words, so that it stays undecided
   between near clusters (deterministic annealing: Ueda and Nakano 1998).
3. `consensus`: twelve such clusterings vote (Strehl and Ghosh 2002): k-means on the papers' joint memberships.

Fixed seeds; one thread, so that sums round alike.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from digest.text.vectors import Floats

_EVIDENCE = 8.0  # words a paper counts as
_PRIOR = 0.1  # occurrences added to every word of every cluster
_ROUNDS = 25
_VOTES = 4  # for each number of dimensions
_NEIGHBOURS = 10
_MANY = 24  # above so many clusters a vote is neither cheap nor needed


def consensus(rows: "Floats", shares: Any, count: int) -> list[int]:
    """The cluster (below `count`) of each row of unit length (papers, dimensions). `shares` are the papers' words
    (`LatentSpace.shares`)."""
    import numpy as np

    from digest.text.vectors import unit

    if count > _MANY or len(rows) <= 2 * count:
        return kmeans(smoothed(rows), count)
    votes = []
    for part in (0.6, 0.8, 1.0):
        space = smoothed(unit(rows[:, : max(2, round(part * rows.shape[1]))]))
        for seed in range(_VOTES):
            votes.append(tempered(shares, kmeans(space, count, starts=1, seed=seed), count))
    joint = np.hstack(votes)
    left, sizes, _ = np.linalg.svd(joint.T @ joint)
    return kmeans(unit(joint @ left[:, :count]), count) if sizes[0] else [0] * len(rows)


def kmeans(rows: "Floats", count: int, starts: int = 10, seed: int = 0) -> list[int]:
    """k-means with `count` centres, the best of `starts`."""
    import warnings

    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    count = min(count, len(rows))
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer distinct rows than centres: some stay empty
        return [int(label) for label in KMeans(count, n_init=starts, random_state=seed).fit_predict(rows)]


def smoothed(rows: "Floats") -> "Floats":
    """Each row half-way to the mean of its nearest neighbours, weighted by cosine; of unit length again."""
    import numpy as np

    from digest.text.vectors import unit

    neighbours = min(_NEIGHBOURS, max(1, len(rows) // 20))
    if len(rows) < 3:
        return rows
    made = np.empty_like(rows)
    for start in range(0, len(rows), 1000):  # bounds the memory of the table of cosines
        cosines = rows[start : start + 1000] @ rows.T
        cosines[np.arange(len(cosines)), start + np.arange(len(cosines))] = -2
        nearest = np.argpartition(-cosines, neighbours - 1, axis=1)[:, :neighbours]
        weights = np.take_along_axis(cosines, nearest, axis=1).clip(0)
        means = (rows[nearest] * weights[:, :, None]).sum(axis=1) / (weights.sum(axis=1, keepdims=True) + 1e-9)
        made[start : start + 1000] = rows[start : start + 1000] + means
    return unit(made)


def tempered(shares: Any, labels: list[int], count: int) -> Any:
    """Memberships (papers, clusters), rows summing to 1, of the tempered mixture that starts from `labels`."""
    import numpy as np

    members = np.eye(count)[labels]
    papers_words = shares.T.tocsr()
    typical = 80.0  # words of an abstract: what weighs a paper's share against the prior
    for _ in range(_ROUNDS):
        words = (papers_words @ members) * typical + _PRIOR
        fit = _EVIDENCE * (shares @ np.log(words / words.sum(axis=0)))
        fit = np.exp(fit - fit.max(axis=1, keepdims=True))
        before, members = members, fit / fit.sum(axis=1, keepdims=True)
        if np.abs(members - before).max() < 0.01:
            break
    return members
