"""A day's papers cost a handful of queries, however many they are."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from digest import dedupe, recognition
from digest.model import Author, Entry
from digest.normalise import read
from digest.store import Store

NOW = datetime(2025, 3, 11, 8, tzinfo=UTC)


def entries(count: int, source: str = "a", identified: bool = True) -> list[Entry]:
    return [
        Entry(
            source=source,
            number=number,
            guid=f"{source}{number}",
            title=f"Cavity w{number * 7919} lights u{number * 104729} vapour z{number}",
            authors=(Author(name=f"Ann Name{number}"), Author(name="Cy Dee")),
            identifiers=(f"2503.{number:05d}",) if identified else (),
            measures=(("upvotes", 1.0),),
        )
        for number in range(count)
    ]


def asked(home: Path, count: int) -> list[str]:
    """The statements that recognise and keep a day of `count` papers that are known, from a list without their ids, and
    as many that are new."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    def collect(some: list[Entry], now: datetime) -> tuple[str, ...]:
        readings = [read(one) for one in some]
        resolved = dedupe.resolve(some, readings, recognition.past(store, readings, now), now)
        recognition.keep(store, (), resolved, now)
        return resolved.outcomes

    with Store.open("sqlite:///digest.db", home) as store:
        collect(entries(count), NOW)
        sa.event.listen(store._database._reads, "before_cursor_execute", note)
        second = [*entries(count, "b", identified=False), *entries(2 * count, "c")[count:]]
        assert collect(second, NOW + timedelta(days=1)) == ("known",) * count + ("new",) * count
        sa.event.remove(store._database._reads, "before_cursor_execute", note)
        assert store.papers.count() == 2 * count
    return said


def test_queries_do_not_grow_with_the_day(tmp_path: Path) -> None:
    (tmp_path / "few").mkdir()
    (tmp_path / "many").mkdir()
    few, many = asked(tmp_path / "few", 5), asked(tmp_path / "many", 400)
    assert len(few) < 45
    assert len(many) <= len(few) + 12, "but for a query or two for every few hundred values"
