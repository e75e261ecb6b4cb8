"""Store room: what is seen of papers again and again, kept once.

A list that is read every hour says the same of the same papers; only what is new in it is worth a row. Sightings are
kept of an announcement as it was first and last seen, a value that rests as first and last observed.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from digest.model import Sighting, Signal
from digest.store import tables as t
from digest.store.database import chunks

_S, _G = t.sightings.c, t.signals.c
Series = tuple[str, str, str]


def put_sightings(write: sa.Connection, sightings: Sequence[Sighting]) -> frozenset[str]:
    """Keeps each announcement as first and as last seen; returns the ids of papers of which only known ones were seen
    again."""
    known: dict[tuple[Any, ...], list[Any]] = {}
    for some in chunks(sorted({each.paper_id for each in sightings})):
        for row in write.execute(sa.select(t.sightings).where(_S.paper_id.in_(some)).order_by(_S.at, _S.id)):
            known.setdefault(_announced(row), []).append(row)
    news, moved, fresh = [], {}, set()
    for each in sightings:
        rows = known.get(_announced(each), [])
        if not rows:
            fresh.add(each.paper_id)
        if len(rows) > 1 and rows[-1].at < each.at:
            moved[rows[-1].id] = each.at
        elif len(rows) < 2 or each.at < rows[0].at:
            news.append(_columns(each))
    if news:
        write.execute(insert(t.sightings).on_conflict_do_nothing(), news)
    _move(write, t.sightings, moved)
    return frozenset(each.paper_id for each in sightings) - fresh


def put_signals(write: sa.Connection, signals: Sequence[Signal]) -> None:
    """Keeps observations. One that says what the two before it said moves the second of them to its own time."""
    last = _last(write, {each.paper_id for each in signals})
    new, moved = [], {}
    for each in sorted(signals, key=lambda signal: signal.at):
        rows = last.setdefault((each.paper_id, each.kind, each.source), [])
        if rows and rows[-1][1] >= each.at:
            new.append(each)  # of the past, or the same again: the unique key decides
        elif len(rows) > 1 and rows[-1][2] == rows[-2][2] == each.value and rows[-1][0] is not None:
            moved[rows[-1][0]] = each.at
            rows[-1] = (rows[-1][0], each.at, each.value)
        else:
            new.append(each)
            rows.append((None, each.at, each.value))
    if new:
        write.execute(insert(t.signals).on_conflict_do_nothing(), [_columns(each) for each in new])
    _move(write, t.signals, moved)


def _last(write: sa.Connection, papers: Iterable[str]) -> dict[Series, list[Any]]:
    """Of each series, its observations as (row, time, value), oldest first."""
    found: dict[Series, list[Any]] = {}
    for some in chunks(sorted(papers)):
        query = sa.select(_G.paper_id, _G.kind, _G.source, _G.id, _G.at, _G.value).where(_G.paper_id.in_(some))
        for row in write.execute(query.order_by(_G.at, _G.id)):
            found.setdefault((row.paper_id, row.kind, row.source), []).append((row.id, row.at, row.value))
    return found


def _move(write: sa.Connection, table: sa.Table, moved: Mapping[int, datetime]) -> None:
    """Rows, by number, get another time."""
    if moved:
        update = sa.update(table).where(table.c.id == sa.bindparam("row")).values(at=sa.bindparam("to"))
        write.execute(update, [{"row": row, "to": at} for row, at in moved.items()])


def _announced(each: Any) -> tuple[Any, ...]:
    return each.paper_id, each.source, each.announcement, each.guid, each.version


def _columns(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in type(value).__dataclass_fields__}
