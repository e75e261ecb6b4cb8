"""Group: so many clusters, as sound as they can be had. Touched when the clustering itself should be better.

Three steps, each of which gained on labelled sets (docs/topics.md has the figures):

1. `smoothed`: each row is moved half-way to the mean of its nearest neighbours, which pulls short texts out of noise.
2. `tempered`: k-means is refined by expectation-maximisation of a mixture of multinomials over the papers' words
   (Nigam et al. 2000) with equal priors and every paper counted as `_EVIDENCE` words, so that it stays undecided
   between near clusters (deterministic annealing: Ueda and Nakano 1998).
   A space with a language model has its say too: fit = words + `_SENSE` * cosine with the cluster's mean.
3. `consensus`: twelve such clusterings vote (Strehl and Ghosh 2002): k-means on the papers' joint memberships.

Fixed seeds; one thread, so that sums round alike.
"""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from digest.text.vectors import Floats

_EVIDENCE = 10.0  # words a paper counts as
_COMMON = 0.3  # the part of a cluster's words that is everybody's
_SENSE = 4.0  # what a cosine of 1 counts as beside the words' logarithms
_ROUNDS = 25
_VOTES = 4  # for each number of dimensions
_NEIGHBOURS = 10
_MANY = 24  # above so many clusters a vote is neither cheap nor needed


def consensus(rows: "Floats", shares: Any, count: int, worded: int) -> list[int]:
    """The cluster (below `count`) of each row of unit length (papers, dimensions), of whose columns the first `worded`
    come from words and the rest from a language model. `shares` are the papers' words (`LatentSpace.shares`)."""
    import numpy as np

    from digest.text.vectors import unit

    if count > _MANY or len(rows) <= 2 * count:
        return kmeans(smoothed(rows), count)
    votes, shares, sense = [], shares[:, _used(shares)], sensed(rows, worded)
    for part in (0.6, 0.8, 1.0):
        space = smoothed(_view(rows, worded, max(2, round(part * worded))))
        for seed in range(_VOTES):
            votes.append(tempered(shares, kmeans(space, count, starts=1, seed=seed), count, sense))
    joint = np.hstack(votes)
    left, sizes, _ = np.linalg.svd(joint.T @ joint)
    return kmeans(unit(joint @ left[:, :count]), count) if sizes[0] else [0] * len(rows)


def sensed(rows: "Floats", worded: int) -> "Floats | None":
    """The rows a mixture goes by besides words: smoothed ones, where a language model has columns; else None."""
    return smoothed(rows) if rows.shape[1] > worded else None


def _view(rows: "Floats", worded: int, kept: int) -> "Floats":
    """The rows with so many of the columns that come from words, these together as long as before."""
    import numpy as np

    from digest.text.vectors import unit

    if rows.shape[1] == worded:
        return unit(rows[:, :kept])
    lengths = np.linalg.norm(rows[:, :worded], axis=1, keepdims=True)
    return unit(np.hstack([unit(rows[:, :kept]) * lengths, rows[:, worded:]]))


def kmeans(rows: "Floats", count: int, starts: int = 10, seed: int = 0) -> list[int]:
    """k-means with `count` centres, the best of `starts`."""
    import warnings

    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    count = min(count, len(rows))
    with _threads().limit(limits=1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer distinct rows than centres: some stay empty
        return [int(label) for label in KMeans(count, n_init=starts, random_state=seed).fit_predict(rows)]


@lru_cache(maxsize=1)
def _threads() -> Any:
    """The switch for the threads of numerical libraries; finding them takes a while, so it is kept."""
    import sklearn.cluster  # noqa: F401  its libraries must be there to be found
    from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

    return ThreadpoolController()


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


def tempered(shares: Any, labels: list[int], count: int, sense: "Floats | None" = None) -> Any:
    """Memberships (papers, clusters), rows summing to 1, of the tempered mixture that starts from `labels`; `sense` as
    `sensed` gives it."""
    import numpy as np

    return _expect_and_maximise(shares, np.eye(count)[labels], np.zeros((shares.shape[1], 1)), sense)


def anchored(shares: Any, anchors: Any, sense: "Floats | None" = None) -> Any:
    """Memberships (papers, anchors) of the tempered mixture with a cluster for each anchor, a row of word shares
    (anchors, terms) times the number of papers it counts as."""
    used = _used(shares)
    shares, words = shares[:, used], anchors[:, used].T.astype("float64")
    return _expect_and_maximise(shares, _members(shares, words), words, sense)


def _used(shares: Any) -> Any:
    """The columns of `shares` in which anything is."""
    import numpy as np

    return np.flatnonzero(np.asarray(shares.sum(axis=0)).ravel())


def _expect_and_maximise(shares: Any, members: Any, anchors: Any, sense: "Floats | None") -> Any:
    """Both steps in turn until no membership changes by more than a hundredth."""
    import numpy as np

    from digest.text.vectors import unit

    papers_words = shares.T.tocsr()
    for _ in range(_ROUNDS):
        before = members
        likeness = 0.0 if sense is None else sense @ unit(before.T @ sense).T
        members = _members(shares, papers_words @ before + anchors, likeness)
        if np.abs(members - before).max() < 0.01:
            break
    return members


def _members(shares: Any, words: Any, likeness: Any = 0.0) -> Any:
    """How likely each paper is of each cluster with these `words` (terms, clusters) and this `likeness` to the paper
    (papers, clusters). Their shares are mixed with those
    of all papers (Jelinek and Mercer 1980), so that a large cluster is no likelier than a small one."""
    import numpy as np

    everywhere = np.asarray(shares.mean(axis=0)).reshape(-1, 1) + 1e-9
    mixed = (1 - _COMMON) * words / (words.sum(axis=0) + 1e-9) + _COMMON * everywhere / everywhere.sum()
    fit = _EVIDENCE * (shares @ np.log(mixed)) + _SENSE * likeness
    fit = np.exp(fit - fit.max(axis=1, keepdims=True))
    return fit / fit.sum(axis=1, keepdims=True)
