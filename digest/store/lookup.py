"""Store room: values looked up by the thousand, and ids that papers had before they were merged. Used by the others."""

import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from digest.store import tables as t
from digest.store.database import chunks

MANY = 10_000  # values handed to one query, as one JSON list: a bound value each would cost more than the look-up


def pairs(
    read: sa.Connection, column: "sa.Column[Any]", other: "sa.ColumnElement[Any]", values: Iterable[str]
) -> list[tuple[str, str]]:
    """(column, other) of every row whose `column` is one of `values`."""
    one = sa.func.json_each(sa.bindparam("values")).table_valued("value")
    query = sa.select(column, other).where(column.in_(sa.select(one.c.value)))
    found: list[tuple[str, str]] = []
    for some in chunks(sorted(values), MANY):
        found.extend(read.execute(query, {"values": json.dumps(some)}).tuples())
    return found


def current(read: sa.Connection, ids: Iterable[str]) -> dict[str, str]:
    """The id of today of every id that papers have or had."""
    wanted = set(ids)
    there = {found for found, _ in pairs(read, t.papers.c.id, t.papers.c.id, wanted)}
    became = dict(pairs(read, t.paper_keys.c.key, t.paper_keys.c.paper_id, wanted - there))
    return became | {paper_id: paper_id for paper_id in there}


def bodies(read: sa.Connection, ids: Iterable[str]) -> dict[str, str]:
    """The papers of these ids, as JSON; of an id that a paper had before it was merged, the paper it became."""
    wanted = set(ids)
    found = dict(pairs(read, t.papers.c.id, t.papers.c.body, wanted))
    became = set(current(read, wanted - set(found)).values()) if len(found) < len(wanted) else set()
    return found | dict(pairs(read, t.papers.c.id, t.papers.c.body, became - set(found)))
