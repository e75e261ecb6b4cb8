"""Store room: what single entries said of papers of which several tell: why a field is as it is, and how to part them.

A paper that one source alone told of has no account: it is its own. Once a second one speaks, both are kept.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from digest.model import Account, Paper
from digest.store import identity_tables as t
from digest.store import tables
from digest.store.codec import decode, encode
from digest.store.database import chunks
from digest.store.lookup import pairs

_FIRST = sa.text("""
    SELECT p.id, p.body, p.first_seen, s.source, s.guid FROM papers p
    LEFT JOIN sightings s ON s.id = (SELECT id FROM sightings WHERE paper_id = p.id ORDER BY at, id LIMIT 1)
    WHERE p.id IN :ids
    """).bindparams(sa.bindparam("ids", expanding=True))
_AS_FIRST_TOLD = (
    "at",
    "reason",
    "numbers",
)  # why an entry was taken for this paper does not change when it comes again


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
    """Lets go of the account of each of these papers that one entry alone tells of: the paper says the same."""
    number = sa.select(sa.func.count()).select_from(t.accounts).where(t.accounts.c.paper_id == sa.bindparam("id"))
    for paper_id in ids:
        if write.scalar(number, {"id": paper_id}) == 1:
            write.execute(sa.delete(t.accounts).where(t.accounts.c.paper_id == paper_id))


def accounts_of(read: sa.Connection, paper_id: str) -> tuple[Account, ...]:
    """All accounts of a paper, first told first; none where one source alone tells of it."""
    query = sa.select(t.accounts.c.body).where(t.accounts.c.paper_id == paper_id)
    rows = read.execute(query.order_by(t.accounts.c.at, t.accounts.c.source, t.accounts.c.origin)).scalars()
    return tuple(replace(decode(Account, body), paper_id=paper_id) for body in rows)


def told_of(read: sa.Connection, ids: Iterable[str]) -> dict[str, tuple[Paper, ...]]:
    """What single entries said of those of these papers of which several tell, by paper id."""
    found: dict[str, list[Paper]] = {}
    for paper_id, body in pairs(read, t.accounts.c.paper_id, sa.func.json_extract(t.accounts.c.body, "$.paper"), ids):
        found.setdefault(paper_id, []).append(decode(Paper, body))
    return {paper_id: tuple(papers) for paper_id, papers in found.items()}


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
    return alone is None or (account.source, account.paper.id) != (alone.source, alone.paper_id)


def _put(write: sa.Connection, accounts: Collection[Account]) -> None:
    rows = [
        {
            "paper_id": account.paper_id,
            "source": account.source,
            "origin": account.paper.id,
            "at": account.at,
            "body": encode(account),
        }
        for account in accounts
    ]
    if rows:
        statement = insert(t.accounts)
        new, old = statement.excluded.body, t.accounts.c.body
        kept = [part for name in _AS_FIRST_TOLD for part in (f"$.{name}", sa.func.json_extract(old, f"$.{name}"))]
        kept[-1] = sa.func.json(kept[-1])
        write.execute(statement.on_conflict_do_update(set_={"body": sa.func.json_set(new, *kept)}), rows)
