"""Benchmark: which records are one publication? Predictions for ../score/dedupe_clusters.py, by the product's groups.

python benchmarks/dedupe_records.py --records FILE --out PRED [--gold FILE] [--peer PYTHON]

Prints one JSON object: seconds and, with the gold (by default NAME.gold.jsonl.gz beside NAME.jsonl.gz, where there is
one), the pairwise F1. `--peer` is a Python that has bib-dedupe, which then answers in the same run:
`python3 -m venv /tmp/peer && /tmp/peer/bin/pip install bib-dedupe`, then `--peer /tmp/peer/bin/python`.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

from _dedupe_data import paper, rows

from digest.dedupe import grouped


def main() -> int:
    """Writes the predictions, prints how long they took and how right they are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--peer", help="a Python that has bib-dedupe")
    asked = parser.parse_args()
    records = list(rows(asked.records))
    name, _, rest = asked.records.name.partition(".")
    gold = asked.gold or asked.records.with_name(f"{name}.gold.{rest}")
    truth = {row["id"]: row["cluster"] for row in rows(gold)} if gold.exists() else None
    began = perf_counter()
    cluster = _clusters(records)
    report: dict[str, Any] = {"records": len(records), "digest": _figures(perf_counter() - began, cluster, truth)}
    with asked.out.open("w", encoding="utf-8") as out:
        for id_, number in cluster.items():
            out.write(json.dumps({"id": id_, "cluster": number}) + "\n")
    if asked.peer:
        seconds, theirs = _peer(asked.peer, records)
        report["bib-dedupe"] = _figures(seconds, theirs, truth)
    print(json.dumps(report))
    return 0


def _clusters(records: list[dict[str, Any]]) -> dict[str, int]:
    papers = {row["id"]: found for row in records if (found := paper(row)) is not None}
    cluster = dict(zip(papers, grouped(tuple(papers.values())), strict=True))
    return {row["id"]: cluster.get(row["id"], len(records) + place) for place, row in enumerate(records)}


def _peer(python: str, records: list[dict[str, Any]]) -> tuple[float, dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder) / "records.jsonl", Path(folder) / "clusters.jsonl"
        given.write_text("".join(json.dumps(row) + "\n" for row in records), encoding="utf-8")
        command = [python, str(Path(__file__).with_name("_bib_dedupe.py")), str(given), str(made)]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        seconds = float(json.loads(said.splitlines()[-1])["seconds"])
        return seconds, {row["id"]: row["cluster"] for row in rows(made)}


def _figures(seconds: float, found: Mapping[str, Any], truth: Mapping[str, Any] | None) -> dict[str, float]:
    """Seconds, and pairwise precision, recall and F1 over all pairs of records, as the scorer has them."""
    if truth is None:
        return {"seconds": round(seconds, 2)}
    both = _pairs(Counter((found[id_], truth[id_]) for id_ in truth))
    said, true = _pairs(Counter(found[id_] for id_ in truth)), _pairs(Counter(truth.values()))
    figures = {"precision": both / max(said, 1), "recall": both / max(true, 1), "f1": 2 * both / max(said + true, 1)}
    return {"seconds": round(seconds, 2), **{name: round(value, 4) for name, value in figures.items()}}


def _pairs(sizes: Counter[Any]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


if __name__ == "__main__":
    sys.exit(main())
