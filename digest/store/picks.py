"""Store room: which papers were announced and which of them a community picked: what a forecast is learnt from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from digest.model import Paper
from digest.store import tables as t
from digest.store.codec import decode
from digest.store.database import Database
from digest.store.votes import tally

BATCH = 2000  # rows held at a time
Pickers = tuple[str, ...] | Literal["readers"] | None
"""Whose picks: those of sources' lists, readers' (what more of them want more of than less), or None: the curator's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A paper, when it was first announced, and when it was picked (None: not so far)."""

    paper: Paper
    at: datetime
    picked_at: datetime | None


class Picks:
    """What was picked by `Pickers`. Every method raises StoreError where the store cannot be read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def announced(self, since: datetime, until: datetime, pickers: Pickers) -> Iterator[Announced]:
        """Papers announced from `since` to `until` by any source that is no picker, oldest first, then by id.

        What was never among those that could be picked or not is left out: a paper known from pickers alone, and, of
        readers' picks, one that was not printed.
        """
        seen, lists = t.sightings.c, _lists(pickers)
        at = sa.func.min(sa.case((seen.source.not_in(lists), seen.at)), type_=seen.at.type)
        picked = _picked(pickers).subquery()
        first = (
            sa.select(seen.paper_id, at.label("at")).group_by(seen.paper_id).having(at.between(since, until)).subquery()
        )
        query = (  # what was announced leads to papers: most of these may be an imported past
            sa.select(t.papers.c.id, t.papers.c.body, first.c.at, picked.c.at.label("picked"))
            .join_from(first, t.papers, first.c.paper_id == t.papers.c.id)
            .outerjoin(picked, picked.c.paper_id == t.papers.c.id)
            .where(t.papers.c.first_seen <= until)
            .order_by(first.c.at, t.papers.c.id)
        )
        if pickers == "readers":
            query = query.where(sa.exists().where(t.printed.c.paper_id == t.papers.c.id))
        with self._database.read() as read:
            for row in read.execution_options(yield_per=BATCH).execute(query):
                yield Announced(paper=decode(Paper, row.body), at=row.at, picked_at=row.picked)

    def when(self, pickers: Pickers) -> dict[str, datetime]:
        """When each paper that was picked was picked first, by paper id."""
        with self._database.read() as read:
            return dict(read.execute(_picked(pickers)).tuples().all())

    def count(self, since: datetime, pickers: Pickers) -> int:
        """How many papers were picked since then."""
        seen, picked = t.sightings.c, _picked(pickers).subquery()
        query = sa.select(sa.func.count()).select_from(picked).where(picked.c.at >= since)
        if _lists(pickers):
            listed = seen.source.in_(_lists(pickers)) & (seen.at >= since)
            query = sa.select(sa.func.count(sa.distinct(seen.paper_id))).where(listed)
        with self._database.read() as read:
            return int(read.scalar(query) or 0)


def _lists(pickers: Pickers) -> list[str]:
    return sorted(pickers) if isinstance(pickers, tuple) else []


def _picked(pickers: Pickers) -> "sa.Select[Any]":
    """(paper_id, at) of every paper that was picked, and when first."""
    if pickers is None:
        return sa.select(t.hand.c.paper_id, t.hand.c.at.label("at")).where(t.hand.c.act == "pick")
    if pickers == "readers":
        votes = tally()
        return sa.select(votes.c.paper_id, votes.c.first.label("at")).where(votes.c.more > votes.c.less)
    seen = t.sightings.c
    first = sa.func.min(seen.at, type_=seen.at.type).label("at")
    return sa.select(seen.paper_id, first).where(seen.source.in_(_lists(pickers))).group_by(seen.paper_id)
