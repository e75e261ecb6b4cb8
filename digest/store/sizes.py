"""Store room: how large the store was on days that something ran, to tell what grows."""

from collections.abc import Mapping
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from digest.store.database import Database
from digest.store.tables.upkeep import sizes

EVERY = timedelta(days=7)
"""Days between two records: counting the rows of a large store takes a second."""


class Sizes:
    """Rows of each table by day, and bytes of the file. Every method raises StoreError."""

    WHOLE = ""  # the name under which the bytes of the whole file stand

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, day: date) -> bool:
        """Whether `day` is due to be recorded."""
        with self._database.read() as read:
            last: date | None = read.scalar(sa.select(sa.func.max(sizes.c.day)))
        return last is None or day - last >= EVERY

    def record(self, day: date, found: Mapping[str, int]) -> None:
        """Remembers the sizes of `day`: rows by table, and bytes under `WHOLE`."""
        rows = [{"day": day, "name": name, "rows": count} for name, count in found.items()]
        with self._database.write() as write:
            write.execute(insert(sizes).on_conflict_do_nothing(), rows)

    def since(self, day: date) -> tuple[date, Mapping[str, int]] | None:
        """The oldest record of `day` or later: its day and what it says."""
        with self._database.read() as read:
            first: date | None = read.scalar(sa.select(sa.func.min(sizes.c.day)).where(sizes.c.day >= day))
            if first is None:
                return None
            query = sa.select(sizes.c.name, sizes.c.rows).where(sizes.c.day == first)
            return first, dict(read.execute(query).tuples().all())
