"""Benchmark: are two records one publication? Predictions for ../score/dedupe_pairs.py, by the product's own judgement.

python benchmarks/dedupe_pairs.py --test PAIRS --out PRED [--merge]

`match` is the likelier answer, with `--merge` the decision to merge without asking anybody; `score` is the probability.
"""

import argparse
import json
import sys
from pathlib import Path

from _dedupe_data import paper, rows

from digest.dedupe import compare


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--test", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--merge", action="store_true", help="only what is merged without asking")
    asked = parser.parse_args()
    with asked.out.open("w", encoding="utf-8") as out:
        for row in rows(asked.test):
            left, right = paper(row["left"]), paper(row["right"])
            match, score = False, 0.0
            if left is not None and right is not None:
                found = compare(left, right)
                match, score = found.answer == "same" if asked.merge else found.likelier, found.probability
            out.write(json.dumps({"pair": row["pair"], "match": int(match), "score": round(score, 6)}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
