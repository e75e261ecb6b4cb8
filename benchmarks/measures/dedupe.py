"""Speed of recognising papers: a day's 1,000 against a past of 30 thousand, 300 thousand and 3 million in the store.

Half of the day are disturbed copies of papers of the past (a slip of the pen, a word dropped, words swapped, authors
cut), without any id; the rest is new. Past and day are made up, the same in every run. Seconds count reading the
entries, looking up the past in the store and deciding; each is the best of five processes, the file being warm. Needs
8 GB of free disk where temporary files go, and about ten minutes, most of them to make the past.
"""

import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

from _dedupe_history import COPIES, NOW, history

from digest import dedupe, recognition
from digest.model import Paper, Row
from digest.store import Store
from digest.store.bulk import Progress
from digest.store.codec import encode

SIZES = (30_000, 300_000, 3_000_000)
BATCH, ROUNDS = 20_000, 5
PROGRESS = Progress(mark="made up", name="made up", kind="jsonl", at=NOW)


def measure(sizes: tuple[int, ...] = SIZES) -> dict[str, Any]:
    """For each size: seconds, copies found, false merges, peak memory; and how seconds grow with the size."""
    points = {f"history_{size}": _point(size) for size in sizes}
    first, last = points[f"history_{sizes[0]}"], points[f"history_{sizes[-1]}"]
    growth = last["seconds"] / first["seconds"]
    return {
        **points,
        "found_share": last["found"] / COPIES,
        "history_grows_by": sizes[-1] // sizes[0],
        "seconds_grow_by": round(growth, 2),
        "exponent": round(math.log(growth) / math.log(max(sizes[-1] / sizes[0], 2)), 3),
    }


def _point(size: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="digest-dedupe-") as folder:
        home = Path(folder)
        began = perf_counter()
        _fill(home, size)
        filled = perf_counter() - began
        script = Path(__file__).with_name("_dedupe_day.py")
        command = [sys.executable, str(script), str(home), str(size)]
        rounds = [_ran(command) for _ in range(ROUNDS + 1)]
        best = min(rounds[1:], key=lambda found: found["seconds"])
        return {
            **best,
            "peak_mb": max(found["peak_mb"] for found in rounds),
            "cold_s": rounds[0]["seconds"],
            "found_without_abstracts": (bare := _ran([*command, "bare"]))["found"],
            "false_without_abstracts": bare["false"],
            "store_mb": round((home / "digest.db").stat().st_size / 1e6),
            "fill_papers_per_s": round(size / filled),
        }


def _ran(command: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return found


def _fill(home: Path, size: int) -> None:
    """A store of the first `size` papers of the past, kept as an import keeps them."""
    with Store.open("sqlite:///digest.db", home) as store:
        recognition.ready(store, NOW)
        papers = history(size)
        while batch := list(islice(papers, BATCH)):
            store.bulk.add(list(_rows(batch)), PROGRESS)
        store.bulk.settle(PROGRESS)


def _rows(papers: list[Paper]) -> Iterator[Row]:
    for paper in papers:
        yield Row(paper.keys, dedupe.fold(paper.title), dedupe.rare_words(paper.title), encode(paper))


if __name__ == "__main__":
    print(json.dumps(measure(tuple(int(size) for size in sys.argv[1:]) or SIZES), indent=1))
