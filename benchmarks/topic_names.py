"""How often the name of a discovered group says what its papers are labelled with.

    benchmarks/topic_names.py --papers FILE --gold GOLD [--k N]

Each group counts for the label most of its papers have. A name is right if it holds a word of that label or one of the
label's synonyms (the table below, written from the label names alone). The baseline, on the same groups, is the word of
highest c-TF-IDF (Grootendorst 2022). Prints one JSON object with every group.
"""

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import topics

SYNONYMS = {
    "Data Mining": "data mining graph recommendation recommender cluster series pattern anomaly",
    "Agent-based and Multi-agent Systems": "agent multi-agent coordination cooperation swarm",
    "Knowledge Representation and Reasoning": "knowledge reasoning logic ontology description argumentation belief",
    "Machine Learning": "learning neural network deep classification federated",
    "Game Theory and Economic Paradigms": "game economic equilibrium auction mechanism voting allocation fair market",
    "Computer Vision": "vision image visual video object segmentation detection",
    "Natural Language Processing": "language text translation dialogue nlp speech",
    "Multidisciplinary Topics and Applications": "application health traffic medical music finance",
    "Planning and Scheduling": "planning plan scheduling planner markov",
    "Constraint Satisfaction and Optimization": "constraint satisfaction optimization sat solver",
    "Search": "search heuristic evolutionary",
    "AI Ethics, Trust, Fairness": "ethic trust fairness bias privacy explanation",
    "cs.CV": "vision image visual video object segmentation detection",
    "cs.GR": "graphic rendering gaussian 3d mesh animation geometry",
    "cs.IT": "information channel code coding antenna communication wireless",
    "cs.AI": "intelligence reasoning agent planning knowledge",
    "cs.GT": "game equilibrium equilibria auction mechanism market fair",
    "cs.CL": "language text translation dialogue nlp",
    "eess.IV": "image medical imaging video compression mri",
    "cs.LG": "learning neural network deep",
    "cs.RO": "robot robotic manipulation navigation autonomous",
    "cs.HC": "human user interface interaction participant design",
}


def says(name: str, label: str) -> bool:
    """Whether a name holds a word of the label or of its synonyms; a word matches with its plural and by its stem."""
    wanted = {word for word in re.findall(r"[a-z0-9]+", f"{label} {SYNONYMS.get(label, '')}".lower()) if len(word) > 1}
    given = re.findall(r"[a-z0-9]+", name.lower())
    return any(have == want or (len(want) > 3 and have.startswith(want)) for have in given for want in wanted)


def top_words(texts: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The word of highest c-TF-IDF of each group: tf * log(1 + average words a group / word's count everywhere)."""
    import numpy as np
    from sklearn.feature_extraction.text import CountVectorizer

    groups = list(texts)
    counter = CountVectorizer(stop_words="english")
    counts = counter.fit_transform([" ".join(texts[group]) for group in groups]).toarray().astype(float)
    weights = counts / counts.sum(axis=1, keepdims=True) * np.log(1 + counts.sum(axis=1).mean() / counts.sum(axis=0))
    words = counter.get_feature_names_out()
    return {group: str(words[row.argmax()]) for group, row in zip(groups, weights, strict=True)}


def main() -> None:
    """Group, compare, report."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--papers", type=Path, required=True)
    options.add_argument("--gold", type=Path, required=True)
    options.add_argument("--k", type=int)
    chosen = options.parse_args()
    rows = topics.read(chosen.papers)
    gold = {str(row["id"]): str(row["label"]) for row in topics.read(chosen.gold)}
    topic_of, names = topics.grouped(rows, chosen.k)
    labels: defaultdict[str, Counter[str]] = defaultdict(Counter)
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        slug = topic_of[str(row["id"])]
        labels[slug][gold[str(row["id"])]] += 1
        texts[slug].append(f"{row['title']} {row['abstract']}")
    words = top_words(texts)
    report: list[dict[str, Any]] = []
    for slug, counted in labels.items():
        label, papers = counted.most_common(1)[0]
        ours, word = says(names[slug], label), says(words[slug], label)
        line = {"name": names[slug], "right": ours, "word": words[slug], "word_right": word}
        report.append({**line, "label": label, "share": round(papers / counted.total(), 2)})
    total = len(report)
    summary = {"groups": total, "names": sum(r["right"] for r in report), "words": sum(r["word_right"] for r in report)}
    print(json.dumps({**summary, "each": report}, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
