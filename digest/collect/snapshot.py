"""Room `collect`: a row of arXiv's metadata snapshot (JSON lines, as published) to an `Entry`. Pure, no I/O.

Millions of rows go through here: what is usual takes the short way. Touched when arXiv renames a field.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from digest.collect import fields
from digest.model import Author, Entry

_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}


def is_row(row: Mapping[str, Any]) -> bool:
    """Whether an object is a row of the snapshot rather than a paper in any other shape."""
    return "versions" in row and "categories" in row and "id" in row


def entry(row: Mapping[str, Any], source: str, number: int) -> Entry:
    """The row as an entry, in the newest of its versions. Raises ValueError where it has no id or no title."""
    name, title = _text(row["id"], 100).strip(), _text(row.get("title"), fields.SHORT)
    if not name or not title.strip():
        raise ValueError("it has no id" if not name else "it has no title")
    made = row["versions"] if isinstance(row["versions"], list) else []
    first = _date(made[0]) if made else None
    last = _date(made[-1]) if len(made) > 1 else first
    spelling = f"arXiv:{name}{_version(made)}"
    return Entry(
        source=source,
        number=number,
        title=title,
        abstract=_text(row.get("abstract"), fields.LONG),
        authors=_authors(row),
        identifiers=(spelling, *_dois(row.get("doi"))),
        url=f"https://arxiv.org/abs/{name}",
        categories=tuple(_text(row["categories"], fields.SHORT).split()),
        published=first,
        updated=last,
        comment=_text(row.get("comments"), fields.SHORT) or None,
        venue=_text(row.get("journal-ref"), fields.SHORT) or None,
        submitter=_text(row.get("submitter"), fields.SHORT) or None,
    )


def _text(value: Any, limit: int) -> str:
    """A text that normalise cleans anyway; only what is not ASCII may have to be mended first."""
    if isinstance(value, str) and value.isascii():
        return value[:limit]
    return fields.text(value, limit)


def _authors(row: Mapping[str, Any]) -> tuple[Author, ...]:
    """People from `authors_parsed`, [family, given, suffix, …] each; without it from the line that names them all."""
    parsed = row.get("authors_parsed")
    if not isinstance(parsed, list) or not parsed:
        return fields.names(_text(row.get("authors"), fields.LONG), listed=True)
    people = [person for person in parsed[: fields.MANY] if isinstance(person, list) and person]
    names = [
        " ".join([part for part in (*person[1:2], person[0], *person[2:3]) if isinstance(part, str) and part])
        for person in people
    ]
    return tuple([Author(name=name[: fields.SHORT]) for name in names if name])


def _dois(value: Any) -> list[str]:
    """The DOIs of a field that may hold several."""
    return [fields.doi(part) for part in fields.text(value).replace(";", " ").split()] if value else []


def _version(made: list[Any]) -> str:
    last = made[-1] if made else None
    spelt = last.get("version") if isinstance(last, dict) else None
    return spelt if isinstance(spelt, str) and spelt[:1] == "v" and spelt[1:].isdecimal() else ""


def _date(version: Any) -> datetime | None:
    """When a version was made: ``Mon, 2 Apr 2007 19:18:42 GMT``, or any other form of a date."""
    spelt = version.get("created") if isinstance(version, dict) else None
    if not isinstance(spelt, str):
        return None
    parts = spelt.split()
    if len(parts) == 6 and parts[5] == "GMT" and parts[2] in _MONTHS and len(parts[4]) == 8:
        try:
            hour, minute, second = parts[4].split(":")
            day = (int(parts[3]), _MONTHS[parts[2]], int(parts[1]))
            return datetime(*day, int(hour), int(minute), int(second), tzinfo=UTC)
        except ValueError:
            return None
    return fields.moment(spelt)
