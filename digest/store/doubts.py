"""Store room: pairs of papers that may be one, and what a person said of them. What was said is remembered for ever.

A pair is kept under the ids its papers had then; who asks is told the ids of today.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from digest.model import Decision
from digest.store.codec import decode, encode
from digest.store.database import Database, chunks
from digest.store.lookup import current
from digest.store.tables import identity as t

Verdict = Literal["perhaps", "same", "different"]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Two papers (ids of today), the verdict on them and since when, and the decision that raised or settled it."""

    one: str
    other: str
    verdict: Verdict
    at: datetime
    decision: Decision


class Doubts:
    """Every method raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, verdict: Verdict = "perhaps") -> tuple[Doubt, ...]:
        """All pairs of that verdict, newest first; without those that became one paper some other way."""
        with self._database.read() as read:
            return _found(read, t.doubts.c.verdict == verdict)


def doubts_of(read: sa.Connection, ids: Collection[str]) -> tuple[Doubt, ...]:
    """The pairs that papers of these ids are in, whatever the verdict, newest first."""
    return _found(read, t.doubts.c.one.in_(ids) | t.doubts.c.other.in_(ids))


def _found(read: sa.Connection, where: "sa.ColumnElement[bool]") -> tuple[Doubt, ...]:
    query = sa.select(t.doubts).where(where).order_by(t.doubts.c.at.desc(), t.doubts.c.one, t.doubts.c.other)
    rows = read.execute(query).all()
    today = current(read, {id_ for row in rows for id_ in (row.one, row.other)})
    found: dict[tuple[str, str], Doubt] = {}
    for row in rows:
        one, other = sorted(today.get(id_, id_) for id_ in (row.one, row.other))
        doubt = Doubt(one=one, other=other, verdict=row.verdict, at=row.at, decision=decode(Decision, row.body))
        if one != other:
            found.setdefault((one, other), doubt)
    return tuple(found.values())


def apart(read: sa.Connection, ids: Collection[str]) -> frozenset[tuple[str, str]]:
    """Which pairs of these papers a person has called different."""
    query = sa.select(t.doubts.c.one, t.doubts.c.other).where(t.doubts.c.verdict == "different")
    said = read.execute(query).all()
    today = current(read, {id_ for pair in said for id_ in pair})
    named = {tuple(sorted((today.get(one, one), today.get(other, other)))) for one, other in said}
    return frozenset((one, other) for one, other in named if one != other and one in ids and other in ids)


def put_doubts(write: sa.Connection, decisions: Iterable[Decision]) -> frozenset[Pair]:
    """Keeps the pairs that `decisions` are in doubt about; what was settled stays settled. Returns those that were in
    doubt before."""
    doubted = [each for each in decisions if each.verdict == "perhaps" and each.of is not None]
    before: set[Pair] = set()
    for some in chunks(sorted({pair_of(each)[0] for each in doubted})):
        query = sa.select(t.doubts.c.one, t.doubts.c.other).where(t.doubts.c.one.in_(some))
        before.update((one, other) for one, other in write.execute(query).tuples())
    if doubted:
        statement = insert(t.doubts)
        newer = {"at": statement.excluded.at, "body": statement.excluded.body}
        again = statement.on_conflict_do_update(set_=newer, where=t.doubts.c.verdict == "perhaps")
        write.execute(again, [_row(each, "perhaps") for each in doubted])
    return frozenset(before)


def pair_of(decision: Decision) -> Pair:
    """The two papers that a doubt is about, in the order of their ids."""
    one, other = sorted((decision.subject, decision.of or ""))
    return one, other


def settle(write: sa.Connection, decision: Decision, verdict: Verdict) -> None:
    """Remembers what a person said of the two papers of `decision`, in place of what was known of them."""
    statement = insert(t.doubts).values(_row(decision, verdict))
    new = statement.excluded
    write.execute(statement.on_conflict_do_update(set_={"verdict": new.verdict, "at": new.at, "body": new.body}))


def _row(decision: Decision, verdict: Verdict) -> dict[str, object]:
    one, other = pair_of(decision)
    return {"one": one, "other": other, "verdict": verdict, "at": decision.at, "body": encode(decision)}
