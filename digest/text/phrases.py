"""Text: phrases a text uses that could be a name of what it is about. Touched when names read oddly.

A phrase is a run of one to four words without stop word or punctuation inside ("rapid automatic keyword extraction",
Rose et al. 2010), trimmed by what word endings tell: no tagger, no model. Unspaced scripts give runs of two to eight
characters between kana or function words.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from digest.text.stopwords import CJK_STOPS, EMPTY_PHRASES, GENERAL_WORDS, STOCK_WORDS, STOP_WORDS
from digest.text.tokens import UNSPACED, singular

_PIECE = re.compile(f"{UNSPACED}+|(?:(?!{UNSPACED})[^\\W_])+(?:[-’'+./](?:(?!{UNSPACED})[^\\W_])+)*|[^\\s]")
_UNSPACED_RUN = re.compile(f"(?:{UNSPACED})+")
_HIRAGANA = re.compile("[\u3040-\u309f]+")
_CJK_STOP = re.compile("|".join(sorted(map(re.escape, CJK_STOPS), key=lambda word: (-len(word), word))))
_LATIN = re.compile(r"[^\W\d_]")
# Endings that no head of a noun phrase has, and heads that have them all the same.
_NO_HEAD = re.compile(
    r".{2,}(?:ly|ed|ous|ful|able|ible|less|ical|ional|ial|ive|ary|ular|aware|based|driven|free|like|centric|"
    r"eural|heoretic|lingual|modal|level|view|shot|hop|turn|step|scale)$"
)
_HEADS = """
    potential material retrieval trial tutorial proposal bed feed seed speed need archive objective perspective
    summary library dictionary vocabulary boundary inventory glossary itinerary adversary assembly anomaly supply
    family polynomial differential narrative alternative directive variable table cable manifold medical surgical
    commentary potential credential filed embed monopoly"""
_HEAD_WORDS = frozenset(_HEADS.split())
_LONGEST = 4


def phrases(text: str) -> Iterator[tuple[str, str]]:
    """Every phrase of `text`: (key, as written). The key is lower case and singular, hyphens as spaces, so that
    "Vision-Language Models" and "vision language model" are one phrase."""
    yield from ((key, surface) for key, surface, _ in uses(text))


def uses(text: str) -> Iterator[tuple[str, str, bool]]:
    """Every phrase of `text`: (key, as written, whether it stands on its own). It does not where something follows that
    it modifies: "small" of "small language models" is no name, and "medical image" of "medical image segmentation" is
    no model for how to write it."""
    for run in _runs(unicodedata.normalize("NFKC", text)):
        for start in range(len(run)):
            for end in range(start + 1, min(len(run), start + _LONGEST) + 1):
                if _is_stock(run[end - 1]):
                    break
                if _could_name(run[start:end]):
                    surface = " ".join(run[start:end])
                    yield key(surface), surface, end == len(run)
    for run in _UNSPACED_RUN.findall(text):
        yield from ((part, part, True) for part in _unspaced(run))


def key(surface: str) -> str:
    """What spellings of one phrase share: lower case, singular words, hyphens as spaces."""
    return " ".join(singular(word) for word in re.split(r"[\s\-]+", surface.casefold().replace("’", "'")) if word)


def _runs(text: str) -> Iterator[list[str]]:
    """Runs of words between stop words and punctuation."""
    run: list[str] = []
    for piece in _PIECE.findall(text):
        if piece.casefold() in STOP_WORDS or not _LATIN.search(piece) or _UNSPACED_RUN.match(piece) or "/" in piece:
            if run:
                yield run
            run = []
        else:
            run.append(piece.removesuffix("'s").removesuffix("’s"))
    if run:
        yield run


def _could_name(run: list[str]) -> bool:
    """Whether these words, none of them stock, may be a noun phrase that names something."""
    first, last = run[0], run[-1].casefold()
    if not _is_head(last):
        return False
    parts = [part for word in run for part in word.casefold().split("-")]
    head = singular(last.rsplit("-", 1)[-1])
    if first.casefold().endswith("ly") or (len(run) > 1 and len(set(parts)) < len(parts)):
        return False
    if len(run) == 1 and (("-" in last and not last.endswith(("ing", "ion", "ness"))) or head in GENERAL_WORDS):
        return False
    return len(parts) == 1 or " ".join(map(singular, parts)) not in EMPTY_PHRASES


@lru_cache(maxsize=65536)
def _is_stock(word: str) -> bool:
    """Whether a part of the word is a stop word, or one that any paper says of itself."""
    parts = word.casefold().split("-")
    return any(part in STOP_WORDS or singular(part) in STOCK_WORDS or part in STOCK_WORDS for part in parts)


@lru_cache(maxsize=65536)
def _is_head(word: str) -> bool:
    """Whether a noun phrase may end with the word (lower case)."""
    head = singular(word.rsplit("-", 1)[-1])
    return len(head) > 1 and not (_NO_HEAD.match(head) and head not in _HEAD_WORDS)


def _unspaced(run: str) -> Iterator[str]:
    """Pieces of two to eight characters of a run, between function words."""
    for part in _CJK_STOP.split(_HIRAGANA.sub("\n", run).replace("\n", "的")):
        for start in range(len(part)):
            for end in range(start + 2, min(len(part), start + 8) + 1):
                yield part[start:end]
