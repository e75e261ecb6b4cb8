"""Dedupe room: the decision for papers that come by the million, such as an imported past. Pure, as `resolve` is.

What shares no key and no title with anything is new at a glance; what shares its strongest key with one known paper and
nothing with any other is that paper. Only the rest is `resolve`'s. Touch here what counts as clear at a glance.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from digest.dedupe import identity, merge
from digest.dedupe.resolve import STAGE, resolve
from digest.model import Decision, Known, Paper, Questions, Reading, Resolved


class Facts(Protocol):
    """What of a paper decides whether anything else may be the same one: its keys, the strongest first, and its
    folded title."""

    @property
    def keys(self) -> tuple[str, ...]: ...
    @property
    def fold(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """Places of papers that are new at a glance, of those that are one known paper (with its id), and of the rest."""

    new: tuple[int, ...]
    known: Mapping[int, str]
    rest: tuple[int, ...]


def questions(papers: Sequence[Facts]) -> Questions:
    """What to look up of the past: keys and folded titles, but no likeness."""
    keys = frozenset(key for paper in papers for key in paper.keys)
    return Questions(keys=keys, titles=frozenset(paper.fold for paper in papers))


def sort_out(papers: Sequence[Facts], known: Known) -> Sorted:
    """Which of `papers` need a closer look, given what is `known` of their keys and titles."""
    keys = Counter(key for paper in papers for key in paper.keys)
    folds = Counter(paper.fold for paper in papers)
    titled = {fold: set(ids) for fold, ids in known.by_title.items()}
    for paper_id, one in known.papers.items():
        titled.setdefault(identity.fold(one.title), set()).add(paper_id)
    new: list[int] = []
    same: dict[int, str] = {}
    rest: list[int] = []
    for place, paper in enumerate(papers):
        holders = {known.by_key[key] for key in paper.keys if key in known.by_key} | titled.get(paper.fold, set())
        alone = folds[paper.fold] == 1 and all(keys[key] == 1 for key in paper.keys)
        if alone and not holders:
            new.append(place)
        elif alone and len(holders) == 1 and known.by_key.get(paper.keys[0]) in holders:
            same[place] = known.by_key[paper.keys[0]]
        else:
            rest.append(place)
    return Sorted(new=tuple(new), known=same, rest=tuple(rest))


def settle(readings: Mapping[int, Reading], found: Sorted, known: Known, now: datetime) -> Resolved:
    """What the papers that are not new at a glance come to; `readings` holds them by place, and `outcomes` are in the
    order of their places. Sightings are left out: the past was not announced."""
    updated, decisions, titles = [], [], []
    for place, paper_id in found.known.items():
        before, read = known.papers[paper_id], readings[place].paper
        after = merge.extended(before, [read], frozenset())
        own = identity.fold(after.title)
        titles += [(paper_id, title) for title in {before.title, read.title} if identity.fold(title) != own]
        if after != before:
            updated.append(after)
            decisions.append(_updated(before, after, now))
    rest = [readings[place] for place in found.rest]
    closer = resolve([reading.entry for reading in rest], rest, _concerned(rest, known), now)
    outcomes = dict.fromkeys(found.known, "known") | dict(zip(found.rest, closer.outcomes, strict=True))
    told = (one for one in closer.decisions if one.verdict not in ("new", "known"))
    return Resolved(
        new=closer.new,
        updated=(*updated, *closer.updated),
        sightings=(),
        signals=(),
        decisions=(*decisions, *told),
        outcomes=tuple(outcomes[place] for place in sorted(outcomes)),
        accounts=closer.accounts,
        merges=closer.merges,
        steps=closer.steps,
        titles=(*sorted(titles), *closer.titles),
    )


def _concerned(readings: Sequence[Reading], known: Known) -> Known:
    """The part of the past that has a key or a title of one of `readings`."""
    keys = {key for reading in readings for key in reading.paper.keys}
    titles = {identity.fold(reading.paper.title) for reading in readings}
    by_key = {key: paper_id for key, paper_id in known.by_key.items() if key in keys}
    by_title = {fold: ids for fold, ids in known.by_title.items() if fold in titles}
    held = set(by_key.values()).union(*by_title.values())
    papers: dict[str, Paper] = {
        paper_id: paper
        for paper_id, paper in known.papers.items()
        if paper_id in held or identity.fold(paper.title) in titles
    }
    told = {paper_id: some for paper_id, some in known.told.items() if paper_id in papers}
    return Known(by_key=by_key, papers=papers, apart=known.apart, by_title=by_title, told=told)


def _updated(before: Paper, after: Paper, now: datetime) -> Decision:
    reason = f"gained {merge.changes(before, after)}"
    return Decision(subject=after.id, stage=STAGE, verdict="updated", reason=reason, at=now, of=after.id)
