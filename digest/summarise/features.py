"""Summarise room: what a sentence looks like, as numbers a person can read. `weights.json` says what each is worth.

A feature is one line of a function below; its name is the key in `weights.json`. After any
change here the weights must be learnt anew (`benchmarks/train_tldr.py`). Pure; standard library only.
"""

import functools
import itertools
import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from digest.summarise import cues
from digest.summarise.abstract import length, words
from digest.summarise.leaning import leaning
from digest.summarise.shorten import Form
from digest.text.stopwords import STOP_WORDS
from digest.text.tokens import singular

Vector = Mapping[str, float]
_singular = functools.lru_cache(maxsize=20_000)(singular)

IDEAL_WORDS = 22  # what people write as a TL;DR, on average
_SEARCHES = tuple((name, pattern.search) for name, pattern in cues.PHRASES.items())
_NUMBER = re.compile(r"\d")
_NAME = re.compile(r"\b(?:[A-Z]+[a-z]*[A-Z]\w*|[A-Z]{2,}\w*|[A-Z]\w*-[A-Z\d]\w*)\b")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an abstract with its terms, weighted by how rare they are, and the length of that vector."""

    text: str
    terms: tuple[str, ...]
    vector: Vector
    norm: float


@dataclass(frozen=True, slots=True)
class Scene:
    """An abstract as features see it: title, sentences, their sum, where the first proposal is (or -1), and where the
    news begins (0 if nowhere)."""

    title: Sentence
    name: str
    sentences: tuple[Sentence, ...]
    whole: Sentence
    first: int
    news: int
    likeness: tuple[float, ...]
    idf: Mapping[str, float]


@functools.lru_cache(maxsize=256)
def terms(text: str) -> tuple[str, ...]:
    """The words of a text that carry meaning, singular, in order."""
    return tuple(_singular(word) for word in words(text) if word not in STOP_WORDS and len(word) > 1)


def scene(title: str, sentences: tuple[str, ...], idf: Mapping[str, float]) -> Scene:
    """Everything about an abstract that its sentences' features share. `idf`: how rare a term is, 0 to 1."""
    head = _read(title, idf)
    read = tuple(_read(sentence, idf) for sentence in sentences)
    whole = _weigh(" ".join(sentences), tuple(term for sentence in read for term in sentence.terms), idf)
    first = next((i for i, s in enumerate(sentences) if cues.PHRASES["proposes"].search(s)), -1)
    name = title.split(":", 1)[0].strip().lower() if ":" in title else ""
    news = next((i for i, s in enumerate(sentences) if cues.NEWS.search(s) and not cues.LATELY.match(s)), 0)
    return Scene(head, name, read, whole, first, news, tuple(cosine(s, head) for s in read), idf)


def _read(text: str, idf: Mapping[str, float]) -> Sentence:
    return _weigh(text, terms(text), idf)


def _weigh(text: str, found: tuple[str, ...], idf: Mapping[str, float]) -> Sentence:
    vector = {term: count * idf.get(term, 1.0) for term, count in Counter(found).items()}
    return Sentence(text, found, vector, math.sqrt(sum(w * w for w in vector.values())))


def cosine(a: Sentence, b: Sentence) -> float:
    """Likeness of two texts, 0 to 1: the cosine of their weighted term vectors."""
    if not a.norm or not b.norm:
        return 0.0
    shared = a.vector.keys() & b.vector.keys()
    return math.fsum(a.vector[term] * b.vector[term] for term in shared) / (a.norm * b.norm)  # exact in any order


def of_sentence(seen: Scene, at: int) -> dict[str, float]:
    """The features of the sentence number `at`, by name."""
    text = seen.sentences[at].text
    starts = {name: float(bool(pattern.match(text))) for name, pattern in cues.STARTS.items()}
    return {**_position(seen, at), **starts, **_likeness(seen, at)}


