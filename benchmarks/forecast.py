"""Benchmark: which of a day's new papers will be picked? Trains on one file, writes a score for each paper of another.

    benchmarks/forecast.py --train FILE --test FILE --out PRED [--content-only]

Files are (gzip) JSON lines; --train rows carry `picked_on` (or `picked`), --test rows need none. It calls the product's
own `digest.rank.forecast` and holds no method of its own.
"""

import argparse
import gzip
import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

from digest.model import Author, Paper
from digest.rank.forecast import day_after, train
from digest.rank.outlook import Example


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The JSON objects of a file, one a line, gzipped or not."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode()
    yield from (json.loads(line) for line in text.splitlines() if line.strip())


def example(row: dict[str, Any]) -> Example:
    """A row as the product sees a paper."""
    announced = date.fromisoformat(row["announced"])
    picked = row.get("picked_on") or (row["announced"] if row.get("picked") else None)
    paper = Paper(
        id=row["id"],
        keys=(row["id"],),
        title=" ".join(row["title"].split()),
        abstract=" ".join((row.get("abstract") or "").split()),
        authors=tuple(Author(name=name) for name in row.get("authors") or ()),
        categories=tuple(row.get("categories") or ()),
        comment=" ".join(row["comment"].split()) if row.get("comment") else None,
    )
    return Example(paper=paper, day=announced, picked_on=date.fromisoformat(picked) if picked else None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument("--test", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--content-only", action="store_true", help="leave authors out")
    asked = parser.parse_args()
    start = perf_counter()
    past = [example(row) for row in rows(asked.train)]
    forecaster = train(past, day_after(past), authors=not asked.content_only)
    if forecaster is None:
        sys.exit("too little was picked to learn from")
    trained = perf_counter()
    papers = [example(row).paper for row in rows(asked.test)]
    scores = forecaster.probabilities(papers)
    lines = (json.dumps({"id": p.id, "score": float(s)}) for p, s in zip(papers, scores, strict=True))
    asked.out.write_text("\n".join(lines) + "\n")
    check = forecaster.check
    took = {"train_s": round(trained - start, 1), "score_s": round(perf_counter() - trained, 1)}
    print(json.dumps({**took, "papers": len(past), "check_auc": round(check.auc, 3), "trusted": check.trusted}))


if __name__ == "__main__":
    main()
