"""Benchmark: would arXiv's papers be merged by mistake if they came without their ids? Every merge is listed.

python benchmarks/dedupe_arxiv.py --data ../shared/data

Papers under two arXiv ids are taken for two, though some are one that was submitted twice: read the list. Compared are
all pairs that share rare words of their titles and a name among their authors, by title, authors, year and abstract.
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from _abstracts import acquainted, listed
from _dedupe_data import entry

from digest.dedupe.identity import shared_authors
from digest.dedupe.likeness import alike
from digest.model import Paper
from digest.normalise import read


def main() -> int:
    """Prints one JSON object: pairs by answer, and both titles of each pair that would be merged."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    papers = listed(parser.parse_args().data)
    answers: Counter[str] = Counter()
    merged: list[list[str]] = []
    for places in acquainted(papers):
        one, other = (_paper(papers[place]) for place in places)
        found = alike(one, other)
        answers[found.answer] += 1
        if found.answer == "same" and shared_authors(one, other):
            merged.append([one.title, other.title])
    report = {"papers": len(papers), "pairs": answers.total(), **answers, "merged": merged}
    print(json.dumps(report, indent=1, ensure_ascii=False))
    return 0


def _paper(row: dict[str, Any]) -> Paper:
    reading = read(entry({**row, "year": f"20{row['id'][:2]}"}))
    assert reading is not None, row["id"]
    return reading.paper


if __name__ == "__main__":
    sys.exit(main())
