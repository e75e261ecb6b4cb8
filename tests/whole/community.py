"""An invented community in a store: it likes some subjects and some authors, and a list says what it picked."""

import random
from datetime import UTC, datetime, timedelta

from digest.dedupe import fold
from digest.model import Author, Paper, Resolved, Sighting, Signal
from digest.store import Store

FIRST = datetime(2025, 9, 1, 4, tzinfo=UTC)
LIKED = ["speech", "robots", "proteins", "reasoning", "retrieval"]
OTHER = ["lattices", "tariffs", "glaciers", "solvents", "auctions", "sediments", "turbines", "orchards"]
PLAIN = ["careful", "study", "measures", "several", "systems", "under", "load", "with", "simple", "tools"]
LISTED = timedelta(hours=8)
"""From the announcement of a paper to its pick."""


def settle(store: Store, days: int, a_day: int = 24, seed: int = 1, *, liking: bool = True) -> dict[str, bool]:
    """`days` days from FIRST of papers that ``arxiv`` announces, and those that ``hf`` lists eight hours later, with
    votes the day after: whether each paper is one the community likes. Without `liking` it picks by chance."""
    pick, liked = random.Random(seed), {}
    for day in range(days):
        at = FIRST + timedelta(days=day)
        papers = [_paper(pick, day, number, liked) for number in range(a_day)]
        chosen = [p for p in papers if pick.random() < (0.6 if liked[p.id] and liking else 0.05)]
        seen = [Sighting(paper_id=p.id, source="arxiv", at=at) for p in papers]
        seen += [Sighting(paper_id=p.id, source="hf", at=at + LISTED) for p in chosen]
        votes = [Signal(paper_id=p.id, kind="upvotes", value=9.0, at=at + 4 * LISTED, source="hf") for p in chosen]
        made = Resolved(
            new=tuple(papers), updated=(), sightings=tuple(seen), signals=tuple(votes), decisions=(), outcomes=()
        )
        store.save_collected((), made, at, {p.id: fold(p.title) for p in papers})
    return liked


def _paper(pick: random.Random, day: int, number: int, liked: dict[str, bool]) -> Paper:
    name = f"arxiv:25{9 + day // 30:02d}.{day:02d}{number:03d}"
    liked[name] = pick.random() < 0.3
    words = pick.choices(LIKED if liked[name] else OTHER, k=8) + pick.choices(PLAIN, k=30)
    pick.shuffle(words)
    people = [f"Person {pick.randrange(900)}" for _ in range(pick.randint(1, 4))]
    return Paper(
        id=name,
        keys=(name,),
        title=" ".join([*words[:5], str(day), str(number)]),
        abstract=" ".join(words),
        authors=tuple(Author(name=person) for person in people),
        categories=("cs.CL",),
        published=FIRST + timedelta(days=day),
    )
