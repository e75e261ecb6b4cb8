"""What an issue rests on: each source and its parts, how they are, and what they brought. Joined by assembly.py.

Counts only; how it is said is render/words.py. Touched when readers are to be told something new of a source.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from digest.model import Candidate, Coverage, CoveragePart, SourceState


def coverage(
    states: Iterable[SourceState], population: Iterable[Candidate], last: datetime | None
) -> tuple[Coverage, ...]:
    """What each source announced of `population` since `last` (None: ever), and how many it was the first with."""
    announced: dict[str, list[Candidate]] = {}
    new: Counter[str] = Counter()
    for candidate in population:
        fresh = [seen for seen in candidate.sightings if last is None or seen.at > last]
        for source in {seen.source for seen in fresh}:
            announced.setdefault(source, []).append(candidate)
        if fresh and (last is None or candidate.first_seen > last):
            new[min(fresh, key=lambda seen: seen.at).source] += 1
    return tuple(
        Coverage(
            source=state.name,
            status=state.status,
            entries=len(announced.get(state.name, ())),
            new=new[state.name],
            since=state.since,
            error=state.error,
            parts=_parts(state, announced.get(state.name, ())),
        )
        for state in states
    )


def _parts(state: SourceState, announced: Iterable[Candidate]) -> tuple[CoveragePart, ...]:
    """The parts of a source that has some; a paper in two of them counts in both."""
    from digest.collect import parts

    counts: Counter[str] = Counter()
    for candidate in announced:
        counts.update({c.lower() for c in candidate.paper.categories} | _archives(candidate))
    return tuple(CoveragePart(name=p.name, status=p.status, entries=counts[p.name.lower()]) for p in parts(state))


def _archives(candidate: Candidate) -> set[str]:
    """``cs`` for ``cs.CL``: a whole archive may be followed."""
    return {c.lower().partition(".")[0] for c in candidate.paper.categories if "." in c}
