"""Store room: what single entries said of papers of which several tell: why a field is as it is, and how to part them.

A paper that one source alone told of has no account: it is its own. Once a second one speaks, both are kept.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from digest.model import Account, Paper
from digest.model.recognition import wording
from digest.store import tables
from digest.store.codec import decode, encode
from digest.store.database import chunks
from digest.store.lookup import pairs
from digest.store.tables import identity as t

_FIRST = sa.text("""
    SELECT p.id, p.body, p.first_seen, s.source, s.guid FROM papers p
    LEFT JOIN sightings s ON s.id = (SELECT id FROM sightings WHERE paper_id = p.id ORDER BY at, id LIMIT 1)
    WHERE p.id IN :ids
    """).bindparams(sa.bindparam("ids", expanding=True))


def put_accounts(write: sa.Connection, accounts: Collection[Account]) -> None:
    """Keeps what entries said, before what papers and sightings become of it is saved. An entry that comes again brings
    its words up to date; one that only repeats the sole source of a paper is not kept."""
    known = _have(write, {account.paper_id for account in accounts})
    alone = _alone(write, {account.paper_id for account in accounts} - known)
    spoken = {account.paper_id for account in accounts if _speaks_up(account, alone.get(account.paper_id))}
    _put(write, [alone[paper_id] for paper_id in sorted(spoken & set(alone))])
    _put(write, [account for account in accounts if account.paper_id in known | spoken])


def first_accounts(write: sa.Connection, ids: Iterable[str]) -> None:
    """Sees to it that each of these papers has an account, its own where no other source spoke of it."""
    wanted = set(ids)
    _put(write, list(_alone(write, wanted - _have(write, wanted)).values()))


def drop_sole_accounts(write: sa.Connection, ids: Iterable[str]) -> None:
    """Lets go of the account of each of these papers that one entry alone tells of, always alike: the paper says the
    same."""
    for paper_id in ids:
        told = accounts_of(write, paper_id)
        if len(told) == 1 and not told[0].before:
            write.execute(sa.delete(t.accounts).where(t.accounts.c.paper_id == paper_id))


def accounts_of(read: sa.Connection, paper_id: str) -> tuple[Account, ...]:
    """All accounts of a paper, first told first; none where one source alone tells of it."""
    query = sa.select(t.accounts.c.body).where(t.accounts.c.paper_id == paper_id)
    rows = read.execute(query.order_by(t.accounts.c.at, t.accounts.c.source, t.accounts.c.origin)).scalars()
    return tuple(replace(decode(Account, body), paper_id=paper_id) for body in rows)


def told_of(read: sa.Connection, ids: Iterable[str]) -> dict[str, tuple[Paper, ...]]:
    """What single entries said, now and before, of those of these papers of which several tell, by paper id."""
    found: dict[str, tuple[Paper, ...]] = {}
    for paper_id, body in pairs(read, t.accounts.c.paper_id, t.accounts.c.body, ids):
        account = decode(Account, body)
        found[paper_id] = (*found.get(paper_id, ()), *account.before, account.paper)
    return found


def _have(read: sa.Connection, ids: Collection[str]) -> set[str]:
    return {paper_id for paper_id, _ in pairs(read, t.accounts.c.paper_id, t.accounts.c.source, ids)}


def _alone(read: sa.Connection, ids: Collection[str]) -> dict[str, Account]:
    """The papers of these ids as the account of whoever told of them first."""
    found = {}
    for some in chunks(sorted(ids)):
        for row in read.execute(_FIRST, {"ids": some}):
            at = tables.Moment().process_result_value(row.first_seen, read.dialect)
            assert at is not None
            paper = decode(Paper, row.body)
            account = Account(paper_id=row.id, source=row.source or "", paper=paper, at=at, guid=row.guid or "")
            found[row.id] = account
    return found


def _speaks_up(account: Account, alone: Account | None) -> bool:
    """Whether an account is more than the sole source of a paper saying it again."""
    if alone is None or (account.source, account.paper.id) != (alone.source, alone.paper_id):
        return True
    return bool(account.before) or wording(account.paper) != wording(alone.paper)


def _put(write: sa.Connection, accounts: Collection[Account]) -> None:
    there = _kept(write, {account.paper_id for account in accounts})
    rows = []
    for account in accounts:
        name = (account.paper_id, account.source, account.paper.id)
        body = encode(account.after(there.get(name)))
        rows.append(dict(zip(("paper_id", "source", "origin"), name, strict=True)) | {"at": account.at, "body": body})
    if rows:
        statement = insert(t.accounts)
        write.execute(statement.on_conflict_do_update(set_={"body": statement.excluded.body}), rows)


def _kept(read: sa.Connection, ids: Collection[str]) -> dict[tuple[str, str, str], Account]:
    found = [(id_, decode(Account, body)) for id_, body in pairs(read, t.accounts.c.paper_id, t.accounts.c.body, ids)]
    return {(id_, account.source, account.paper.id): account for id_, account in found}
