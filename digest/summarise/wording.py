"""Summarise room: how likely people are to use a word of an abstract when they say the paper in one sentence.

A logistic model over what can be seen of a word: in the title, how often, in the sentence that proposes something, how
rare. A sentence is then worth what it is expected to share with a good TL;DR. Names are keys of `weights.json`; after a
change here the weights must be learnt anew (`benchmarks/train_tldr.py`). Pure; standard library only.
"""

import functools
import math
from collections import Counter
from collections.abc import Iterable, Mapping

from digest.summarise.abstract import words
from digest.summarise.cues import SMALL_WORDS
from digest.summarise.features import Scene
from digest.text.stopwords import STOP_WORDS
from digest.text.tokens import singular

USUAL_WORDS = 18  # of a TL;DR, by which an expected F1 is reckoned
_STOCK = """
    propos present introduc develop show demonstrat stud investigat prov find method model approach framework paper work
    new novel result experiment outperform improv perform task data learn train network"""
_NAMED = frozenset(_STOCK.split()) | frozenset(SMALL_WORDS)


@functools.lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A rough stem of a lower-case word: "proposes", "proposed" and "propose" are one."""
    word = singular(word)
    for ending in ("ing", "ed", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


@functools.lru_cache(maxsize=256)
def stems(text: str) -> tuple[str, ...]:
    """The stems of all words of a text, in order."""
    return tuple(map(stem, words(text)))


def of_words(seen: Scene) -> dict[str, dict[str, float]]:
    """The features of each stem of an abstract, by name."""
    texts = [stems(sentence.text) for sentence in seen.sentences]
    counts = Counter(word for text in texts for word in text)
    spread = Counter(word for text in texts for word in set(text))
    first = seen.first if seen.first >= 0 else len(texts) - 1
    likest = max(range(len(texts)), key=lambda at: seen.likeness[at])
    title = set(stems(seen.title.text))
    places = {
        "in first": set(texts[0]),
        "in last": set(texts[-1]),
        "in proposal": set(texts[first]),
        "after proposal": set(texts[first + 1]) if first + 1 < len(texts) else set(),
        "in likest": set(texts[likest]),
    }
    total = sum(counts.values())
    found = {}
    for word, count in counts.items():
        rarity = seen.idf.get(word, seen.idf.get(word + "e", 1.0))
        found[word] = _of_word(word, count / total, math.log(count), spread[word] / len(texts), rarity, word in title)
        kind = " small" if word in STOP_WORDS or word in SMALL_WORDS else ""
        for name, there in places.items():
            if word in there:
                found[word][name + kind] = 1.0
    return found


def _of_word(word: str, share: float, often: float, spread: float, rarity: float, titled: bool) -> dict[str, float]:
    """The features of a word by itself; words that carry meaning and small words have their own."""
    named = {f"is {word}": 1.0, f"is {word}, often": often} if word in _NAMED else {}
    if word in STOP_WORDS or word in SMALL_WORDS:
        return {"always": 1.0, "in title small": float(titled), **named}
    return {
        "always": 1.0,
        "content": 1.0,
        "in title": float(titled),
        "in title, often": titled * often,
        "share": min(share, 0.05) * 20,
        "often": often,
        "spread": spread,
        "rarity": rarity,
        "number": float(word[:1].isdigit()),
        "length": min(len(word), 12) / 12,
        **named,
    }


def chances(seen: Scene, weights: Mapping[str, float]) -> dict[str, float]:
    """For each stem of the abstract how likely it is in a TL;DR, 0 to 1 (a logistic model of `of_words`)."""
    return {word: _logistic(total(weights, found.items())) for word, found in of_words(seen).items()}


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-max(min(x, 30.0), -30.0)))


def worth(text: str, likely: Mapping[str, float]) -> dict[str, float]:
    """What a text is expected to share with a TL;DR, as features: hits, precision, recall and F1 of its words."""
    found = stems(text)
    hits = sum(likely.get(word, 0.0) for word in set(found))
    return {
        "expected hits": hits / 10,
        "expected precision": hits / max(len(found), 1),
        "expected recall": hits / (sum(likely.values()) or 1),
        "expected F1": 2 * hits / (len(found) + USUAL_WORDS),
    }


def total(weights: Mapping[str, float], found: Iterable[tuple[str, float]]) -> float:
    """The weighted sum of features; one that has no weight counts nothing."""
    worth, get = 0.0, weights.get
    for name, value in found:  # a loop, as this is where the time goes
        if value:
            worth += get(name, 0.0) * value
    return worth
