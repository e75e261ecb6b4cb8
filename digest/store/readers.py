"""Store room: readers, what they agreed to, and who must never be written to again."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from digest.model import Reader, ReaderState
from digest.store import tables as t
from digest.store.codec import decode, encode
from digest.store.database import Database, chunks
from digest.store.tables.attention import votes
from digest.store.tables.desk import returns

LEFT = "the reader left or paused before it was sent"


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
                if hashed(key) in barred:
                    came[reader.address] = "suppressed"
                elif key in known or key in fresh:
                    came.setdefault(reader.address, "known")
                else:
                    fresh[key] = replace(reader, since=reader.since or now, uid=secrets.token_hex(8))
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

    def active(self, newsletter: str, today: date | None = None) -> tuple[Reader, ...]:
        """Readers who get `newsletter`, by address: the active ones and those whose pause is over `today`; a reader who
        named no newsletter gets every one."""
        return tuple(self._active(newsletter, today))

    def addresses(self, newsletter: str, today: date | None = None) -> tuple[str, ...]:
        """The addresses of those readers alone, which fit into memory however many they are."""
        return tuple(reader.address for reader in self._active(newsletter, today))

    def _active(self, newsletter: str, today: date | None) -> Iterator[Reader]:
        query = sa.select(t.readers.c.body).where(t.readers.c.state.in_(("active", "paused")))
        with self._database.read() as read:
            bodies = read.execute(query.order_by(t.readers.c.folded).execution_options(yield_per=1_000)).scalars()
            for reader in (decode(Reader, body) for body in bodies):
                back = today and reader.paused_until and reader.paused_until <= today
                if (reader.state == "active" or back) and (not reader.newsletters or newsletter in reader.newsletters):
                    yield reader

    def everybody(self) -> tuple[str, ...]:
        """Every address there is, as compared, whatever its state."""
        with self._database.read() as read:
            return tuple(read.execute(sa.select(t.readers.c.folded)).scalars())

    def of_uid(self, uid: str) -> Reader | None:
        """The reader that signed links call `uid`, if any."""
        with self._database.read() as read:
            body = read.scalar(sa.select(t.readers.c.body).where(t.readers.c.uid == uid))
        return None if body is None else decode(Reader, body)

    def following(self, address: str, limit: int = 1_000) -> dict[str, Reader]:
        """The reader of `address`, if any, and the next in the order in which deliveries are made, by `fold`ed address:
        what somebody who goes through them needs, without holding all or asking for each."""
        query = sa.select(t.readers.c.folded, t.readers.c.body).where(t.readers.c.folded >= fold(address))
        with self._database.read() as read:
            rows = read.execute(query.order_by(t.readers.c.folded).limit(limit)).tuples()
            return {folded: decode(Reader, body) for folded, body in rows}

    def change(self, reader: Reader, act: str, words: str, now: datetime) -> bool:
        """Puts `reader` in place of what is known of its address and notes in the audit what was done and where. Who is
        not active any more gets nothing that was still to be sent. False where there is no such reader."""
        key = fold(reader.address)
        with self._database.write() as write:
            row = {"state": reader.state, "body": encode(reader)}
            changed = write.execute(sa.update(t.readers).where(t.readers.c.folded == key).values(row)).rowcount
            if changed:
                note_acts(write, [(key, act, words)], now)
                if reader.state != "active":
                    end_deliveries(write, key, LEFT)
        return bool(changed)

    def remove(self, address: str, now: datetime, reason: str = "removed") -> bool:
        """Erases everything personal about an address, sends it nothing more, and keeps a hash, so that no import
        brings it back; False where it was no reader. What is being sent to it this moment is left to its sender."""
        key = fold(address)
        with self._database.write() as write:
            found = write.execute(sa.delete(t.readers).where(t.readers.c.folded == key)).rowcount
            write.execute(sa.delete(t.consents).where(t.consents.c.folded == key))
            write.execute(sa.delete(returns).where(returns.c.folded == key))
            write.execute(sa.delete(votes).where(votes.c.voter == voter(key)))
            _erase_deliveries(write, key)
            row = {"hash": hashed(key), "at": now, "reason": reason}
            write.execute(insert(t.suppressions).on_conflict_do_nothing(), row)
        return bool(found)

    def allow(self, address: str) -> bool:
        """Lifts the suppression of an address, because it asked to be let in again; False where there was none."""
        with self._database.write() as write:
            barred = sa.delete(t.suppressions).where(t.suppressions.c.hash == hashed(fold(address)))
            return bool(write.execute(barred).rowcount)

    def suppressed(self, addresses: Iterable[str]) -> frozenset[str]:
        """Those of `addresses` that must not be written to."""
        asked = {hashed(fold(address)): address for address in addresses}
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


def voter(address: str) -> str:
    """What a reader is called among the votes: the same with and without what stands behind a plus sign."""
    name, _, domain = fold(address).rpartition("@")
    return hashed(f"{name.partition('+')[0]}@{domain}")


def hashed(folded: str) -> str:
    """What is kept of an address that must not be known here any more."""
    return hashlib.sha256(folded.encode()).hexdigest()


def _present(read: sa.Connection, readers: Iterable[Reader]) -> set[str]:
    column = t.readers.c.folded
    found: set[str] = set()
    for some in chunks(sorted({fold(reader.address) for reader in readers})):
        found.update(read.execute(sa.select(column).where(column.in_(some))).scalars())
    return found


def _suppressed(read: sa.Connection, readers: Iterable[Reader]) -> set[str]:
    return _hashes(read, {hashed(fold(reader.address)) for reader in readers})


def _hashes(read: sa.Connection, hashes: Iterable[str]) -> set[str]:
    column = t.suppressions.c.hash
    found: set[str] = set()
    for some in chunks(sorted(hashes)):
        found.update(read.execute(sa.select(column).where(column.in_(some))).scalars())
    return found


def _insert(write: sa.Connection, fresh: dict[str, Reader], now: datetime) -> None:
    if not fresh:
        return
    rows = [
        {"folded": key, "uid": reader.uid, "state": reader.state, "body": encode(reader)}
        for key, reader in fresh.items()
    ]
    write.execute(sa.insert(t.readers), rows)
    note_acts(write, [(key, f"added as {reader.state}", reader.consent) for key, reader in fresh.items()], now)


def _erase_deliveries(write: sa.Connection, folded: str) -> None:
    """Past deliveries stay counted, under a name that tells nothing; open ones end."""
    end_deliveries(write, folded, "the reader was removed")
    deliveries = t.deliveries
    theirs = sa.and_(sa.func.lower(deliveries.c.address) == folded, deliveries.c.state != "sending")
    write.execute(sa.update(deliveries).where(theirs).values(address=f"erased:{hashed(folded)[:16]}"))


def end_deliveries(write: sa.Connection, folded: str, words: str) -> None:
    """What was still to be sent to an address fails for good, with these words."""
    deliveries = t.deliveries
    waiting = sa.or_(deliveries.c.state == "pending", deliveries.c.state == "failed")
    theirs = sa.update(deliveries).where(sa.func.lower(deliveries.c.address) == folded, waiting)
    write.execute(theirs.values(state="failed", retry_at=None, error=words))


def note_acts(write: sa.Connection, acts: Iterable[tuple[str, str, str]], now: datetime) -> None:
    """Adds (folded address, act, words) to the audit."""
    rows = [{"folded": key, "act": act, "words": words, "at": now} for key, act, words in acts]
    write.execute(sa.insert(t.consents), rows)
