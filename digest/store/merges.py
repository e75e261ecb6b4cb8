"""Store room: two papers made one and one made two again, by a person's word, each in one transaction.

How rows change hands is absorb.py's; what the papers then are is decided by dedupe and handed in.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from digest.model import Account, Decision, Merge, Paper, Told
from digest.store import tables
from digest.store.absorb import absorb, hand_back, part
from digest.store.accounts import accounts_of, drop_sole_accounts
from digest.store.codec import decode
from digest.store.collected import add_decisions, put_papers, put_told
from digest.store.database import Database
from digest.store.doubts import Verdict, settle
from digest.store.search import index_announced
from digest.store.tables import identity as t

Marks = tuple[Mapping[str, str], Mapping[str, Sequence[str]]]
"""(folded titles, rare words) by paper id."""
Titles = tuple[Collection[Told], Collection[str]]
"""Titles that the paper that goes was told of by, and the folded ones of these that are not the other's as well."""
Two = tuple[Paper, Paper]
"""The paper that keeps its id, and the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """A merge that can be undone: the two papers and the accounts of them as they stood, and the accounts there are."""

    number: int
    merge: Merge
    papers: Two
    accounts_then: tuple[Account, ...]
    accounts: tuple[Account, ...]


class Merges:
    """Every method raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def last(self, paper_id: str) -> Undo | None:
        """The newest merge into this paper, which is the one that can be undone."""
        query = sa.select(t.merges).where(t.merges.c.kept == paper_id).order_by(t.merges.c.id.desc()).limit(1)
        with self._database.read() as read:
            row = read.execute(query).first()
            if row is None:
                return None
            body, told = json.loads(row.body), accounts_of(read, paper_id)
        return Undo(
            number=row.id,
            merge=decode(Merge, json.dumps(body["merge"])),
            papers=(decode(Paper, body["kept"]), decode(Paper, body["gone"])),
            accounts_then=tuple(decode(Account, text) for text in body["accounts"]),
            accounts=told,
        )

    def accounts(self, paper_id: str) -> tuple[Account, ...]:
        """What single entries said of a paper of which several tell."""
        with self._database.read() as read:
            return accounts_of(read, paper_id)

    def merge(self, merge: Merge, paper: Paper, marks: Marks, said: Decision) -> None:
        """Makes one paper of two, which then is `paper`."""
        with self._database.write() as write:
            absorb(write, merge)
            put_papers(write, [paper], merge.at, *marks)
            index_announced(write, [paper.id])
            _say(write, said, "same")

    def undo(
        self, undo: Undo, two: Two, leaving: Collection[Account], marks: Marks, titles: Titles, said: Decision
    ) -> None:
        """Makes two papers of one again, which then are `two`. Rows go back to where they were; `leaving` are the
        accounts of the second paper, with which go the sightings that came since."""
        found = sa.select(t.merges.c.body).where(t.merges.c.id == undo.number)
        staying = [account for account in undo.accounts if account not in leaving]
        with self._database.write() as write:
            hand_back(write, undo.merge, json.loads(write.execute(found).scalar_one()))
            part(write, undo.merge.kept, undo.merge.gone, leaving, staying)
            put_papers(write, two, said.at, *marks)
            index_announced(write, (paper.id for paper in two))
            _hand_titles(write, undo.merge.kept, *titles)
            drop_sole_accounts(write, (paper.id for paper in two))
            write.execute(sa.delete(t.merges).where(t.merges.c.id == undo.number))
            _say(write, said, "different")

    def part(
        self,
        two: Two,
        leaving: Collection[Account],
        staying: Collection[Account],
        marks: Marks,
        titles: Titles,
        said: Decision,
    ) -> None:
        """Makes the second of `two` a paper of its own, out of entries (`leaving`) that were taken for the first."""
        kept, gone = two
        seen = {"id": gone.id, "first_seen": min(account.at for account in leaving), "body": ""}
        with self._database.write() as write:
            write.execute(sa.insert(tables.papers), [seen])
            part(write, kept.id, gone.id, leaving, staying)
            put_papers(write, two, said.at, *marks)
            index_announced(write, (paper.id for paper in two))
            _hand_titles(write, kept.id, *titles)
            drop_sole_accounts(write, (paper.id for paper in two))
            _say(write, said, "different")

    def settle(self, said: Decision) -> None:
        """Remembers for ever that two papers are different."""
        with self._database.write() as write:
            _say(write, said, "different")


def _hand_titles(write: sa.Connection, kept: str, told: Collection[Told], stale: Collection[str]) -> None:
    """Lets a paper that goes be found by what it was told of by, and the other no longer."""
    put_told(write, told)
    titles = tables.paper_titles.c
    write.execute(sa.delete(tables.paper_titles).where(titles.paper_id == kept, titles.fold.in_(sorted(stale))))


def _say(write: sa.Connection, said: Decision, verdict: Verdict) -> None:
    settle(write, said, verdict)
    add_decisions(write, [said])
