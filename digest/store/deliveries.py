"""Store room: deliveries, and the claims by which any number of senders share them.

A claim is a row in state `sending` with its owner's token. An owner holds a locked file while it lives; the kernel
unlocks it when the process dies, so whoever can lock that file knows the owner is gone. No clock is asked. Touched
when a delivery needs another state; what to do after a refusal is decided in the deliver room.
"""

import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from digest.model import Counts, Delivery
from digest.store import tables as t
from digest.store.database import Database, chunks, in_words, try_flock
from digest.store.issues import add_deliveries

DOUBT = "the sender stopped after it had begun to hand this message to the server"
_D = t.deliveries.c
_FREED = {"state": "pending", "owner": None, "handed": 0}
_DOUBTED = {"state": "in_doubt", "owner": None, "handed": 0, "error": DOUBT}
_by_row = sa.and_(_D.issue == sa.bindparam("of_issue"), _D.address == sa.bindparam("to_address"))
_SETTLE = sa.update(t.deliveries).where(_by_row)
_HAND = _SETTLE.values(handed=1)


class Outbox:
    """The deliveries of one issue, for one sender. Made by `Deliveries.outbox`; every method raises StoreError."""

    def __init__(self, deliveries: "Deliveries", issue_id: str, owner: str) -> None:
        self._deliveries, self._issue, self._owner = deliveries, issue_id, owner

    def claim(self, limit: int, now: datetime) -> tuple[Delivery, ...]:
        """At most `limit` deliveries that are due at `now` and now ours alone; none when all are done or others'."""
        return self._deliveries.claim(self._issue, self._owner, limit, now)

    def hand(self, delivery: Delivery) -> None:
        """To be called just before the message goes to the server: from here on a crash leaves it in doubt."""
        self._deliveries.hand(delivery)

    def settle(self, *deliveries: Delivery) -> None:
        """Records what became of claimed deliveries: their state, attempts, retry_at and error."""
        self._deliveries.settle(*deliveries)

    def counts(self) -> Counts:
        """Where the issue's deliveries stand."""
        return self._deliveries.counts(self._issue)


