"""Store room: what is remembered of each source between runs, and the runs themselves."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from digest.model import SourceState
from digest.store import tables as t
from digest.store.codec import decode, encode
from digest.store.collected import put_states
from digest.store.database import Database


class Sources:
    """States by name. They are saved with what was collected; `put` is for corrections alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def states(self, names: Iterable[str] | None = None) -> dict[str, SourceState]:
        """What is remembered of these sources (of all without `names`); one never asked is absent. StoreError."""
        query = sa.select(t.sources).order_by(t.sources.c.name)
        if names is not None:
            query = query.where(t.sources.c.name.in_(sorted(names)))
        with self._database.read() as read:
            return {row.name: decode(SourceState, row.body) for row in read.execute(query)}

    def brought(self, since: datetime) -> dict[str, tuple[int, int]]:
        """By source, of how many papers it told since then, and how many of them were printed. Raises StoreError."""
        printed = sa.select(t.printed.c.paper_id).distinct().subquery()
        told = sa.select(t.sightings.c.source, t.sightings.c.paper_id).where(t.sightings.c.at >= since).distinct()
        each = told.subquery()
        query = (
            sa.select(each.c.source, sa.func.count(), sa.func.count(printed.c.paper_id))
            .select_from(each.outerjoin(printed, printed.c.paper_id == each.c.paper_id))
            .group_by(each.c.source)
        )
        with self._database.read() as read:
            return {source: (told, shown) for source, told, shown in read.execute(query).tuples()}

    def put(self, states: Iterable[SourceState]) -> None:
        """Remembers these states. Raises StoreError."""
        with self._database.write() as write:
            put_states(write, states)


class Runs:
    """Reports of past runs, as JSON objects."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, report: Mapping[str, Any], now: datetime) -> None:
        """Keeps the report of a run that ended at `now`. Raises StoreError."""
        with self._database.write() as write:
            write.execute(sa.insert(t.runs), {"at": now, "body": encode(report)})

    def last(self, limit: int = 1) -> tuple[Mapping[str, Any], ...]:
        """The last `limit` reports, newest first. Raises StoreError."""
        with self._database.read() as read:
            bodies = read.execute(sa.select(t.runs.c.body).order_by(t.runs.c.id.desc()).limit(limit)).scalars()
            return tuple(decode(dict, body) for body in bodies)
