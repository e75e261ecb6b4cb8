"""The dedupe room: which entries are one paper, and which papers we know. Pure: the past is handed in as a value.

`questions` says what to look up, `resolve` decides, `fold` is the form titles are looked up by and `rare_words` the
words by which like titles are found. Touch `identity` and `likeness` for what makes two papers one, `merge` for what
becomes of their facts.
"""

from digest.dedupe.candidates import grouped
from digest.dedupe.identity import fold
from digest.dedupe.likeness import compare, rare_words, rarity_stamp
from digest.dedupe.resolve import questions, resolve

__all__ = ["compare", "fold", "grouped", "questions", "rare_words", "rarity_stamp", "resolve"]
