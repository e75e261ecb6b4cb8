"""The rank room: would this community pick it? Trained from what it picked before, with reasons and a check of itself.

Two linear models (words; author names) score a paper; a logistic regression over both scores, the facts and the
authors' record turns them into a probability. It is fitted on scores that the linear models gave to papers later than
those they were trained on, so that it learns how far to trust them (stacking, Wolpert 1992, forward in time).
Touch this file to change how a forecast is made; what it sees is in `features`, `record`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from digest.model import Paper
from digest.rank.check import compare
from digest.rank.features import facts, names, terms
from digest.rank.linear import Linear, fit, hashed
from digest.rank.outlook import LEAST_DAYS, LEAST_PICKS, Check, Example, Forecast, by_day
from digest.rank.record import Record, remember
from digest.rank.words import forecast as said
from digest.text.stopwords import STOCK_WORDS, STOP_WORDS

Matrix = NDArray[np.float64]
EMPTY = STOP_WORDS | STOCK_WORDS
BLOCKS = 4  # stretches of days, each scored by models trained on all before it
START = 0.4  # the share of days before the first block
FASHION = 200.0  # days after which a paper counts half when words and names are weighed: tastes change
STRENGTH = 0.03  # inverse of the penalty on the standardised features
FAR = 3.0  # spreads from the mean beyond which a feature counts no more
NARROW = 0.1  # a feature that hardly varied is not taken for one that matters when it does
SHOWN = 3  # words named as reasons


@dataclass(frozen=True, slots=True)
class Parts:
    """What is fitted before the last step. `people` and `record` are None where authors are left out."""

    words: Linear
    people: Linear | None
    record: Record | None


@dataclass(frozen=True, slots=True)
class Forecaster:
    """A trained forecast: what it knows ends before `cut`; `check` says how it did on days it had not seen."""

    cut: date
    usual: float
    parts: Parts
    mean: Matrix
    scale: Matrix
    coef: Matrix
    intercept: float
    check: Check

    @property
    def authors(self) -> bool:
        """Whether authors' names and their record take part."""
        return self.parts.record is not None

    def probabilities(self, papers: Sequence[Paper]) -> Matrix:
        """The calibrated probability of being picked, one a paper, each by itself: its company changes nothing."""
        if not papers:
            return np.zeros(0)
        columns = _columns(self.parts, _Seen.of(papers, self.authors))
        return _logistic(_standard(columns, self.mean, self.scale), self.coef, self.intercept)

    def forecast(self, papers: Sequence[Paper]) -> dict[str, Forecast]:
        """A forecast for each paper, by id. A paper with neither abstract nor authors has none."""
        told = [p for p in papers if p.abstract or (p.authors and self.authors)]
        found = zip(told, self.probabilities(told), strict=True)
        return {paper.id: self._one(paper, float(probability)) for paper, probability in found}

    def _one(self, paper: Paper, probability: float) -> Forecast:
        reasons: tuple[str, ...] = ()
        if probability > self.usual:
            record = self.parts.record
            picks = record.most(names(paper)) if record else 0
            reasons = said(probability, self.usual, self._words(paper), picks)
        return Forecast(probability=probability, usual=self.usual, reasons=reasons)

    def _words(self, paper: Paper) -> list[str]:
        """The words that speak most for a paper: as written in title or abstract, none within another."""
        found: list[str] = []
        for added, term in self.parts.words.parts(terms(paper, owners=self.authors)):
            words = term.split()
            plain = ":" not in term and not EMPTY.intersection(words) and all(w.isalpha() for w in words)
            if added <= 0 or len(found) == SHOWN:
                break
            if plain and not any(set(words) & set(other.split()) for other in found):
                found.append(term)
        return found


@dataclass(frozen=True, slots=True)
class _Seen:
    """Papers as the models see them: hashed words and names, counted facts, folded names."""

    words: Any
    people: Any
    facts: Matrix
    names: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, papers: Sequence[Paper], authors: bool) -> "_Seen":
        named = tuple(tuple(names(p)) for p in papers) if authors else ((),) * len(papers)
        words = hashed(terms(p, owners=authors) for p in papers)
        return cls(words, hashed(named), np.array([facts(p) for p in papers]), named)

    def at(self, rows: NDArray[np.intp]) -> "_Seen":
        named = tuple(self.names[row] for row in rows)
        return _Seen(self.words[rows], self.people[rows], self.facts[rows], named)


def train(examples: Sequence[Example], cut: date, *, authors: bool = True) -> Forecaster | None:
    """A forecaster from examples announced before `cut`, with the picks made before it; None where too little was
    picked to learn from (LEAST_PICKS picks on LEAST_DAYS days) or nothing was left out.

    The order of `examples` changes nothing. A year of 48,000 papers takes well under a minute and 1.5 GB.
    """
    past = by_day([e for e in examples if e.day < cut])
    days = sorted({e.day for e in past})
    known = _labels(past, cut)
    if known.sum() < LEAST_PICKS or known.all() or len(days) < LEAST_DAYS:
        return None
    seen = _Seen.of([e.paper for e in past], authors)
    blocks = list(_blocks(past, days, cut, seen, authors))
    if not blocks:
        return None
    columns, labels = np.vstack([b[1] for b in blocks]), np.concatenate([b[2] for b in blocks])
    check = _self_check(past, blocks)
    mean, scale, coef, intercept = _combine(columns, labels)
    parts = _fit_parts(past, seen, cut, authors)
    return Forecaster(cut, float(known.mean()), parts, mean, scale, coef, intercept, check)


