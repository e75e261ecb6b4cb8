"""Store room: how much there is of everything, for whoever watches. Reads only, in one glance.

Touched when an operator needs another figure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from digest.store import tables as t
from digest.store.codec import decode
from digest.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The figures. `issues` maps a newsletter to how many there are and the newest day; `collected` counts the entries
    of the last run that collected by outcome; `queue` is what could be sent now."""

    papers: int
    runs: int
    last_run: datetime | None
    collected: Mapping[str, int]
    issues: Mapping[str, tuple[int, date]]
    deliveries: dict[str, int]
    queue: int
    readers: dict[str, int]


class Figures:
    """See `read`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, now: datetime) -> Found:
        """All figures as of one moment. Raises StoreError."""
        by_letter = sa.select(t.issues.c.newsletter, sa.func.count(), sa.func.max(t.issues.c.day))
        last = sa.select(t.runs.c.at, t.runs.c.body).order_by(t.runs.c.id.desc()).limit(20)
        with self._database.read() as read:
            runs = read.execute(last).all()
            rows = read.execute(by_letter.group_by(t.issues.c.newsletter)).tuples().all()
            return Found(
                papers=_count(read, sa.select(sa.func.count()).select_from(t.papers)),
                runs=_count(read, sa.select(sa.func.max(t.runs.c.id))),
                last_run=runs[0].at if runs else None,
                collected=_collected([decode(dict, row.body) for row in runs]),
                issues={name: (count, day) for name, count, day in rows},
                deliveries=_by_state(read, t.deliveries),
                queue=_count(read, _due(now)),
                readers=_by_state(read, t.readers),
            )


def _count(read: sa.Connection, query: "sa.Select[Any]") -> int:
    return int(read.scalar(query) or 0)


def _by_state(read: sa.Connection, table: sa.Table) -> dict[str, int]:
    query = sa.select(table.c.state, sa.func.count()).group_by(table.c.state).order_by(table.c.state)
    return dict(read.execute(query).tuples().all())


def _due(now: datetime) -> "sa.Select[Any]":
    state = t.deliveries.c.state
    return sa.select(sa.func.count()).where(
        (state == "pending") | ((state == "failed") & (t.deliveries.c.retry_at <= now))
    )


def _collected(reports: list[Any]) -> Mapping[str, int]:
    """The counts of the newest of `reports` (newest first) that collected."""
    found: Mapping[str, Any] = next((report["collected"] for report in reports if report.get("collected")), {})
    return {name: count for name, count in found.items() if isinstance(count, int)}
