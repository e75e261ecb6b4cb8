"""Store room: the full-text index over papers that were announced: title, abstract, authors, topics, keys.

The index is contentless (the words stand in `papers` already), so no row of it can be taken back: a paper that changed
gets a new row, and `findable` names the one that counts. Touched when something else is to be found.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from typing import Any

import sqlalchemy as sa

from digest.model import Found, Hit, Paper, Wanted
from digest.store import tables as t
from digest.store.codec import decode
from digest.store.database import Database, chunks
from digest.store.lookup import pairs
from digest.store.shelf import Shelf, headings
from digest.store.tables.site import findable

WEIGHTS = (8.0, 1.0, 4.0, 4.0, 2.0)
"""What a word counts for in title, abstract, authors, topics, keys: the weights of FTS5's bm25()."""
WELL = 1000
"""How many of the best matches are put in order of how they trend."""
_FROM = (
    "FROM search_text JOIN findable ON findable.number = search_text.rowid JOIN papers p ON p.id = findable.paper_id"
)


class Search:
    """Look-ups. Each raises StoreError where the store cannot be read; no wording of a search is an error."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shelf = Shelf(database)

    def find(self, wanted: Wanted, most: int = 20, skip: int = 0, half_life_days: float = 3.0) -> Found:
        """The papers that fit, best first, after the first `skip`. In order of how they trend a score counts half as
        much each `half_life_days` after the newest score there is."""
        match, since = expression(wanted), _since(wanted)
        if not match and not since:
            return Found(total=0)
        where = "WHERE search_text MATCH :match" if match else "WHERE 1"
        order = f"bm25(search_text, {', '.join(map(str, WEIGHTS))})" if match else "p.first_seen DESC"
        if since:
            where += " AND p.first_seen >= :since"
        values = {"match": match, "since": since, "most": WELL if wanted.trending else most,
                  "skip": 0 if wanted.trending else skip}  # fmt: skip
        values = {name: value for name, value in values.items() if value is not None}
        with self._database.read() as read:
            total = read.scalar(sa.text(f"SELECT count(*) {_FROM} {where}"), values) or 0
            query = f"SELECT p.id {_FROM} {where} ORDER BY {order}, p.id LIMIT :most OFFSET :skip"
            ids = list(read.execute(sa.text(query), values).scalars())
            if wanted.trending:
                ids = _by_trend(read, ids, half_life_days)[skip : skip + most]
        return Found(total=total, hits=self._hits(ids))

    def _hits(self, ids: Sequence[str]) -> tuple[Hit, ...]:
        query = sa.select(t.papers).where(t.papers.c.id.in_(ids))
        with self._database.read() as read:
            rows = {row.id: row for row in read.execute(query)}
        printed = self._shelf.of(ids)
        return tuple(
            Hit(
                paper=decode(Paper, rows[id_].body),
                first_seen=rows[id_].first_seen,
                printed=printed[id_][-1] if id_ in printed else None,
            )
            for id_ in ids
            if id_ in rows
        )


def expression(wanted: Wanted) -> str:
    """`wanted` as an expression of FTS5; "" where it asks for no word. Every word is a quoted string there, in which
    nothing but a double quote means anything."""
    parts = [("", word) for word in wanted.everywhere]
    parts += [("authors : ", word) for word in wanted.authors] + [("topics : ", word) for word in wanted.topics]
    return " AND ".join(field + quoted for field, word in parts if (quoted := _quoted(word)))


def _quoted(word: str) -> str:
    """A word or phrase as a string of FTS5, a last ``*`` as "begins with"; "" where nothing in it can be found."""
    begins = word.endswith("*")
    word = word.encode("utf-8", "ignore").decode()  # half a character would stop the database
    kept = "".join(c if c.isalnum() or c.isspace() else " " if c.isascii() else c for c in word).strip()
    return f'"{kept}"' + ("*" if begins else "") if any(c.isalnum() for c in kept) else ""


def _since(wanted: Wanted) -> str | None:
    if wanted.since is None:
        return None
    bound: str | None = t.Moment().process_bind_param(datetime.combine(wanted.since, time(), UTC), None)  # type: ignore[arg-type]
    return bound


def _by_trend(read: sa.Connection, ids: Sequence[str], half_life_days: float) -> list[str]:
    """`ids` by their last score in any newsletter as it has faded since; those without one last, as they came."""
    total = sa.func.json_extract(t.scores.c.body, "$.total", type_=sa.Float)
    query = sa.select(t.scores.c.paper_id, t.scores.c.at, total)
    query = query.where(t.scores.c.paper_id.in_(sa.bindparam("ids", expanding=True)))
    rows = [row for some in chunks(ids) for row in read.execute(query, {"ids": some}).tuples()]
    newest = max((at for _, at, _ in rows), default=None)
    stands: dict[str, float] = {}
    for paper_id, at, score in rows:
        assert newest is not None
        faded = score * 2.0 ** (-(newest - at).total_seconds() / 86_400 / half_life_days)
        stands[paper_id] = max(faded, stands.get(paper_id, faded))
    return sorted(ids, key=lambda id_: -stands.get(id_, float("-inf")))


def index(write: sa.Connection, papers: Sequence[Paper]) -> None:
    """Makes `papers` findable, by what they say now; one whose words are those already indexed costs a look."""
    ids = sorted(paper.id for paper in papers)
    under = headings(write, ids)
    texts = {paper.id: _text(paper, under.get(paper.id, ())) for paper in papers}
    marks = {
        id_: hashlib.blake2b("\0".join(text.values()).encode(), digest_size=8).hexdigest()
        for id_, text in texts.items()
    }
    known = _columns(write, ids, findable.c.mark)
    changed = [id_ for id_ in ids if known.get(id_) != marks[id_]]
    if changed:
        rows = [{"paper_id": id_, "mark": marks[id_]} for id_ in changed]
        write.execute(sa.text("REPLACE INTO findable (paper_id, mark) VALUES (:paper_id, :mark)"), rows)
        numbers = _columns(write, changed, findable.c.number)
        names = ("title", "abstract", "authors", "topics", "keys")
        into = f"INSERT INTO search_text (rowid, {', '.join(names)}) VALUES (:number, :{', :'.join(names)})"  # noqa: S608
        write.execute(sa.text(into), [{"number": numbers[id_], **texts[id_]} for id_ in changed])


def index_announced(write: sa.Connection, changed: Iterable[str], told: Iterable[str] = ()) -> None:
    """Makes those of these papers findable that a source announced: a past that was imported is not searched. Of those
    that were `told` of without any change, only what is not there yet costs more than a look."""
    rest = set(told)
    wanted = set(changed) | (rest - set(_columns(write, sorted(rest), findable.c.number)))
    seen = {paper_id for paper_id, _ in pairs(write, t.sightings.c.paper_id, t.sightings.c.paper_id, wanted)}
    index(write, [decode(Paper, body) for _, body in pairs(write, t.papers.c.id, t.papers.c.body, seen)])


def _text(paper: Paper, topics: Sequence[str]) -> dict[str, str]:
    return {
        "title": paper.title,
        "abstract": paper.abstract,
        "authors": "\n".join(author.name for author in paper.authors),
        "topics": "\n".join(dict.fromkeys(topics)),
        "keys": "\n".join(paper.keys),
    }


def _columns(read: sa.Connection, ids: Sequence[str], column: "sa.Column[Any]") -> dict[str, Any]:
    query = sa.select(findable.c.paper_id, column).where(findable.c.paper_id.in_(sa.bindparam("ids", expanding=True)))
    return {id_: value for some in chunks(ids) for id_, value in read.execute(query, {"ids": some}).tuples()}
