"""Readers room: a CSV file of readers, as spreadsheets and list tools write them. Touched when one does it otherwise.

A row is a line: a quote that is never closed costs its own line, not the rest of the file.
"""

import csv
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from digest.errors import InputError
from digest.model import Reader, ReaderState
from digest.readers.address import checked

COLUMNS = {
    "email": ("email", "e-mail", "mail", "address", "email address"),
    "name": ("name", "full name"),
    "newsletters": ("newsletters", "newsletter", "lists"),
}
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The good rows as readers; the others as (line of the file, what is wrong), in the order of the file."""

    readers: tuple[Reader, ...]
    bad: tuple[tuple[int, str], ...]


def read(body: bytes, newsletters: Collection[str], state: ReaderState, consent: str) -> Table:
    """The readers in a CSV file with columns email, name and newsletters (separated by ``;``, none meaning all).

    `newsletters` are the names there are; every reader gets `state` and `consent`. A row that repeats an address is
    bad. Raises InputError where the file has no column of addresses.
    """
    rows = _rows(_text(body))
    head = rows[0][1] if rows else []
    places = _places(head)
    if places is not None:
        rows = rows[1:]
    elif any("@" in cell for cell in head):  # no header: addresses from the first line on
        head, places = list(COLUMNS), {column: place for place, column in enumerate(COLUMNS)}
    else:
        raise InputError("the file needs a first line naming its columns: email,name,newsletters")
    readers: list[Reader] = []
    bad: list[tuple[int, str]] = []
    lines: dict[str, int] = {}
    for line, row in rows:
        try:
            if len(row) > len(head) and any(cell.strip() for cell in row[len(head) :]):
                raise InputError(f"{len(row)} cells in a table of {len(head)} columns")
            reader = _reader(row, places, newsletters, state, consent)
        except InputError as error:
            bad.append((line, str(error)))
            continue
        first = lines.setdefault(reader.address.casefold(), line)
        if first == line:
            readers.append(reader)
        else:
            bad.append((line, f"{reader.address} is in line {first} already"))
    return Table(readers=tuple(readers), bad=tuple(bad))


def _text(body: bytes) -> str:
    """UTF-8, or what Windows spreadsheets write; NUL is no text in any of them."""
    try:
        return body.decode("utf-8-sig").replace("\0", "\ufffd")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace").replace("\0", "\ufffd")


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Each line that is not blank, with its number, as cells; one that cannot be read is a single cell that says so."""
    lines = re.split(r"\r\n|\n|\r", text)
    delimiter = max(",;\t", key=lines[0].count)
    return [(number, _cells(line, delimiter)) for number, line in enumerate(lines, 1) if line.strip(f"{delimiter} ")]


def _cells(line: str, delimiter: str) -> list[str]:
    if line.count('"') % 2:
        return [f"{line[:40]} (a quote is never closed)"]
    try:
        return next(csv.reader([line], delimiter=delimiter))
    except csv.Error as error:
        return [f"{line[:40]} ({error})"]


def _places(head: Sequence[str]) -> dict[str, int] | None:
    """Where each column stands; None where there is none of addresses."""
    names = [cell.strip().casefold() for cell in head]
    places = {
        column: names.index(found) for column, known in COLUMNS.items() for found in known[::-1] if found in names
    }
    return places if "email" in places else None


def _reader(
    row: Sequence[str], places: dict[str, int], newsletters: Collection[str], state: ReaderState, consent: str
) -> Reader:
    cells = {column: row[place].strip() if place < len(row) else "" for column, place in places.items()}
    wanted = tuple(name for each in cells.get("newsletters", "").split(";") if (name := each.strip()))
    unknown = [name for name in wanted if name not in newsletters]
    if unknown:
        raise InputError(f"there is no newsletter {unknown[0]!r}")
    return Reader(
        address=checked(cells["email"]),
        name=" ".join(cells.get("name", "").split())[:LONGEST_NAME],
        state=state,
        newsletters=wanted,
        consent=consent,
    )
