"""Files of papers into the store, for `digest import`: the past made known, or papers as if just announced.

A file is read once, forwards, and kept batch by batch together with how far it is, so that a killed import goes on
where it was. Formats are collect/records.py's; who is one paper with whom is dedupe's. An export goes through
`import_export.py`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from digest import dedupe, normalise, recognition
from digest.collect import records
from digest.collect.errors import Unreadable
from digest.dedupe import in_bulk
from digest.errors import InputError
from digest.model import Entry, Reading
from digest.operations.import_stream import DAMAGED, Stream, mark
from digest.store.bulk import BEFORE, Progress, Row
from digest.store.codec import encode

if TYPE_CHECKING:
    from digest.store import Store

Kind = records.Kind
BATCH = 2_000
"""Papers held at a time."""
LISTED = 1_000
"""How many bad rows are named; the rest is counted."""
OnBatch = Callable[[int, float | None], None]
"""Told after each batch how many rows are read, and what share of the file (None where nobody can know)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """`kind` is forced, or None; `as_new`: papers are news; `again`: from the start, whatever was imported before."""

    kind: Kind | None = None
    as_new: bool = False
    again: bool = False


@dataclass(slots=True, kw_only=True)
class Imported:
    """What a file came to. `before` is how it stood when an earlier call had already read some of it; `bad` names lines
    and why they were skipped, the first of `skipped`; `ended` says why the file could not be read to its end."""

    name: str
    kind: str
    rows: int = 0
    added: int = 0
    known: int = 0
    updated: int = 0
    merged: int = 0
    skipped: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list)
    before: Progress | None = None
    ended: str = ""

    def skip(self, line: int, reason: str) -> None:
        """Counts a row that cannot be used."""
        self.skipped += 1
        if len(self.bad) < LISTED:
            self.bad.append((line, reason))

    def as_json(self) -> dict[str, Any]:
        """As `digest import --json` prints it."""
        names = ("name", "kind", "rows", "added", "known", "updated", "merged", "skipped")
        before = self.before
        return {
            **{name: getattr(self, name) for name in names},
            "bad": [{"line": line, "reason": reason} for line, reason in self.bad],
            "before": None if before is None else {"rows": before.line, "added": before.added, "done": before.done},
            "ended": self.ended or None,
        }


def import_file(store: "Store", name: str, now: datetime, wishes: Wishes, on_batch: OnBatch) -> Imported:
    """Imports the file called `name` (``-``: standard input). Raises InputError for a file that cannot be opened or is
    of no known kind, StoreError."""
    stream = Stream(name)
    try:
        kind = wishes.kind or records.kind_of(stream.head)
    except Unreadable as error:
        stream.close()
        raise InputError(f"{name}: {error.reason}") from None
    mark_ = f"{'new ' if wishes.as_new else ''}{kind} {mark(stream.head)}"
    progress = Progress(mark=mark_, name=stream.name, kind=kind, at=now)
    # Only lines stand for themselves; how others are read may hang on what stood before, so they are read again.
    before = store.bulk.progress(mark_) if kind == "jsonl" and not wishes.again else None
    if before is not None and stream.forward(before.end) != before.tail:
        stream.close()
        if name == "-":
            raise InputError("standard input begins like what was imported before, then differs; `--again` reads it")
        before, stream = None, Stream(name)
    run = _Import(store, stream, replace(before or progress, at=now, done=False), now, wishes)
    run.report.before = before
    try:
        run.all(on_batch)
    finally:
        stream.close()
    return run.report


class _Import:
    """One file under way."""

    def __init__(self, store: "Store", stream: Stream, progress: Progress, now: datetime, wishes: Wishes) -> None:
        self._store, self._stream, self._progress, self._now, self._wishes = store, stream, progress, now, wishes
        self.report = Imported(name=progress.name, kind=progress.kind)

    def all(self, on_batch: OnBatch) -> None:
        """Every batch of the file, then the mark that it is done."""
        start = self._progress
        kind = cast("Kind", start.kind)
        found = records.split(kind, self._stream, start.line, start.end)
        entry_of = records.reader(kind, start.name)
        for batch in _batches(_until_damage(found, self.report)):
            readings = list(self._readings(batch, entry_of))
            self._advance(batch[-1])
            (self._keep_as_new if self._wishes.as_new else self._keep)(readings)
            on_batch(self.report.rows, self._stream.share())
        self._store.bulk.settle(replace(self._progress, done=not self.report.ended))

    def _readings(
        self, batch: Sequence[records.Record], entry_of: Callable[[records.Record], Entry | None]
    ) -> Iterator[Reading]:
        """The papers of a batch; what is none is counted."""
        for record in batch:
            try:
                entry = entry_of(record)
            except ValueError as error:
                self.report.rows += 1
                self.report.skip(record.line, str(error))
                continue
            if entry is not None:
                self.report.rows += 1
                reading = normalise.read(entry)
                if reading is None:
                    self.report.skip(
                        record.line, "its title says nothing" if entry.title.strip() else "it has no title"
                    )
                else:
                    yield reading

    def _keep(self, readings: Sequence[Reading]) -> None:
        """Saves papers as known, none of them as news."""
        rows = [_row(reading) for reading in readings]
        known = self._store.papers.known(in_bulk.questions(rows))
        found = in_bulk.sort_out(rows, known)
        places = (*found.known, *found.rest)
        if places:
            resolved = in_bulk.settle({place: readings[place] for place in places}, found, known, self._now)
            recognition.keep(self._store, (), resolved, BEFORE)
            self._count(resolved.outcomes, len(resolved.updated))
        self._count(["new"] * len(found.new), 0)
        self._store.bulk.add([rows[place] for place in found.new], self._progress)

    def _keep_as_new(self, readings: Sequence[Reading]) -> None:
        """Saves papers as if a source called like the file had just announced them."""
        entries = [reading.entry for reading in readings]
        resolved = dedupe.resolve(entries, readings, recognition.past(self._store, readings, self._now), self._now)
        recognition.keep(self._store, (), resolved, self._now)
        self._count(resolved.outcomes, len(resolved.updated))
        self._store.bulk.add((), self._progress)

    def _count(self, outcomes: Sequence[str], updated: int) -> None:
        report = self.report
        new, known, merged = (list(outcomes).count(name) for name in ("new", "known", "merged"))
        report.added, report.known, report.merged = report.added + new, report.known + known, report.merged + merged
        report.updated += updated
        before = self._progress
        self._progress = replace(
            before,
            added=before.added + new,
            known=before.known + known,
            merged=before.merged + merged,
            updated=before.updated + updated,
        )

    def _advance(self, last: records.Record) -> None:
        """Goes on to behind the last record of a batch."""
        self._progress = replace(self._progress, end=last.end, line=last.line, tail=self._stream.tail)


def _row(reading: Reading) -> Row:
    paper = reading.paper
    return Row(paper.keys, dedupe.fold(paper.title), dedupe.rare_words(paper.title), encode(paper))


def _batches(found: Iterable[records.Record]) -> Iterator[list[records.Record]]:
    many = iter(found)
    while batch := list(islice(many, BATCH)):
        yield batch


def _until_damage(found: Iterator[records.Record], report: Imported) -> Iterator[records.Record]:
    """The records up to where packed data ends early or is broken, which the report then says."""
    try:
        yield from found
    except (*DAMAGED, OSError) as error:
        report.ended = f"the file is damaged: {error}"
