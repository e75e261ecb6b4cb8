"""Store room: what may go when it is old, and what it weighs. Touched when another table grows without end.

What stays for ever: papers, their identifiers, titles and sightings (else old papers would count as new), issues and
what was printed, readers, consents and suppressions, picks and skips, and every decision that made two papers one or
kept them two. Each kind goes in small transactions of its own: a pruning cut short has done a part, and that wholly.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import sqlalchemy as sa

from digest.store.database import Database, chunks

STEP = 2_000  # rows a transaction: others write in between
_COUNT = "SELECT count(*) FROM {} s WHERE {}"
_FIND = "SELECT s.rowid FROM {} s WHERE s.rowid > :after AND {} ORDER BY s.rowid LIMIT {}"

_SIGNALS = """s.at < :before AND EXISTS (SELECT 1 FROM signals n
    WHERE n.paper_id = s.paper_id AND n.kind = s.kind AND n.source = s.source AND n.at > s.at)"""
_DECISIONS = """s.at < :before AND (json_extract(s.body, '$.stage') NOT IN ('dedupe', 'life')
    OR json_extract(s.body, '$.verdict') IN ('new', 'known', 'rejected'))
    AND NOT EXISTS (SELECT 1 FROM printed p WHERE p.paper_id IN (s.subject, s.of))"""
_DELIVERIES = """(s.state = 'sent' OR s.state = 'failed' AND s.retry_at IS NULL)
    AND EXISTS (SELECT 1 FROM issues i WHERE i.id = s.issue AND i.day < date(:before))"""
_DRAFTS = "s.state NOT IN ('open', 'approved') AND substr(s.id, -10) < date(:before)"
_PROPOSALS = "s.state NOT IN ('queued', 'asked') AND s.at < :before"
_ABSTRACTS = """s.first_seen < :before AND json_extract(s.body, '$.abstract') <> ''
    AND NOT EXISTS (SELECT 1 FROM printed x WHERE x.paper_id = s.id)
    AND NOT EXISTS (SELECT 1 FROM hand h WHERE h.paper_id = s.id)"""


@dataclass(frozen=True, slots=True)
class Kind:
    """What can go, in `words`: the rows of `table` (as ``s``) that are `old`, deleted, or with columns `change`d."""

    words: str
    table: str
    old: str
    change: Mapping[str, str] = field(default_factory=dict)


KINDS: Mapping[str, Kind] = {
    "signals": Kind("observations of attention, but the last of each kind", "signals", _SIGNALS),
    "decisions": Kind("what was done with entries, and why papers were not printed", "decisions", _DECISIONS),
    "scores": Kind("how papers last stood", "scores", "s.at < :before"),
    "runs": Kind("reports of runs", "runs", "s.at < :before"),
    "deliveries": Kind("who was mailed which issue", "deliveries", _DELIVERIES),
    "drafts": Kind("drafts that went out, lapsed or came to nothing", "drafts", _DRAFTS),
    "proposals": Kind("proposals that were answered", "proposals", _PROPOSALS),
    "returns": Kind("what came back by mail", "returns", "s.at < :before"),
    "abstracts": Kind(
        "abstracts of papers never printed, picked or skipped",
        "papers",
        _ABSTRACTS,
        {"body": "json_set(body, '$.abstract', '')"},
    ),
}
"""What can be pruned, in the order it is done."""


class Pruning:
    """What is older than a moment."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def counts(self, before: datetime) -> dict[str, int]:
        """How many of each kind in `KINDS` would go. Raises StoreError."""
        moment = {"before": _moment(before)}
        with self._database.read() as read:
            return {
                name: int(read.execute(sa.text(_COUNT.format(kind.table, kind.old)), moment).scalar_one())
                for name, kind in KINDS.items()
            }

    def prune(self, before: datetime) -> Iterator[tuple[str, int]]:
        """Lets go of it, a step at a time: yields (kind, how many) after each. Raises StoreError."""
        for name, kind in KINDS.items():
            after = 0
            while True:
                with self._database.write() as write:
                    found = sa.text(_FIND.format(kind.table, kind.old, STEP))
                    rows = list(write.execute(found, {"before": _moment(before), "after": after}).scalars())
                    _let_go(write, kind, rows)
                if not rows:
                    break
                after = rows[-1]
                yield name, len(rows)

    def compact(self) -> tuple[int, int]:
        """Gives the free pages back to the disk: (bytes before, after). Needs as much free disk as the store has bytes.
        Raises StoreError."""
        before = self.size()
        with self._database.outside() as connection:
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return before, self.size()

    def size(self) -> int:
        """Bytes of the database by its own count. Raises StoreError."""
        with self._database.read() as read:
            pages = int(read.exec_driver_sql("PRAGMA page_count").scalar_one())
            return pages * int(read.exec_driver_sql("PRAGMA page_size").scalar_one())

    def rows(self) -> dict[str, int]:
        """How many rows each table has, the largest first. Raises StoreError."""
        with self._database.read() as read:
            names = sa.inspect(read).get_table_names()
            counted = sa.select(sa.func.count()).select_from
            found = {name: int(read.execute(counted(sa.table(name))).scalar_one()) for name in names}
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _let_go(write: sa.Connection, kind: Kind, rows: Sequence[int]) -> None:
    rowid: sa.ColumnClause[int] = sa.column("rowid", sa.Integer)
    for some in chunks(rows):
        if kind.change:
            changed = {name: sa.text(value) for name, value in kind.change.items()}
            write.execute(
                sa.update(sa.table(kind.table, *map(sa.column, changed))).where(rowid.in_(some)).values(changed)
            )
        else:
            write.execute(sa.delete(sa.table(kind.table)).where(rowid.in_(some)))


def _moment(before: datetime) -> str:
    return before.astimezone(UTC).isoformat(timespec="microseconds")
