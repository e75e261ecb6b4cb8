"""Store room: sources of signals: which papers each may be asked about, what it said, how it is.

What was heard becomes signals. A zero is kept once, and once more when it ends: of most papers nothing is ever said,
and a row for each time would fill the store with nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from digest.model import Heard, Paper, Question, Signal, SourceState
from digest.store import tables as t
from digest.store.codec import decode, encode
from digest.store.database import Database, chunks
from digest.store.lookup import current
from digest.store.tables import attention as a

FORGOTTEN = timedelta(days=400)
"""When it no longer matters that a source was asked about a paper: by then it is not asked about any more."""
Last = Mapping[str, tuple[datetime, Mapping[str, float]]]
"""By paper id: when a source was last asked about it, and what it said."""


class Attention:
    """Every method raises StoreError where the store cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def times(self, signal: str, since: datetime, until: datetime) -> list[tuple[str, datetime, datetime | None]]:
        """(id, first seen, last asked of `signal`) of every paper first seen from `since` to `until`, newest first."""
        last = (a.asked.c.paper_id == t.papers.c.id) & (a.asked.c.signal == signal)
        query = sa.select(t.papers.c.id, t.papers.c.first_seen, a.asked.c.at).outerjoin(a.asked, last)
        query = query.where(t.papers.c.first_seen.between(since, until))
        with self._database.read() as read:
            rows = read.execute(query.order_by(t.papers.c.first_seen.desc(), t.papers.c.id)).tuples()
            return [(paper_id, first, at) for paper_id, first, at in rows]

    def questions(self, signal: str, ids: Sequence[str]) -> Iterator[Question]:
        """The papers of these ids, in their order, with what `signal` last said of each; read a stretch at a time."""
        for some in chunks(ids):
            with self._database.read() as read:
                last = _last(read, signal, some)
                query = sa.select(t.papers).where(t.papers.c.id.in_(some))
                rows = {row.id: row for row in read.execute(query)}
            for paper_id in some:
                if row := rows.get(paper_id):
                    at, heard = last.get(paper_id, (None, {}))
                    paper = decode(Paper, row.body)
                    yield Question(paper=paper, first_seen=row.first_seen, asked_at=at, heard=heard)

    def states(self) -> dict[str, SourceState]:
        """What is remembered of each source of signals, by name."""
        query = sa.select(a.signal_sources).order_by(a.signal_sources.c.name)
        with self._database.read() as read:
            return {row.name: decode(SourceState, row.body) for row in read.execute(query)}

    def heard(self, signal: str) -> dict[str, Mapping[str, float]]:
        """What `signal` last said of each paper it was asked about, by paper id."""
        query = sa.select(a.asked.c.paper_id, a.asked.c.body).where(a.asked.c.signal == signal)
        with self._database.read() as read:
            return {paper_id: decode(dict, body) for paper_id, body in read.execute(query).tuples()}

    def counts(self) -> dict[str, tuple[int, int]]:
        """By name of a source of signals: about how many papers it was asked, and of how many it knew something."""
        known = sa.func.sum(a.asked.c.body != "{}")
        query = sa.select(a.asked.c.signal, sa.func.count(), known).group_by(a.asked.c.signal)
        with self._database.read() as read:
            return {name: (int(asked), int(found)) for name, asked, found in read.execute(query).tuples()}

    def latest(self, until: datetime, limit: int) -> list[tuple[Signal, str]]:
        """The newest observations above 0 that anybody made of papers, with the papers' titles."""
        title = sa.func.json_extract(t.papers.c.body, "$.title")
        query = sa.select(t.signals, title.label("title")).join(t.papers, t.papers.c.id == t.signals.c.paper_id)
        query = query.where(t.signals.c.value > 0, t.signals.c.at <= until)
        query = query.order_by(t.signals.c.at.desc(), t.signals.c.id.desc()).limit(limit)
        with self._database.read() as read:
            return [(_signal(row), str(row.title)) for row in read.execute(query)]

    def save(self, heard: Iterable[Heard], now: datetime) -> None:
        """Keeps all that was heard at `now` and how the sources are, in one transaction."""
        with self._database.write() as write:
            for each in heard:
                _keep(write, each, now)


def _signal(row: Any) -> Signal:
    return Signal(paper_id=row.paper_id, kind=row.kind, value=row.value, at=row.at, source=row.source)


def _last(read: sa.Connection, signal: str, ids: Sequence[str]) -> Last:
    query = sa.select(a.asked.c.paper_id, a.asked.c.at, a.asked.c.body)
    found: dict[str, tuple[datetime, Mapping[str, float]]] = {}
    for some in chunks(ids):
        rows = read.execute(query.where(a.asked.c.signal == signal, a.asked.c.paper_id.in_(some)))
        found |= {row.paper_id: (row.at, decode(dict, row.body)) for row in rows}
    return found


def _keep(write: sa.Connection, heard: Heard, now: datetime) -> None:
    """One source: what it said, when it was asked, its state. A paper that was merged meanwhile has its id of today."""
    name, today = heard.source.name, current(write, heard.values)
    values = {today[paper_id]: said for paper_id, said in heard.values.items() if paper_id in today}
    last = _last(write, name, list(values))
    signals = [row for paper_id, said in values.items() for row in _rows(name, paper_id, said, last.get(paper_id), now)]
    if signals:
        write.execute(insert(t.signals).on_conflict_do_nothing(), signals)
    if values:
        rows = [{"signal": name, "paper_id": key, "at": now, "body": encode(said)} for key, said in values.items()]
        put = insert(a.asked)
        changed = {"at": put.excluded.at, "body": put.excluded.body}
        write.execute(put.on_conflict_do_update(set_=changed), rows)
    write.execute(sa.delete(a.asked).where(a.asked.c.signal == name, a.asked.c.at < now - FORGOTTEN))
    state = insert(a.signal_sources).values(name=name, body=encode(heard.state))
    write.execute(state.on_conflict_do_update(set_={"body": state.excluded.body}))


def _rows(
    name: str,
    paper_id: str,
    said: Mapping[str, float],
    last: tuple[datetime, Mapping[str, float]] | None,
    now: datetime,
) -> Iterator[dict[str, Any]]:
    """The signals to keep: a zero again and again is kept once; the last of several when something else follows."""
    for kind, value in sorted(said.items()):
        before = last[1].get(kind) if last else None
        if value == 0 and before == 0:
            continue
        if last and before == 0 and last[0] < now:
            yield {"paper_id": paper_id, "kind": kind, "value": 0.0, "at": last[0], "source": name}
        yield {"paper_id": paper_id, "kind": kind, "value": float(value), "at": now, "source": name}
