"""Store room: fitted state by name: topic spaces, standing topics, forecasts. Bytes; only their makers read them."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from digest.store import tables as t
from digest.store.database import Database


class Fitted:
    """Every method raises StoreError where the store cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> bytes | None:
        """What was last kept under `name`."""
        with self._database.read() as read:
            body: bytes | None = read.scalar(sa.select(t.fitted.c.body).where(t.fitted.c.name == name))
        return body

    def put(self, bodies: Mapping[str, bytes], now: datetime) -> None:
        """Keeps each of `bodies` under its name, in place of what was there."""
        with self._database.write() as write:
            put_fitted(write, bodies, now)


def put_fitted(write: sa.Connection, bodies: Mapping[str, bytes], now: datetime) -> None:
    """As `Fitted.put`, inside a transaction of somebody else."""
    for name, body in bodies.items():
        statement = insert(t.fitted).values(name=name, at=now, body=body)
        write.execute(statement.on_conflict_do_update(set_={"at": now, "body": body}))
