"""Dedupe room: same, different or perhaps, when no key decides: a weighted sum of terms whose weights were learnt.

The model is logistic regression: probability = 1 / (1 + exp(-sum of weight x term)) (Cox 1958), so that every answer
can be read term by term. Weights, word frequencies, thresholds and where they come from are in ``likeness.json``, which
benchmarks/train_dedupe.py writes. Touch the guards here; never the weights by hand.
"""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from digest.dedupe import identity
from digest.dedupe.features import Rarity, features
from digest.dedupe.views import PARTS, View, folded, informative, view
from digest.model import Paper
from digest.text.fold import fold

Answer = Literal["same", "perhaps", "different"]
ANOTHER = "another part of a series, or about another paper"
OTHER_ABSTRACT = "abstracts differ"
RAREST = 4
"""How many of a title's rarest words are looked up to find candidates."""

ABSTRACT_WORDS = 30
ABSTRACTS_APART = 0.5
ABSTRACTS_SAME = 0.9
"""What share of their long words two abstracts of at least so many have in common (Jaccard): below the first they hold
a merge back; from the second on they are one text and speak for one paper. Of 2,748 papers that two sources tell of one
pair of abstracts is below 0.85; sequels by the same authors lie between 0.2 and 0.5."""

_ABOUT_ANOTHER = re.compile(
    r"^(?:re|reply|response|comments?|correction|corrigendum|corrigenda|erratum|errata|addendum|retraction|retracted|"
    r"withdrawn|author correction|publisher correction|authors reply|editorial|expression of concern|book review|"
    r"review of|rebuttal|discussion|appendix|supplement|supplementary)\b|"
    r"\b(?:corrigendum|erratum|authors reply|a reply|a response)\b"
)
_RECURRING = re.compile(
    r"^(?:guest )?(?:editorial|foreword|preface)s?\b|\b(?:column|reminiscences|letters? to the editor|in memoriam|"
    r"obituary|table of contents|editors? notes?|chairs? message|message from the|introduction to the special issue)\b"
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """An answer with its grounds: `probability` that the two are one, `terms` as (name, addend) with the largest first,
    and the `guard` that held a merge back, if one did."""

    answer: Answer
    probability: float
    terms: tuple[tuple[str, float], ...]
    guard: str | None = None

    @property
    def margin(self) -> float:
        """How far the sum is above the one from which on papers are merged, in log-odds; below it is negative."""
        return _log_odds(self.probability) - _log_odds(model().merge)

    @property
    def likelier(self) -> bool:
        """Whether "the same" is the likelier answer, certain enough to merge by itself or not."""
        return self.probability >= 0.5 and self.guard not in (ANOTHER, OTHER_ABSTRACT)


@dataclass(frozen=True, slots=True)
class Model:
    """`weights` by term: a feature, ``feature>knot`` (what exceeds the knot) or ``feature*feature``."""

    weights: Mapping[str, float]
    merge: float
    perhaps: float
    rarity: Rarity

    def addends(self, answers: Mapping[str, float]) -> dict[str, float]:
        """Weight times term of every term that is not 0."""
        found = {}
        for feature, answer in answers.items():
            for name, weight, knot, by in _begun_by(feature) if answer else ():
                value = (answer - knot if answer > knot else 0.0) if knot else answer
                if by:
                    value *= answers.get(by, 0.0)
                if value:
                    found[name] = weight * value
        return found


def _log_odds(probability: float) -> float:
    """log(p / (1 - p)), within 50 either way."""
    return math.log(max(probability, 1e-21)) - math.log(max(1 - probability, 1e-21))


@lru_cache(maxsize=1)
def model() -> Model:
    """The model that ships with the program."""
    found = json.loads(files("digest.dedupe").joinpath("likeness.json").read_text(encoding="utf-8"))
    rarity = Rarity(found["words"], found["titles"])
    return Model(found["weights"], found["merge"], found["perhaps"], rarity)


def compare(one: Paper, other: Paper) -> Likeness:
    """Whether two papers are one: by their keys where both have some of one registry, else by likeness. Symmetric."""
    left, right = identity.registered(one.keys), identity.registered(other.keys)
    apart = identity.conflict(left, right)
    if apart:
        return Likeness("different", 0.0, ((f"two {apart} keys", -math.inf),), ANOTHER)
    if left & right:
        return Likeness("same", 1.0, ((f"same key {min(left & right)}", math.inf),))
    return alike(one, other)


def alike(one: Paper, other: Paper) -> Likeness:
    """How alike two papers are by what is said of them, whatever their keys. Symmetric."""
    left, right = sorted((view(one), view(other)), key=lambda seen: seen.text)
    shipped = model()
    share = _abstracts_share(one.abstract, other.abstract)
    answers = features(left, right, shipped.rarity) | abstract_feature(share)
    addends = shipped.addends(answers)
    probability = 1 / (1 + math.exp(-max(-50.0, min(50.0, sum(addends.values())))))
    terms = sorted(addends.items(), key=lambda pair: (-abs(pair[1]), pair[0]))
    guard = guarded(left, right) or (OTHER_ABSTRACT if share is not None and share < ABSTRACTS_APART else None)
    if probability >= shipped.merge and guard is None:
        answer: Answer = "same"
    else:
        answer = "perhaps" if probability >= shipped.perhaps and guard != ANOTHER else "different"
    return Likeness(answer, probability, tuple(terms), guard)


@lru_cache(maxsize=1024)
def _begun_by(feature: str) -> tuple[tuple[str, float, float, str], ...]:
    """The shipped terms whose first feature is this: name, weight, knot (0: none) and second feature ("": none)."""
    parts = ((name, weight, *_parts(name)) for name, weight in model().weights.items())
    return tuple((name, weight, knot, by) for name, weight, first, by, knot in parts if first == feature)


@lru_cache(maxsize=4096)
def _parts(name: str) -> tuple[str, str, float]:
    left, _, right = name.partition("*")
    feature, _, knot = left.partition(">")
    return feature, right, float(knot or 0)


def term(name: str, answers: Mapping[str, float]) -> float:
    """The value of one term of the model, by its name."""
    feature, by, knot = _parts(name)
    value = max(0.0, answers.get(feature, 0.0) - knot) if knot else answers.get(feature, 0.0)
    return value * answers.get(by, 0.0) if by else value


def guarded(one: View, other: View) -> str | None:
    """What keeps two papers from being merged however alike they are, in words, or None."""
    if bool(_ABOUT_ANOTHER.search(one.title)) != bool(_ABOUT_ANOTHER.search(other.title)):
        return ANOTHER
    parts = [frozenset(zip(seen.words, seen.words[1:], strict=False)) for seen in (one, other)]
    if (
        len({frozenset(pair for pair in pairs if pair[0] in PARTS) for pairs in parts}) == 2
        and one.numbers != other.numbers
    ):
        return ANOTHER
    if one.numbers != other.numbers:
        return "numbers in the titles differ"
    years = [frozenset(word for word in seen.words if re.fullmatch(r"(?:19|20)\d\d", word)) for seen in (one, other)]
    if years[0] and years[1] and years[0] != years[1]:
        return "years in the titles differ"
    if _RECURRING.search(one.title) and _RECURRING.search(other.title):
        return "title of a column that recurs"
    if min(len(informative(one.words)), len(informative(other.words))) < 3:
        return "title too common"
    return None


def abstract_feature(share: float | None) -> dict[str, float]:
    """The answer that abstracts give, from the share of words they have in common (None: not to be told)."""
    return {"abstract_same": 1.0} if share is not None and share >= ABSTRACTS_SAME else {}


def _abstracts_share(one: str, other: str) -> float | None:
    left, right = long_words(one), long_words(other)
    return len(left & right) / len(left | right) if min(len(left), len(right)) >= ABSTRACT_WORDS else None


@lru_cache(maxsize=1024)
def long_words(text: str) -> frozenset[str]:
    """The words of a text that have more than three letters."""
    return frozenset(word for word in fold(text).split() if len(word) > 3)


def rare_words(title: str) -> tuple[str, ...]:
    """The rarest informative words of a title, rarest first: two papers are candidates if they share two of them."""
    counts = model().rarity.counts  # the fewer papers bear a word, the rarer it is
    words = [word for word in informative(folded(title).split()) if len(word) > 2]
    return tuple(sorted(words, key=lambda word: (counts.get(word, 0), word))[:RAREST])


@lru_cache(maxsize=1)
def rarity_stamp() -> bytes:
    """Changes whenever `rare_words` may choose other words, so that an index of them is known to be out of date."""
    rarity = model().rarity
    return hashlib.sha256(repr((RAREST, rarity.papers, sorted(rarity.counts.items()))).encode()).hexdigest().encode()
