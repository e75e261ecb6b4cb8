"""Store room: what came back: bounces, complaints and wishes to leave, each counted once, and what follows of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from digest.model import Reader, ReaderState
from digest.store import tables as t
from digest.store.codec import decode, encode
from digest.store.database import Database
from digest.store.readers import end_deliveries, fold, hashed, note_acts
from digest.store.tables.desk import returns

_C = returns.c


class Returns:
    """What came back, by an id that a repeat has as well. Every method raises StoreError where the store cannot be
    used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, identity: str, address: str, kind: str, words: str, now: datetime) -> bool:
        """Notes it, and says whether it was new."""
        row = {"id": identity, "at": now, "folded": fold(address), "kind": kind, "words": words}
        with self._database.write() as write:
            return bool(write.execute(insert(returns).on_conflict_do_nothing(), row).rowcount)

    def seen(self, identities: Iterable[str]) -> frozenset[str]:
        """Those that were noted before."""
        asked = sorted(set(identities))
        found: set[str] = set()
        with self._database.read() as read:
            for start in range(0, len(asked), 500):
                some = asked[start : start + 500]
                found.update(read.execute(sa.select(_C.id).where(_C.id.in_(some))).scalars())
        return frozenset(found)

    def days(self, address: str, kind: str, since: datetime) -> int:
        """On how many days (UTC) after `since` something of this kind came back from an address."""
        at = sa.func.substr(sa.cast(_C.at, sa.String), 1, 10)
        query = sa.select(sa.func.count(sa.distinct(at))).where(
            _C.folded == fold(address), _C.kind == kind, _C.at > since
        )
        with self._database.read() as read:
            return int(read.scalar(query) or 0)

    def list(self, address: str | None = None) -> tuple[tuple[str, datetime, str, str], ...]:
        """What came back, as (address, when, kind, words), oldest first."""
        query = sa.select(_C.folded, _C.at, _C.kind, _C.words).order_by(_C.at, _C.id)
        if address is not None:
            query = query.where(_C.folded == fold(address))
        with self._database.read() as read:
            return tuple(read.execute(query).tuples())

    def suppress(self, address: str, state: ReaderState, words: str, now: datetime) -> bool:
        """Nothing is sent to `address` any more, not even what was about to be, whoever imports it again: only its
        owner can lift that, by asking to join. Says whether it is new."""
        key = fold(address)
        with self._database.write() as write:
            row = {"hash": hashed(key), "at": now, "reason": state}
            new = write.execute(insert(t.suppressions).on_conflict_do_nothing(), row).rowcount
            body = write.scalar(sa.select(t.readers.c.body).where(t.readers.c.folded == key))
            if body is not None:
                reader = replace(decode(Reader, body), state=state, paused_until=None)
                values = {"state": state, "body": encode(reader)}
                write.execute(sa.update(t.readers).where(t.readers.c.folded == key).values(values))
                note_acts(write, [(key, state, words)], now)
            end_deliveries(write, key, f"the address {state}")  # no words of a server: they name it
        return bool(new)
