"""Store room: what is seen of papers again and again, kept once.

A list that is read every hour says the same of the same papers; only what is new in it is worth a row. Sightings are
kept once an announcement, a value that rests as the first and the last time it was observed.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from digest.model import Sighting, Signal
from digest.store import tables as t
from digest.store.database import chunks

_S, _G = t.sightings.c, t.signals.c
Series = tuple[str, str, str]


def put_sightings(write: sa.Connection, sightings: Sequence[Sighting]) -> frozenset[str]:
    """Keeps those that are news; returns the ids of papers of which only known announcements were seen again."""
    known: set[tuple[Any, ...]] = set()
    for some in chunks(sorted({each.paper_id for each in sightings})):
        query = sa.select(_S.paper_id, _S.source, _S.announcement, _S.guid, _S.version)
        known.update(tuple(row) for row in write.execute(query.where(_S.paper_id.in_(some))))
    news = [each for each in sightings if _announced(each) not in known]
    if news:
        write.execute(insert(t.sightings).on_conflict_do_nothing(), [_columns(each) for each in news])
    return frozenset(each.paper_id for each in sightings) - {each.paper_id for each in news}


def put_signals(write: sa.Connection, signals: Sequence[Signal]) -> None:
    """Keeps observations. One that says what the two before it said moves the second of them to its own time."""
    last = _last(write, {each.paper_id for each in signals})
    new, moved = [], []
    for each in sorted(signals, key=lambda signal: signal.at):
        rows = last.setdefault((each.paper_id, each.kind, each.source), [])
        if rows and rows[-1][1] >= each.at:
            new.append(each)  # of the past, or the same again: the unique key decides
        elif len(rows) > 1 and rows[-1][2] == rows[-2][2] == each.value and rows[-1][0] is not None:
            moved.append({"row": rows[-1][0], "to": each.at})
            rows[-1] = (rows[-1][0], each.at, each.value)
        else:
            new.append(each)
            rows.append((None, each.at, each.value))
    if new:
        write.execute(insert(t.signals).on_conflict_do_nothing(), [_columns(each) for each in new])
    if moved:
        write.execute(sa.update(t.signals).where(_G.id == sa.bindparam("row")).values(at=sa.bindparam("to")), moved)


def _last(write: sa.Connection, papers: Iterable[str]) -> dict[Series, list[Any]]:
    """Of each series, its observations as (row, time, value), oldest first."""
    found: dict[Series, list[Any]] = {}
    for some in chunks(sorted(papers)):
        query = sa.select(_G.paper_id, _G.kind, _G.source, _G.id, _G.at, _G.value).where(_G.paper_id.in_(some))
        for row in write.execute(query.order_by(_G.at, _G.id)):
            found.setdefault((row.paper_id, row.kind, row.source), []).append((row.id, row.at, row.value))
    return found


def _announced(each: Sighting) -> tuple[Any, ...]:
    return each.paper_id, each.source, each.announcement, each.guid, each.version


def _columns(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in type(value).__dataclass_fields__}
