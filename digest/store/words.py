"""Store room: papers by the rare words of their titles, so that a title that was disturbed is found again.

A title is kept under every two of its rare words, so that what shares two of them with a question is found by at most
six look-ups however many papers there are. Which words are rare is dedupe's business: they are handed in.

Few papers (a day's) go straight into the index: `put_words`. Many (an import) are set down unsorted and then sorted in
at one go, which is many times faster: `stage_words` as often as you like, `settle_words` once at the end.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import combinations
from zlib import crc32

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from digest.store import tables
from digest.store.database import Database, chunks
from digest.store.fitted import put_fitted
from digest.store.tables import identity as t

COMMON, FEW = 24, 8
"""Two words that more papers share than the first say nothing; that more share than the second, only beside others."""
MOST = 30
"""How many papers at most answer a question, those that share most first."""
STEP = 20_000  # papers whose words are held at a time
STAMP = "rare words"

_LOOK_UP = sa.text(
    "SELECT value AS pair, (SELECT json_group_array(paper_id) FROM (SELECT paper_id FROM paper_words "
    "WHERE pair = value LIMIT :most)) AS ids FROM json_each(:pairs)"
)


def pairs(words: Iterable[str]) -> list[int]:
    """Every two of `words` as a number of 47 bits; a single word is a pair with none. Two pairs that fall on one number
    cost a comparison, nothing else."""
    marks = [crc32(word.encode()) for word in sorted(set(words))]
    both = combinations(marks, 2) if len(marks) != 1 else [(marks[0], 0)]  # 0 is the mark of no word
    return [(one << 15 ^ other) & 0x7FFF_FFFF_FFFF for one, other in both]


def put_words(write: sa.Connection, words: Iterable[tuple[str, Sequence[str]]]) -> None:
    """Indexes papers by (id, rare words of a title); words they had before stay, as titles do."""
    rows = _rows(words)
    if rows:
        write.execute(insert(t.paper_words).on_conflict_do_nothing(), rows)


def stage_words(write: sa.Connection, words: Iterable[tuple[str, Sequence[str]]]) -> None:
    """Sets down (paper id, rare words) of many papers; nothing is found by them before `settle_words`."""
    rows = [(pair, paper_id) for paper_id, some in words for pair in set(pairs(some))]
    if rows:  # as tuples, past SQLAlchemy: there are millions
        write.exec_driver_sql("INSERT INTO unsorted_words (pair, paper_id) VALUES (?, ?)", rows)


def settle_words(write: sa.Connection) -> None:
    """Sorts in what was staged. Cheap where nothing was."""
    staged = t.unsorted_words.c
    if write.execute(sa.select(staged.pair).limit(1)).first() is None:
        return
    chosen = sa.select(staged.pair, staged.paper_id).distinct().order_by(staged.pair, staged.paper_id)
    write.execute(insert(t.paper_words).from_select(["pair", "paper_id"], chosen).on_conflict_do_nothing())
    write.execute(sa.delete(t.unsorted_words))


def sharing(read: sa.Connection, questions: Collection[Sequence[str]]) -> frozenset[str]:
    """Ids of papers that share two words with one of `questions`, at most `MOST` each. An id may be one that a paper
    had before it was merged."""
    asked = {words: pairs(words) for words in map(tuple, questions)}
    found: dict[int, list[str]] = {}
    for some in chunks(sorted({pair for numbers in asked.values() for pair in numbers}), 10_000):
        rows = read.execute(_LOOK_UP, {"pairs": json.dumps(some), "most": COMMON + 1})
        found.update((row.pair, ids) for row in rows if 0 < len(ids := json.loads(row.ids)) <= COMMON)
    return frozenset(paper_id for numbers in asked.values() for paper_id in _most(numbers, found))


def _most(numbers: Sequence[int], found: Mapping[int, list[str]]) -> list[str]:
    holders = [found[pair] for pair in numbers if pair in found]
    shared = Counter(paper_id for some in holders for paper_id in some)
    telling = {paper_id for some in holders if len(some) <= FEW for paper_id in some}
    counted = (paper_id for paper_id, count in shared.items() if count > 1 or paper_id in telling)
    return sorted(counted, key=lambda paper_id: (-shared[paper_id], paper_id))[:MOST]


def _rows(words: Iterable[tuple[str, Sequence[str]]]) -> list[dict[str, object]]:
    return [{"pair": pair, "paper_id": paper_id} for paper_id, some in words for pair in set(pairs(some))]


class Words:
    """The index as a whole. Every method raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ready(self, rare: Callable[[str], Sequence[str]], stamp: bytes, now: datetime) -> int:
        """Sees to it that every paper is found by the words that `rare` makes of its title; how many papers had to be
        read for it: all when `stamp`, which says by what rule words are rare, is not that of the index; else none."""
        with self._database.read() as read:
            same = self._stamp(read) == stamp
            staged = read.execute(sa.select(t.unsorted_words.c.pair).limit(1)).first() is not None
        if same and not staged:
            return 0
        with self._database.write() as write:
            done = 0 if self._stamp(write) == stamp else self._refill(write, rare)
            settle_words(write)
            put_fitted(write, {STAMP: stamp}, now)
        return done

    def _stamp(self, read: sa.Connection) -> bytes | None:
        stamp: bytes | None = read.scalar(sa.select(tables.fitted.c.body).where(tables.fitted.c.name == STAMP))
        return stamp

    def _refill(self, write: sa.Connection, rare: Callable[[str], Sequence[str]]) -> int:
        for table in (t.paper_words, t.unsorted_words):
            write.execute(sa.delete(table))
        done, after = 0, ""
        while rows := write.execute(_TITLES, {"after": after, "step": STEP}).all():
            stage_words(write, ((paper_id, rare(title)) for paper_id, title in rows))
            done, after = done + len(rows), rows[-1][0]
        stage_words(write, ((paper_id, rare(title)) for paper_id, title in write.execute(_TOLD)))
        return done


_TITLES = sa.text("SELECT id, json_extract(body, '$.title') FROM papers WHERE id > :after ORDER BY id LIMIT :step")
_TOLD = sa.text("SELECT DISTINCT paper_id, json_extract(body, '$.paper.title') FROM accounts")
