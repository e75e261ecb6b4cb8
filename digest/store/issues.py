"""Store room: saved issues. An issue is written once, with its deliveries and printed marks, and never changes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from digest.model import Decision, Issue, Point, Scored
from digest.store import tables as t
from digest.store.codec import decode, encode
from digest.store.collected import add_decisions
from digest.store.corrections import corrected
from digest.store.database import Database, chunks
from digest.store.deliveries import add_deliveries
from digest.store.fitted import put_fitted
from digest.store.life import marked
from digest.store.search import index
from digest.store.shelf import shelve


class Issues:
    """Issues by id (``NEWSLETTER/YYYY-MM-DD``). Every method raises StoreError where the store cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, issue_id: str) -> Issue | None:
        """The issue of this id, if it was made."""
        return self._one(sa.select(t.issues.c.body).where(t.issues.c.id == issue_id))

    def last(self, newsletter: str, before: date | None = None) -> Issue | None:
        """The newest issue of `newsletter`, of days before `before` if given."""
        query = sa.select(t.issues.c.body).where(t.issues.c.newsletter == newsletter)
        if before is not None:
            query = query.where(t.issues.c.day < before)
        return self._one(query.order_by(t.issues.c.day.desc()).limit(1))

    def last_day(self, newsletter: str) -> date | None:
        """The day of the newest issue of `newsletter`."""
        with self._database.read() as read:
            day: date | None = read.scalar(
                sa.select(sa.func.max(t.issues.c.day)).where(t.issues.c.newsletter == newsletter)
            )
        return day

    def list(self, newsletter: str | None = None, limit: int | None = None) -> tuple[Issue, ...]:
        """Issues, newest day first."""
        query = sa.select(t.issues.c.body).order_by(t.issues.c.day.desc(), t.issues.c.newsletter).limit(limit)
        if newsletter is not None:
            query = query.where(t.issues.c.newsletter == newsletter)
        with self._database.read() as read:
            return marked(read, corrected(read, [decode(Issue, body) for body in read.execute(query).scalars()]))

    def save(
        self,
        issue: Issue,
        *,
        decisions: Iterable[Decision] = (),
        recipients: Iterable[tuple[str, str]] = (),
        scored: Iterable[Scored] = (),
        arrivals: Mapping[str, int] | None = None,
        fitted: Mapping[str, bytes] | None = None,
    ) -> Issue:
        """Keeps a new issue with all that belongs to it, in one transaction, and returns the issue that stands.

        That is `issue` itself unless its newsletter already has one of that day: then nothing is written and the saved
        one is returned. `recipients` are (address, message id), one delivery each; `arrivals` says how many papers
        came new today by topic slug; `scored` how each candidate stood; `fitted` is state to go on with, by name.
        """
        with self._database.write() as write:
            query = sa.select(t.issues.c.body).where(t.issues.c.id == issue.id)
            body = write.scalar(query)
            if body is None:
                write.execute(sa.insert(t.issues), _row(issue))
                _mark_printed(write, issue)
                shelve(write, issue)
                index(write, [item.paper for item in issue.items])
                _put_arrivals(write, issue, arrivals or {})
                put_scores(write, issue, scored)
                add_decisions(write, decisions)
                add_deliveries(write, issue.id, recipients)
                put_fitted(write, fitted or {}, issue.made_at)
        return issue if body is None else decode(Issue, body)

    def printed(self, newsletter: str, paper_ids: Sequence[str]) -> frozenset[str]:
        """Those of the papers that some issue of `newsletter` printed."""
        column = t.printed.c.paper_id
        found: set[str] = set()
        with self._database.read() as read:
            for some in chunks(paper_ids):
                query = sa.select(column).where(t.printed.c.newsletter == newsletter, column.in_(some))
                found.update(read.execute(query).scalars())
        return frozenset(found)

    def arrivals(self, newsletter: str, topic: str, since: date, before: date) -> tuple[Point, ...]:
        """How many papers of `topic` came new on each day that has an issue, from `since` to the day before `before`;
        0 where there was an issue and none came."""
        days = sa.select(t.issues.c.day).where(
            t.issues.c.newsletter == newsletter, t.issues.c.day >= since, t.issues.c.day < before
        )
        counts = sa.select(t.arrivals.c.day, t.arrivals.c.count).where(
            t.arrivals.c.newsletter == newsletter, t.arrivals.c.topic == topic
        )
        with self._database.read() as read:
            found = dict(read.execute(counts).tuples().all())
            listed = read.execute(days.order_by(t.issues.c.day)).scalars().all()
        return tuple(Point(day=day, value=float(found.get(day, 0))) for day in listed)

    def _one(self, query: "sa.Select[Any]") -> Issue | None:
        with self._database.read() as read:
            body = read.scalar(query)
            return None if body is None else marked(read, corrected(read, [decode(Issue, body)]))[0]


def put_scores(write: sa.Connection, issue: Issue, scored: Iterable[Scored]) -> None:
    """Remembers how each candidate of an issue stood, in place of how it stood before."""
    rows = [
        {"newsletter": issue.newsletter, "paper_id": each.paper_id, "at": issue.made_at, "body": encode(each)}
        for each in scored
    ]
    if rows:
        statement = insert(t.scores)
        newer = {"at": statement.excluded.at, "body": statement.excluded.body}
        write.execute(statement.on_conflict_do_update(set_=newer), rows)


def _row(issue: Issue) -> dict[str, Any]:
    return {"id": issue.id, "newsletter": issue.newsletter, "day": issue.day, "body": encode(issue)}


def _mark_printed(write: sa.Connection, issue: Issue) -> None:
    rows = [{"newsletter": issue.newsletter, "paper_id": item.paper.id, "issue": issue.id} for item in issue.items]
    if rows:
        write.execute(insert(t.printed).on_conflict_do_nothing(), rows)


def _put_arrivals(write: sa.Connection, issue: Issue, arrivals: Mapping[str, int]) -> None:
    rows = [
        {"newsletter": issue.newsletter, "day": issue.day, "topic": slug, "count": count}
        for slug, count in arrivals.items()
    ]
    if rows:
        write.execute(sa.insert(t.arrivals), rows)
