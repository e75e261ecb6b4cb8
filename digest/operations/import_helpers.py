"""Shares the reading of records out to helpers, one a processor, for an import of more than a few thousand papers.

A helper is a process that reads batches from a pipe and writes rows back; it ends when the pipe does, and so when the
import is killed. Touched when work is to be shared out differently; what the work is, is `import_rows.py`'s.
"""

import multiprocessing
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import NamedTuple

from digest.collect import records
from digest.collect.records import Kind, Record
from digest.model import Row
from digest.operations.import_rows import Prepared, prepare

MOST = 8
"""Helpers at most: beyond that the store is what one waits for."""


class Batch(NamedTuple):
    """Records read one after the other, and how far the file then was: byte, line and the mark of what stood before."""

    records: Sequence[Record]
    end: int
    line: int
    tail: str


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
        if batch is None:
            pipe.close()  # which ends the helper while the last rows are being kept
        else:
            pipe.send(([record.line for record in batch.records], [record.body for record in batch.records]))
            waiting.append((pipe, batch))

    ahead = [first, second]
    for pipe in pipes:
        give(pipe)
    while waiting:
        pipe, batch = waiting.pop(0)
        columns, lines, bad = pipe.recv()
        give(pipe)
        yield batch, Prepared([Row(*row) for row in zip(*columns, strict=True)], lines, bad)


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
    """A helper's life. Rows go back as columns, which cost half of what rows cost on their way."""
    entry_of = records.reader(kind, name)
    try:
        while True:
            lines, bodies = pipe.recv()
            made = prepare([Record(line, 0, body) for line, body in zip(lines, bodies, strict=True)], entry_of)
            pipe.send(([list(column) for column in zip(*made.rows, strict=True)], made.lines, made.bad))
    except (EOFError, BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
        os._exit(0)  # at once: there is nothing to tidy up, and whoever asked is waiting
