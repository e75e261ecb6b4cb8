"""Summarise room: which sentence, in which form, is the TL;DR: a linear score of readable features.

`weights.json` holds the weights and says what they were learnt from; `benchmarks/train_tldr.py` writes it. Pure.
"""

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources

from digest.summarise import features, shorten, wording
from digest.summarise.abstract import fold, length
from digest.summarise.leaning import leaning

SCHEMA = 1
MOST_SENTENCES = 5  # whose shorter forms are looked at; the best form is of one of the first two nearly always
LEANS = 11.0  # off the score of a form that needs another sentence: only a far better one is printed then
BACKGROUND = 3.0  # off the score of a form that stands before the paper speaks of its own work
SHORT = 1.0  # off the score for each word that is missing to
FEWEST_WORDS = 9  # a shorter sentence ("We propose SporeNet.") is true and says nothing


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learnt: the worth of each feature of a form, of each feature of a word, and how rare terms are."""

    forms: Mapping[str, float]
    words: Mapping[str, float]
    rarity: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A form of a sentence that could be printed, with its features."""

    text: str
    found: Mapping[str, float]


@functools.cache
def learnt() -> Weights:
    """The weights that come with the program."""
    read = json.loads(resources.files("digest.summarise").joinpath("weights.json").read_text(encoding="utf-8"))
    if read["schema"] != SCHEMA:
        raise ValueError(f"weights.json has schema {read['schema']}, this program reads {SCHEMA}")
    return Weights(read["forms"], read["words"], read["rarity"])


def candidates(
    title: str, body: tuple[str, ...], weights: Weights, most: int, sentences: int = MOST_SENTENCES
) -> Iterator[Candidate]:
    """Forms of at most `most` words of the `sentences` most promising sentences, never the title."""
    seen = features.scene(title, body, weights.rarity)
    likely = wording.chances(seen, weights.words)
    promise = [wording.worth(sentence, likely)["expected F1"] for sentence in body]
    for at in sorted(range(len(body)), key=lambda at: (-promise[at], at))[:sentences]:
        of_sentence = features.of_sentence(seen, at)
        for form in shorten.forms(body[at], most):
            if length(form.text) <= most and fold(form.text) != fold(title):
                found = {**of_sentence, **features.of_form(seen, at, form), **wording.worth(form.text, likely)}
                yield Candidate(form.text, found)


def best(title: str, body: tuple[str, ...], most: int) -> str:
    """The form with the highest score, less where it leans on another sentence; "" where there is none."""
    if not body:
        return ""
    weights = learnt()
    found = list(candidates(title, body, weights, most))
    if len(body) > MOST_SENTENCES and all(leaning(candidate.text, title) for candidate in found):
        found = list(candidates(title, body, weights, most, len(body)))

    def score(candidate: Candidate) -> tuple[float, str]:
        short = max(FEWEST_WORDS - length(candidate.text), 0)
        worth = wording.total(weights.forms, candidate.found.items())
        off = LEANS * candidate.found["leans"] + BACKGROUND * candidate.found["before news"] + SHORT * short
        return worth - off, candidate.text

    return max(found, key=score).text if found else ""
