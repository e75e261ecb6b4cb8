"""Store room: what was printed, as feeds ask for it: what changed since, and in what state all of it is.

Reads only. Touched when something published must follow what is known later.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from digest.model import Decision, Paper, Signal
from digest.store import tables as t
from digest.store.codec import decode
from digest.store.database import Database, chunks
from digest.store.lookup import current
from digest.store.rendered import Rendered
from digest.store.tables.identity import merges
from digest.store.tables.site import shelf
from digest.store.tables.upkeep import corrections


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """A printed paper by now: as it stands, the decisions that changed it (oldest first), and the last observation of
    each kind of attention."""

    paper: Paper
    changes: tuple[Decision, ...]
    signals: tuple[Signal, ...]


class Published:
    """Every method raises StoreError where the store cannot be read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def version(self) -> tuple[int, ...]:
        """Another value whenever issues, corrections, papers or what was observed of them were saved."""
        ids = (t.decisions.c.id, t.sightings.c.id, t.signals.c.id)
        newest = [sa.select(sa.func.max(column)).scalar_subquery() for column in ids]
        counts = [sa.select(sa.func.count()).select_from(table).scalar_subquery() for table in (t.issues, corrections)]
        with self._database.read() as read:
            return tuple(int(number or 0) for number in read.execute(sa.select(*counts, *newest)).one())

    def rendered(self, look: str) -> Rendered:
        """What was rendered of all this in this `look`, kept in a file beside the store that may be deleted."""
        path = self._database.path
        return Rendered(path.with_name(f"{path.name}.rendered"), look)

    def days_of(
        self, newsletter: str, most: int, *, topic: str | None = None, least: float | None = None
    ) -> tuple[date, ...]:
        """The days of the newest `most` papers that `newsletter` printed under a topic, or with a score of `least`."""
        query = sa.select(shelf.c.day).where(shelf.c.newsletter == newsletter)
        query = query if topic is None else query.where(shelf.c.topic == topic)
        query = query if least is None else query.where(shelf.c.score >= least)
        query = query.order_by(shelf.c.day.desc(), shelf.c.place).limit(most)
        with self._database.read() as read:
            return tuple(dict.fromkeys(read.execute(query).scalars()))

    def printed(self) -> list[tuple[str, str, date]]:
        """(paper id, newsletter, day) of every printed paper, newest day first and then as in the issue."""
        query = sa.select(shelf.c.paper_id, shelf.c.newsletter, shelf.c.day)
        query = query.order_by(shelf.c.day.desc(), shelf.c.newsletter, shelf.c.place)
        with self._database.read() as read:
            return [(paper_id, letter, day) for paper_id, letter, day in read.execute(query).tuples()]

    def authors(self, ids: Collection[str]) -> dict[str, list[str]]:
        """The names of the authors of each of these papers, in their order."""
        people = sa.func.json_extract(t.papers.c.body, "$.authors", type_=sa.String)
        found: dict[str, list[str]] = {}
        with self._database.read() as read:
            for some in chunks(sorted(ids)):
                for id_, text in read.execute(sa.select(t.papers.c.id, people).where(t.papers.c.id.in_(some))).tuples():
                    found[id_] = [name for person in json.loads(text or "[]") if (name := person.get("name"))]
        return found

    def since(self, ids: Collection[str]) -> Mapping[str, Since]:
        """What is known by now of the papers of these ids, as far as they are there."""
        papers: dict[str, Paper] = {}
        changes: dict[str, list[Decision]] = {}
        signals: dict[str, list[Signal]] = {}
        with self._database.read() as read:
            for some in chunks(sorted(set(ids))):
                query = sa.select(t.papers.c.id, t.papers.c.body).where(t.papers.c.id.in_(some))
                papers |= {id_: decode(Paper, body) for id_, body in read.execute(query).tuples()}
                for body in read.execute(_changes(some)).scalars():
                    told = decode(Decision, body)
                    if told.verdict == "updated":
                        changes.setdefault(told.subject, []).append(told)
                for row in read.execute(_last_signals(some)):
                    signals.setdefault(row.paper_id, []).append(_signal(row))
        return {
            id_: Since(paper=paper, changes=tuple(changes.get(id_, ())), signals=tuple(signals.get(id_, ())))
            for id_, paper in papers.items()
        }

    def issue_marks(self, ids: Collection[str], *, said: bool = False) -> dict[str, str]:
        """A mark of each of these issues as it was printed; with `said`, of its corrections and of what was withdrawn
        as well."""
        found: dict[str, list[str]] = {}
        with self._database.read() as read:
            for some in chunks(sorted(set(ids))):
                rows = read.execute(sa.select(t.issues.c.id, t.issues.c.body).where(t.issues.c.id.in_(some)))
                found |= {id_: [body] for id_, body in rows.tuples()}
                for id_, more in read.execute(_said(some)).tuples() if said else ():
                    found[id_].append(more)
        return {id_: _mark(*told) for id_, told in found.items()}

    def marks(self, ids: Collection[str]) -> dict[str, str]:
        """A mark of all that `since` says of each of these papers."""
        found: dict[str, list[str]] = {}
        with self._database.read() as read:
            for some in chunks(sorted(set(ids))):
                query = sa.select(t.papers.c.id, t.papers.c.body).where(t.papers.c.id.in_(some))
                found |= {id_: [body] for id_, body in read.execute(query).tuples()}
                changes = _changes(some).add_columns(t.decisions.c.subject)
                for body, subject in read.execute(changes).tuples():
                    if subject in found and '"updated"' in body:
                        found[subject].append(body)
                for row in read.execute(_last_signals(some)):
                    found.setdefault(row.paper_id, []).append(f"{row.kind} {row.value} {row.at} {row.source}")
        return {id_: _mark(*told) for id_, told in found.items()}

    def moved(self) -> dict[str, str]:
        """Ids of before a merge under which papers were printed, and the ids of today of those that still are."""
        rows = [sa.func.json_extract(merges.c.body, f"$.{which}.shelf").is_not(None) for which in ("moved", "dropped")]
        with self._database.read() as read:
            gone = set(read.execute(sa.select(merges.c.gone).where(sa.or_(*rows))).scalars())
            became = {old: new for old, new in current(read, gone).items() if old != new}
            here: set[str] = set()
            for some in chunks(sorted(set(became.values()))):
                here.update(read.execute(sa.select(shelf.c.paper_id).where(shelf.c.paper_id.in_(some))).scalars())
        return {old: new for old, new in sorted(became.items()) if new in here}

    def today(self, ids: Collection[str]) -> dict[str, str]:
        """The id of today of each of these papers, as far as they are known."""
        with self._database.read() as read:
            return current(read, ids)


