"""Store room: what became of papers that were known. The changes themselves are decisions of the stage ``life``."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from digest.model import Decision, Issue, Paper, Update
from digest.store import tables as t
from digest.store.codec import decode
from digest.store.database import Database, chunks

_IS_LIFE = sa.text("json_extract(decisions.body, '$.stage') = 'life'")  # to the letter as in the index of it


class Life:
    """Every method raises StoreError where the store cannot be read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def updates(
        self, newsletter: str, since: datetime, until: datetime, sources: Collection[str] = ()
    ) -> tuple[Update, ...]:
        """Each change after `since` and up to `until` of a paper known before that (with `sources`: announced by one of
        them), oldest first, with the issue of `newsletter` that printed the paper."""
        d, p = t.decisions.c, t.papers.c
        printed = (t.printed.c.newsletter == newsletter) & (t.printed.c.paper_id == p.id)
        query = (
            sa.select(d.body.label("change"), p.body, t.printed.c.issue)
            .join_from(t.decisions, t.papers, p.id == d.subject)
            .outerjoin(t.printed, printed)
            .where(_IS_LIFE, d.at > since, d.at <= until, p.first_seen <= since)
            .order_by(d.at, d.id)
        )
        if sources:
            seen = t.sightings.c
            query = query.where(sa.exists().where((seen.paper_id == p.id) & seen.source.in_(sorted(sources))))
        with self._database.read() as read:
            return tuple(
                Update(
                    paper=decode(Paper, row.body),
                    kind=(change := decode(Decision, row.change)).verdict,
                    words=change.reason,
                    at=change.at,
                    issue=row.issue or "",
                )
                for row in read.execute(query)
            )

    def notices(self, ids: Iterable[str]) -> dict[str, Decision]:
        """Which of these papers are notices about another paper, such as an erratum, and what was made of them."""
        d = t.decisions.c
        found: dict[str, Decision] = {}
        with self._database.read() as read:
            for some in chunks(sorted(ids)):
                query = sa.select(d.of, d.body).where(d.of.in_(some), d.of != d.subject, _IS_LIFE)
                found |= {of: decode(Decision, body) for of, body in read.execute(query).tuples()}
        return found

    def withdrawn(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of these papers that were withdrawn."""
        with self._database.read() as read:
            return _withdrawn(read, ids)


def marked(read: sa.Connection, issues: Sequence[Issue]) -> tuple[Issue, ...]:
    """The issues with the ids of those of their papers that are withdrawn by now."""
    gone = _withdrawn(read, {item.paper.id for issue in issues for item in issue.items})
    return tuple(
        replace(issue, withdrawn=named)
        if (named := tuple(item.paper.id for item in issue.items if item.paper.id in gone))
        else issue
        for issue in issues
    )


def _withdrawn(read: sa.Connection, ids: Iterable[str]) -> frozenset[str]:
    said = sa.func.json_extract(t.papers.c.body, "$.withdrawn")
    found: set[str] = set()
    for some in chunks(sorted(ids)):
        found.update(read.execute(sa.select(t.papers.c.id).where(t.papers.c.id.in_(some), said)).scalars())
    return frozenset(found)
