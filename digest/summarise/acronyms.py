"""Summarise room: acronyms that an abstract explains once and uses elsewhere, spelt out where they are used.

A single sentence is printed, and "a benchmark for CIR" says nothing to who has not read the sentence before it. The
words put in are the abstract's own. Pure; touched when an acronym was explained wrongly, with a test for it.
"""

import re
from collections.abc import Mapping

_SHORT = re.compile(r" \((?P<short>[A-Za-z][\w-]{0,9}[A-Z][\w-]{0,9})\)")
_BOUND = re.compile(r"[()\"“”]")
_BEFORE = 160  # characters looked at
_WORD = re.compile(r"[^\W_]+")
_START = re.compile(r"(?<![\w-])[^\W_]")  # not within "multi-modal"
_PLURAL = re.compile(r"[^\Wsui]s$")
_VOWEL = re.compile(r"(?!uni|use|eu|one)[aeiou]", re.I)
# What a reader of papers knows better by its short name.
_FAMILIAR = """
    AI API AR BERT CNN CNNs CPU CT DBSCAN DNA EEG GAN GANs GLUE GPS GPT GPU GPUs IoT IoU IQ KITTI LLM LLMs LSTM mAP ML
    MRI NLP PCA PCR RGB RNA RNN RNNs SARS SOTA TV UAV UI UK US USA VR XR"""
_KNOWN = frozenset(_FAMILIAR.split())


def explained(text: str, title: str = "") -> dict[str, str]:
    """Acronyms to their words, as `text` explains them ("contrastive learning (CL)"), without those in the title.

    The words are the shortest run before the bracket whose words begin with the acronym's letters, in order (stricter
    than Schwartz and Hearst 2003, who look for letters anywhere).
    """
    found: dict[str, str] = {}
    for match in _SHORT.finditer(text):
        short, before = match["short"], _BOUND.split(text[max(match.start() - _BEFORE, 0) : match.start()])[-1]
        known = short in _KNOWN or re.search(rf"(?<!\w){re.escape(short)}(?!\w)", title)
        if not known and (long := _long(short, before)):
            found.setdefault(short, _as_inside(long, text))
    return found


def _long(short: str, before: str) -> str:
    """The words that `short` stands for, or "" where they are not certain."""
    plural = short.endswith("s") and short[:-1].isupper()
    letters = [sign.lower() for sign in short.removesuffix("s" if plural else "") if sign.isalnum()]
    for start in reversed(list(_START.finditer(before))[-2 * len(letters) :]):
        long = before[start.start() :]
        initials = [word[0][0].lower() for word in _WORD.finditer(long)]
        if initials[0] == letters[0] and _spell(initials, letters) and bool(_PLURAL.search(long)) == plural:
            return long
    return ""


def _spell(initials: list[str], letters: list[str]) -> bool:
    """Whether each letter begins a word, in order, with hardly more words than letters ("of", "the")."""
    left = iter(initials)
    return all(letter in left for letter in letters) and len(initials) <= len(letters) + 2


def _as_inside(long: str, text: str) -> str:
    """The words as the text writes them inside a sentence: "Active" of "Active learning" is "active" elsewhere."""
    first = _WORD.match(long)
    usual = first is not None and long[1:].islower() and re.search(rf"\b{first[0].lower()}\b", text)
    return long[0].lower() + long[1:] if usual else long


def spelt_out(sentence: str, words: Mapping[str, str], text: str) -> str:
    """The sentence with each explained acronym as its words, but where it explains it itself, joins it by a hyphen, or
    would need an article ("an" for "a") that `text` does not have."""

    def written(match: re.Match[str]) -> str:
        article, long = match["article"] or "", words[match["short"]]
        if not article:
            return long if match.start() else long[0].upper() + long[1:]
        needed = "an" if _VOWEL.match(long) else "a"
        if article.lower() == needed:
            return f"{article} {long}"
        there = re.search(rf"\b{needed}\b", text)
        return f"{needed.capitalize() if article[0] == 'A' else needed} {long}" if there else match[0]

    missing = "|".join(re.escape(short) for short in words if f"({short})" not in sentence)
    if not missing:
        return sentence
    return re.sub(rf"(?:\b(?P<article>[Aa]n?) )?(?<![\w-])(?P<short>{missing})(?![\w-]|['’]s)", written, sentence)
