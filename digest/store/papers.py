"""Store room: papers and what has been observed of them. Everything is read in bulk; nothing here decides."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from digest.model import Account, Candidate, Decision, Known, Merge, Paper, Questions, Scored, Sighting, Signal
from digest.store import tables as t
from digest.store.absorb import merges_of
from digest.store.accounts import accounts_of, told_of
from digest.store.codec import decode
from digest.store.database import Database, chunks
from digest.store.doubts import Doubt, apart, doubts_of
from digest.store.lookup import bodies, pairs
from digest.store.words import sharing

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Everything known of a paper. `scores` maps newsletter to how it last stood there, `printed` to the issue;
    `accounts` are what single entries said, where several did; `merged` what became part of it, newest first; `doubts`
    the pairs it is one of, with what a person said."""

    paper: Paper
    first_seen: datetime
    sightings: tuple[Sighting, ...]
    signals: tuple[Signal, ...]
    decisions: tuple[Decision, ...]
    scores: Mapping[str, Scored]
    printed: Mapping[str, str]
    accounts: tuple[Account, ...] = ()
    merged: tuple[Merge, ...] = ()
    doubts: tuple[Doubt, ...] = ()


class Papers:
    """Look-ups. Each raises StoreError where the store cannot be read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, questions: Questions) -> Known:
        """The past that dedupe asks for: which papers hold the keys, every paper of a folded title, the likeliest of
        those that share rare words, and which pairs of these a person has called different."""
        with self._database.read() as read:
            by_key = dict(pairs(read, t.paper_keys.c.key, t.paper_keys.c.paper_id, questions.keys))
            titled: dict[str, set[str]] = {}
            for fold, paper_id in pairs(read, *_TITLE, questions.titles):
                titled.setdefault(fold, set()).add(paper_id)
            same_title = set().union(*titled.values())
            found = bodies(read, same_title.union(by_key.values(), sharing(read, questions.words)))
            papers = {paper_id: decode(Paper, body) for paper_id, body in found.items()}
            by_title = {fold: frozenset(ids) for fold, ids in titled.items()}
            told = told_of(read, papers)
            return Known(by_key=by_key, papers=papers, apart=apart(read, papers), by_title=by_title, told=told)

    def get(self, name: str) -> Paper | None:
        """The paper of this id or canonical key, if any."""
        with self._database.read() as read:
            row = read.execute(sa.select(t.papers.c.body).where(t.papers.c.id == _resolved(name))).first()
        return None if row is None else decode(Paper, row.body)

    def ids(self, since: datetime | None = None) -> frozenset[str]:
        """The ids of all papers, or of those first seen after `since`."""
        with self._database.read() as read:
            return frozenset(read.execute(_after(sa.select(t.papers.c.id), since)).scalars())

    def count(self, since: datetime | None = None) -> int:
        """How many papers there are, or were first seen after `since`."""
        with self._database.read() as read:
            return read.scalar(_after(sa.select(sa.func.count()).select_from(t.papers), since)) or 0

    def some(self, ids: Iterable[str]) -> dict[str, Paper]:
        """The papers of these ids, as far as there are any; one that was merged since comes under its id of today."""
        with self._database.read() as read:
            found = bodies(read, ids)
        return {id_: decode(Paper, body) for id_, body in found.items()}

    def candidates(
        self, newsletter: str, since: datetime, until: datetime, sources: Collection[str] = ()
    ) -> tuple[Candidate, ...]:
        """Papers first seen from `since` to `until` (both included) and never printed in `newsletter`, with what was
        observed of them up to `until`; with `sources`, those that one of them announced. Oldest first, then by id."""
        chosen = _first_seen(since, until).where(~_printed_in(newsletter))
        if sources:
            seen = t.sightings.c
            by_one = (seen.paper_id == t.papers.c.id) & seen.source.in_(sorted(sources)) & (seen.at <= until)
            chosen = chosen.where(sa.exists().where(by_one))
        return self._observed(chosen, until)

    def population(self, since: datetime, until: datetime) -> tuple[Candidate, ...]:
        """Every paper first seen from `since` to `until`, printed or not: what a level is measured against."""
        return self._observed(_first_seen(since, until), until)

    def picked(self, newsletter: str, names: Iterable[str], until: datetime) -> tuple[Candidate, ...]:
        """The papers of these ids, however old, that `newsletter` has not printed: for the curator's picks."""
        chosen = sa.select(t.papers).where(t.papers.c.id.in_(sorted(names)))
        return self._observed(chosen.where(~_printed_in(newsletter)), until)

    def _observed(self, chosen: "sa.Select[Any]", until: datetime) -> tuple[Candidate, ...]:
        with self._database.read() as read:
            rows = read.execute(chosen.order_by(t.papers.c.first_seen, t.papers.c.id)).all()
            ids = [row.id for row in rows]
            sightings = _grouped(read, t.sightings, _sighting, ids, until)
            signals = _grouped(read, t.signals, _signal, ids, until)
        return tuple(
            Candidate(
                paper=decode(Paper, row.body),
                first_seen=row.first_seen,
                sightings=tuple(sightings.get(row.id, ())),
                signals=tuple(signals.get(row.id, ())),
            )
            for row in rows
        )

    def history(self, name: str) -> History | None:
        """Everything known of the paper of this id or canonical key; None where there is no such paper."""
        with self._database.read() as read:
            row = read.execute(sa.select(t.papers).where(t.papers.c.id == _resolved(name))).first()
            if row is None:
                return None
            merged = merges_of(read, row.id)
            ids = [row.id, *(merge.gone for merge in merged)]
            said = sa.or_(t.decisions.c.subject.in_(ids), t.decisions.c.of.in_(ids))
            told = read.execute(sa.select(t.decisions.c.body).where(said).order_by(t.decisions.c.id)).scalars()
            scores = sa.select(t.scores.c.newsletter, t.scores.c.body).where(t.scores.c.paper_id == row.id)
            printed = sa.select(t.printed.c.newsletter, t.printed.c.issue).where(t.printed.c.paper_id == row.id)
            return History(
                paper=decode(Paper, row.body),
                first_seen=row.first_seen,
                sightings=tuple(_grouped(read, t.sightings, _sighting, [row.id]).get(row.id, ())),
                signals=tuple(_grouped(read, t.signals, _signal, [row.id]).get(row.id, ())),
                decisions=tuple(decode(Decision, body) for body in told),
                scores={name: decode(Scored, body) for name, body in read.execute(scores).tuples()},
                printed=dict(read.execute(printed).tuples().all()),
                accounts=accounts_of(read, row.id),
                merged=merged,
                doubts=doubts_of(read, ids),
            )


