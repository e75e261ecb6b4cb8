"""The dedupe room: which entries are one paper, and which papers we know. Pure: the past is handed in as a value.

`questions` says what to look up, `resolve` decides, `fold` is the form titles are looked up by. Touch `identity` for
what makes two papers one, `merge` for what becomes of their facts.
"""

from digest.dedupe.identity import fold
from digest.dedupe.resolve import questions, resolve

__all__ = ["fold", "questions", "resolve"]
