"""Learns `digest/summarise/weights.json` from abstracts with one-sentence summaries that people wrote.

    benchmarks/train_tldr.py --papers FILE --gold FILE --name WORDS [--out digest/summarise/weights.json]

FILEs are gzip JSON lines: {"id", "title", "abstract"} and {"id", "refs"}. Features, forms and choice are the product's
own. Two models are fitted. The word model is a logistic regression: does this word of the abstract stand in the
reference? The form model is linear; its weights maximise the expected reward of a soft-max choice among the forms of an
abstract (the reward is the mean of ROUGE-1, ROUGE-2 and ROUGE-L F1, Lin 2004) less a ridge penalty, starting from ridge
regression on rewards centred within each abstract. Nothing is random: the same files give the same weights.
"""

import argparse
import gzip
import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import tldr
from rouge import best
from scipy.optimize import minimize
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from digest.summarise import abstract, features, ranker, wording

MOST_WORDS = 45  # longer than what is printed: more forms to learn from
LEAST_SEEN = 20  # abstracts a term must be in to have a rarity of its own
WORD_C, FORM_RIDGE, START_RIDGE = 0.3, 1.0, 300.0


class Example(NamedTuple):
    """A title, the sentences of its abstract and what people wrote."""

    title: str
    body: tuple[str, ...]
    references: tuple[str, ...]


def read(papers: Path, gold: Path) -> list[Example]:
    """The examples whose abstract has sentences, in the order of the file."""
    with gzip.open(gold, "rt", encoding="utf-8") as lines:
        references = {row["id"]: tuple(row["refs"]) for row in map(json.loads, lines)}
    examples = ((paper, abstract.body(paper)) for paper in tldr.read(papers))
    return [Example(paper.title, body, references[paper.id]) for paper, body in examples if body]


def rarity(examples: Sequence[Example]) -> dict[str, float]:
    """How rare each frequent term is, 0 (in every abstract) to 1 (in none): its inverse document frequency, scaled."""
    counts = Counter(term for e in examples for term in set(features.terms(" ".join(e.body))))
    most = math.log(len(examples) + 1)
    kept = {term: n for term, n in counts.items() if n >= LEAST_SEEN}
    return {term: round(math.log((len(examples) + 1) / (n + 1)) / most, 3) for term, n in sorted(kept.items())}


def fit_words(examples: Sequence[Example], rare: dict[str, float]) -> dict[str, float]:
    """Weights of the word model."""
    rows: list[dict[str, float]] = []
    there: list[bool] = []
    for example in examples:
        written = set(wording.stems(" ".join(example.references)))
        for word, found in wording.of_words(features.scene(example.title, example.body, rare)).items():
            rows.append(found)
            there.append(word in written)
    columns = DictVectorizer()
    model = LogisticRegression(C=WORD_C, fit_intercept=False, max_iter=500).fit(columns.fit_transform(rows), there)
    return _rounded(columns.get_feature_names_out(), model.coef_[0])


def rouge(said: str, references: Iterable[str]) -> float:
    """The reward of a form: the mean of ROUGE-1, ROUGE-2 and ROUGE-L F1 (0 to 1), by the best reference."""
    return sum(best(said, references)) / 3


class Forms(NamedTuple):
    """All forms of all abstracts: feature rows, their rewards, and where each abstract begins."""

    names: list[str]
    rows: np.ndarray
    rewards: np.ndarray
    starts: np.ndarray


def collect_forms(examples: Sequence[Example], weights: ranker.Weights) -> Forms:
    """Every candidate of every abstract with its reward."""
    found: list[dict[str, float]] = []
    rewards: list[float] = []
    starts: list[int] = []
    for example in examples:
        mine = list(ranker.candidates(example.title, example.body, weights, MOST_WORDS, len(example.body)))
        if len(mine) > 1:
            starts.append(len(found))
            found += [dict(candidate.found) for candidate in mine]
            rewards += [rouge(candidate.text, example.references) for candidate in mine]
    names = sorted(found[0])
    rows = np.array([[row[name] for name in names] for row in found])
    return Forms(names, rows, np.array(rewards), np.array(starts))


def fit_forms(forms: Forms) -> dict[str, float]:
    """Weights of the form model."""
    spread = forms.rows.std(axis=0) + 1e-9
    x = (forms.rows - forms.rows.mean(axis=0)) / spread
    sizes = np.diff(np.append(forms.starts, len(x)))
    group = np.repeat(np.arange(len(sizes)), sizes)
    centred = forms.rewards - (np.add.reduceat(forms.rewards, forms.starts) / sizes)[group]
    start = np.linalg.solve(x.T @ x + START_RIDGE * np.eye(x.shape[1]), x.T @ centred)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = x @ weights
        raised = np.exp(scores - np.maximum.reduceat(scores, forms.starts)[group])
        chance = raised / np.add.reduceat(raised, forms.starts)[group]
        expected = np.add.reduceat(chance * forms.rewards, forms.starts)
        slope = x.T @ (chance * (forms.rewards - expected[group]))
        return FORM_RIDGE * weights @ weights - expected.sum(), 2 * FORM_RIDGE * weights - slope

    fitted = minimize(loss, 30 * start, jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return _rounded(forms.names, fitted.x / spread)


def _rounded(names: Iterable[str], weights: Iterable[float]) -> dict[str, float]:
    return {str(name): round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}


def main() -> None:
    """Fit both models and write them with their provenance."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--papers", type=Path, required=True)
    options.add_argument("--gold", type=Path, required=True)
    options.add_argument("--name", required=True, help="what the data are, for the provenance")
    options.add_argument("--out", type=Path, default=Path("digest/summarise/weights.json"))
    chosen = options.parse_args()
    examples = read(chosen.papers, chosen.gold)
    weights = ranker.Weights({}, {}, rarity(examples))
    weights = replace(weights, words=fit_words(examples, dict(weights.rarity)))
    weights = replace(weights, forms=fit_forms(collect_forms(examples, weights)))
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in (chosen.papers, chosen.gold)}
    made = {"learnt_from": chosen.name, "examples": len(examples), "sha256": digests, "by": "benchmarks/train_tldr.py"}
    written = {"schema": ranker.SCHEMA, "provenance": made, "forms": weights.forms, "words": weights.words}
    chosen.out.write_text(json.dumps({**written, "rarity": weights.rarity}, indent=0, ensure_ascii=False) + "\n")
    print(json.dumps({**made, "features": len(weights.forms), "word_features": len(weights.words)}))


if __name__ == "__main__":
    main()
