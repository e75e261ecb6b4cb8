"""Store room: all that is known of papers and of what was printed, row by row as lines of JSON, and back again.

A line is ``{"TABLE": {COLUMN: VALUE, …}}`` with values as they are stored; a `body`, JSON itself, comes last. Readers,
their votes, deliveries and drafts are no part of it (they have commands of their own), nor what can be made anew from
the rest. Touched when a table is added: tests hold that each is named in `TABLES` or `LEFT_OUT`.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from digest.model import Decision, Issue, Paper, Scored, StandingTopic
from digest.store import tables
from digest.store.codec import decode, fits
from digest.store.database import Database, chunks
from digest.store.lookup import current
from digest.store.search import index
from digest.store.tables import identity, upkeep
from digest.store.tables.site import shelf

STEP = 2_000  # rows read at a time
Line = tuple[str, Mapping[str, Any], str | None]
"""A table's name, a row's columns but `body`, and the body as JSON text."""
_CHOSEN = "{} IN (SELECT id FROM papers WHERE first_seen >= :since)"
_PRINTED = "issue IN (SELECT id FROM issues WHERE day >= substr(:since, 1, 10))"


@dataclass(frozen=True, slots=True)
class Kept:
    """A table that is exported: which of its columns name papers, which rows belong to an export since a moment, and
    whether its `id` is only a number that another store gives anew."""

    table: sa.Table
    papers: tuple[str, ...] = ()
    since: str = ""
    numbered: bool = False


TABLES = (
    Kept(tables.issues, since="day >= substr(:since, 1, 10)"),
    Kept(tables.papers, since="first_seen >= :since"),
    Kept(tables.paper_keys, ("paper_id",), _CHOSEN.format("paper_id")),
    Kept(tables.paper_titles, ("paper_id",), _CHOSEN.format("paper_id")),
    Kept(tables.sightings, ("paper_id",), _CHOSEN.format("paper_id"), numbered=True),
    Kept(tables.signals, ("paper_id",), _CHOSEN.format("paper_id"), numbered=True),
    Kept(identity.accounts, ("paper_id",), _CHOSEN.format("paper_id")),
    Kept(identity.doubts, ("one", "other"), _CHOSEN.format("one")),
    Kept(identity.merges, ("kept",), _CHOSEN.format("kept"), numbered=True),
    Kept(tables.decisions, ("subject", "of"), "at >= :since", numbered=True),
    Kept(tables.scores, ("paper_id",), _CHOSEN.format("paper_id")),
    Kept(tables.printed, ("paper_id",), _PRINTED),
    Kept(shelf, ("paper_id",), "day >= substr(:since, 1, 10)"),
    Kept(upkeep.corrections, since=_PRINTED),
    Kept(tables.arrivals, since="day >= substr(:since, 1, 10)"),
    Kept(tables.hand, ("paper_id",), _CHOSEN.format("paper_id")),
    Kept(tables.fitted),
)
LEFT_OUT = {
    "deliveries", "readers", "consents", "suppressions", "votes", "returns", "drafts", "proposals",
    "runs", "sources", "signal_sources", "asked", "sizes", "imports", "paper_words", "unsorted_words", "findable",
}  # fmt: skip
"""Tables of readers and of work under way, and those made anew from the rest."""
TOPICS = "standing topics of "
"""How the fitted state is named that cannot be learnt again: headings that were found, named and pinned."""
_SHAPES: Mapping[str, Any] = {
    "papers": Paper,
    "issues": Issue,
    "decisions": Decision,
    "scores": Scored,
    "fitted": tuple[StandingTopic, ...],
}
_ONLY = {"fitted": f"name LIKE '{TOPICS}%'"}
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_NAMED = {kept.table.name: kept for kept in TABLES}


class Archive:
    """Every method raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lines(self, since: datetime | None = None) -> Iterator[str]:
        """Everything, or what belongs to papers first seen and issues made since then; as of one moment."""
        moment = since.isoformat(timespec="microseconds") if since else None
        yield f'{{"digest":"export","schema":"{tables.REVISION}"}}\n'
        with self._database.read() as read:
            for kept in TABLES:
                yield from _rows(read, kept, moment)

    def papers(self, since: datetime | None = None) -> Iterator[Paper]:
        """Every paper, or those first seen since then, by id."""
        moment = since.isoformat(timespec="microseconds") if since else None
        query = f"SELECT body FROM papers WHERE {'first_seen >= :since' if moment else '1'} ORDER BY id"  # noqa: S608
        with self._database.read() as read:
            for row in _streamed(read, query, moment):
                yield decode(Paper, row.body)

    def is_empty(self) -> bool:
        """Whether nothing is known yet, so that an export can be put back exactly as it was."""
        with self._database.read() as read:
            return all(read.execute(sa.select(t).limit(1)).first() is None for t in (tables.papers, tables.issues))

    def put(self, lines: Sequence[Line], *, exact: bool, also: Callable[[sa.Connection], None]) -> None:
        """Keeps rows that are not there yet, in one transaction with what `also` does. `exact`: with the numbers they
        had, as only an empty store can take them; else for the papers that theirs are known as here."""
        with self._database.write() as write:
            for name in dict.fromkeys(line[0] for line in lines):
                _put(write, _NAMED[name], [line for line in lines if line[0] == name], exact=exact)
            also(write)

    def find_again(self) -> None:
        """Makes what was announced findable by words, as collecting does."""
        query = sa.text("SELECT DISTINCT paper_id FROM sightings ORDER BY paper_id")
        with self._database.write() as write:
            for ids in chunks(write.execute(query).scalars().all(), STEP):
                bodies = sa.select(tables.papers.c.body).where(tables.papers.c.id.in_(ids))
                index(write, [decode(Paper, body) for body in write.execute(bodies).scalars()])


