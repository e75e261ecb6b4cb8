"""The rank room: the values of a forecast, and of a topic that rises. Plain dataclasses, no heavy library; touch when
either says more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from digest.model import Paper

LEAST_PICKS, LEAST_DAYS = 20, 10  # with less there is nothing to learn
MARGIN = 1.0  # standard errors by which a forecast must beat newest-first
DAYS = 5  # days it must have been tried on
GUESSING = 0.5  # the area under the ROC curve of an order that knows nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A paper announced on `day` and when its community picked it (None: not, as far as is known)."""

    paper: Paper
    day: date
    picked_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """How likely a community is to pick a paper (0..1), how many it usually picks (0..1), and why, in words."""

    probability: float
    usual: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rising:
    """That a paper's topic gets more papers than is usual for it: so many times as many (above 1), and in words."""

    ratio: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """How a forecast did on days after its training: means over `days` of the area under the ROC curve (0.5 is
    chance), of it and of newest-first, and the standard error of their difference."""

    days: int
    auc: float
    newest: float
    error: float

    @property
    def trusted(self) -> bool:
        """Whether it beats newest-first, and guessing, by more than chance would explain."""
        return self.days >= DAYS and self.auc - max(self.newest, GUESSING) > MARGIN * self.error


def by_day(examples: Sequence[Example]) -> list[Example]:
    """In an order that depends on nothing but the examples: by day, then id."""
    return sorted(examples, key=lambda e: (e.day, e.paper.id))
