"""Store room: readers, what they agreed to, and who must never be written to again."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from digest.model import Reader, ReaderState
from digest.store import tables as t
from digest.store.codec import decode, encode
from digest.store.database import Database, chunks


class Readers:
    """Readers by address, compared without case. Every method raises StoreError where the store cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, readers: Iterable[Reader], now: datetime) -> dict[str, str]:
        """Keeps new readers and returns, by address as given, `added`, `known` (left as it is) or `suppressed`."""
        wanted = list(readers)
        came: dict[str, str] = {}
        with self._database.write() as write:
            known, barred = _present(write, wanted), _suppressed(write, wanted)
            fresh: dict[str, Reader] = {}
            for reader in wanted:
                key = fold(reader.address)
                if _hash(key) in barred:
                    came[reader.address] = "suppressed"
                elif key in known or key in fresh:
                    came.setdefault(reader.address, "known")
                else:
                    fresh[key] = replace(reader, since=reader.since or now)
                    came[reader.address] = "added"
            _insert(write, fresh, now)
        return came

    def get(self, address: str) -> Reader | None:
        """The reader of this address, if any."""
        with self._database.read() as read:
            body = read.scalar(sa.select(t.readers.c.body).where(t.readers.c.folded == fold(address)))
        return None if body is None else decode(Reader, body)

    def list(self, state: ReaderState | None = None) -> tuple[Reader, ...]:
        """All readers, or those in `state`, by address."""
        query = sa.select(t.readers.c.body).order_by(t.readers.c.folded)
        if state is not None:
            query = query.where(t.readers.c.state == state)
        with self._database.read() as read:
            return tuple(decode(Reader, body) for body in read.execute(query).scalars())

    def active(self, newsletter: str) -> tuple[Reader, ...]:
        """Readers who get `newsletter` now; a reader who named no newsletter gets every one."""
        return tuple(r for r in self.list("active") if not r.newsletters or newsletter in r.newsletters)

    def change(self, reader: Reader, act: str, words: str, now: datetime) -> bool:
        """Puts `reader` in place of what is known of its address and notes in the audit what was done and where.
        False where there is no such reader."""
        key = fold(reader.address)
        with self._database.write() as write:
            row = {"state": reader.state, "body": encode(reader)}
            changed = write.execute(sa.update(t.readers).where(t.readers.c.folded == key).values(row)).rowcount
            if changed:
                _audit(write, [(key, act, words)], now)
        return bool(changed)

    def remove(self, address: str, now: datetime, reason: str = "removed") -> bool:
        """Erases everything personal about an address and keeps a hash, so that no import brings it back."""
        key = fold(address)
        with self._database.write() as write:
            found = write.execute(sa.delete(t.readers).where(t.readers.c.folded == key)).rowcount
            write.execute(sa.delete(t.consents).where(t.consents.c.folded == key))
            row = {"hash": _hash(key), "at": now, "reason": reason}
            write.execute(insert(t.suppressions).on_conflict_do_nothing(), row)
        return bool(found)

    def suppressed(self, addresses: Iterable[str]) -> frozenset[str]:
        """Those of `addresses` that must not be written to."""
        asked = {_hash(fold(address)): address for address in addresses}
        with self._database.read() as read:
            return frozenset(asked[found] for found in _hashes(read, asked))

    def audit(self, address: str | None = None) -> tuple[tuple[str, datetime, str, str], ...]:
        """What was agreed to, withdrawn or changed, as (address, when, act, words), oldest first."""
        query = sa.select(t.consents.c.folded, t.consents.c.at, t.consents.c.act, t.consents.c.words)
        if address is not None:
            query = query.where(t.consents.c.folded == fold(address))
        with self._database.read() as read:
            return tuple(read.execute(query.order_by(t.consents.c.id)).tuples())


def fold(address: str) -> str:
    """The form addresses are compared in. Mailboxes that differ only in case do not exist in practice."""
    return address.strip().casefold()


def _hash(folded: str) -> str:
    return hashlib.sha256(folded.encode()).hexdigest()


def _present(read: sa.Connection, readers: Iterable[Reader]) -> set[str]:
    column = t.readers.c.folded
    found: set[str] = set()
    for some in chunks(sorted({fold(reader.address) for reader in readers})):
        found.update(read.execute(sa.select(column).where(column.in_(some))).scalars())
    return found


def _suppressed(read: sa.Connection, readers: Iterable[Reader]) -> set[str]:
    return _hashes(read, {_hash(fold(reader.address)) for reader in readers})


def _hashes(read: sa.Connection, hashes: Iterable[str]) -> set[str]:
    column = t.suppressions.c.hash
    found: set[str] = set()
    for some in chunks(sorted(hashes)):
        found.update(read.execute(sa.select(column).where(column.in_(some))).scalars())
    return found


def _insert(write: sa.Connection, fresh: dict[str, Reader], now: datetime) -> None:
    if not fresh:
        return
    rows = [{"folded": key, "state": reader.state, "body": encode(reader)} for key, reader in fresh.items()]
    write.execute(sa.insert(t.readers), rows)
    _audit(write, [(key, f"added as {reader.state}", reader.consent) for key, reader in fresh.items()], now)


def _audit(write: sa.Connection, acts: Iterable[tuple[str, str, str]], now: datetime) -> None:
    rows = [{"folded": key, "act": act, "words": words, "at": now} for key, act, words in acts]
    write.execute(sa.insert(t.consents), rows)
