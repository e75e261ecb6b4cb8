"""How well headings last: recorded days replayed one by one, each handed the standing topics of the day before.

    benchmarks/topic_stability.py --papers FILE [--days 30] [--window 1] [--history 10000] [--seed 1500]
                                  [--without] [--headings]

FILE is JSON lines of papers in the order of their days (`announced` or `day`). The space is fitted on the `--history`
papers before the first replayed day, the first standing topics are found in the last `--seed` of them (as a newsletter
with a store does on its first day); a day's candidates are the papers of the last `--window` recorded days. Prints one
JSON object: of the papers under discovered headings, the share under a heading printed the day before, under one
remembered from any day before, and under a newcomer; of papers seen on two days running, the share that kept their
heading; with --without also the same without memory (standing topics withheld, headings compared by name).
"""

import argparse
import gzip
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from digest.group import bounds, fit, group
from digest.group.space import TopicSpace
from digest.model import Grouping, Paper


def read(path: Path) -> dict[str, list[Paper]]:
    """Papers by day, the earliest day first; a paper counts on its first day only."""
    opener = gzip.open if path.suffix == ".gz" else open
    days: dict[str, dict[str, Paper]] = {}
    seen: set[str] = set()
    with opener(path, "rt", encoding="utf-8") as lines:
        rows = sorted(map(json.loads, lines), key=lambda row: str(row.get("announced") or row.get("day")))
    for row in rows:
        key = f"arxiv:{row['id']}"
        if key not in seen:
            seen.add(key)
            title, abstract = " ".join(row["title"].split()), " ".join(row["abstract"].split())
            day = row.get("announced") or row["day"]
            days.setdefault(day, {})[key] = Paper(id=key, keys=(key,), title=title, abstract=abstract)
    return {day: list(papers.values()) for day, papers in days.items()}


def replay(
    days: Mapping[str, Sequence[Paper]], last: int, window: int, space: TopicSpace, memory: bool, seed: int
) -> Iterator[tuple[str, Grouping]]:
    """The grouping of each of the `last` days."""
    names = list(days)
    standing: Sequence[Any] = ()
    earlier = [paper for name in names[:-last] for paper in days[name]][-seed:] if seed and memory else []
    if earlier:
        low, high = bounds(2, 12, len(earlier), 25)
        now = datetime.fromisoformat(names[-last - 1]).replace(hour=8, tzinfo=UTC)
        standing = group(earlier, (), minimum=low, maximum=high, now=now, space=space).standing
    for at in range(len(names) - last, len(names)):
        papers = [paper for name in names[max(0, at - window + 1) : at + 1] for paper in days[name]]
        low, high = bounds(2, 12, len(papers), 25)
        now = datetime.fromisoformat(names[at]).replace(hour=8, tzinfo=UTC)
        found = group(papers, (), minimum=low, maximum=high, now=now, space=space, standing=standing)
        standing = found.standing if memory else ()
        yield names[at], found


def measure(replayed: Sequence[tuple[str, Grouping]]) -> dict[str, Any]:
    """What became of headings from each day to the next."""
    counts: Counter[str] = Counter()
    known: set[str] = set()
    before: Grouping | None = None
    for _, found in replayed:
        under = {t.slug: t.name for t in found.topics if t.kind == "discovered"}
        if before is not None:
            yesterday = {t.name for t in before.topics if t.kind == "discovered"}
            was = {t.slug: t.name for t in before.topics}
            for paper, slug in found.topic_of.items():
                counts["papers"] += 1
                counts["discovered"] += slug in under
                counts["day_before"] += slug in under and under[slug] in yesterday
                counts["remembered"] += slug in under and under[slug] in known
                if paper in before.topic_of:
                    counts["again"] += 1
                    counts["kept"] += was[before.topic_of[paper]] == under.get(slug, "Also new")
            counts["headings"] += len(under)
            counts["new_headings"] += len(set(under.values()) - known)
            counts["days"] += 1
        counts.update(d.verdict for d in found.decisions if before is not None and d.subject.startswith("topic:"))
        known |= set(under.values())
        before = found
    shown = max(1, counts["discovered"])
    return {
        "days": counts["days"],
        "under_a_heading_of_the_day_before": round(counts["day_before"] / shown, 4),
        "under_a_heading_of_any_day_before": round(counts["remembered"] / shown, 4),
        "also_new": round(1 - counts["discovered"] / max(1, counts["papers"]), 4),
        "same_paper_same_heading": round(counts["kept"] / counts["again"], 4) if counts["again"] else None,
        "headings_a_day": round(counts["headings"] / max(1, counts["days"]), 2),
        "new_headings_a_day": round(counts["new_headings"] / max(1, counts["days"]), 2),
        "topic_decisions": {v: counts[v] for v in ("new", "split", "merged", "drifted", "forgotten") if counts[v]},
    }


def main() -> None:
    """Fit, replay with and without memory, report."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--papers", type=Path, required=True)
    options.add_argument("--days", type=int, default=30)
    options.add_argument("--window", type=int, default=1)
    options.add_argument("--history", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1500)
    options.add_argument("--without", action="store_true", help="replay without memory as well, for comparison")
    options.add_argument("--headings", action="store_true", help="print each day's headings with their sizes")
    chosen = options.parse_args()
    days = read(chosen.papers)
    names = list(days)
    past = [paper for name in names[: -chosen.days] for paper in days[name]][-chosen.history :]
    start = time.perf_counter()
    space = fit(past)
    fitted = time.perf_counter() - start
    with_memory = list(replay(days, chosen.days, chosen.window, space, memory=True, seed=chosen.seed))
    spent = time.perf_counter() - start - fitted
    if chosen.headings:
        for day, found in with_memory:
            sizes = Counter(found.topic_of.values())
            print(day, "; ".join(f"{t.name} {sizes[t.slug]}" for t in found.topics))
    report: dict[str, Any] = {
        "papers_a_day": round(sum(len(found.topic_of) for _, found in with_memory) / chosen.days, 1),
        "history": len(past),
        "fit_seconds": round(fitted, 1),
        "seconds_a_day": round(spent / chosen.days, 2),
        "with_memory": measure(with_memory),
    }
    if chosen.without:
        report["without"] = measure(list(replay(days, chosen.days, chosen.window, space, memory=False, seed=0)))
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
