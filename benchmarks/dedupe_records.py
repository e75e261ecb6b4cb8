"""Benchmark: which records are one publication? Predictions for ../score/dedupe_clusters.py, by the product's groups.

python benchmarks/dedupe_records.py --records FILE --out PRED
"""

import argparse
import json
import sys
from pathlib import Path

from _dedupe_data import paper, rows

from digest.dedupe import grouped


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    records = list(rows(asked.records))
    papers = {row["id"]: found for row in records if (found := paper(row)) is not None}
    cluster = dict(zip(papers, grouped(tuple(papers.values())), strict=True))
    with asked.out.open("w", encoding="utf-8") as out:
        for number, row in enumerate(records):
            name = cluster.get(row["id"], len(records) + number)
            out.write(json.dumps({"id": row["id"], "cluster": name}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
