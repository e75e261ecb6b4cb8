"""Benchmark: learns the weights of digest/dedupe/likeness.json from labelled pairs and says how well they do.

python benchmarks/train_dedupe.py --data ../shared/data [--out digest/dedupe/likeness.json]

Logistic regression with an L1 penalty over the product's own features, knots and products, on all labelled pairs
together; the weight of one abstract in two records is counted on arXiv's papers (_abstracts.py), for no pair has any.
Reported: five-fold cross-validation over records (a record is in one fold only, in clean and in dirty form).
The merge threshold is the lowest at which that cross-validation has the precision asked for.
"""

import argparse
import collections
import hashlib
import itertools
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from _abstracts import weight
from _dedupe_data import paper, rows
from sklearn.linear_model import LogisticRegression

from digest.dedupe.features import Rarity, features
from digest.dedupe.likeness import guarded, term
from digest.dedupe.views import View, informative, view
from digest.text.fold import fold

SETS = ("dblp-acm-train", "dblp-acm-valid", "dblp-scholar-valid")
FOLDS = 5
TITLES = 50_000
WORDS = 8_000
PENALTY = 0.12
PRECISION = 0.998
PERHAPS = 0.3

DUMP = True
RATIOS = (
    *("title_jaccard", "title_of_shorter", "title_of_longer", "title_ratio", "title_sorted_ratio", "title_set_ratio"),
    *("title_partial_ratio", "title_joined_ratio", "core_jaccard", "core_of_shorter", "record_jaccard"),
    *("record_of_shorter", "record_set_ratio", "record_sorted_ratio", "record_title_less", "record_title_more"),
)
SHARES = ("authors_of_shorter", "authors_of_longer", "record_people_less", "record_people_more", "authors_initials")
SHARES += ("venue_ratio", "authors_ratio", "title_alone_less", "title_alone_more", "title_information")
Example = tuple[str, int, int, dict[str, float], bool]
"""A labelled pair: set, fold, whether it is one paper, features, and whether no guard forbids to merge it."""

LEADING = (
    *("title_jaccard", "title_of_shorter", "title_equal", "title_alone_less", "title_alone_both", "record_jaccard"),
    *("title_information", "title_starts_alike", "core_jaccard", "title_joined_ratio", "title_of_longer"),
    *("title_contained",),
)
CIRCUMSTANCES = (
    *("authors_missing", "authors_of_shorter", "authors_of_longer", "authors_all", "authors_none", "authors_first"),
    *("authors_single", "authors_initials", "year_same", "year_next", "year_two", "year_apart", "venue_family"),
    *("venue_other_family", "venue_ratio", "title_short", "record_people_less", "record_people_more"),
    *("title_numbers_differ", "year_somewhere"),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    counts, titles = frequencies(asked.data)
    examples = list(labelled(asked.data / "dedupe" / "pairs", Rarity(counts, titles)))
    names = candidates({name for _, _, _, found, _ in examples for name in found})
    values = np.array([[term(name, found) for name in names] for _, _, _, found, _ in examples])
    truth = np.array([match for _, _, match, _, _ in examples])
    folds = np.array([fold_of for _, fold_of, _, _, _ in examples])
    guessed = np.zeros(len(truth))
    for held in range(FOLDS):
        weights = fit(values[folds != held], truth[folds != held])
        guessed[folds == held] = 1 / (1 + np.exp(-(values[folds == held] @ weights)))
    free = np.array([open_ for _, _, _, _, open_ in examples])
    merge = threshold(guessed[free], truth[free])
    report = {name: figures(guessed[m], truth[m], free[m] & (guessed[m] >= merge)) for name, m in by_set(examples)}
    weights = fit(values, truth)
    learnt = {name: round(float(w), 4) for name, w in zip(names, weights, strict=True) if abs(w) > 1e-4}
    learnt["abstract_same"], abstracts = weight(asked.data)
    print(json.dumps({"terms": len(learnt), "merge": merge, "cross_validation": report}, indent=1))
    if asked.out:
        save(asked.out, learnt, merge, counts, titles, len(truth), {"cross_validation": report, "abstracts": abstracts})
    return 0


def frequencies(data: Path) -> tuple[dict[str, int], int]:
    """In how many of `TITLES` titles each of the commonest words stands: arXiv's and the pairs' in equal part."""
    listed = {fold(row["title"]) for row in rows(data / "forecast" / "papers.jsonl.gz")}
    paired = {
        fold(row[side]["title"]) for name in SETS for row in rows(pairs_file(data, name)) for side in ("left", "right")
    }
    shares: collections.Counter[str] = collections.Counter()
    for titles in (listed, paired):
        counted = collections.Counter(word for title in titles for word in informative(title.split()))
        shares.update({word: TITLES / 2 * count / len(titles) for word, count in counted.items()})
    common = sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))[:WORDS]
    return {word: round(count) for word, count in common}, TITLES


