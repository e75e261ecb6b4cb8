"""The dedupe room: which entries are one paper, and which papers we know. Pure: the past is handed in as a value.

`questions` says what to look up, `resolve` decides, `fold` is the form titles are looked up by and `rare_words` the
words by which like titles are found. A paper of which several entries tell is explained by `provenance`; `split` and
`restored` make two of it, `extended` one of two. Touch `identity` and `likeness` for what makes two papers one, `merge`
for what becomes of their facts.
"""

from digest.dedupe.candidates import grouped
from digest.dedupe.identity import fold
from digest.dedupe.life import lived
from digest.dedupe.likeness import compare, rare_words, rarity_stamp
from digest.dedupe.merge import extended, id_rank
from digest.dedupe.parts import doubtful, leaving, provenance, restored, since, split
from digest.dedupe.resolve import questions, resolve

__all__ = [
    "compare",
    "doubtful",
    "extended",
    "fold",
    "grouped",
    "id_rank",
    "leaving",
    "lived",
    "provenance",
    "questions",
    "rare_words",
    "rarity_stamp",
    "resolve",
    "restored",
    "since",
    "split",
]
