"""Store room: drafts that wait for their editor, one a newsletter at a time. A draft is no issue yet."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from digest.model import Draft, DraftState, Scored
from digest.store.codec import decode, encode
from digest.store.database import Database
from digest.store.issues import put_scores
from digest.store.tables.desk import drafts

_C = drafts.c
PENDING: tuple[DraftState, ...] = ("open", "approved")


class Drafts:
    """Drafts by the id their issue will have. Every method raises StoreError where the store cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, issue_id: str) -> Draft | None:
        """The draft of this issue, whatever became of it."""
        return self._one(_C.id == issue_id)

    def of_uid(self, uid: str) -> Draft | None:
        """The draft that signed links call `uid`."""
        return self._one(_C.uid == uid)

    def list(self, newsletter: str | None = None, states: Iterable[DraftState] = PENDING) -> tuple[Draft, ...]:
        """Drafts in these states, newest first."""
        query = sa.select(drafts.c.body).where(_C.state.in_(sorted(states))).order_by(_C.id.desc())
        if newsletter is not None:
            query = query.where(_C.newsletter == newsletter)
        with self._database.read() as read:
            return tuple(decode(Draft, body) for body in read.execute(query).scalars())

    def last_day(self, newsletter: str) -> date | None:
        """The day of the newest draft of `newsletter`, whatever became of it."""
        query = sa.select(sa.func.max(_C.id)).where(_C.newsletter == newsletter)
        with self._database.read() as read:
            newest = read.scalar(query)
        return None if newest is None else date.fromisoformat(newest.rpartition("/")[2])

    def keep(self, draft: Draft, scored: Iterable[Scored] = ()) -> Draft:
        """Keeps a new draft and returns the one that stands: the one kept before, if its issue has one. An older draft
        of its newsletter that still waits lapses; its papers are candidates again. `scored` is how each candidate
        stood."""
        kept = replace(draft, uid=secrets.token_hex(8))
        with self._database.write() as write:
            body = write.scalar(sa.select(_C.body).where(_C.id == draft.issue.id))
            if body is not None:
                return decode(Draft, body)
            waiting = sa.select(_C.body).where(_C.newsletter == draft.issue.newsletter, _C.state.in_(PENDING))
            for old in write.execute(waiting).scalars().all():
                _put(write, replace(decode(Draft, old), state="lapsed"))
            row = {"newsletter": draft.issue.newsletter, "uid": kept.uid, "state": kept.state, "body": encode(kept)}
            write.execute(sa.insert(drafts).values(id=draft.issue.id, **row))
            put_scores(write, draft.issue, scored)
        return kept

    def change(self, issue_id: str, how: Callable[[Draft], Draft]) -> Draft | None:
        """Puts `how(draft)` in place of the draft, in one transaction, and returns it; None where there is none. What
        `how` raises leaves the draft as it was."""
        with self._database.write() as write:
            body = write.scalar(sa.select(_C.body).where(_C.id == issue_id))
            if body is None:
                return None
            draft = how(decode(Draft, body))
            _put(write, draft)
        return draft

    def _one(self, condition: "sa.ColumnElement[bool]") -> Draft | None:
        with self._database.read() as read:
            body = read.scalar(sa.select(_C.body).where(condition))
        return None if body is None else decode(Draft, body)


def _put(write: sa.Connection, draft: Draft) -> None:
    row = {"state": draft.state, "body": encode(draft)}
    write.execute(sa.update(drafts).where(_C.id == draft.issue.id).values(row))
