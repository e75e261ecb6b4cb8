"""Benchmark: what bought votes buy. Multiplies one signal of one paper and sees where the paper comes to stand.

    benchmarks/brigade.py [--data FILE] [--days N] [--times X] [--growing]

Over recorded days of Hugging Face Daily Papers (JSON lines): each day's papers are ranked by the product against those
of the fortnight before; then the paper in the middle, and the one at the end, gets X times the votes of the best-voted
paper of the day. Printed as JSON: how often it then leads, is among the first 3 and 10, and the mean share of the day's
papers above it, beside an order by votes alone (where it always leads). With --growing every paper was observed twelve
hours before as well, with half its votes, and the bought votes came in between.
"""

import argparse
import gzip
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from digest.model import Candidate, Link, Paper, Sighting, Signal
from digest.rank import rank

RECORDED = Path(__file__).resolve().parents[2] / "shared" / "data" / "hf-daily" / "hf_daily.jsonl.gz"
KINDS = {"upvotes": "upvotes", "numComments": "comments", "githubStars": "stars"}


def candidate(row: dict[str, Any], at: datetime) -> Candidate:
    """A recorded row as the store would hand it on, observed at `at`."""
    name = f"arxiv:{row['id']}"
    links = (Link(kind="code", url=row["githubRepo"]),) if row.get("githubRepo") else ()
    signals = tuple(
        Signal(paper_id=name, kind=kind, value=float(row[field]), at=at, source="hf")
        for field, kind in KINDS.items()
        if row.get(field) is not None
    )
    published = datetime.fromisoformat(row["publishedAt"]) if row.get("publishedAt") else None
    return Candidate(
        paper=Paper(id=name, keys=(name,), title=row["title"], links=links, published=published),
        first_seen=at - timedelta(hours=6),
        sightings=(Sighting(paper_id=name, source="hf", at=at),),
        signals=signals,
    )


def with_votes(paper: Candidate, votes: float, at: datetime) -> Candidate:
    """The candidate with `votes` upvotes in place of its own."""
    kept = tuple(s for s in paper.signals if s.kind != "upvotes" or s.at < at - timedelta(hours=6))
    bought = Signal(paper_id=paper.paper.id, kind="upvotes", value=votes, at=at, source="hf")
    return replace(paper, signals=(*kept, bought))


def seen_before(paper: Candidate) -> Candidate:
    """The candidate with an observation of half its votes twelve hours earlier."""
    earlier = tuple(
        replace(s, value=float(s.value // 2), at=s.at - timedelta(hours=12))
        for s in paper.signals
        if s.kind == "upvotes"
    )
    return replace(paper, signals=(*earlier, *paper.signals))


def brigade(today: Sequence[Candidate], before: Sequence[Candidate], now: datetime, times: float) -> dict[str, int]:
    """Where (from 0) the middle and the last paper stand once their votes are `times` the day's most."""
    order = [s.paper_id for s in rank(today, before, {}, 3.0, now)]
    most = max((s.value for c in today for s in c.signals if s.kind == "upvotes"), default=0.0)
    placed = {}
    for label, name in (("middle", order[len(order) // 2]), ("last", order[-1])):
        bought = [with_votes(c, max(most, 1.0) * times, now) if c.paper.id == name else c for c in today]
        placed[label] = [s.paper_id for s in rank(bought, before, {}, 3.0, now)].index(name)
    return placed


def load(path: Path) -> dict[date, list[Candidate]]:
    """The recorded days; of a paper listed twice on a day the first."""
    days: dict[date, dict[str, Candidate]] = defaultdict(dict)
    for line in gzip.decompress(path.read_bytes()).decode().splitlines():
        row = json.loads(line)
        day = date.fromisoformat(row["day"])
        made = candidate(row, datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
        days[day].setdefault(made.paper.id, made)
    return {day: list(papers.values()) for day, papers in days.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=RECORDED)
    parser.add_argument("--days", type=int, default=100, help="the last N days with at least 15 papers")
    parser.add_argument("--times", type=float, default=100.0)
    parser.add_argument("--growing", action="store_true", help="papers were observed twelve hours before as well")
    asked = parser.parse_args()
    days = load(asked.data)
    if asked.growing:
        days = {day: list(map(seen_before, papers)) for day, papers in days.items()}
    usable = [day for day in sorted(days) if len(days[day]) >= 15][-asked.days :]
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for day in usable:
        now = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
        before = [c for back in range(1, 15) for c in days.get(day - timedelta(days=back), ())]
        for label, place in brigade(days[day], before, now, asked.times).items():
            places[label].append((place, len(days[day])))
    report: dict[str, Any] = {"days": len(usable), "times": asked.times}
    for label, found in places.items():
        report[label] = {f"first {n}": round(sum(p < n for p, _ in found) / len(found), 3) for n in (1, 3, 10)}
        report[label]["share above it"] = round(sum(p / (of - 1) for p, of in found) / len(found), 3)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
