"""Speed of importing arXiv's metadata snapshot: papers a second, against the least a program could do with the file.

The snapshot is made here, deterministic, in the shape and with the lengths of the real one: abstracts of about a
thousand characters and four authors. The peer parses each line and inserts id and text into a table of one index: no
titles to find papers by, no plain text, no identity. Wall time is told beside the time the processor worked for it,
since other work on the machine counts in the first; best of five, taken in turns.
"""

import gc
import json
import os
import random
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from digest.operations.import_papers import Wishes, import_file
from digest.store import Store

PAPERS = 30_000
ROUNDS = 5
NOW = datetime(2026, 3, 1, tzinfo=UTC)
_SYLLABLES = (
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "la",
    "me",
    "ni",
    "ro",
    "su",
    "ta",
    "ve",
    "xi",
    "zo",
    "bra",
    "cle",
    "dri",
    "tri",
)
_TEX = (r" of order $O(n^{2})$ in", r" where $\alpha \leq \beta_i$ and", r" by Erd\H{o}s and")


def measure() -> dict[str, Any]:
    """Text alone, and with TeX in every third abstract: papers a second of both, and the peer's time over ours."""
    return {"plain_text": _compared(0), "tex_in_a_third": _compared(3)}


def _compared(tex: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "snapshot.json"
        path.write_text("".join(f"{json.dumps(row)}\n" for row in rows(PAPERS, tex)), encoding="ascii")
        ours, theirs = [], []
        for turn in range(ROUNDS):
            theirs.append(_time(lambda turn=turn: _peer(path, Path(folder) / f"peer{turn}.db")))
            ours.append(_time(lambda turn=turn: _ours(path, Path(folder) / f"ours{turn}")))
    wall, worked = (min(each[part] for each in ours) for part in (0, 1))
    return {
        "papers": PAPERS,
        "papers_per_s": round(PAPERS / wall),
        "papers_per_s_of_processor": round(PAPERS / worked),
        "peer_papers_per_s": round(PAPERS / min(each[0] for each in theirs)),
        "ratio": round(min(each[0] for each in theirs) / wall, 2),
    }


def _ours(path: Path, folder: Path) -> None:
    folder.mkdir()
    with Store.open("sqlite:///digest.db", folder) as store:
        came = import_file(store, str(path), NOW, Wishes(), lambda _rows, _share: None)
    assert came.added == PAPERS, came


def _peer(path: Path, database: Path) -> None:
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("CREATE TABLE papers (id TEXT PRIMARY KEY, body TEXT)")
    with path.open("rb") as lines, connection:
        connection.executemany("INSERT INTO papers VALUES (?, ?)", ((json.loads(line)["id"], line) for line in lines))
    connection.close()


def _time(work: Callable[[], None]) -> tuple[float, float]:
    """(wall, processor) seconds, those of child processes counted."""
    gc.collect()
    before, start = os.times(), perf_counter()
    work()
    wall, after = perf_counter() - start, os.times()
    return wall, sum(after[:4]) - sum(before[:4])


def rows(count: int, tex: int) -> Iterator[dict[str, Any]]:
    """`count` rows of a made snapshot; every `tex`-th abstract holds TeX (0: none)."""
    chance = random.Random(7)
    words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(20_000)]
    weights = [1 / (place + 10) for place in range(len(words))]
    some = chance.choices(words, weights=weights, k=2_000_000)
    at = 0
    for number in range(count):
        at = (at + 173) % (len(some) - 200)
        title, abstract = " ".join(some[at : at + 9]), some[at + 9 : at + 9 + 120 + number % 60]
        text = ". ".join(" ".join(abstract[k : k + 18]).capitalize() for k in range(0, len(abstract), 18))
        if tex and number % tex == 0:
            text = text.replace(". ", f". Let it be {_TEX[number % 3]} so. ", 2)
        people = [[some[at + k].capitalize(), some[at + k + 5].capitalize(), ""] for k in range(1 + number % 7)]
        month = 1 + number // 20_000 % 12
        yield {
            "id": f"{7 + number // 240_000:02}{month:02}.{number % 20_000:05}",
            "submitter": " ".join(people[0][1::-1]),
            "authors": ", ".join(f"{given} {family}" for family, given, _ in people),
            "title": f"{title.capitalize()} {number}" if number % 11 == 0 else title.capitalize(),
            "comments": f"{8 + number % 30} pages, {number % 9} figures" if number % 2 else None,
            "journal-ref": f"J. {some[at].capitalize()} {number % 90} (20{7 + number % 18:02}) {number % 900}"
            if number % 3 == 0
            else None,
            "doi": f"10.{1000 + number % 900}/x.{number}" if number % 3 == 0 else None,
            "report-no": None,
            "categories": ("math.CO math.NT", "hep-ph", "cs.LG cs.AI stat.ML", "astro-ph.GA")[number % 4],
            "license": None,
            "abstract": "  " + text.replace(". ", ".\n") + ".\n",
            "versions": [
                {"version": f"v{version}", "created": f"Mon, {1 + number % 27} Apr 2007 19:18:{10 + version} GMT"}
                for version in range(1, 2 + number % 3)
            ],
            "update_date": "2008-11-26",
            "authors_parsed": people,
        }