def _position(seen: Scene, at: int) -> dict[str, float]:
    """Where it stands: from the start, from the end, and from the first sentence that proposes something."""
    number = len(seen.sentences)
    after = at - seen.first
    return {
        "from start": at / max(number - 1, 1),
        "near start": 1 / (1 + at),
        "near end": 1 / (number - at),
        "is first": float(at == 0),
        "is second": float(at == 1),
        "is last": float(at == number - 1),
        "is only": float(number == 1),
        "first proposal": float(at == seen.first),
        "before proposal": float(seen.first >= 0 and after < 0),
        "after proposal": float(seen.first >= 0 and after > 0),
        "distance to proposal": min(abs(after), 6) / 6 if seen.first >= 0 else 0.5,
        "next to proposal": float(seen.first >= 0 and after == 1),
        "before news": float(at < seen.news),
    }


def _says(text: str) -> dict[str, float]:
    """What a text says of itself: cue phrases, signs of detail."""
    return {
        **_phrases(text),
        "starts with we": float(text.startswith("We ")),
        "numbers": min(len(_NUMBER.findall(text)), 5) / 5,
        "percent": float("%" in text),
        "names": min(len(_NAME.findall(text)), 4) / 4,
        "colon": float(": " in text),
        "commas": min(text.count(","), 6) / 6,
    }


def _phrases(text: str) -> dict[str, float]:
    """Which cue phrases stand in a text."""
    return {name: 1.0 if search(text) else 0.0 for name, search in _SEARCHES}


def _likeness(seen: Scene, at: int) -> dict[str, float]:
    """How like it is to the title, to the abstract and to its neighbours."""
    me, title = seen.sentences[at], seen.title
    others = [cosine(me, other) for i, other in enumerate(seen.sentences) if i != at]
    best = max((like for i, like in enumerate(seen.likeness) if i != at), default=0.0)
    before = {term for sentence in seen.sentences[:at] for term in sentence.vector}
    shared = sum(weight for term, weight in title.vector.items() if term in me.vector)
    return {
        "like title": seen.likeness[at],
        "like title, margin": seen.likeness[at] - best,
        "most like title": float(seen.likeness[at] >= best and seen.likeness[at] > 0),
        "title covered": shared / (sum(title.vector.values()) or 1),
        "title's share": shared / (sum(me.vector.values()) or 1),
        "title pairs": len(_pairs(title.terms) & _pairs(me.terms)) / max(len(title.terms) - 1, 1),
        "title's name": float(bool(seen.name) and seen.name in me.text.lower()),
        "like abstract": cosine(me, seen.whole),
        "central": sum(others) / len(others) if others else 0.0,
        "like nearest": max(others, default=0.0),
        "like first": cosine(me, seen.sentences[0]) if at else 0.0,
        "like last": cosine(me, seen.sentences[-1]) if at < len(seen.sentences) - 1 else 0.0,
        "new terms": sum(term not in before for term in me.vector) / max(len(me.vector), 1),
        "rarity": sum(me.vector.values()) / max(len(me.terms), 1),
    }


def _pairs(found: tuple[str, ...]) -> set[tuple[str, str]]:
    return set(itertools.pairwise(found))


def of_form(seen: Scene, at: int, form: Form) -> dict[str, float]:
    """The features of a shortened form of the sentence: its length, what was cut, and what the cut cost."""
    full, kept = seen.sentences[at], set(terms(form.text))
    lost = [term for term in full.vector if term not in kept]
    weight = sum(full.vector.values()) or 1
    count = length(form.text)
    return {
        **_says(form.text),
        "leans": float(leaning(form.text, seen.title.text)),
        **{f"cut: {name}": float(name in form.cuts) for name in Form.CUTS},
        "sentence too long": max(length(full.text) - IDEAL_WORDS, 0) / IDEAL_WORDS,
        "sentence too short": max(IDEAL_WORDS - length(full.text), 0) / IDEAL_WORDS,
        "form too long": max(count - IDEAL_WORDS, 0) / IDEAL_WORDS,
        "form too short": max(IDEAL_WORDS - count, 0) / IDEAL_WORDS,
        "form very short": float(count < 10),
        "words kept": count / max(length(full.text), 1),
        "title terms lost": sum(seen.title.vector.get(term, 0.0) for term in lost)
        / (sum(seen.title.vector.values()) or 1),
        "weight lost": sum(full.vector[term] for term in lost) / weight,
        "form like title": cosine(_read(form.text, seen.idf), seen.title),
    }
