"""Store room: readers' votes on papers: one a reader and paper, the last one counts.

Who voted is kept as a hash of the address alone, without what stands behind a plus sign in it: who joins again, or with
``me+1@`` and ``me+2@``, is one reader. It goes when the reader is erased.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from digest.model import VoteCount
from digest.store import tables as t
from digest.store.database import Database
from digest.store.lookup import current
from digest.store.readers import voter
from digest.store.tables import attention as a

Choice = Literal["more", "less"]
VALUES: dict[Choice, int] = {"more": 1, "less": -1}


class Votes:
    """Every method raises StoreError where the store cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def cast(self, address: str, paper_id: str, choice: Choice, now: datetime, most: int) -> bool:
        """Records what the reader of `address` wants, in place of what they wanted before; False, and nothing changes,
        where the paper is unknown or it would be more than `most` votes within a day."""
        who = voter(address)
        mine = a.votes.c.voter == who
        lately = sa.select(sa.func.count()).where(mine, a.votes.c.at > now - timedelta(days=1))
        row = {"voter": who, "paper_id": paper_id, "value": VALUES[choice], "at": now}
        with self._database.write() as write:
            known = current(write, [paper_id]).get(paper_id)  # its id of today, if it was merged meanwhile
            row["paper_id"] = known
            before = write.scalar(sa.select(a.votes.c.value).where(mine, a.votes.c.paper_id == known))
            if known is None or (before is None and (write.scalar(lately) or 0) >= most):
                return False
            if before != row["value"]:  # the same vote again is the same vote: its time stays
                put = insert(a.votes).values(row)
                write.execute(put.on_conflict_do_update(set_={"value": row["value"], "at": now}))
        return True

    def of(self, address: str, paper_id: str) -> Choice | None:
        """How the reader of `address` voted on a paper, if they did."""
        mine = (a.votes.c.voter == voter(address)) & (a.votes.c.paper_id == paper_id)
        with self._database.read() as read:
            value = read.scalar(sa.select(a.votes.c.value).where(mine))
        return None if value is None else "more" if value > 0 else "less"

    def counts(self, until: datetime, papers: Collection[str] | None = None) -> dict[str, VoteCount]:
        """How readers voted until then, by paper id (of `papers`, or of all); papers without votes are absent."""
        with self._database.read() as read:
            counted = tally(until)
            rows = read.execute(sa.select(counted)).all()
        return {
            row.paper_id: VoteCount(paper_id=row.paper_id, more=row.more, less=row.less, first=row.first)
            for row in rows
            if papers is None or row.paper_id in papers
        }

    def printed(self, newsletters: Collection[str], since: datetime) -> frozenset[str]:
        """Ids of papers that any of these newsletters printed since then: those that could be voted on."""
        query = sa.select(t.printed.c.paper_id).join(t.issues, t.issues.c.id == t.printed.c.issue)
        query = query.where(t.printed.c.newsletter.in_(sorted(newsletters)), t.issues.c.day >= since.date())
        with self._database.read() as read:
            return frozenset(read.execute(query).scalars())


def tally(until: datetime | None = None) -> "sa.Subquery":
    """Votes by paper: paper_id, more, less, first (when the first reader wanted more; of all where none did)."""
    wanted = sa.case((a.votes.c.value > 0, a.votes.c.at))
    first = sa.func.coalesce(sa.func.min(wanted), sa.func.min(a.votes.c.at), type_=a.votes.c.at.type).label("first")
    more, less = (sa.func.sum(sa.case((a.votes.c.value == way, 1), else_=0)).label(n) for n, way in VALUES.items())
    counted = sa.select(a.votes.c.paper_id, more, less, first).group_by(a.votes.c.paper_id)
    return (counted if until is None else counted.where(a.votes.c.at <= until)).subquery()
