"""Store room: papers that readers propose. Who proposed is kept as a hash, for limits; the name only if it is to be
printed."""

import hashlib
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from digest.model import Proposal, ProposalState
from digest.store.codec import decode, encode
from digest.store.database import Database
from digest.store.tables.desk import proposals

_C = proposals.c


class Proposals:
    """Proposals by their number. Every method raises StoreError where the store cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def admit(self, proposal: Proposal, client: str, since: datetime, per_day: int, waiting: int) -> Proposal | str:
        """Keeps a new proposal and returns it with its number, or says which limit it would pass: `address`, `client`,
        `queue`, or `day`, which bounds what is fetched for strangers whatever names they give themselves. Counting and
        keeping are one transaction, so that a thousand at once pass no limit. Limits of nobody ("") do not bind."""
        who, came_from = _hash(proposal.address), _hash(client)
        with self._database.write() as write:
            for limit, column, value in (("address", _C.who, who), ("client", _C.client, came_from)):
                if value and _count(write, column == value, _C.at > since) >= per_day:
                    return limit
            asking = (_C.state == "asked") & (_C.at > since)  # an older one was cut off
            if _count(write, (_C.state == "queued") | asking) >= waiting:
                return "queue"
            strangers = (_C.who != "") | (_C.client != "")
            if (who or came_from) and _count(write, strangers, _C.at > since) >= waiting:
                return "day"
            row = {"at": proposal.at, "state": proposal.state, "paper_id": proposal.paper_id, "who": who}
            made = sa.insert(proposals).values(client=came_from, body="", **row).returning(_C.number)
            kept = replace(proposal, number=write.execute(made).scalar_one(), address="")
            write.execute(sa.update(proposals).where(_C.number == kept.number).values(body=encode(kept)))
        return kept

    def put(self, proposal: Proposal) -> None:
        """Puts `proposal` in place of the one of its number."""
        row = {"state": proposal.state, "paper_id": proposal.paper_id, "body": encode(proposal)}
        with self._database.write() as write:
            write.execute(sa.update(proposals).where(_C.number == proposal.number).values(row))

    def get(self, number: int) -> Proposal | None:
        """The proposal of this number."""
        with self._database.read() as read:
            body = read.scalar(sa.select(_C.body).where(_C.number == number))
        return None if body is None else decode(Proposal, body)

    def list(self, *states: ProposalState) -> tuple[Proposal, ...]:
        """Proposals in these states (none named: in all), oldest first."""
        query = sa.select(_C.body).order_by(_C.number)
        if states:
            query = query.where(_C.state.in_(states))
        with self._database.read() as read:
            return tuple(decode(Proposal, body) for body in read.execute(query).scalars())

    def of_paper(self, paper_id: str, *states: ProposalState) -> tuple[Proposal, ...]:
        """Proposals of one paper in these states, oldest first."""
        query = sa.select(_C.body).where(_C.paper_id == paper_id, _C.state.in_(states)).order_by(_C.number)
        with self._database.read() as read:
            return tuple(decode(Proposal, body) for body in read.execute(query).scalars())


def _count(read: sa.Connection, *conditions: "sa.ColumnElement[bool]") -> int:
    return int(read.scalar(sa.select(sa.func.count()).select_from(proposals).where(*conditions)) or 0)


def _hash(text: str) -> str:
    return hashlib.sha256(text.strip().casefold().encode()).hexdigest() if text.strip() else ""
