"""Store room: corrections of issues. An issue never changes; what it should have said is kept beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from digest.model import Correction, Issue
from digest.store import tables as t
from digest.store.codec import decode, encode
from digest.store.database import Database, chunks
from digest.store.deliveries import add_deliveries
from digest.store.tables.upkeep import corrections

_C = corrections.c


class Corrections:
    """Corrections by the issue they are of. Every method raises StoreError where the store cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, issue: str, note: str, paper_id: str | None, now: datetime, recipients: Iterable[tuple[str, str]]
    ) -> Correction:
        """Keeps a correction of the issue of this id, to be mailed to `recipients` (address, Message-ID), if any."""
        known = sa.select(sa.func.count()).where(_C.issue == issue)
        to = tuple(recipients)
        with self._database.write() as write:
            number = int(write.scalar(known) or 0) + 1
            made = Correction(
                id=f"{issue}#{number}", issue=issue, at=now, note=note, paper_id=paper_id, mailed=bool(to)
            )
            write.execute(sa.insert(corrections), {"id": made.id, "issue": issue, "at": now, "body": encode(made)})
            add_deliveries(write, made.id, to)
        return made

    def get(self, name: str) -> Correction | None:
        """The correction of this id."""
        with self._database.read() as read:
            body = read.scalar(sa.select(_C.body).where(_C.id == name))
        return None if body is None else decode(Correction, body)

    def unfinished(self, now: datetime) -> tuple[str, ...]:
        """Ids of corrections that have something to send at `now`, oldest first."""
        d = t.deliveries.c
        opened = sa.select(d.issue).where(d.state.in_(("pending", "sending")))
        again = sa.select(d.issue).where(d.state == "failed", d.retry_at <= now)
        with self._database.read() as read:
            query = sa.select(_C.id).where(_C.id.in_(opened.union(again))).order_by(_C.at, _C.id)
            return tuple(read.execute(query).scalars())


def corrected(read: sa.Connection, issues: Sequence[Issue]) -> tuple[Issue, ...]:
    """The issues with their corrections, oldest first."""
    found: dict[str, list[Correction]] = {}
    for some in chunks([issue.id for issue in issues]):
        query = sa.select(_C.body).where(_C.issue.in_(some)).order_by(_C.at, _C.id)
        for body in read.execute(query).scalars():
            each = decode(Correction, body)
            found.setdefault(each.issue, []).append(each)
    return tuple(replace(each, corrections=tuple(found[each.id])) if each.id in found else each for each in issues)
