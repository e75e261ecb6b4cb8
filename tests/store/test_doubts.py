"""Pairs in doubt: kept from decisions, settled for ever, told under the ids of today; also those of an older store."""

import gzip
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import store_samples as made

from digest import dedupe, recognition
from digest.model import Decision, Merge, Questions
from digest.store import Store

RELEASED = Path(__file__).parent / "released" / "0001.sql.gz"


def perhaps(one: int, other: int, day: int = 0, reason: str = "alike") -> Decision:
    at = made.NOW + timedelta(days=day)
    ids = sorted((made.paper(one).id, made.paper(other).id), reverse=True)
    return Decision(subject=ids[0], stage="dedupe", verdict="perhaps", reason=reason, at=at, of=ids[1])


def doubt(store: Store, said: Decision) -> None:
    from dataclasses import replace

    store.save_collected([], replace(made.resolved(range(0)), decisions=(said,)), said.at, {})


def pairs(store: Store, verdict: str = "perhaps") -> list[tuple[str, str]]:
    return [(each.one, each.other) for each in store.doubts.list(verdict)]  # type: ignore[arg-type]


def ids(*numbers: int) -> tuple[str, ...]:
    return tuple(made.paper(number).id for number in numbers)


def test_a_doubt_is_kept_once_with_its_newest_ground(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        made.collect(store, range(3))
        doubt(store, perhaps(0, 1))
        doubt(store, perhaps(1, 2, 1))
        doubt(store, perhaps(1, 0, 2, "alike, but numbers differ"))
        assert pairs(store) == [ids(0, 1), ids(1, 2)]
        assert store.doubts.list()[0].decision.reason == "alike, but numbers differ"


def test_what_was_settled_is_not_raised_again(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        made.collect(store, range(3))
        doubt(store, perhaps(0, 1))
        store.merges.settle(perhaps(0, 1, 1, "by hand"))
        doubt(store, perhaps(0, 1, 2))
        assert pairs(store) == [] and pairs(store, "different") == [ids(0, 1)]
        known = store.papers.known(Questions(keys=frozenset(ids(0, 1)), titles=frozenset()))
        assert known.apart == {ids(0, 1)}
        assert store.papers.known(Questions(keys=frozenset(ids(0, 2)), titles=frozenset())).apart == frozenset()


def test_a_pair_follows_its_papers(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        made.collect(store, range(4))
        doubt(store, perhaps(1, 2))
        store.merges.settle(perhaps(1, 3, 1, "by hand"))
        paper = dedupe.extended(made.paper(0), [made.paper(1)])
        merge = Merge(kept=ids(0)[0], gone=ids(1)[0], at=made.NOW, reason="by hand")
        store.merges.merge(merge, paper, recognition.marks([paper]), perhaps(0, 1))
        assert pairs(store) == [ids(0, 2)] and pairs(store, "different") == [ids(0, 3)]
        asked = Questions(keys=frozenset(ids(0, 3)), titles=frozenset())
        assert store.papers.known(asked).apart == {ids(0, 3)}
        doubt(store, perhaps(0, 1, 3))
        assert pairs(store) == [ids(0, 2)], "one paper is not in doubt with itself"


def test_an_older_stores_doubts_and_words_are_there_after_its_first_run(tmp_path: Path) -> None:
    file = tmp_path / "digest.db"
    with closing(sqlite3.connect(file)) as older:
        older.executescript(gzip.decompress(RELEASED.read_bytes()).decode())
        (one, title), (other, _) = older.execute(
            "SELECT id, json_extract(body, '$.title') FROM papers ORDER BY id LIMIT 2"
        )
        body = (
            f'{{"subject":"{other}","stage":"dedupe","verdict":"perhaps","reason":"alike",'
            f'"at":"2026-03-02T08:00:00+00:00","of":"{one}","numbers":[]}}'
        )
        older.execute(
            "INSERT INTO decisions (subject, of, at, body) VALUES (?, ?, '2026-03-02T08:00:00.000000+00:00', ?)",
            (other, one, body),
        )
        older.commit()
    with Store.open("sqlite:///digest.db", tmp_path) as store:
        assert (one, other) in pairs(store)
        assert recognition.ready(store, made.NOW) == store.papers.count() > 0
        assert recognition.ready(store, made.NOW) == 0
        asked = Questions(keys=frozenset(), titles=frozenset(), words=frozenset([dedupe.rare_words(title)]))
        assert one in store.papers.known(asked).papers
