"""Store room: which papers were announced and which of them a community picked: what a forecast is learnt from."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from digest.model import Paper
from digest.store import tables as t
from digest.store.codec import decode
from digest.store.database import Database

BATCH = 2000  # rows held at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A paper, when it was first announced, and when it was picked (None: not so far)."""

    paper: Paper
    at: datetime
    picked_at: datetime | None


class Picks:
    """Picks are what sources called `pickers` list or, with None, what the curator picked. Every method raises
    StoreError where the store cannot be read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def announced(self, since: datetime, until: datetime, pickers: Collection[str] | None) -> Iterator[Announced]:
        """Papers announced from `since` to `until` by any source that is no picker, oldest first, then by id.

        A paper known from pickers alone is left out: it was never among those that could be picked or not.
        """
        seen = t.sightings.c
        at = sa.func.min(sa.case((seen.source.not_in(sorted(pickers or ())), seen.at)), type_=seen.at.type)
        listed = sa.func.min(sa.case((seen.source.in_(sorted(pickers or ())), seen.at)), type_=seen.at.type)
        query = (
            sa.select(t.papers.c.id, t.papers.c.body, at.label("at"), listed.label("listed"), t.hand.c.at.label("hand"))
            .join(t.sightings, seen.paper_id == t.papers.c.id)
            .outerjoin(t.hand, (t.hand.c.paper_id == t.papers.c.id) & (t.hand.c.act == "pick"))
            .where(t.papers.c.first_seen <= until)
            .group_by(t.papers.c.id)
            .having(at.between(since, until))
            .order_by(at, t.papers.c.id)
        )
        with self._database.read() as read:
            for row in read.execution_options(yield_per=BATCH).execute(query):
                yield _announced(row, by_hand=pickers is None)

    def when(self, pickers: Collection[str] | None) -> dict[str, datetime]:
        """When each paper that was picked was picked first, by paper id."""
        seen, hand = t.sightings.c, t.hand.c
        query = sa.select(hand.paper_id, hand.at).where(hand.act == "pick")
        if pickers is not None:
            listed = sa.select(seen.paper_id, sa.func.min(seen.at, type_=seen.at.type))
            query = listed.where(seen.source.in_(sorted(pickers))).group_by(seen.paper_id)
        with self._database.read() as read:
            return dict(read.execute(query).tuples().all())

    def count(self, since: datetime, pickers: Collection[str] | None) -> int:
        """How many papers were picked since then."""
        seen, hand = t.sightings.c, t.hand.c
        query = sa.select(sa.func.count()).where(hand.act == "pick", hand.at >= since)
        if pickers is not None:
            listed = seen.source.in_(sorted(pickers)) & (seen.at >= since)
            query = sa.select(sa.func.count(sa.distinct(seen.paper_id))).where(listed)
        with self._database.read() as read:
            return int(read.scalar(query) or 0)


def _announced(row: Any, *, by_hand: bool) -> Announced:
    return Announced(paper=decode(Paper, row.body), at=row.at, picked_at=row.hand if by_hand else row.listed)