def pairs_file(data: Path, name: str) -> Path:
    return data / "dedupe" / "pairs" / f"{name}.jsonl.gz"


def labelled(folder: Path, rarity: Rarity) -> Iterator[Example]:
    """Every labelled pair, clean and dirty; the fold follows the clean left record."""
    for name in SETS:
        clean = list(rows(folder / f"{name}.jsonl.gz"))
        gold = [row["match"] for row in rows(folder / f"{name}.gold.jsonl.gz")]
        parts = name.rpartition("-")
        for variant in (name, f"{parts[0]}-dirty-{parts[2]}"):
            for row, known, match in zip(rows(folder / f"{variant}.jsonl.gz"), clean, gold, strict=True):
                left, right = sorted((seen(row["left"]), seen(row["right"])), key=lambda one: one.text)
                yield (
                    variant,
                    fold_of(known["left"]),
                    match,
                    features(left, right, rarity),
                    guarded(left, right) is None,
                )


def seen(row: dict[str, Any]) -> View:
    found = paper(row)
    if found is None:
        raise SystemExit(f"a record without a title: {row}")
    return view(found)


def fold_of(record: dict[str, Any]) -> int:
    return int(hashlib.sha256(f"{record['title']}|{record['year']}".encode()).hexdigest(), 16) % FOLDS


def candidates(found: set[str]) -> list[str]:
    """Names of all terms that may get a weight."""
    shapes = sorted(name for name in found if name.startswith("has_"))
    names = sorted(found)
    names += [f"{name}>{knot}" for name in RATIOS for knot in (0.4, 0.6, 0.75, 0.9)]
    names += [f"{name}>{knot}" for name in SHARES for knot in (0.3, 0.6, 0.9)]
    crossed = [*itertools.product(LEADING, (*CIRCUMSTANCES, *shapes)), *itertools.product(CIRCUMSTANCES, shapes)]
    return names + [f"{left}*{right}" for left, right in crossed]


def fit(values: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Weights of the raw terms. Standardised without centring, so that no constant is left over."""
    scale = values.std(axis=0) + 1e-9
    scale[scale < 1e-6] = 1.0
    learner = LogisticRegression(
        C=PENALTY, penalty="l1", solver="liblinear", fit_intercept=False, max_iter=2_000, random_state=0
    )
    return np.asarray(learner.fit(values / scale, truth).coef_[0] / scale)


def threshold(guessed: np.ndarray, truth: np.ndarray) -> float:
    """The lowest probability from which on the precision is at least `PRECISION`."""
    order = np.argsort(-guessed)
    precision = np.cumsum(truth[order]) / np.arange(1, len(order) + 1)
    return round(float(guessed[order][np.flatnonzero(precision >= PRECISION)[-1]]), 4)


def by_set(examples: list[Example]) -> Iterator[tuple[str, np.ndarray]]:
    names = np.array([name for name, _, _, _, _ in examples])
    for name in sorted(set(names)):
        yield str(name), names == name


def figures(guessed: np.ndarray, truth: np.ndarray, sure: np.ndarray) -> dict[str, float]:
    """F1 of the likelier answer; precision and recall of the automatic merge."""
    likely = guessed >= 0.5
    f1 = 2 * (likely & (truth == 1)).sum() / (likely.sum() + truth.sum())
    precision = truth[sure].mean() if sure.any() else 1.0
    recall = sure[truth == 1].mean()
    return {
        "f1": round(float(f1), 4),
        "merge_precision": round(float(precision), 4),
        "merge_recall": round(float(recall), 4),
    }


def save(
    path: Path, weights: dict[str, float], merge: float, words: dict[str, int], titles: int, pairs: int, report: Any
) -> None:
    """Writes the model with where it comes from; one term a line, so that a change can be read."""
    provenance = {
        "made_by": "benchmarks/train_dedupe.py",
        "pairs": pairs,
        "data": "DBLP-ACM and DBLP-Scholar (Koepcke, Thor, Rahm 2010; Magellan/Ditto splits), clean and dirty",
        "words": "titles of arXiv papers 2025-03 to 2026-02 and of the pairs",
        "method": f"logistic regression, L1 penalty, C={PENALTY}; merge threshold at precision {PRECISION}",
        **report,
    }
    ordered = dict(sorted(weights.items(), key=lambda pair: (-abs(pair[1]), pair[0])))
    found = {"provenance": provenance, "merge": merge, "perhaps": PERHAPS, "weights": ordered, "titles": titles}
    text = json.dumps(found, indent=1)
    path.write_text(text[:-2] + ',\n "words": ' + json.dumps(words, ensure_ascii=False) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