class Deliveries:
    """Deliveries by issue id and address. Every method raises StoreError where the store cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def outbox(self, issue_id: str) -> Iterator[Outbox]:
        """An outbox for one sender; on leaving, what it claimed and did not settle is free, or in doubt if handed."""
        owner = f"{os.getpid()}-{os.urandom(6).hex()}"
        path = self._owner_file(owner)
        with in_words(path):
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            if not try_flock(descriptor):
                raise AssertionError(f"{path} was locked by somebody else")
            yield Outbox(self, issue_id, owner)
        finally:
            try:
                with self._database.write() as write:
                    _free(write, [owner])
                path.unlink(missing_ok=True)  # only now: a missing file says that its owner is gone
            finally:
                os.close(descriptor)

    def claim(self, issue_id: str, owner: str, limit: int, now: datetime) -> tuple[Delivery, ...]:
        """Marks at most `limit` deliveries as being sent by `owner` and returns them: pending ones, failed ones whose
        retry is due at `now`, and those of owners that died."""
        due = sa.or_(_D.state == "pending", sa.and_(_D.state == "failed", _D.retry_at <= now))
        query = sa.select(t.deliveries).where(_D.issue == issue_id, due).order_by(_D.id).limit(limit)
        with self._database.write() as write:
            self._bury(write)
            rows = write.execute(query).all()
            for some in chunks([row.id for row in rows]):
                mine = {"state": "sending", "owner": owner, "handed": 0}
                write.execute(sa.update(t.deliveries).where(_D.id.in_(some)).values(mine))
        return tuple(replace(_delivery(row), state="sending") for row in rows)

    def hand(self, delivery: Delivery) -> None:
        """Records, before it happens, that the message goes to the server."""
        with self._database.write() as write:
            write.execute(_HAND, _key(delivery))

    def settle(self, *deliveries: Delivery) -> None:
        """Records each delivery as given, in one transaction, and ends its claim."""
        rows = [
            {
                **_key(each),
                "state": each.state,
                "attempts": each.attempts,
                "retry_at": each.retry_at,
                "error": each.error,
                "owner": None,
                "handed": 0,
            }
            for each in deliveries
        ]
        if rows:
            with self._database.write() as write:
                write.execute(_SETTLE, rows)

    def add(self, issue_id: str, recipients: Iterable[tuple[str, str]]) -> None:
        """Further recipients of a saved issue as (address, message id); those it has already are left alone."""
        with self._database.write() as write:
            add_deliveries(write, issue_id, recipients)

    def counts(self, issue_id: str) -> Counts:
        """Where the issue's deliveries stand; what is being sent by a living sender counts as pending."""
        query = sa.select(_D.state, sa.func.count()).where(_D.issue == issue_id).group_by(_D.state)
        with self._database.write() as write:
            self._bury(write)
            found: dict[str, int] = dict(write.execute(query).tuples().all())
        waiting = found.pop("sending", 0) + found.pop("pending", 0)
        return Counts(pending=waiting, **found)

    def list(self, issue_id: str | None = None) -> tuple[Delivery, ...]:
        """Deliveries of an issue, or all, in the order they were made."""
        query = sa.select(t.deliveries).order_by(_D.id)
        if issue_id is not None:
            query = query.where(_D.issue == issue_id)
        with self._database.write() as write:
            self._bury(write)
            return tuple(_delivery(row) for row in write.execute(query))

    def unfinished(self, now: datetime) -> tuple[str, ...]:
        """Ids of issues that have something to send at `now`, oldest first."""
        due = sa.or_(_D.state.in_(("pending", "sending")), sa.and_(_D.state == "failed", _D.retry_at <= now))
        issues = sa.select(t.issues.c.id).where(t.issues.c.id.in_(sa.select(_D.issue).where(due)))
        with self._database.read() as read:
            return tuple(read.execute(issues.order_by(t.issues.c.day, t.issues.c.id)).scalars())

    def retry(self, issue_id: str, addresses: Collection[str] | None = None) -> int:
        """A person's word that failed and in-doubt deliveries be sent again (of these addresses, or all such of the
        issue); returns how many."""
        return self._decide(issue_id, addresses, {"state": "pending", "retry_at": None, "error": None})

    def accept(self, issue_id: str, addresses: Collection[str] | None = None) -> int:
        """A person's word that failed and in-doubt deliveries did arrive; returns how many."""
        return self._decide(issue_id, addresses, {"state": "sent", "retry_at": None, "error": None})

    def _decide(self, issue_id: str, addresses: Collection[str] | None, values: dict[str, Any]) -> int:
        doubtful = sa.and_(_D.issue == issue_id, _D.state.in_(("failed", "in_doubt")))
        update = sa.update(t.deliveries).where(doubtful).values(values)
        with self._database.write() as write:
            self._bury(write)
            if addresses is None:
                return int(write.execute(update).rowcount)
            return sum(write.execute(update.where(_D.address.in_(some))).rowcount for some in chunks(sorted(addresses)))

    def _owner_file(self, owner: str) -> Path:
        path = self._database.path
        return path.with_name(f"{path.name}.sender-{owner}")

    def _bury(self, write: sa.Connection) -> None:
        """Frees what dead owners had claimed."""
        query = sa.select(_D.owner).where(_D.state == "sending").distinct()
        dead = [owner for owner in write.execute(query).scalars() if owner and self._is_dead(owner)]
        _free(write, dead)

    def _is_dead(self, owner: str) -> bool:
        path = self._owner_file(owner)
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return True
        try:
            if not try_flock(descriptor):
                return False
            path.unlink(missing_ok=True)
            return True
        finally:
            os.close(descriptor)


def _free(write: sa.Connection, owners: list[str]) -> None:
    if not owners:
        return
    theirs = sa.update(t.deliveries).where(_D.state == "sending", _D.owner.in_(owners))
    write.execute(theirs.where(_D.handed == 1).values(_DOUBTED))
    write.execute(theirs.where(_D.handed == 0).values(_FREED))


def _key(delivery: Delivery) -> dict[str, str]:
    return {"of_issue": delivery.issue, "to_address": delivery.address}


def _delivery(row: Any) -> Delivery:
    return Delivery(
        issue=row.issue,
        address=row.address,
        message_id=row.message_id,
        state=row.state,
        attempts=row.attempts,
        retry_at=row.retry_at,
        error=row.error,
    )
