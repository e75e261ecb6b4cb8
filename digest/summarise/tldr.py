"""Summarise room: the TL;DR, one sentence of the abstract itself, shortened without inventing a word.

Pure and without a network. `abstract.py` says which sentences there are, `shorten.py` how they may be cut; here one is
chosen. Touched when the choice itself should be better.
"""

import re

from digest.model import Paper
from digest.summarise import abstract, shorten

_CUE = re.compile(
    r"\b(?:we|i) (?:\w+ )?(?:propose|present|introduce|develop|show|demonstrate|describe|study|investigate|prove|find|"
    r"explore|report|provide|address|design|analy[sz]e)\b|\b(?:this|the present|our) (?:paper|work|study|article|"
    r"method|approach|results?|findings?|survey)\b|"
    r"\b(?:is|are) (?:here )?(?:described|proposed|presented|introduced)\b",
    re.I,
)
_UNRESOLVED = re.compile(
    r"^(?:this|these|those|it|they|its|their|such|that|he|she|both|each|another)\b(?! (?:paper|work|article|study|"
    r"survey|thesis|report|review|letter|note|manuscript|research|tutorial|position paper|dissertation|chapter)\b)",
    re.I,
)


def tldr(paper: Paper, max_words: int = 30) -> str:
    """One sentence of the paper's abstract in at most `max_words` words, or "" where none is fit to be printed.

    Every word stands in the abstract, in its order; only the first letter may change its case. Never the title.
    """
    found = abstract.body(paper)
    title = abstract.fold(paper.title)
    for sentence in _by_promise(found):
        for form in _forms(sentence):
            if abstract.length(form) <= max_words and abstract.fold(form) != title:
                return form
    return ""


def _by_promise(found: tuple[str, ...]) -> list[str]:
    """The sentences, those that say what is new first, those that lean on another sentence last."""

    def worth(place: int) -> tuple[bool, bool, int]:
        cued = bool(_CUE.search(found[place]))
        return _leans(found[place]), not cued, place if cued else -place

    return [found[place] for place in sorted(range(len(found)), key=worth)]


def _leans(sentence: str) -> bool:
    return bool(_UNRESOLVED.search(shorten.without_lead(sentence)))


def _forms(sentence: str) -> tuple[str, ...]:
    """The sentence shortened by degrees: lead and asides away, then trailing clauses, longest first."""
    plain = shorten.without_asides(shorten.without_lead(sentence))
    return (plain, *shorten.without_tails(plain))
