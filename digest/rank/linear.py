"""The rank room: a linear model over hashed terms, small enough to keep and to explain. Touch it to change the fit.

Term frequency (1 + log tf) times inverse document frequency, unit length (Salton and Buckley 1988); hashing instead
of a vocabulary (Weinberger and others 2009); logistic loss by averaged stochastic gradient descent (Bottou; Polyak).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction import FeatureHasher
from sklearn.linear_model import SGDClassifier

Floats = NDArray[np.float32]
BUCKETS = 2**20
SEED = 0


def hashed(documents: Iterable[Sequence[str]]) -> Any:
    """Counts of terms by bucket: a sparse matrix (documents, BUCKETS)."""
    hasher = FeatureHasher(BUCKETS, input_type="string", alternate_sign=False, dtype=np.float32)
    return hasher.transform(documents)


@dataclass(frozen=True, slots=True)
class Linear:
    """`idf` is 0 for terms too rare to count; score = intercept + sum of coef · weight, in log-odds (uncalibrated)."""

    idf: Floats
    coef: Floats
    intercept: float

    def weigh(self, counts: Any) -> Any:
        """The weights of the terms of each document, each row of length 1 (or 0)."""
        return _weigh(counts, self.idf)

    def score(self, counts: Any) -> Floats:
        """One score a document."""
        return np.asarray(self.weigh(counts) @ self.coef + self.intercept, dtype=np.float32)

    def parts(self, terms: Sequence[str]) -> list[tuple[float, str]]:
        """What each distinct term of one document adds to its score, greatest first."""
        weights = self.weigh(hashed([terms]))
        added = dict(zip(weights.indices, weights.data * self.coef[weights.indices], strict=True))
        distinct = sorted(set(terms))
        buckets = hashed([[term] for term in distinct]).indices
        parts = [(float(added.get(b, 0.0)), term) for b, term in zip(buckets, distinct, strict=True)]
        return sorted(parts, key=lambda part: (-part[0], part[1]))


def fit(
    counts: Any, picked: NDArray[np.bool_], worth: NDArray[np.float64], *, alpha: float, least: int, epochs: int
) -> Linear:
    """Train on `counts` (documents, BUCKETS), one label each, and what each document counts for (above 0).

    Terms in fewer than `least` documents do not count. Both classes weigh the same, however rare picks are. Needs at
    least one of each class.
    """
    found = np.bincount(counts.indices, minlength=BUCKETS)
    idf = np.where(found >= least, np.log((1 + counts.shape[0]) / (1 + found)) + 1, 0).astype(np.float32)
    model = SGDClassifier(
        loss="log_loss",
        alpha=alpha,
        class_weight="balanced",
        average=True,
        max_iter=epochs,
        tol=None,
        random_state=SEED,
    )
    model.fit(_weigh(counts, idf), picked, sample_weight=worth)
    return Linear(idf, model.coef_[0].astype(np.float32), float(model.intercept_[0]))


def _weigh(counts: Any, idf: Floats) -> Any:
    weights = counts.copy()
    weights.data = (1 + np.log(weights.data)) * idf[weights.indices]
    lengths = np.sqrt(np.asarray(weights.multiply(weights).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1
    return sparse.diags((1 / lengths).astype(np.float32)) @ weights
