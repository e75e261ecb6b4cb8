"""A sample of TL;DRs of five fields to be read by eye: is each grammatical, understood by itself, true to its abstract?

    benchmarks/tldr_sample.py --papers FILE --feeds FOLDER --seed N [--each 60] [--abstracts]

FILE is gzip JSON lines of {"id", "title", "abstract", "categories"}, the primary category first; FOLDER holds recorded
feeds of biology journals. Prints a paper a line: field, id, sentence, and with --abstracts the whole abstract. The same
seed gives the same papers whatever the rules say, so a seed that rules were mended on is no fresh one any more.
"""

import argparse
import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path

from digest import normalise
from digest.collect import Unreadable, recognise
from digest.model import Entry, Paper
from digest.summarise import tldr

FIELDS = ("cs.CV", "cs.CL", "cs.AI", "cs.GR")
LEAST_ABSTRACT = 250  # characters; in journal feeds what is shorter is a citation, which would be an easy success


def recorded(path: Path) -> Iterator[tuple[str, Paper]]:
    """(field, paper) of the four fields of the recorded papers."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["categories"][0] in FIELDS:
                entry = Entry(
                    source="sample",
                    number=1,
                    title=row["title"],
                    abstract=row["abstract"],
                    identifiers=(f"arXiv:{row['id']}",),
                )
                yield row["categories"][0], normalise.read(entry).paper


def journals(folder: Path) -> Iterator[tuple[str, Paper]]:
    """("biology", paper) of the feeds, each title once."""
    seen = set()
    for path in sorted(folder.rglob("*.xml")):
        try:
            entries = recognise(path.read_bytes(), "sample")
        except Unreadable as error:
            entries = getattr(error, "entries", ())
        for entry in entries:
            paper = normalise.read(entry).paper
            if len(paper.abstract) >= LEAST_ABSTRACT and paper.title not in seen:
                seen.add(paper.title)
                yield "biology", paper


def drawn(papers: Path, feeds: Path, seed: int, each: int) -> Iterator[tuple[str, Paper]]:
    """As many papers of each field, by a seeded generator, among those whose abstract gives a sentence."""
    fields: dict[str, list[Paper]] = {}
    for field, paper in (*recorded(papers), *journals(feeds)):
        fields.setdefault(field, []).append(paper)
    generator = random.Random(seed)
    for field in (*FIELDS, "biology"):
        for paper in generator.sample(fields[field], min(each, len(fields[field]))):
            yield field, paper


def main() -> None:
    """Print the sample."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--papers", type=Path, required=True)
    options.add_argument("--feeds", type=Path, required=True)
    options.add_argument("--seed", type=int, required=True)
    options.add_argument("--each", type=int, default=60, help="papers a field")
    options.add_argument("--abstracts", action="store_true", help="the whole abstract below each sentence")
    chosen = options.parse_args()
    for field, paper in drawn(chosen.papers, chosen.feeds, chosen.seed, chosen.each):
        print(f"{field}\t{paper.id}\t{tldr(paper)}")
        if chosen.abstracts:
            print(f"\t{paper.title} || {paper.abstract}")


if __name__ == "__main__":
    main()
