"""Topics for the papers of a file, as the product groups them: ``{"id", "group", "label"}`` a line.

    benchmarks/topics.py --papers FILE [--k N] --out PRED [--gold GOLD] [--model wordllama|FILE.onnx]

FILE is JSON lines, gzip or plain, of {"id", "title", "abstract"}. Without --k the number of headings is the product's
choice, with the section sizes of a newsletter as shipped. With --gold ({"id", "label"} lines) agreement is printed
beside that of the peer in the same run: TF-IDF of words and pairs, SVD of 100 dimensions, k-means with the gold's k.
"""

import argparse
import gzip
import json
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from digest.group import bounds, group
from digest.model import Newsletter, Paper, TextModel


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a file, in order."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def grouped(
    rows: Sequence[Mapping[str, Any]], k: int | None, model: TextModel | None = None
) -> tuple[dict[str, str], dict[str, str]]:
    """What the product makes of the rows: id to group, group to name."""
    papers = [
        Paper(
            id=str(row["id"]), keys=(str(row["id"]),), title=row.get("title") or "", abstract=row.get("abstract") or ""
        )
        for row in rows
    ]
    usual = Newsletter(name="daily", title="", schedule="0 7 * * *", timezone="UTC")
    low, high = bounds(usual.section_min, usual.section_max, len(papers), usual.limit)
    now = datetime(2025, 1, 1, tzinfo=UTC)
    found = group(papers, (), minimum=low, maximum=high, now=now, count=k, model=model)
    return dict(found.topic_of), {topic.slug: topic.name for topic in found.topics}


def peer(rows: Sequence[Mapping[str, Any]], k: int) -> list[int]:
    """The groups of TF-IDF (1-2), SVD 100 and k-means."""
    from sklearn.cluster import KMeans
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import Normalizer

    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), stop_words="english", sublinear_tf=True, min_df=2, max_df=0.5),
        TruncatedSVD(100, random_state=0),
        Normalizer(),
        KMeans(k, n_init=10, random_state=0),
    )
    return [int(label) for label in model.fit_predict([f"{row['title']}. {row['abstract']}" for row in rows])]


def agreement(gold: Sequence[str], found: Sequence[Any]) -> dict[str, float]:
    """Normalised mutual information and adjusted Rand index."""
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    return {
        "nmi": round(float(normalized_mutual_info_score(gold, found)), 4),
        "ari": round(float(adjusted_rand_score(gold, found)), 4),
    }


def main() -> None:
    """Group, write the predictions, say how it went."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--papers", type=Path, required=True)
    options.add_argument("--k", type=int)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--gold", type=Path)
    options.add_argument("--model", help="what `topics_model` may be: wordllama, or an .onnx file")
    chosen = options.parse_args()
    rows = read(chosen.papers)
    start = time.perf_counter()
    model = TextModel(chosen.model, "--model") if chosen.model and chosen.model != "none" else None
    topic_of, names = grouped(rows, chosen.k, model)
    report: dict[str, Any] = {
        "papers": len(rows),
        "groups": len(names),
        "seconds": round(time.perf_counter() - start, 2),
    }
    lines = (
        json.dumps({"id": row["id"], "group": slug, "label": names[slug]}, ensure_ascii=False)
        for row in rows
        for slug in [topic_of[str(row["id"])]]
    )
    chosen.out.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    if chosen.gold:
        labels = {str(row["id"]): str(row["label"]) for row in read(chosen.gold)}
        gold = [labels[str(row["id"])] for row in rows]
        report["k"] = len(set(gold))
        report["ours"] = agreement(gold, [topic_of[str(row["id"])] for row in rows])
        report["peer"] = agreement(gold, peer(rows, len(set(gold))))
    report["names"] = sorted(names.values())
    print(json.dumps(report, ensure_ascii=False))


if __name__ == "__main__":
    main()
