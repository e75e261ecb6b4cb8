"""Reading shared out among processes: whoever reads, rows are the same and in order; one that dies loses none."""

import json
import multiprocessing
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection

import pytest

from digest.collect import records
from digest.operations import import_helpers
from digest.operations.import_helpers import Batch, prepared
from digest.operations.import_rows import EntryOf, Prepared, prepare

SIZE, MANY = 150, 8


def batches() -> Iterator[Batch]:
    """Batches with lines of every kind: rows, rows without a title, what is no JSON."""
    for first in range(1, SIZE * MANY, SIZE):
        found = [records.Record(line, line * 10, body(line)) for line in range(first, first + SIZE)]
        yield Batch(found, found[-1].end, found[-1].line, f"mark {first}")


def body(line: int) -> bytes:
    if line % 50 == 7:
        return b"{" if line % 100 == 7 else b'{"title": "!"}'
    return json.dumps(
        {"id": f"2601.{line:05}", "title": f"On the tides of harbour {line}", "authors": ["Ann B"]}
    ).encode()


def expected() -> list[tuple[Batch, Prepared]]:
    entry_of = records.reader("jsonl", "x")
    return [(batch, prepare(batch.records, entry_of)) for batch in batches()]


class Patient(import_helpers._Sharing):
    """Begins when every helper has started, so that each is given something."""

    def __init__(self, found: Iterator[Batch], pipes: Iterable[Connection], entry_of: EntryOf) -> None:
        assert all(pipe.poll(60) for pipe in pipes)
        super().__init__(found, pipes, entry_of)


@pytest.mark.parametrize("processors", [1, 3])
def test_rows_come_in_order_whoever_reads_them(processors: int, monkeypatch: pytest.MonkeyPatch) -> None:
    here = []
    monkeypatch.setattr(import_helpers.os, "cpu_count", lambda: processors)
    monkeypatch.setattr(import_helpers, "_Sharing", Patient)
    monkeypatch.setattr(import_helpers, "prepare", lambda some, entry_of: here.append(some) or prepare(some, entry_of))
    found = list(prepared(batches(), "jsonl", "x"))
    assert found == expected()
    assert sum(len(made.bad) for _, made in found) == SIZE * MANY // 50
    assert sum(map(len, here)) <= SIZE * (MANY - processors + 1)
    assert not multiprocessing.active_children()


def test_a_helper_that_dies_loses_nothing() -> None:
    ours, theirs = multiprocessing.Pipe()
    theirs.send(None)
    sharing = import_helpers._Sharing(batches(), [ours], records.reader("jsonl", "x"))
    found = []
    while part := sharing.first():
        if not theirs.closed:
            assert theirs.recv()[0] == list(range(1, SIZE + 1))  # it has begun
            theirs.close()
        while part.made is None:
            sharing.go_on()
        found.append((part.batch, part.made))
    assert found == expected()


@pytest.mark.parametrize("many", [0, 1])
def test_few_records_start_no_process(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_helpers.multiprocessing, "get_context", lambda _name: None)  # it could start none
    assert list(prepared(list(batches())[:many], "jsonl", "x")) == expected()[:many]


def test_tables_are_read_here_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_helpers.multiprocessing, "get_context", lambda _name: None)
    lines = [b"title,year\n", *(f"Tides of harbour {line},2020\n".encode() for line in range(2, 400))]
    found = [records.Record(line, 0, text) for line, text in enumerate(lines, 1)]
    some = [Batch(found[at : at + 130], at, at, "") for at in range(0, len(found), 130)]
    read = [line for _, made in prepared(some, "csv", "x") for line in made.lines]
    assert read == list(range(2, 400))
