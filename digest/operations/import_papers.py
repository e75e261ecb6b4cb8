"""Files of papers into the store, for `digest import`: the past made known, or papers as if just announced.

A file is read once, forwards, and kept batch by batch together with how far it is, so that a killed import goes on
where it was. Formats are collect/records.py's; who is one paper with whom is dedupe's. An export goes through
`import_export.py`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from digest import dedupe, recognition
from digest.collect import records
from digest.collect.errors import Unreadable
from digest.dedupe import in_bulk
from digest.errors import InputError
from digest.model import Entry, Paper, Reading
from digest.operations.import_helpers import Batch, prepared
from digest.operations.import_rows import EntryOf, Prepared, readings, row_of
from digest.operations.import_stream import DAMAGED, Stream, mark
from digest.store.archive import Line, understood
from digest.store.bulk import BEFORE, Progress, note
from digest.store.codec import decode

if TYPE_CHECKING:
    from digest.store import Store

Kind = records.Kind
BATCH = 2_000
"""Papers at a time."""
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
    before = store.bulk.progress(mark_) if kind in ("jsonl", "export") and not wishes.again else None
    if before is not None and stream.forward(before.end) != before.tail:
        stream.close()
        if name == "-":
            raise InputError("standard input begins like what was imported before, then differs; `--again` reads it")
        before, stream = None, Stream(name)
    progress = replace(before, at=now, done=False) if before else replace(progress, exact=store.archive.is_empty())
    recognition.ready(store, now)  # of an empty store at no cost; later every paper would be read for it
    run = _Import(store, stream, progress, now, wishes)
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
        batches = self._batches(records.split(kind, self._stream, start.line, start.end))
        if kind == "export":
            for batch in batches:
                self._keep_rows(batch)
                on_batch(self.report.rows, self._stream.share())
            self._store.archive.find_again()
        elif self._wishes.as_new:
            entry_of = records.reader(kind, start.name)
            for batch in batches:
                self._advance(batch)
                self._keep_as_new(batch, entry_of)
                on_batch(self.report.rows, self._stream.share())
        else:
            for batch, made in prepared(batches, kind, start.name):
                self._advance(batch)
                self._keep(made)
                on_batch(self.report.rows, self._stream.share())
        self._store.bulk.settle(replace(self._progress, done=not self.report.ended))

    def _batches(self, found: Iterator[records.Record]) -> Iterator[Batch]:
        """Records up to the end, or to where packed data ends early or is broken, which the report then says."""
        whole = False
        while not whole:
            some: list[records.Record] = []
            try:
                some.extend(islice(found, BATCH))
            except (*DAMAGED, OSError) as error:
                self.report.ended = f"the file is damaged: {error}"
            whole = not some
            if some:
                yield Batch(some, some[-1].end, some[-1].line, self._stream.tail)

    def _keep(self, made: Prepared) -> None:
        """Saves papers as known, none of them as news."""
        self._skip(made.bad)
        known = self._store.papers.known(in_bulk.questions(made.rows))
        found = in_bulk.sort_out(made.rows, known)
        places = (*found.known, *found.rest)
        if places:
            again = {place: _read_back(made, place, self._progress.name) for place in places}
            resolved = in_bulk.settle(again, found, known, self._now)
            recognition.keep(self._store, (), resolved, BEFORE)
            self._count(resolved.outcomes, len(resolved.updated))
        self._count(["new"] * len(found.new), 0)
        self._store.bulk.add([made.rows[place] for place in found.new], self._progress)

    def _keep_rows(self, batch: Batch) -> None:
        """Saves rows of an export: into an empty store as they are, else papers as a past and the rest with them."""
        lines: list[Line] = []
        bad: list[tuple[int, str]] = []
        for record in batch.records:
            if not record.body.startswith(records.EXPORT):
                try:
                    lines.append(understood(record.body))
                except ValueError as error:
                    bad.append((record.line, str(error)))
        papers = [decode(Paper, line[2] or "") for line in lines if line[0] == "papers"]
        words = [(paper.id, dedupe.rare_words(paper.title)) for paper in papers]
        if self._progress.exact:
            self._count(["new"] * len(papers), 0)
        elif papers:
            rows = [row_of(paper) for paper in papers]
            self._keep(Prepared(rows, [record.line for record in batch.records], []))
            words, lines = [], [line for line in lines if line[0] != "papers"]
        self._skip(bad)
        self._advance(batch)
        progress = self._progress
        self._store.archive.put(lines, exact=progress.exact, also=lambda write: note(write, words, progress))

    def _keep_as_new(self, batch: Batch, entry_of: EntryOf) -> None:
        """Saves papers as if a source called like the file had just announced them."""
        bad: list[tuple[int, str]] = []
        found = list(readings(batch.records, entry_of, bad))
        self._skip(bad)
        entries = [reading.entry for reading in found]
        resolved = dedupe.resolve(entries, found, recognition.past(self._store, found, self._now), self._now)
        recognition.keep(self._store, (), resolved, self._now)
        self._count(resolved.outcomes, len(resolved.updated))
        self._store.bulk.add((), self._progress)

    def _skip(self, bad: Sequence[tuple[int, str]]) -> None:
        self.report.rows += len(bad)
        self.report.skipped += len(bad)
        self.report.bad += bad[: LISTED - len(self.report.bad)]
        self._progress = replace(self._progress, bad=self._progress.bad + len(bad))

    def _count(self, outcomes: Sequence[str], updated: int) -> None:
        report = self.report
        new, known, merged = (list(outcomes).count(name) for name in ("new", "known", "merged"))
        report.added, report.known, report.merged = report.added + new, report.known + known, report.merged + merged
        report.rows += len(outcomes)
        report.updated += updated
        before = self._progress
        self._progress = replace(
            before,
            added=before.added + new,
            known=before.known + known,
            merged=before.merged + merged,
            updated=before.updated + updated,
        )

    def _advance(self, batch: Batch) -> None:
        """Goes on to behind a batch."""
        self._progress = replace(self._progress, end=batch.end, line=batch.line, tail=batch.tail)


def _read_back(made: Prepared, place: int, name: str) -> Reading:
    """A paper that needs a closer look, from its row."""
    paper = decode(Paper, made.rows[place].body)
    return Reading(entry=Entry(source=name, number=made.lines[place], title=paper.title), paper=paper)
