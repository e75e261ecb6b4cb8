"""Speed of the static site: 365 issues and 10,000 papers written in full, and again after one new issue.

The store is made of invented papers through the program's own ways in: collected, printed, fitted. What is compared is
the same build on the same store, once with nothing there and once with one issue more (the best of
three), by the clock and by processor time, which a busy machine moves less; the aim is at most 3 %.
"""

import resource
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import Any

from digest.config import default_plan
from digest.config.plan import Plan
from digest.model import (
    Author,
    Issue,
    Item,
    Paper,
    Point,
    Reason,
    Resolved,
    Section,
    Sighting,
    Signal,
    Term,
    Topic,
)
from digest.operations.site import page
from digest.operations.site_build import Built, build
from digest.store import Store

ISSUES, PAPERS = 365, 10_000
FIRST = date(2025, 1, 1)
TOPICS = ("Language models", "Vision", "Robotics", "Medicine", "Optimization", "Speech", "Graphs", "Theory")
WORDS = [
    *("a", "the", "of", "for", "with", "under", "without", "in", "from", "sparse", "dense", "slow", "fast", "small"),
    *("large", "robust", "causal", "neural", "linear", "convex", "deep", "shallow", "hidden", "open"),
    *("closed", "local", "global", "early", "late", "memory", "vision", "speech", "robot", "protein"),
    *("graph", "token", "policy", "reward", "sample", "gradient", "kernel", "tensor", "attention"),
    *("retrieval", "alignment", "forecast", "control", "planning", "segmentation", "translation"),
    *("diffusion", "flow", "entropy", "margin", "bound", "proof", "audit", "cell", "tissue", "image"),
    *("video", "sound", "signal", "noise", "error", "budget"),
]  # fmt: skip


def measure() -> dict[str, Any]:
    """Seconds of both builds, their ratio in percent, how many files each made, and the memory of it all."""
    with tempfile.TemporaryDirectory(prefix="digest-site-") as folder:
        plan = default_plan(Path(folder))
        plan = replace(plan, newsletters=(replace(plan.newsletters[0], name="daily"),))
        with Store.open(plan.database, plan.home) as store:
            dice = Random(8)
            for number in range(ISSUES):
                _publish(store, number, dice)
            _fit(store)
            now = _at(ISSUES)
            _warm(plan, store)
            whole, whole_s, whole_cpu_s = _timed(lambda: build(plan, store, now))
            rounds = []
            for more in range(3):
                _publish(store, ISSUES + more, dice)
                rounds.append(_timed(lambda more=more: build(plan, store, _at(ISSUES + more))))  # type: ignore[misc]
            one, one_s, _ = min(rounds, key=lambda round_: round_[1])
            one_cpu_s = min(cpu_s for _, _, cpu_s in rounds)
            unchanged_s = _timed(lambda: build(plan, store, now))[1]
            size = sum(path.stat().st_size for path in plan.output.rglob("*") if path.is_file())
    return {
        "issues": ISSUES,
        "papers": PAPERS,
        "files": whole.files,
        "site_mb": round(size / 1e6, 1),
        "full_s": round(whole_s, 2),
        "one_issue_s": round(one_s, 3),
        "one_issue_percent": round(100 * one_s / whole_s, 2),
        "full_cpu_s": round(whole_cpu_s, 2),
        "one_issue_cpu_s": round(one_cpu_s, 3),
        "one_issue_cpu_percent": round(100 * one_cpu_s / whole_cpu_s, 2),
        "one_issue_files": one.made,
        "nothing_new_s": round(unchanged_s, 3),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _warm(plan: Plan, store: Store) -> None:
    """Imports and templates are there for both builds."""
    for path in ("", "search/", "about/", f"daily/{FIRST}/", "daily/topics/vision/", "papers/arxiv/2501.00000/"):
        assert page(plan, store, path, {}, _at(ISSUES)) is not None, path


def _timed(work: Any) -> tuple[Built, float, float]:
    """What `work` came to, its seconds by the clock and of processor time."""
    began, busy = perf_counter(), process_time()
    made = work()
    return made, perf_counter() - began, process_time() - busy


def _at(number: int) -> datetime:
    return datetime.combine(FIRST + timedelta(days=number), datetime.min.time(), UTC) + timedelta(hours=7)


def _publish(store: Store, number: int, dice: Random) -> None:
    """A day: its papers collected with a few votes, and its issue."""
    first, last = (round(at * PAPERS / ISSUES) for at in (number, number + 1))
    papers = [_paper(n, number, dice) for n in range(first, last)]
    at = _at(number)
    signals = tuple(
        Signal(
            paper_id=paper.id, kind="upvotes", value=float(3 * hour), at=at - timedelta(hours=30 - hour), source="hf"
        )
        for paper in papers
        for hour in range(0, 30, 8)
    )
    seen = tuple(Sighting(paper_id=paper.id, source="arxiv", at=at - timedelta(hours=4)) for paper in papers)
    made = Resolved(
        new=tuple(papers), updated=(), sightings=seen, signals=signals, decisions=(), outcomes=("new",) * len(papers)
    )
    store.save_collected([], made, at, {})
    issue = _issue(papers, at)
    store.issues.save(issue, arrivals={section.topic.slug: 3 * len(section.items) for section in issue.sections})


def _paper(number: int, day: int, dice: Random) -> Paper:
    words = dice.choices(WORDS, k=190)
    id_ = f"arxiv:25{day // 31 + 1:02d}.{number:05d}"
    return Paper(
        id=id_,
        keys=(id_,),
        title=" ".join(words[:9]).title(),
        abstract=". ".join(" ".join(words[at : at + 18]).capitalize() for at in range(10, 190, 18)) + ".",
        authors=tuple(Author(name=f"Author {dice.randrange(4000)} Name{dice.randrange(900)}") for _ in range(5)),
        url=f"https://arxiv.org/abs/{id_[6:]}",
        categories=("cs.LG",),
        published=_at(day) - timedelta(hours=20),
    )


def _issue(papers: Sequence[Paper], at: datetime) -> Issue:
    items = [
        Item(
            paper=paper,
            score=1.3 - place / len(papers),
            terms=(Term(name="fresh", value=1, level=1, weight=0.6, points=0.6),),
            reasons=(Reason(kind="upvotes", words="24 votes in a day"),),
            tldr=paper.abstract[:160],
            facts=(),
            attention=tuple(Point(day=at.date() - timedelta(days=2 - n), value=float(n * 4)) for n in range(3)),
            sources=("arxiv",),
            announcement="new",
            first_seen=at - timedelta(hours=4),
        )
        for place, paper in enumerate(papers)
    ]
    sections = tuple(
        Section(topic=Topic(slug=name.lower().replace(" ", "-"), name=name, kind="given", colour=n), items=tuple(some))
        for n, name in enumerate(TOPICS)
        if (some := items[n :: len(TOPICS)])
    )
    return Issue(
        newsletter="daily",
        title="Papers today",
        day=at.date(),
        made_at=at,
        window_start=at - timedelta(days=7),
        language="en",
        top=tuple(paper.id for paper in papers[:3]),
        sections=sections,
        candidates=200,
        coverage=(),
    )


def _fit(store: Store) -> None:
    """The topic space, as a run would have fitted it by now: on a month of papers."""
    from digest.group import fit
    from digest.topics import SPACE

    recent = store.papers.population(_at(ISSUES - 30), _at(ISSUES))
    store.fitted.put({SPACE: fit([one.paper for one in recent]).to_bytes()}, _at(ISSUES))


if __name__ == "__main__":
    print(measure())
