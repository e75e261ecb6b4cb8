"""Records of a file to rows of the store: the work of an import that needs no store, so that every processor can do it.

Nothing heavy is imported here, since every helper of `import_helpers.py` starts with it. Touched when a row is to hold
something more.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from json.encoder import encode_basestring
from typing import NamedTuple

from digest import dedupe, normalise
from digest.collect.records import Record
from digest.model import Entry, Paper, Reading, Row

EntryOf = Callable[[Record], Entry | None]


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
    return Row(paper.keys, dedupe.fold(paper.title), dedupe.rare_words(paper.title), body_of(paper))


def body_of(paper: Paper) -> str:
    """What the store's codec makes of a paper, to the byte and in half the time; a test compares the two."""
    text, maybe = encode_basestring, _maybe
    authors = ",".join([f'{{"name":{text(a.name)},"affiliation":{maybe(a.affiliation)}}}' for a in paper.authors])
    links = ",".join([f'{{"kind":{text(link.kind)},"url":{text(link.url)}}}' for link in paper.links])
    math = ",".join([f"[{text(words)},{text(tex)}]" for words, tex in paper.math])
    return (
        f'{{"id":{text(paper.id)},"keys":[{",".join(map(text, paper.keys))}],"title":{text(paper.title)},'
        f'"abstract":{text(paper.abstract)},"authors":[{authors}],"url":{maybe(paper.url)},'
        f'"categories":[{",".join(map(text, paper.categories))}],"published":{_moment(paper.published)},'
        f'"updated":{_moment(paper.updated)},"version":{"null" if paper.version is None else paper.version},'
        f'"links":[{links}],"comment":{maybe(paper.comment)},"venue":{maybe(paper.venue)},'
        f'"organisation":{maybe(paper.organisation)},"language":{maybe(paper.language)},"math":[{math}],'
        f'"withdrawn":{"true" if paper.withdrawn else "false"}}}'
    )


def _maybe(text: str | None) -> str:
    return "null" if text is None else encode_basestring(text)


def _moment(at: datetime | None) -> str:
    return "null" if at is None else f'"{at.astimezone(UTC).isoformat()}"'
