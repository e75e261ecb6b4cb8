"""Store room: the shelf, what issues printed in brief. Lists, months and topics are read off it, not off issues."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from digest.model import Issue, Month, Paper, Printed, Topic
from digest.store import tables as t
from digest.store.codec import decode
from digest.store.database import Database, chunks
from digest.store.tables.site import shelf


class Shelf:
    """Look-ups. Each raises StoreError where the store cannot be read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def days(self, newsletter: str) -> tuple[date, ...]:
        """The days of all issues of `newsletter`, newest first."""
        query = sa.select(t.issues.c.day).where(t.issues.c.newsletter == newsletter)
        with self._database.read() as read:
            return tuple(read.execute(query.order_by(t.issues.c.day.desc())).scalars())

    def months(self, newsletter: str) -> tuple[Month, ...]:
        """The months that have an issue, newest first."""
        month, of_paper = (sa.func.strftime("%Y-%m", table.c.day) for table in (t.issues, shelf))
        issues = sa.select(month, sa.func.count()).where(t.issues.c.newsletter == newsletter).group_by(month)
        papers = sa.select(of_paper, sa.func.count()).where(shelf.c.newsletter == newsletter).group_by(of_paper)
        with self._database.read() as read:
            printed: dict[str, int] = dict(read.execute(papers).tuples().all())
            rows = [(name, made, printed.get(name, 0)) for name, made in read.execute(issues).tuples()]
        return tuple(
            Month(newsletter=newsletter, first=date.fromisoformat(f"{name}-01"), issues=made, papers=count)
            for name, made, count in sorted(rows, reverse=True)
        )

    def printed(
        self,
        newsletter: str | None = None,
        *,
        topic: str | None = None,
        since: date | None = None,
        before: date | None = None,
        most: int | None = None,
    ) -> tuple[Printed, ...]:
        """Printed papers, newest day first and then as in the issue; of `topic` alone if given, of days from `since` to
        the day before `before`, at most `most`."""
        query = sa.select(shelf, t.papers.c.body).join(t.papers, t.papers.c.id == shelf.c.paper_id)
        for column, wanted in ((shelf.c.newsletter, newsletter), (shelf.c.topic, topic)):
            query = query if wanted is None else query.where(column == wanted)
        query = query if since is None else query.where(shelf.c.day >= since)
        query = query if before is None else query.where(shelf.c.day < before)
        query = query.order_by(shelf.c.day.desc(), shelf.c.newsletter, shelf.c.place).limit(most)
        with self._database.read() as read:
            return tuple(_printed(row) for row in read.execute(query))

    def of(self, ids: Iterable[str]) -> Mapping[str, tuple[Printed, ...]]:
        """Where each of these papers was printed, oldest first; papers never printed are missing."""
        query = sa.select(shelf, t.papers.c.body).join(t.papers, t.papers.c.id == shelf.c.paper_id)
        query = query.where(shelf.c.paper_id.in_(sa.bindparam("ids", expanding=True))).order_by(shelf.c.day)
        found: dict[str, tuple[Printed, ...]] = {}
        with self._database.read() as read:
            for some in chunks(sorted(ids)):
                for row in read.execute(query, {"ids": some}):
                    found[row.paper_id] = (*found.get(row.paper_id, ()), _printed(row))
        return found

    def first_days(self, month: date | None = None) -> dict[str, date]:
        """Every printed paper and the day it was first printed, oldest first; with `month` (its first day) of those
        that were first printed then."""
        day = sa.func.min(shelf.c.day, type_=shelf.c.day.type)
        query = sa.select(shelf.c.paper_id, day).group_by(shelf.c.paper_id).order_by(day, shelf.c.paper_id)
        if month is not None:
            after = (month + timedelta(days=31)).replace(day=1)
            then = sa.select(shelf.c.paper_id).where(shelf.c.day >= month, shelf.c.day < after)
            query = query.where(shelf.c.paper_id.in_(then)).having(day >= month, day < after)
        with self._database.read() as read:
            return dict(read.execute(query).tuples().all())

    def topics(self, newsletter: str) -> tuple[tuple[Topic, int, date], ...]:
        """The topics that `newsletter` printed papers under, as last named, with how many and the last day; the most
        papers first."""
        # SQLite takes bare columns from the row that holds the maximum.
        query = sa.select(
            shelf.c.topic, shelf.c.heading, shelf.c.colour, sa.func.count().label("papers"),
            sa.func.max(shelf.c.day, type_=shelf.c.day.type).label("last"),
        ).where(shelf.c.newsletter == newsletter)  # fmt: skip
        query = query.group_by(shelf.c.topic).order_by(sa.desc("papers"), shelf.c.topic)
        with self._database.read() as read:
            return tuple((_topic(row), row.papers, row.last) for row in read.execute(query))


def shelve(write: sa.Connection, issue: Issue) -> None:
    """Puts the papers of a new issue on the shelf."""
    rows = [
        {
            "newsletter": issue.newsletter, "day": issue.day, "paper_id": item.paper.id, "place": 1000 * number + place,
            "topic": section.topic.slug, "heading": section.topic.name, "colour": section.topic.colour,
            "score": item.score, "tldr": item.tldr,
        }
        for number, section in enumerate(issue.sections)
        for place, item in enumerate(section.items)
    ]  # fmt: skip
    if rows:
        write.execute(insert(shelf).on_conflict_do_nothing(), rows)


def headings(read: sa.Connection, ids: Sequence[str]) -> dict[str, list[str]]:
    """The headings that each of these papers was printed under."""
    query = sa.select(shelf.c.paper_id, shelf.c.heading).where(
        shelf.c.paper_id.in_(sa.bindparam("ids", expanding=True))
    )
    found: dict[str, list[str]] = {}
    for some in chunks(ids):
        for paper_id, heading in read.execute(query, {"ids": some}).tuples():
            found.setdefault(paper_id, []).append(heading)
    return found


def _topic(row: Any) -> Topic:
    return Topic(slug=row.topic, name=row.heading, kind="given", colour=row.colour)


def _printed(row: Any) -> Printed:
    return Printed(
        newsletter=row.newsletter,
        day=row.day,
        place=row.place,
        topic=_topic(row),
        score=row.score,
        tldr=row.tldr,
        paper=decode(Paper, row.body),
    )
