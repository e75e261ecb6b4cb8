"""Shares the reading of records out among processors, for an import of more than a few thousand papers.

A helper is a process that reads batches from a pipe and writes rows back; it ends when the pipe does, and so when the
import is killed. Whoever keeps the rows lends a hand while there are none to keep, so that there is a helper less than
there are processors, and none where there is one. Touched when work is to be shared out differently; what the work is,
is `import_rows.py`'s.
"""

import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from multiprocessing.connection import Connection, wait
from typing import NamedTuple, cast

from digest.collect import records
from digest.collect.records import Kind, Record
from digest.model import Row
from digest.operations.import_rows import EntryOf, Prepared, prepare

MOST = 8
"""Helpers at most: beyond that the store is what one waits for."""
SLICE = 100
"""Records read here before looking whether a helper is done: some milliseconds of work."""


class Batch(NamedTuple):
    """Records read one after the other, and how far the file then was: byte, line and the mark of what stood before."""

    records: Sequence[Record]
    end: int
    line: int
    tail: str


def prepared(batches: Iterable[Batch], kind: Kind, name: str) -> Iterator[tuple[Batch, Prepared]]:
    """Each batch with its rows, in order. Records that stand for themselves are shared out to helpers, if there is
    more than one batch of them; who others are read from must see them all in order."""
    found = iter(batches)
    first, second = next(found, None), next(found, None)
    ahead = [batch for batch in (first, second) if batch]
    many = min((os.cpu_count() or 1) - 1, MOST) if second and kind in records.ALONE else 0
    with _helpers(many, kind, name) as pipes:
        sharing = _Sharing(chain(ahead, found), pipes, records.reader(kind, name))
        while part := sharing.first():
            while part.made is None:
                sharing.go_on()
            yield part.batch, part.made


@dataclass(slots=True)
class _Part:
    """A batch under way; `made` is None until all of it is read."""

    batch: Batch
    made: Prepared | None = None


class _Sharing:
    """Who is at which batch."""

    def __init__(self, batches: Iterator[Batch], pipes: Iterable[Connection], entry_of: EntryOf) -> None:
        self._batches, self._entry_of = batches, entry_of
        self._begun: deque[_Part] = deque()  # in the order of the file
        self._helpers: dict[Connection, _Part | None] = dict.fromkeys(pipes)  # None: it has yet to start
        self._own: Iterator[bool] | None = None

    def first(self) -> _Part | None:
        """The next part in the order of the file, which somebody is at; None behind the last."""
        self._listen(0)  # none shall wait for work while rows are kept
        if not self._begun:
            self._own = self._begin_here()
        return self._begun.popleft() if self._begun else None

    def go_on(self) -> None:
        """Reads a slice here, or waits for helpers where nothing else is left to do."""
        self._own = self._own or self._begin_here()
        self._listen(0 if self._own else None)
        if self._own and not next(self._own, False):
            self._own = None

    def _begin(self) -> _Part | None:
        batch = next(self._batches, None)
        if batch is None:
            return None
        self._begun.append(_Part(batch))
        return self._begun[-1]

    def _begin_here(self) -> Iterator[bool] | None:
        part = self._begin()
        return self._read(part) if part else None

    def _read(self, part: _Part) -> Iterator[bool]:
        """Reads a part, slice by slice."""
        found, made = part.batch.records, Prepared([], [], [])
        for at in range(0, len(found), SLICE):
            some = prepare(found[at : at + SLICE], self._entry_of)
            made.rows.extend(some.rows)
            made.lines.extend(some.lines)
            made.bad.extend(some.bad)
            yield True
        part.made = made

    def _listen(self, timeout_s: float | None) -> None:
        """Takes what helpers have done and gives each another batch: never two, for a full pipe would block both.
        What a helper was at that died, for want of memory perhaps, is read here."""
        for pipe in cast("list[Connection]", wait(self._helpers, timeout_s) if self._helpers else []):
            part = self._helpers.pop(pipe)
            try:
                told = pipe.recv()
                if part is not None:
                    columns, lines, bad = told
                    part.made = Prepared([Row(*row) for row in zip(*columns, strict=True)], lines, bad)
                part = self._begin()
                if part is None:
                    pipe.close()  # which ends the helper while the last rows are being kept
                else:
                    pipe.send(([one.line for one in part.batch.records], [one.body for one in part.batch.records]))
                    self._helpers[pipe] = part
            except (EOFError, OSError):
                if part is not None:
                    part.made = prepare(part.batch.records, self._entry_of)


@contextmanager
def _helpers(many: int, kind: Kind, name: str) -> Iterator[list[Connection]]:
    """Pipes to as many helpers. They are started anew rather than forked, so that none holds the store, or another's
    pipe, open."""
    context = multiprocessing.get_context("spawn")
    pipes, processes = [], []
    try:
        for _ in range(many):
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
    """A helper's life: it says that it is there, and does what it is given. Rows go back as columns, which cost half of
    what rows cost on their way."""
    entry_of = records.reader(kind, name)
    try:
        pipe.send(None)
        while True:
            lines, bodies = pipe.recv()
            made = prepare([Record(line, 0, body) for line, body in zip(lines, bodies, strict=True)], entry_of)
            pipe.send(([list(column) for column in zip(*made.rows, strict=True)], made.lines, made.bad))
    except (EOFError, BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
        os._exit(0)  # at once: there is nothing to tidy up, and whoever asked is waiting
