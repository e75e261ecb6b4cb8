"""Store room: the curator's hand: which papers a person put first or left out."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from digest.model import Hand
from digest.store import tables as t
from digest.store.database import Database


class HandOf:
    """Picks and skips; the later of two about one paper holds. Every method raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pick(self, paper_id: str, note: str, now: datetime) -> None:
        """Puts a paper first in every issue that has not printed it, with a Markdown note (may be empty)."""
        self._put(paper_id, "pick", note, now)

    def skip(self, paper_id: str, now: datetime) -> None:
        """Leaves a paper out of every coming issue."""
        self._put(paper_id, "skip", "", now)

    def clear(self, paper_id: str) -> None:
        """Takes back what was said of a paper."""
        with self._database.write() as write:
            write.execute(sa.delete(t.hand).where(t.hand.c.paper_id == paper_id))

    def current(self) -> Hand:
        """All picks, oldest first, and all skips."""
        with self._database.read() as read:
            rows = read.execute(sa.select(t.hand).order_by(t.hand.c.at, t.hand.c.paper_id)).all()
        return Hand(
            picks={row.paper_id: row.note for row in rows if row.act == "pick"},
            skips=frozenset(row.paper_id for row in rows if row.act == "skip"),
        )

    def _put(self, paper_id: str, act: str, note: str, now: datetime) -> None:
        statement = insert(t.hand).values(paper_id=paper_id, act=act, note=note, at=now)
        with self._database.write() as write:
            write.execute(statement.on_conflict_do_update(set_={"act": act, "note": note, "at": now}))
