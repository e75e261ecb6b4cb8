"""Records of a file to rows of the store: the work of an import that needs no store, so that every processor can do it.

A helper is a process that reads batches from a pipe and writes rows back; it ends when the pipe does, and so when the
import is killed. Touched when a row is to hold something more.
"""

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import NamedTuple

from digest import dedupe, normalise
from digest.collect import records
from digest.collect.records import Kind, Record
from digest.model import Entry, Paper, Reading
from digest.store.bulk import Row
from digest.store.codec import encode

EntryOf = Callable[[Record], Entry | None]
MOST = 8
"""Helpers at most: beyond that the store is what one waits for."""


class Batch(NamedTuple):
    """Records read one after the other, and how far the file then was: byte, line and the mark of what stood before."""

    records: Sequence[Record]
    end: int
    line: int
    tail: str


class Prepared(NamedTuple):
    """What records came to: rows, the line of each, and (line, reason) of those that are no papers."""

    rows: list[Row]
    lines: list[int]
    bad: list[tuple[int, str]]


def readings(batch: Iterable[Record], entry_of: EntryOf, bad: list[tuple[int, str]]) -> Iterator[Reading]:
    """The papers of records; those that are none are added to `bad`."""
    for record in batch:
        try:
            entry = entry_of(record)
        except ValueError as error:
            bad.append((record.line, str(error)))
            continue
        if entry is not None:
            reading = normalise.read(entry)
            if reading is None:
                bad.append((record.line, "its title says nothing" if entry.title.strip() else "it has no title"))
            else:
                yield reading


def prepare(batch: Iterable[Record], entry_of: EntryOf) -> Prepared:
    """The rows of records."""
    made = Prepared([], [], [])
    for reading in readings(batch, entry_of, made.bad):
        made.rows.append(row_of(reading.paper))
        made.lines.append(reading.entry.number)
    return made


def row_of(paper: Paper) -> Row:
    """A paper as the store keeps it."""
    return Row(paper.keys, dedupe.fold(paper.title), dedupe.rare_words(paper.title), encode(paper))


def prepared(batches: Iterable[Batch], kind: Kind, name: str) -> Iterator[tuple[Batch, Prepared]]:
    """Each batch with its rows, in order. Lines that stand for themselves are shared out to helpers, if there is more
    than one batch of them; who the records are read from must see all the others in order."""
    found = iter(batches)
    first = next(found, None)
    if first is None:
        return
    second = next(found, None)
    if second is None or kind != "jsonl":
        entry_of = records.reader(kind, name)
        for batch in (first, *([second] if second else []), *found):
            yield batch, prepare(batch.records, entry_of)
        return
    with _helpers(kind, name) as pipes:
        yield from _shared_out(first, second, found, pipes)


def _shared_out(
    first: Batch, second: Batch, others: Iterator[Batch], pipes: Sequence[Connection]
) -> Iterator[tuple[Batch, Prepared]]:
    """Gives each helper one batch and another when it is done: never two, for a full pipe would block both sides."""
    waiting: list[tuple[Connection, Batch]] = []

    def give(pipe: Connection) -> None:
        batch = ahead.pop(0) if ahead else next(others, None)
        if batch is not None:
            pipe.send(batch.records)
            waiting.append((pipe, batch))

    ahead = [first, second]
    for pipe in pipes:
        give(pipe)
    while waiting:
        pipe, batch = waiting.pop(0)
        done: Prepared = pipe.recv()
        give(pipe)
        yield batch, done


@contextmanager
def _helpers(kind: Kind, name: str) -> Iterator[list[Connection]]:
    """Pipes to as many helpers as there are processors. They are started anew rather than forked, so that none holds
    the store, or another's pipe, open."""
    context = multiprocessing.get_context("spawn")
    pipes, processes = [], []
    try:
        for _ in range(min(os.cpu_count() or 1, MOST)):
            ours, theirs = context.Pipe()
            process = context.Process(target=_help, args=(theirs, kind, name), daemon=True)
            process.start()
            theirs.close()
            pipes.append(ours)
            processes.append(process)
        yield pipes
    finally:
        for pipe in pipes:
            pipe.close()
        for process in processes:
            process.join()


def _help(pipe: Connection, kind: Kind, name: str) -> None:
    """A helper's life."""
    entry_of = records.reader(kind, name)
    try:
        while True:
            pipe.send(prepare(pipe.recv(), entry_of))
    except (EOFError, BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
        return
