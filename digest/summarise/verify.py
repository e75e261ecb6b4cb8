"""Summarise room: whether a sentence that a model wrote may be printed: short, plain, and by its words true.

Everything a model says is hostile text. Pure; touched when something bad got through (with a test), or when something
good was refused.
"""

import re
import unicodedata

from digest.model import Paper
from digest.summarise import languages
from digest.summarise.abstract import fold, length, words
from digest.summarise.wording import stems
from digest.text import sentences
from digest.text.stopwords import STOP_WORDS

LONGEST = 400  # characters
LEAST_SHARED = 0.5  # of the words that carry meaning, how many must stand in the title or abstract
_MARKUP = re.compile(r"[<>`*#|{}\\_~^]|\[[^\]]*\]\(|https?:|www\.|@\w|&\w+;|&#")
_CHATTER = re.compile(
    r"^(?:sure|here (?:is|are)|certainly|of course|summary|tl;?dr|sentence|answer|output|note|as an ai|"
    r"i (?:am|cannot|can't|will)|sorry|ok(?:ay)?)\b|\b(?:language model i|as an ai|ignore (?:all|previous)|"
    r"system prompt)\b",
    re.I,
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_IN_WORDS = """
    two three four five six seven eight nine ten eleven twelve twenty thirty fifty hundred hundreds thousand thousands
    million millions billion half halves twice double doubles triple triples twofold tenfold"""
_COUNTS = frozenset(_IN_WORDS.split())
_TOKEN = re.compile(r"[^\W_]+(?:[-'’./+][^\W_]+)*")


def problem(said: str, paper: Paper, max_words: int, *, language: str = "") -> str:
    """Why `said` must not be printed as the TL;DR of `paper`, or "" if it may.

    `language`: it ought to be in that one, not the abstract's, so that only numbers and names written with inner
    capitals or digits can be compared; a sentence seen to be in a third one is refused.
    """
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") for sign in said):
        return "control characters"
    if len(said) > LONGEST or length(said) > max_words:
        return "too long"
    if length(said) < 4:
        return "too short"
    if _MARKUP.search(said):
        return "not plain text"
    if _CHATTER.search(said):
        return "talk about the task"
    if len(sentences.split(said)) != 1:
        return "not one sentence"
    if fold(said) == fold(paper.title):
        return "the title again"
    if language and not languages.may_be(said, language):
        return f"not {language}"
    return _untrue(said, f"{paper.title}\n{paper.abstract}", bool(language))


def _untrue(said: str, source: str, translated: bool) -> str:
    """Why `said` is not told by `source`, by their numbers, names and words; "" if it seems to be."""
    numbers = {_plain(number) for number in _NUMBER.findall(source)}
    if strange := [number for number in _NUMBER.findall(said) if _plain(number) not in numbers]:
        return f"a number the abstract lacks: {strange[0]}"
    known = set(words(source)) | {part for word in words(source) for part in re.split(r"[-'’./]", word)}
    for at, match in enumerate(_TOKEN.finditer(said)):
        if _is_name(match[0], at == 0 or translated) and not _known(match[0].lower(), known):
            return "a name the abstract lacks"
    if translated:
        return ""
    if any(word in _COUNTS and word not in known for word in words(said)):
        return "a number the abstract lacks"
    meant = [stem for word, stem in zip(words(said), stems(said), strict=True) if word not in STOP_WORDS]
    shared = set(stems(source))
    if sum(stem in shared for stem in meant) < LEAST_SHARED * max(len(meant), 1):
        return "other words or another language than the abstract's"
    return ""


def _plain(number: str) -> str:
    return number.replace(",", "").rstrip(".")


def _is_name(token: str, may_be_capital: bool) -> bool:
    """Whether a word is written as a name: capital inside or digits, or a capital where no sentence begins."""
    inner = any(sign.isupper() for sign in token[1:]) or any(sign.isdigit() for sign in token)
    return inner or (token[0].isupper() and not may_be_capital)


def _known(token: str, known: set[str]) -> bool:
    return token in known or all(part in known for part in re.split(r"[-'’./+]", token) if part)
