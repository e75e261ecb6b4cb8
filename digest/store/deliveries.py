"""Store room: deliveries of issues to readers and channels: what is due, who claimed it, what became of it.

A claim is a row in state `sending` with its owner's token (`outbox.py` says what an owner is). Touched when a delivery
needs another state; what to do after a refusal is decided in the deliver room.
"""

import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, get_args

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from digest.model import Counts, Delivery, DeliveryState
from digest.store import tables as t
from digest.store.database import CHUNK, Database, chunks, in_words
from digest.store.outbox import Journal, Outbox, read_journal, unowned

STATES: tuple[DeliveryState, ...] = get_args(DeliveryState)
_D = t.deliveries.c
_SETTLE = sa.update(t.deliveries).where(
    _D.issue == sa.bindparam("of_issue"), _D.address == sa.bindparam("to_address"), _D.owner == sa.bindparam("by")
)


_TO_CHANNEL = _D.address.between("channel:", "channel;")  # no mail address can be spelled so


class Deliveries:
    """Deliveries by issue id and address; that of a channel is ``channel:NAME``.

    Every method raises StoreError where the store cannot be used.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def outbox(self, issue_id: str, channel: str | None = None) -> Iterator[Outbox]:
        """An outbox for one sender of mail, or for one channel by its address. On leaving, what it claimed and did not
        settle is free, or in doubt if handed."""
        owner = f"{os.getpid()}-{os.urandom(6).hex()}"
        journal = Journal(self._owner_file(owner))
        try:
            yield Outbox(
                journal,
                partial(self.claim, issue_id, owner, channel=channel),
                partial(self.settle, owner),
                partial(self.counts, issue_id),
            )
        finally:
            try:
                with self._database.write() as write:
                    _close(write, owner, read_journal(journal.path))
                journal.path.unlink(missing_ok=True)  # only now: without its file an owner counts as gone
            finally:
                journal.close()

    def claim(
        self, issue_id: str, owner: str, limit: int, now: datetime, channel: str | None = None
    ) -> tuple[Delivery, ...]:
        """Marks at most `limit` deliveries (mails, or the one of `channel`) as being sent by `owner` and returns them:
        pending ones, failed ones whose retry is due at `now`, and those of owners that died; none while sending is
        paused."""
        if self.paused():
            return ()
        to = ~_TO_CHANNEL if channel is None else _D.address == channel
        query = sa.select(t.deliveries).where(_D.issue == issue_id, to).order_by(_D.retry_at, _D.id)
        due = (_D.state == "failed") & (_D.retry_at <= now)
        self._bury()
        with self._database.write() as write:  # two queries, for one with OR would read every row of the issue
            rows = list(write.execute(query.where(_D.state == "pending").limit(limit)))
            rows += write.execute(query.where(due).limit(limit - len(rows)))
            for some in chunks([row.id for row in rows]):
                write.execute(sa.update(t.deliveries).where(_D.id.in_(some)).values(state="sending", owner=owner))
        return tuple(replace(_delivery(row), state="sending") for row in rows)

    def settle(self, owner: str, *deliveries: Delivery) -> None:
        """Records what became of deliveries that `owner` had claimed, in one transaction, and ends their claims."""
        with self._database.write() as write:
            _settle(write, owner, deliveries)

    def add(self, issue_id: str, recipients: Iterable[tuple[str, str]]) -> None:
        """Further recipients of a saved issue as (address, message id); those it has already are left alone."""
        with self._database.write() as write:
            add_deliveries(write, issue_id, recipients)

    def counts(self, issue_id: str) -> Counts:
        """Where the issue's mails stand; what is being sent by a living sender counts as pending."""
        query = sa.select(_D.state, sa.func.count()).where(_D.issue == issue_id, _D.state.in_(STATES))
        self._bury()
        with self._database.read() as read:  # all but the few of channels: so that the index alone answers the first
            found: dict[str, int] = dict(read.execute(query.group_by(_D.state)).tuples().all())
            for state, count in read.execute(query.where(_TO_CHANNEL).group_by(_D.state)).tuples():
                found[state] -= count
        waiting = found.pop("sending", 0) + found.pop("pending", 0)
        return Counts(pending=waiting, **found)

    def list(self, issue_id: str | None = None, states: Collection[DeliveryState] = STATES) -> tuple[Delivery, ...]:
        """Deliveries in these states of an issue, or of all, in the order they were made."""
        query = sa.select(t.deliveries).where(_D.state.in_(sorted(states))).order_by(_D.id)
        if issue_id is not None:
            query = query.where(_D.issue == issue_id)
        self._bury()
        with self._database.read() as read:
            return tuple(_delivery(row) for row in read.execute(query))

    def channels(self, issue_id: str) -> tuple[Delivery, ...]:
        """The issue's deliveries to channels, in the order they were made."""
        query = sa.select(t.deliveries).where(_D.issue == issue_id, _TO_CHANNEL).order_by(_D.id)
        self._bury()
        with self._database.read() as read:
            return tuple(_delivery(row) for row in read.execute(query))

    def address_of(self, message_id: str) -> str:
        """Whom the message of this id went to; "" where there is no such message."""
        query = sa.select(_D.address).where(_D.message_id == message_id, ~_TO_CHANNEL).limit(1)
        with self._database.read() as read:
            return str(read.scalar(query) or "")

    def unfinished(self, now: datetime) -> tuple[str, ...]:
        """Ids of issues that have something to send at `now`, oldest first."""
        opened = sa.select(_D.issue).where(_D.state.in_(("pending", "sending")))
        again = sa.select(_D.issue).where(_D.state == "failed", _D.retry_at <= now)
        issues = sa.select(t.issues.c.id).where(t.issues.c.id.in_(opened.union(again)))
        with self._database.read() as read:
            return tuple(read.execute(issues.order_by(t.issues.c.day, t.issues.c.id)).scalars())

    def pause(self) -> None:
        """Lets every sender on this store stop after what it has claimed, until `resume`. Raises StoreError."""
        with in_words(self._pause_file()):
            self._pause_file().touch()

    def resume(self) -> None:
        """Lets the next run send what waits. Raises StoreError."""
        with in_words(self._pause_file()):
            self._pause_file().unlink(missing_ok=True)

    def paused(self) -> bool:
        """Whether a person has paused sending: a file beside the store says so, at once and to every process."""
        return self._pause_file().exists()

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
        self._bury()
        with self._database.write() as write:
            if addresses is None:
                return int(write.execute(update).rowcount)
            return sum(write.execute(update.where(_D.address.in_(some))).rowcount for some in chunks(sorted(addresses)))

    def _pause_file(self) -> Path:
        path = self._database.path
        return path.with_name(f"{path.name}.paused")

    def _owner_file(self, owner: str) -> Path:
        path = self._database.path
        return path.with_name(f"{path.name}.sender-{owner}")

    def _bury(self) -> None:
        """Brings in what dead owners had sent, and frees what else they had claimed."""
        query = sa.select(_D.owner).where(_D.owner.is_not(None)).distinct()
        with self._database.read() as read:
            claimed = {str(owner) for owner in read.execute(query).scalars()}
        prefix = self._owner_file("").name
        files = {path.name.removeprefix(prefix) for path in self._database.path.parent.glob(f"{prefix}*-*")}
        for owner in claimed | files:
            path = self._owner_file(owner)
            with unowned(path) as gone:  # held until its journal is in the database and may go
                if gone:
                    with self._database.write() as write:
                        _close(write, owner, read_journal(path))
                    path.unlink(missing_ok=True)


def add_deliveries(write: sa.Connection, issue_id: str, recipients: Iterable[tuple[str, str]]) -> None:
    """One pending delivery per (address, message id); an address that has one keeps it."""
    new = {"issue": issue_id, "state": "pending", "attempts": 0}
    rows = ({**new, "address": address, "message_id": message_id} for address, message_id in recipients)
    while some := list(islice(rows, 10 * CHUNK)):  # a hundred thousand readers at once would fill the memory
        write.execute(insert(t.deliveries).on_conflict_do_nothing(), some)


def _close(write: sa.Connection, owner: str, journal: Iterable[Delivery]) -> None:
    """Ends every claim of `owner`."""
    _settle(write, owner, journal)
    theirs = sa.update(t.deliveries).where(_D.owner == owner)
    write.execute(theirs.values(state="pending", owner=None))


def _settle(write: sa.Connection, owner: str, deliveries: Iterable[Delivery]) -> None:
    rows = [
        {
            "of_issue": each.issue,
            "to_address": each.address,
            "by": owner,
            "state": each.state,
            "attempts": each.attempts,
            "retry_at": each.retry_at,
            "error": each.error,
            "owner": None,
        }
        for each in deliveries
    ]
    if rows:
        write.execute(_SETTLE, rows)


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