_TITLE = (t.paper_titles.c.fold, t.paper_titles.c.paper_id)


def _resolved(name: str) -> "sa.ScalarSelect[Any]":
    """The id behind an id or a key. An id wins over another paper's key of the same spelling."""
    by_key = sa.select(t.paper_keys.c.paper_id).where(t.paper_keys.c.key == name).scalar_subquery()
    by_id = sa.select(t.papers.c.id).where(t.papers.c.id == name).scalar_subquery()
    return sa.select(sa.func.coalesce(by_id, by_key)).scalar_subquery()


def _after(query: "sa.Select[Any]", since: datetime | None) -> "sa.Select[Any]":
    return query if since is None else query.where(t.papers.c.first_seen > since)


def _printed_in(newsletter: str) -> "sa.ColumnElement[bool]":
    """Whether a paper was printed: asked of each paper, for the list of all that were printed only grows."""
    return sa.exists().where((t.printed.c.newsletter == newsletter) & (t.printed.c.paper_id == t.papers.c.id))


def _first_seen(since: datetime, until: datetime) -> "sa.Select[Any]":
    return sa.select(t.papers).where(t.papers.c.first_seen.between(since, until))


def _grouped(
    read: sa.Connection,
    table: sa.Table,
    made: Callable[[Any], Row],
    ids: Sequence[str],
    until: datetime | None = None,
) -> dict[str, list[Row]]:
    """Rows of `table` by paper, oldest first."""
    query = sa.select(table).where(table.c.paper_id.in_(sa.bindparam("ids", expanding=True)))
    if until is not None:
        query = query.where(table.c.at <= until)
    query = query.order_by(table.c.at, table.c.id)
    found: dict[str, list[Row]] = {}
    for some in chunks(ids):
        for row in read.execute(query, {"ids": some}):
            found.setdefault(row.paper_id, []).append(made(row))
    return found


def _sighting(row: Any) -> Sighting:
    return Sighting(
        paper_id=row.paper_id,
        source=row.source,
        at=row.at,
        announcement=row.announcement,
        guid=row.guid,
        version=row.version,
    )


def _signal(row: Any) -> Signal:
    return Signal(paper_id=row.paper_id, kind=row.kind, value=row.value, at=row.at, source=row.source)
