"""The rank room: candidates -> scored papers, best first, each with its terms and reasons.

Pure: the past is handed in as a population, the clock as `now`. `trending` holds the formula, `standing` compares a
paper's attention with that of papers as old, `words` says it. `forecast` (scikit-learn: import it where it is needed)
learns what a community picks; `state` keeps what it learnt. Touch this file only to change the public names.
"""

from digest.rank.outlook import Check, Example, Forecast, Rising
from digest.rank.trending import WEIGHTS, rank

__all__ = ["WEIGHTS", "Check", "Example", "Forecast", "Rising", "rank"]