def _mark(*parts: str) -> str:
    made = hashlib.blake2b(digest_size=12)
    for part in parts:
        made.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return made.hexdigest()


def _said(issues: Collection[str]) -> "sa.CompoundSelect[Any]":
    """Corrections of these issues, and ids of what they printed and is withdrawn."""
    corrected = sa.select(corrections.c.issue, corrections.c.body.label("more"))
    withdrawn = sa.select(t.printed.c.issue, t.printed.c.paper_id).join(t.papers, t.papers.c.id == t.printed.c.paper_id)
    gone = sa.func.json_extract(t.papers.c.body, "$.withdrawn")
    return sa.union_all(
        corrected.where(corrections.c.issue.in_(issues)),
        withdrawn.where(t.printed.c.issue.in_(issues), gone),
    ).order_by("issue", "more")


def _changes(ids: Collection[str]) -> "sa.Select[Any]":
    return sa.select(t.decisions.c.body).where(t.decisions.c.subject.in_(ids)).order_by(t.decisions.c.id)


def _last_signals(ids: Collection[str]) -> "sa.Select[Any]":
    """The newest signals of each paper and kind; several sources may have said one at the same time."""
    seen = t.signals.c
    last = (
        sa.select(seen.paper_id, seen.kind, sa.func.max(seen.at).label("at"))
        .where(seen.paper_id.in_(ids))
        .group_by(seen.paper_id, seen.kind)
        .subquery()
    )
    same = (seen.paper_id == last.c.paper_id) & (seen.kind == last.c.kind) & (seen.at == last.c.at)
    return sa.select(t.signals).join(last, same).order_by(seen.paper_id, seen.kind, seen.value)


def _signal(row: Any) -> Signal:
    return Signal(paper_id=row.paper_id, kind=row.kind, value=row.value, at=row.at, source=row.source)
