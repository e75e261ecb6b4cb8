"""Store room: the rows of one paper handed to another, and back. Used by merges.py and by what a run saves.

Every table with a column `paper_id` takes part, whoever made it. Words stay where they are: `lookup.current` leads on
from an id that is gone. What was handed over is remembered in `merges`, so that it can be undone to the letter.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from digest.model import Account, Merge
from digest.store import tables
from digest.store.accounts import accounts_of, first_accounts
from digest.store.codec import decode, encode
from digest.store.tables import identity as t

_STAY = ("paper_words", "unsorted_words")
_PAPERS = sa.text("SELECT id, first_seen, body FROM papers WHERE id IN (:kept, :gone)")
_Row = list[Any]


def absorb(write: sa.Connection, merge: Merge) -> None:
    """Hands all that is known of the paper `gone` to `kept`, before `kept` is saved as it then is."""
    first_accounts(write, (merge.kept, merge.gone))
    rows = {row.id: row for row in write.execute(_PAPERS, {"kept": merge.kept, "gone": merge.gone})}
    kept, gone = rows[merge.kept], rows[merge.gone]
    told = [encode(account) for paper_id in (merge.kept, merge.gone) for account in accounts_of(write, paper_id)]
    raw(write, "UPDATE papers SET first_seen = ? WHERE id = ?", min(kept.first_seen, gone.first_seen), merge.kept)
    moved, dropped = {}, {}
    for table in tables.meta.sorted_tables:
        if "paper_id" in table.c and table.name not in _STAY:
            moved[table.name], dropped[table.name] = _hand_over(write, table, merge)
    write.execute(sa.delete(tables.papers).where(tables.papers.c.id == merge.gone))
    body = {
        "merge": json.loads(encode(merge)),
        "kept": kept.body,
        "gone": gone.body,
        "first_seen": [kept.first_seen, gone.first_seen],
        "accounts": told,
        "moved": {name: some for name, some in moved.items() if some},
        "dropped": {name: some for name, some in dropped.items() if some},
    }
    row = {"kept": merge.kept, "gone": merge.gone, "at": merge.at, "body": json.dumps(body, ensure_ascii=False)}
    write.execute(sa.insert(t.merges), [row])


def hand_back(write: sa.Connection, merge: Merge, body: Mapping[str, Any]) -> None:
    """Undoes `absorb` as far as its rows are still there; the papers themselves are to be saved afterwards."""
    kept_seen, gone_seen = body["first_seen"]
    raw(write, "INSERT INTO papers (id, first_seen, body) VALUES (?, ?, ?)", merge.gone, gone_seen, body["gone"])
    raw(write, "UPDATE papers SET first_seen = ? WHERE id = ?", kept_seen, merge.kept)
    for name, rows in body["moved"].items():
        _rename(write, tables.meta.tables[name], rows, merge)
    for name, rows in body["dropped"].items():
        _restore(write, tables.meta.tables[name], rows)


def merges_of(read: sa.Connection, paper_id: str) -> tuple[Merge, ...]:
    """What became part of a paper, and what had become part of that, newest first."""
    found: list[Merge] = []
    ids = [paper_id]
    while ids:
        rows = read.execute(sa.select(t.merges.c.body).where(t.merges.c.kept.in_(ids)).order_by(t.merges.c.id.desc()))
        new = [decode(Merge, json.dumps(json.loads(body)["merge"])) for body in rows.scalars()]
        ids = [merge.gone for merge in new]
        found += new
    return tuple(found)


def part(
    write: sa.Connection, kept: str, gone: str, leaving: Collection[Account], staying: Collection[Account]
) -> None:
    """Hands accounts to the paper `gone`, with the sightings they came by and what was observed then. Where one that
    stays came the same way, sightings are copied."""
    for account in leaving:
        move = "UPDATE OR IGNORE accounts SET paper_id = ? WHERE paper_id = ? AND source = ? AND origin = ?"
        raw(write, move, gone, kept, account.source, account.paper.id)
        beside = [other for other in staying if other.source == account.source]
        if any(other.guid == account.guid for other in beside):
            raw(write, _COPY, gone, kept, account.source, account.guid)
            continue
        seen = (kept, account.source, not beside, account.guid)
        moments = raw(write, f"SELECT at FROM sightings WHERE {_SEEN}", *seen)  # noqa: S608
        raw(write, f"UPDATE OR IGNORE sightings SET paper_id = ? WHERE {_SEEN}", gone, *seen)  # noqa: S608
        for (at,) in moments:
            raw(write, _SIGNALS, gone, kept, account.source, at, kept, account.source, at)


_SEEN = "paper_id = ? AND source = ? AND (? OR guid = ?)"
_COPY = """INSERT OR IGNORE INTO sightings (paper_id, source, at, announcement, guid, version)
    SELECT ?, source, at, announcement, guid, version FROM sightings WHERE paper_id = ? AND source = ? AND guid = ?"""
_SIGNALS = """UPDATE OR IGNORE signals SET paper_id = ? WHERE paper_id = ? AND source = ? AND at = ?
    AND NOT EXISTS (SELECT 1 FROM sightings WHERE paper_id = ? AND source = ? AND at = ?)"""


def raw(write: sa.Connection, statement: str, *values: Any) -> Sequence[Any]:
    """Executes SQL on rows as they are stored, whatever types their columns have; the rows it gives, if any."""
    result = write.exec_driver_sql(statement, values)
    return result.all() if result.returns_rows else ()


def _hand_over(write: sa.Connection, table: sa.Table, merge: Merge) -> tuple[list[_Row], list[_Row]]:
    """(keys of the rows that were handed over, whole rows that gave way to one that `kept` had already)."""
    select = f"SELECT {_names(table)} FROM {table.name} WHERE paper_id = ?"  # noqa: S608
    before = [list(row) for row in raw(write, select, merge.gone)]
    if not before:
        return [], []
    raw(write, f"UPDATE OR IGNORE {table.name} SET paper_id = ? WHERE paper_id = ?", merge.kept, merge.gone)  # noqa: S608
    dropped = [list(row) for row in raw(write, select, merge.gone)]
    raw(write, f"DELETE FROM {table.name} WHERE paper_id = ?", merge.gone)  # noqa: S608
    places = [list(table.columns).index(column) for column in table.primary_key.columns]
    return [[row[place] for place in places] for row in before if row not in dropped], dropped


def _rename(write: sa.Connection, table: sa.Table, rows: Sequence[_Row], merge: Merge) -> None:
    names = [column.name for column in table.primary_key.columns]
    where = " AND ".join(f'"{name}" = ?' for name in names)
    for row in rows:
        key = [merge.kept if name == "paper_id" else value for name, value in zip(names, row, strict=True)]
        raw(write, f"UPDATE OR IGNORE {table.name} SET paper_id = ? WHERE {where}", merge.gone, *key)  # noqa: S608


def _restore(write: sa.Connection, table: sa.Table, rows: Sequence[_Row]) -> None:
    marks = ", ".join("?" for _ in table.columns)
    for row in rows:
        raw(write, f"INSERT OR IGNORE INTO {table.name} ({_names(table)}) VALUES ({marks})", *row)  # noqa: S608


def _names(table: sa.Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns)
