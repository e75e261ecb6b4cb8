"""Speed of the TL;DR: milliseconds of CPU an abstract on one core, beside sumy's TextRank and LexRank in the same run.

sumy is no dependency: install it in an environment of its own and name that environment's Python in SUMY_PYTHON;
without it its figures are missing and the reason is given. It gets a simple tokenizer (its own needs data from the
network) and picks whole sentences, where ours also looks for how to shorten them. The abstracts are the sample's, which
are short; TLDR_PAPERS names a file of others, JSON lines of {"id", "title", "abstract"}, gzip or plain.
"""

import gzip
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from digest.model import Paper
from digest.summarise import tldr

SAMPLE = Path(__file__).resolve().parents[2] / "digest" / "sample"
ROUNDS, PAPERS = 5, 100
PEERS = """
import json, re, sys, time
from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
from sumy.summarizers.lex_rank import LexRankSummarizer
from sumy.summarizers.text_rank import TextRankSummarizer
class Words:
    def to_words(self, text): return re.findall(r"[^\\W_]+", text)
spent = {}
papers = json.load(sys.stdin)
for name, kind in (("textrank", TextRankSummarizer), ("lexrank", LexRankSummarizer)):
    rounds = []
    for _ in range(int(sys.argv[1])):
        began = time.process_time()
        for paper in papers:
            sentences = [Sentence(text, Words()) for text in re.split(r"(?<=[.!?]) +(?=[A-Z])", paper)]
            kind()(ObjectDocumentModel([Paragraph(sentences)]), 1)
        rounds.append(1000 * (time.process_time() - began) / len(papers))
    spent[name] = round(min(rounds), 2)
print(json.dumps(spent))
"""


def measure() -> dict[str, Any]:
    """Milliseconds an abstract, best of five rounds over a hundred abstracts of the sample."""
    papers = (given() or sample())[:PAPERS]
    rounds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for paper in papers:
            tldr(paper)
        rounds.append(1000 * (time.process_time() - began) / len(papers))
    lengths = [len(paper.abstract.split()) for paper in papers]
    figures = {
        "abstracts": len(papers),
        "mean_words": round(sum(lengths) / len(lengths)),
        "ms_each": round(min(rounds), 2),
        "ms_each_worst_round": round(max(rounds), 2),
    }
    return {**figures, "sumy": peers(papers)}


def given() -> list[Paper]:
    """The papers of the file that TLDR_PAPERS names, if it is set."""
    if not (name := os.environ.get("TLDR_PAPERS")):
        return []
    opener = gzip.open if name.endswith(".gz") else open
    with opener(name, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [Paper(id=row["id"], keys=(row["id"],), title=row["title"], abstract=row["abstract"]) for row in rows]


def sample() -> list[Paper]:
    """Invented papers that come with the program."""
    found = {}
    for path in sorted(SAMPLE.rglob("huggingface.json")):
        for row in json.loads(path.read_text(encoding="utf-8")):
            paper = row["paper"]
            found[paper["id"]] = Paper(
                id=paper["id"], keys=(paper["id"],), title=paper["title"], abstract=paper["summary"]
            )
    return list(found.values())


def peers(papers: list[Paper]) -> dict[str, Any]:
    """What sumy takes for one sentence of each abstract, or why that is not known."""
    python = os.environ.get("SUMY_PYTHON", sys.executable)
    one_core = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    try:
        came = subprocess.run(
            [python, "-c", PEERS, str(ROUNDS)],
            input=json.dumps([paper.abstract for paper in papers if paper.abstract]),
            env=one_core,
            capture_output=True,
            text=True,
            timeout=300,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return {"skipped": f"{python}: {type(error).__name__}"}
    if came.returncode:
        return {"skipped": (came.stderr.strip().splitlines() or ["no reason given"])[-1]}
    spent: dict[str, Any] = json.loads(came.stdout)
    return spent


if __name__ == "__main__":
    print(measure())
