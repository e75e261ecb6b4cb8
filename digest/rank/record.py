"""The rank room: how often the papers of each author were picked before. Touch it to change what is remembered.

Names are compared as they are written: two people of one name share a record, and one person of two names has two.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from digest.rank.features import names
from digest.rank.outlook import Example

HALF_LIFE = 60.0  # days after which a paper counts half in the recent record
COLUMNS = ("papers", "picks", "recent", "recent picks", "since pick", "last", "last picks", "first", "first picks")
NEVER = 400.0  # days since the last pick of someone who never was
PAPERS, PICKS, RECENT, RECENT_PICKS, SINCE, LAST, LAST_PICKS, FIRST, FIRST_PICKS = range(len(COLUMNS))


@dataclass(frozen=True, slots=True)
class Record:
    """`table` has a row of COLUMNS for each of `names`; `usual` is the share of papers picked."""

    names: tuple[str, ...]
    table: NDArray[np.float32]
    usual: float
    _row: dict[str, int] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        self._row.update((name, number) for number, name in enumerate(self.names))

    def most(self, authors: Sequence[str]) -> int:
        """The picks of the author who has most of them."""
        return max((int(self.table[self._row[a], PICKS]) for a in authors if a in self._row), default=0)

    def features(self, authors: Sequence[str]) -> list[float]:
        """SIZE numbers: log rates of being picked against the usual, shrunk for few papers, best, mean, first, last."""
        if not authors:
            return [0.0] * SIZE
        rows = np.zeros((len(authors), len(COLUMNS)), dtype=np.float64)
        rows[:, SINCE] = NEVER
        known = [(place, self._row[a]) for place, a in enumerate(authors) if a in self._row]
        if known:
            places, numbers = zip(*known, strict=True)
            rows[list(places)] = self.table[list(numbers)]
        near, far = self._rate(rows, PICKS, PAPERS, 1.0), self._rate(rows, PICKS, PAPERS, 5.0)
        recent = self._rate(rows, RECENT_PICKS, RECENT, 1.0)
        ranked = [*sorted(near, reverse=True), 0.0, 0.0]
        return [
            *(near.max(), near.mean(), near[0], near[-1], ranked[1], ranked[2]),
            *(far.min(), far.clip(min=0).sum(), far.clip(max=0).sum()),
            *(recent.max(), recent.sum(), recent[-1]),
            *(self._rate(rows[-1:], LAST_PICKS, LAST, 2.0)[0], self._rate(rows[:1], FIRST_PICKS, FIRST, 2.0)[0]),
            *(rows[:, SINCE].min() ** 0.5, len(known) / len(authors), np.log1p(len(authors)), float(len(authors) == 1)),
        ]

    def _rate(self, rows: NDArray[np.float64], picks: int, papers: int, prior: float) -> NDArray[np.float64]:
        """log of (picks + prior · usual) / (papers + prior) over usual: 0 for somebody unknown."""
        rate = (rows[:, picks] + prior * self.usual) / (rows[:, papers] + prior)
        return np.asarray(np.log(rate / self.usual))


SIZE = 18


def remember(examples: Sequence[Example], cut: date) -> Record:
    """The record from examples announced before `cut`, with the picks made before it."""
    table: dict[str, list[float]] = defaultdict(lambda: [0.0] * SINCE + [NEVER] + [0.0] * 4)
    past = [e for e in examples if e.day < cut]
    total = 0
    for example in past:
        picked = example.picked_on is not None and example.picked_on < cut
        total += picked
        age = float((cut - example.day).days)
        weight, authors = 0.5 ** (age / HALF_LIFE), names(example.paper)
        for name in set(authors):
            _add(table[name], PAPERS, 1.0, picked)
            _add(table[name], RECENT, weight, picked)
            if picked:
                table[name][SINCE] = min(table[name][SINCE], age)
        if authors:
            _add(table[authors[-1]], LAST, 1.0, picked)
            _add(table[authors[0]], FIRST, 1.0, picked)
    known = sorted(table)
    values = np.array([table[name] for name in known], dtype=np.float32).reshape(len(known), len(COLUMNS))
    return Record(tuple(known), values, max(total, 1) / max(len(past), 1))


def _add(row: list[float], column: int, weight: float, picked: bool) -> None:
    """Count a paper in `column` and, if picked, in the one after it."""
    row[column] += weight
    row[column + 1] += weight * picked
