"""TL;DR for the papers of a file, as the product writes them: ``{"id", "tldr"}`` a line.

    benchmarks/tldr.py --papers FILE --out PRED [--gold GOLD]

FILE is JSON lines, gzip or plain, of {"id", "title", "abstract"}. Prints one JSON object: how many, how long, how fast.
With GOLD ({"id", "refs"} a line) a second object goes to stderr: ROUGE F1 x 100 of the product and of two rules anyone
could use, the title and the first sentence with a cue phrase. This ROUGE (Lin 2004) has a rougher stemmer than others:
it compares rows of one run, and is no figure to be compared with anyone's.
"""

import argparse
import gzip
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from rouge import best

from digest import normalise
from digest.model import Entry, Paper
from digest.summarise import abstract, tldr
from digest.summarise.cues import PHRASES


def read(path: Path) -> Iterator[Paper]:
    """The papers of a file, in order, as the program understands them: plain text, without TeX."""
    for row in _rows(path):
        entry = Entry(source="benchmark", number=1, title=row["title"], abstract=row["abstract"])
        yield replace(normalise.read(entry).paper, id=row["id"], keys=(row["id"],))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def main() -> None:
    """Write one sentence a paper and say how it went."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--papers", type=Path, required=True)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--gold", type=Path, help="references, to compare with two simple rules")
    chosen = options.parse_args()
    papers = list(read(chosen.papers))
    start = time.process_time()
    said = [tldr(paper) for paper in papers]
    spent = time.process_time() - start
    rows = (json.dumps({"id": p.id, "tldr": t}, ensure_ascii=False) + "\n" for p, t in zip(papers, said, strict=True))
    chosen.out.write_text("".join(rows), encoding="utf-8")
    print(json.dumps(_summary(papers, said, spent)))
    if chosen.gold:
        print(json.dumps(_compared(papers, said, chosen.gold)), file=sys.stderr)


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


def first_with_cue(paper: Paper) -> str:
    """The baseline: the first sentence that says what is proposed or shown, else the first of all."""
    sentences = abstract.body(paper)
    cues = [PHRASES[name] for name in ("proposes", "shows", "this paper")]
    return next((text for text in sentences if any(cue.search(text) for cue in cues)), next(iter(sentences), ""))


def _compared(papers: list[Paper], said: list[str], gold: Path) -> dict[str, dict[str, float]]:
    """Mean ROUGE-1, -2, -L and length of each rule, by the reference with the best ROUGE-1 of each paper."""
    references = {row["id"]: row["refs"] for row in _rows(gold)}
    rules = {
        "title alone": [paper.title for paper in papers],
        "first sentence with a cue": [first_with_cue(paper) for paper in papers],
        "product": said,
    }
    table = {}
    for rule, texts in rules.items():
        scores = [best(text, references[paper.id]) for paper, text in zip(papers, texts, strict=True)]
        means = [round(100 * sum(column) / len(scores), 2) for column in zip(*scores, strict=True)]
        words = sum(len(text.split()) for text in texts) / max(len(texts), 1)
        table[rule] = {**dict(zip(("rouge1", "rouge2", "rougeL"), means, strict=True)), "mean_words": round(words, 2)}
    return table


if __name__ == "__main__":
    main()
