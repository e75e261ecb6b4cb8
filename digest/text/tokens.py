"""Text: words, and the terms that stand for a text when texts are compared. Touched when a language groups badly.

Latin and other spaced scripts are cut at anything that is no letter or digit; Chinese, Japanese kana and Han runs have
no spaces and are cut into overlapping pairs of characters.
"""

import itertools
import re
import unicodedata
from functools import lru_cache

from digest.text.stopwords import STOP_WORDS

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_KANA = "\u3040-\u309f\u30a0-\u30ff\u31f0-\u31ff"
UNSPACED = f"[{_HAN}{_KANA}々]"
_TOKEN = re.compile(f"{UNSPACED}+|(?:(?!{UNSPACED})[^\\W_])+")
_UNSPACED = re.compile(UNSPACED)


def words(text: str) -> list[str]:
    """Every word of `text` in order, as written (NFKC); a run of an unspaced script is one word."""
    return _TOKEN.findall(unicodedata.normalize("NFKC", text))


def is_unspaced(word: str) -> bool:
    """Whether `word` is of a script written without spaces."""
    return _UNSPACED.match(word) is not None


@lru_cache(maxsize=65536)
def singular(word: str) -> str:
    """A key for `word` (lower case) that it shares with its simple plural: "studies" and "study", "LLMs" and "LLM".

    A light stemmer after Harman (1991), "How effective is suffixing?", with a guard for "-is" and "-as".
    """
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 4 else word
    if word.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return word[:-2]
    return word[:-1]


def terms(text: str) -> list[str]:
    """The terms of `text` for counting: singular words without stop words and bare numbers, pairs of neighbours
    ("language model"), and pairs of characters of unspaced scripts. In order, with repetition."""
    single = [term for word in words(text) for term in _single(word)]
    plain = [term for term in single if not is_unspaced(term)]
    return single + [f"{left} {right}" for left, right in itertools.pairwise(plain)]


@lru_cache(maxsize=65536)
def _single(word: str) -> tuple[str, ...]:
    """What one word counts as: itself, nothing, or its pairs of characters."""
    if is_unspaced(word):
        return tuple(word[at : at + 2] for at in range(max(1, len(word) - 1)))
    folded = word.casefold()
    if len(folded) < 2 or folded.isdecimal() or folded in STOP_WORDS:
        return ()
    return (singular(folded),)