def understood(line: bytes) -> Line:
    """A line of an export, checked: what is hostile in it is text then. Raises ValueError in words that fit behind
    "line 7: "."""
    try:
        found = json.loads(line)
        ((name, row),) = found.items()
        columns = [column.name for column in _NAMED[name].table.columns]
    except (ValueError, AttributeError, KeyError, RecursionError):
        raise ValueError("it is no row of an export") from None
    if not isinstance(row, dict) or sorted(row) != sorted(columns):
        raise ValueError(f"it has not the columns of {name}")
    if "body" not in row:
        return name, _plain(row), None
    content = row.pop("body")
    _, _, body = line.decode().strip().partition('"body":')  # as it was written, to the letter
    body = body.removesuffix("}}")
    try:
        value = decode(_SHAPES[name], body) if name in _SHAPES else None
        if json.loads(body) != content or (name in _SHAPES and not fits(_SHAPES[name], value)):
            raise ValueError
        if isinstance(value, Issue | Paper) and value.id != row["id"]:
            raise ValueError
    except (KeyError, ValueError, TypeError, AttributeError):
        raise ValueError(f"its body is none of {name}") from None
    return name, _plain(row), body


def _plain(row: Mapping[str, Any]) -> Mapping[str, Any]:
    if not all(value is None or fits(str, value) or fits(float, value) for value in row.values()):
        raise ValueError("a column holds what none can hold")
    return row


def _rows(read: sa.Connection, kept: Kept, since: str | None) -> Iterator[str]:
    """The rows of a table as lines, in the order of its key."""
    name = kept.table.name
    columns = [column.name for column in kept.table.columns if column.name != "body"]
    bodied = len(columns) < len(kept.table.columns)
    wanted = [condition for condition in (kept.since if since else "", _ONLY.get(name, "")) if condition]
    keys = ", ".join(f'"{column.name}"' for column in kept.table.primary_key.columns)
    query = f"SELECT * FROM {name} WHERE {' AND '.join(wanted) or '1'} ORDER BY {keys}"  # noqa: S608
    for row in _streamed(read, query, since):
        told = _JSON({column: getattr(row, column) for column in columns})
        body = row.body.decode() if bodied and isinstance(row.body, bytes) else row.body if bodied else ""
        yield f'{{"{name}":{told[:-1]},"body":{body}}}}}\n' if bodied else f'{{"{name}":{told}}}\n'


def _streamed(read: sa.Connection, query: str, since: str | None) -> Iterator[Any]:
    values = {"since": since} if since and ":since" in query else {}
    yield from read.execution_options(yield_per=STEP).execute(sa.text(query), values)


def _put(write: sa.Connection, kept: Kept, lines: Sequence[Line], *, exact: bool) -> None:
    """Rows of one table; those whose key is there stay as they are."""
    columns = [column.name for column in kept.table.columns if exact or not (kept.numbered and column.name == "id")]
    rows = [{**row, "body": body} for _, row, body in lines]
    if not exact:
        became = current(write, {row[name] for row in rows for name in kept.papers if row[name]})
        rows = [row | {name: became.get(row[name], row[name]) for name in kept.papers} for row in rows]
    if kept.table is tables.fitted:
        rows = [{**row, "body": row["body"].encode()} for row in rows]
    marks = ", ".join(f":{name}" for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    query = f"INSERT OR IGNORE INTO {kept.table.name} ({names}) SELECT {marks} WHERE {_condition(kept, exact)}"
    write.execute(sa.text(query), [{name: row[name] for name in columns} for row in rows])


def _condition(kept: Kept, exact: bool) -> str:
    """What a row must find or must not find to be kept: the rows it names; and no decision like it, for without the
    number it had nothing else keeps one from being told twice."""
    if kept.table is tables.decisions and not exact:
        return "NOT EXISTS (SELECT 1 FROM decisions WHERE subject = :subject AND at = :at AND body = :body)"
    named = [(column.name, key.column) for column in kept.table.columns for key in column.foreign_keys]
    there = [f"EXISTS (SELECT 1 FROM {of.table.name} WHERE {of.name} = :{name})" for name, of in named]  # noqa: S608
    return " AND ".join(there) or "1"
