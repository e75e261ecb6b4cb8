"""Store room: all that is known of many papers at once, and which papers something new is known of. For pages."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from digest.model import Decision, Paper, Sighting, Signal
from digest.store import tables as t
from digest.store.codec import decode
from digest.store.database import Database, chunks
from digest.store.papers import _grouped, _sighting, _signal
from digest.store.tables.site import shelf

Marks = Mapping[str, int]
"""The newest row of each table that tells of papers."""
QUIET = ("known", "waiting")
"""Verdicts that are said of a paper again and again and put it nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is known of a paper but where it was printed."""

    paper: Paper
    first_seen: datetime
    sightings: tuple[Sighting, ...]
    signals: tuple[Signal, ...]
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is new since some time: `papers`, printed ones of which something was seen, counted or decided; those of
    them of which more than a count is new; `issues` made, corrected or with papers withdrawn; ids that something is new
    of and that no issue printed, or that papers had before they were merged."""

    papers: frozenset[str]
    news: frozenset[str]
    issues: frozenset[str]
    unprinted: frozenset[str]


class Dossiers:
    """Look-ups. Each raises StoreError where the store cannot be read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def records(self, ids: Collection[str]) -> dict[str, Record]:
        """What is known of each of these papers, as far as they are there; without decisions of a `QUIET` verdict."""
        found: dict[str, Record] = {}
        for some in chunks(sorted(set(ids))):
            with self._database.read() as read:
                rows = read.execute(sa.select(t.papers).where(t.papers.c.id.in_(some))).all()
                sightings = _grouped(read, t.sightings, _sighting, some)
                signals = _grouped(read, t.signals, _signal, some)
                decisions = _decisions(read, some)
            for row in rows:
                found[row.id] = Record(
                    paper=decode(Paper, row.body),
                    first_seen=row.first_seen,
                    sightings=tuple(sightings.get(row.id, ())),
                    signals=tuple(signals.get(row.id, ())),
                    decisions=tuple(decisions.get(row.id, ())),
                )
        return found

    def marks(self) -> dict[str, int]:
        """The newest row of each table that tells of papers, to be handed to `since` another day."""
        with self._database.read() as read:
            return {name: read.scalar(sa.text(query)) or 0 for name, query in _NEWEST.items()}

    def since(self, marks: Marks) -> "News":
        """What is new since then."""
        told: dict[str, set[str]] = {}
        printed = sa.select(shelf.c.paper_id).distinct().where(_IN)
        with self._database.read() as read:
            for name, query in _TOLD.items():
                told[name] = set(read.execute(sa.text(query), {"mark": marks.get(name, 0)}).scalars())
            taken = read.execute(sa.text(_TAKEN_BACK), {"mark": marks.get("decisions", 0)}).scalars()
            issues = told.pop("issues") | told.pop("corrections") | set(taken)
            papers = sorted(set().union(*told.values()))
            kept = frozenset(id_ for some in chunks(papers) for id_ in read.execute(printed, {"ids": some}).scalars())
        told.pop("signals")
        news = kept & set().union(*told.values())
        return News(papers=kept, news=news, issues=frozenset(issues), unprinted=frozenset(papers) - kept)


_IN = shelf.c.paper_id.in_(sa.bindparam("ids", expanding=True))
_NEWEST = {
    "sightings": "SELECT max(rowid) FROM sightings",
    "signals": "SELECT max(rowid) FROM signals",
    "decisions": "SELECT max(rowid) FROM decisions",
    "issues": "SELECT max(rowid) FROM issues",
    "corrections": "SELECT max(rowid) FROM corrections",
}
_TOLD = {
    "sightings": "SELECT paper_id FROM sightings WHERE rowid > :mark",
    "signals": "SELECT paper_id FROM signals WHERE rowid > :mark",
    "decisions": 'SELECT coalesce("of", subject) FROM decisions WHERE rowid > :mark '
    "AND json_extract(body, '$.verdict') NOT IN ('known', 'waiting') "
    "UNION SELECT subject FROM decisions WHERE rowid > :mark AND (json_extract(body, '$.stage') = 'life' "
    "OR json_extract(body, '$.verdict') IN ('merged', 'different'))",
    "issues": "SELECT id FROM issues WHERE rowid > :mark",
    "corrections": "SELECT issue FROM corrections WHERE rowid > :mark",
}


_TAKEN_BACK = """SELECT DISTINCT p.issue FROM decisions d JOIN printed p ON p.paper_id = d.subject
    WHERE d.rowid > :mark AND json_extract(d.body, '$.stage') = 'life'
    AND json_extract(d.body, '$.verdict') IN ('withdrawn', 'standing')"""
"""Issues that printed what was withdrawn, or stands again: they are marked."""


def _decisions(read: sa.Connection, ids: Sequence[str]) -> dict[str, list[Decision]]:
    found: dict[str, list[tuple[int, Decision]]] = {}
    for column in (t.decisions.c.subject, t.decisions.c.of):
        query = sa.select(t.decisions.c.id, column.label("about"), t.decisions.c.body).where(column.in_(ids))
        for row in read.execute(query):
            told = decode(Decision, row.body)
            if told.verdict not in QUIET:
                found.setdefault(row.about, []).append((row.id, told))
    return {id_: [told for _, told in sorted(some, key=lambda one: one[0])] for id_, some in found.items()}