def assess(forecaster: Forecaster, examples: Sequence[Example]) -> Check:
    """How a forecaster does on examples announced on or after its `cut`."""
    later = by_day([e for e in examples if e.day >= forecaster.cut])
    picked = np.array([e.picked_on is not None for e in later], dtype=bool)
    return compare(later, picked, forecaster.probabilities([e.paper for e in later]))


_Block = tuple[NDArray[np.intp], Matrix, NDArray[np.bool_]]


def _blocks(past: Sequence[Example], days: Sequence[date], cut: date, seen: _Seen, authors: bool) -> Iterator[_Block]:
    """(rows, columns, labels) of the examples of each block, seen through models trained on all days before it."""
    bounds = [days[int(len(days) * (START + (1 - START) * n / BLOCKS))] for n in range(BLOCKS)]
    order = np.array([e.day.toordinal() for e in past])
    for start, end in pairwise([*bounds, cut]):
        rows = np.flatnonzero((order >= start.toordinal()) & (order < end.toordinal()))
        earlier = np.flatnonzero(order < start.toordinal())
        before = _take(past, earlier)
        labels = _labels(before, start)
        if rows.size and labels.any() and not labels.all():
            parts = _fit_parts(before, seen.at(earlier), start, authors)
            yield rows, _columns(parts, seen.at(rows)), _labels(_take(past, rows), cut)


def _take(examples: Sequence[Example], rows: NDArray[np.intp]) -> list[Example]:
    return [examples[int(row)] for row in rows]


def _labels(examples: Sequence[Example], cut: date) -> NDArray[np.bool_]:
    return np.array([e.picked_on is not None and e.picked_on < cut for e in examples], dtype=bool)


def _fit_parts(examples: Sequence[Example], seen: _Seen, cut: date, authors: bool) -> Parts:
    labels = _labels(examples, cut)
    worth = np.array([0.5 ** ((cut - e.day).days / FASHION) for e in examples])
    words = fit(seen.words, labels, worth, alpha=3e-5, least=3, epochs=5)
    if not authors:
        return Parts(words, None, None)
    people = fit(seen.people, labels, worth, alpha=3e-5, least=2, epochs=10)
    return Parts(words, people, remember(examples, cut))


def _columns(parts: Parts, seen: _Seen) -> Matrix:
    """What the last step sees: a row a paper."""
    columns: list[Any] = [parts.words.score(seen.words)[:, None], seen.facts]
    if parts.people is not None and parts.record is not None:
        record = np.array([parts.record.features(named) for named in seen.names])
        columns += [parts.people.score(seen.people)[:, None], record]
    return np.asarray(np.hstack(columns), dtype=np.float64)


def _combine(columns: Matrix, labels: NDArray[np.bool_]) -> tuple[Matrix, Matrix, Matrix, float]:
    """Standardise and fit: (mean, scale, coefficients, intercept). Labels as they fall, so it is calibrated."""
    mean, scale = columns.mean(axis=0), columns.std(axis=0)
    scale = np.maximum(scale, NARROW)
    if not labels.any() or labels.all():
        return mean, scale, np.zeros(columns.shape[1]), 0.0
    model = LogisticRegression(C=STRENGTH, max_iter=2000).fit(_standard(columns, mean, scale), labels)
    return mean, scale, np.asarray(model.coef_[0]), float(model.intercept_[0])


def _standard(columns: Matrix, mean: Matrix, scale: Matrix) -> Matrix:
    """Centred and scaled, within FAR spreads: what lies farther out was not learnt from and must not decide alone."""
    return np.asarray(np.clip((columns - mean) / scale, -FAR, FAR))


def _logistic(columns: Matrix, coef: Matrix, intercept: float) -> Matrix:
    return np.asarray(1 / (1 + np.exp(-np.clip(columns @ coef + intercept, -30, 30))))


def _self_check(past: Sequence[Example], blocks: Sequence[_Block]) -> Check:
    """The forecast made without the last block, tried on it."""
    *before, (rows, columns, picked) = blocks
    if not before:
        return compare([], np.zeros(0, dtype=bool), np.zeros(0))
    mean, scale, coef, intercept = _combine(np.vstack([b[1] for b in before]), np.concatenate([b[2] for b in before]))
    return compare(_take(past, rows), picked, _logistic(_standard(columns, mean, scale), coef, intercept))


def day_after(examples: Sequence[Example]) -> date:
    """The first day none of the examples is of: the `cut` that uses them all."""
    return max(e.day for e in examples) + timedelta(days=1)
