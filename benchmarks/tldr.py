"""TL;DR for the papers of a file, as the product writes them: ``{"id", "tldr"}`` a line.

    benchmarks/tldr.py --papers FILE --out PRED

FILE is JSON lines, gzip or plain, of {"id", "title", "abstract"}. Prints one JSON object: how many, how long, how fast.
"""

import argparse
import gzip
import json
import time
from collections.abc import Iterator
from pathlib import Path

from digest.model import Paper
from digest.summarise import tldr


def read(path: Path) -> Iterator[Paper]:
    """The papers of a file, in order."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield Paper(id=row["id"], keys=(row["id"],), title=row["title"], abstract=row["abstract"])


def main() -> None:
    """Write one sentence a paper and say how it went."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--papers", type=Path, required=True)
    options.add_argument("--out", type=Path, required=True)
    chosen = options.parse_args()
    papers = list(read(chosen.papers))
    start = time.process_time()
    said = [tldr(paper) for paper in papers]
    spent = time.process_time() - start
    rows = (json.dumps({"id": p.id, "tldr": t}, ensure_ascii=False) + "\n" for p, t in zip(papers, said, strict=True))
    chosen.out.write_text("".join(rows), encoding="utf-8")
    print(json.dumps(_summary(papers, said, spent)))


def _summary(papers: list[Paper], said: list[str], spent: float) -> dict[str, float]:
    """Counts, the mean length in words, and CPU milliseconds an abstract."""
    number = max(len(papers), 1)
    return {
        "papers": len(papers),
        "empty": sum(not text for text in said),
        "titles": sum(
            t.casefold().strip(" .") == p.title.casefold().strip(" .") for p, t in zip(papers, said, strict=True)
        ),
        "mean_words": round(sum(len(text.split()) for text in said) / number, 2),
        "ms_each": round(1000 * spent / number, 3),
    }


if __name__ == "__main__":
    main()
