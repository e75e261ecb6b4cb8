"""Room `collect`: one paper as a JSON object, by whatever names its fields commonly go, to an `Entry`. Pure, no I/O.

Hugging Face's answers and files of papers end here. Touched when a common name of a field is missing below.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from digest.collect import fields
from digest.model import Announcement, Author, Entry, Link

_LINKS = (  # (kind, names of the field)
    ("pdf", ("pdf", "pdf_url")),
    ("html", ("html", "html_url")),
    ("code", ("code", "githubRepo", "github", "code_url")),
    ("project", ("project", "projectPage", "project_url")),
    ("data", ("data", "dataset", "data_url")),
    ("weights", ("weights", "model_url")),
    ("demo", ("demo", "demo_url")),
    ("video", ("video", "video_url")),
    ("discussion", ("discussion", "discussion_url")),
)
_MEASURES = (
    ("upvotes", ("upvotes", "votes")),
    ("comments", ("numComments", "comments")),
    ("stars", ("githubStars", "stars")),
    ("citations", ("citations", "citationCount")),
    ("mentions", ("mentions",)),
)
_ANNOUNCEMENTS: dict[str, Announcement] = {"cross": "cross", "replace": "replace", "replace-cross": "replace-cross"}
LARGEST = 1e12  # a count of anything beyond this is a mistake


def entry(row: Mapping[str, Any], source: str, number: int) -> Entry:
    """The object as an entry; what is absent or of the wrong type is empty. Nothing but a title need be there."""
    known = fields.identifier(_first(row, "id", "arxiv_id", "arxiv", "paper_id"))
    dois = fields.doi(_first(row, "doi", "DOI"))
    url = fields.web(_first(row, "url", "link", "html_url"))
    return Entry(
        source=source,
        number=number,
        title=fields.text(_first(row, "title", "name")),
        guid=known or dois or url or "",
        abstract=fields.text(_first(row, "abstract", "summary", "description"), fields.LONG),
        authors=_authors(_first(row, "authors", "author")),
        identifiers=fields.unique([known, dois, url, *_spellings(row.get("identifiers"))]),
        url=url,
        categories=_words(_first(row, "categories", "category")),
        published=_date(row, "published", "publishedAt", "published_date", "date", "year"),
        updated=_date(row, "updated", "updatedAt"),
        announcement=_ANNOUNCEMENTS.get(fields.text(row.get("announcement")), "new"),
        links=_links(row, url),
        comment=fields.text(row.get("comment")) or None,
        venue=fields.text(_first(row, "venue", "journal", "journal_ref", "conference", "booktitle")) or None,
        organisation=_name(_first(row, "organization", "organisation", "affiliation")) or None,
        submitter=_name(_first(row, "submittedBy", "submittedOnDailyBy", "submitter")) or None,
        language=fields.text(_first(row, "language", "lang"), 20) or None,
        measures=_measures(row),
        announced=_date(row, "submittedOnDailyAt", "announced"),
        keywords=_words(_first(row, "keywords", "ai_keywords")),
    )


def _spellings(value: Any) -> list[str]:
    """Further ids, from a list."""
    return [fields.identifier(each) for each in value[:20]] if isinstance(value, list) else []


def _first(row: Mapping[str, Any], *names: str) -> Any:
    """The first of the fields that holds anything."""
    return next((row[name] for name in names if row.get(name)), None)


def _authors(value: Any) -> tuple[Author, ...]:
    """People from a list of names, a list of objects with a name, or one string that names all."""
    if isinstance(value, str):
        return fields.names(fields.text(value, fields.LONG))
    found = value if isinstance(value, list) else []
    shown = [person for person in found if not (isinstance(person, dict) and person.get("hidden") is True)]
    pairs = [(_name(person), _affiliation(person)) for person in shown[: fields.MANY]]
    return tuple(Author(name=name, affiliation=affiliation or None) for name, affiliation in pairs if name)


def _name(value: Any) -> str:
    """A person's or a body's name, from a string or an object."""
    if isinstance(value, dict):
        return fields.text(_first(value, "fullname", "name", "user"))
    return fields.text(value)


def _affiliation(person: Any) -> str:
    found = person.get("affiliation") if isinstance(person, dict) else None
    return fields.text(found[0] if isinstance(found, list) and found else found)


def _words(value: Any) -> tuple[str, ...]:
    """Categories or keywords from a list, or from a string that separates them by commas, semicolons or spaces."""
    if isinstance(value, str):
        mark = next((mark for mark in ";," if mark in value), None)
        value = value.split(mark)
    return fields.unique(map(fields.text, value)) if isinstance(value, list) else ()


def _date(row: Mapping[str, Any], *names: str) -> datetime | None:
    """The first of the fields that is a date."""
    return next((found for name in names if (found := fields.moment(fields.text(row.get(name), 100)))), None)


def _links(row: Mapping[str, Any], url: str | None) -> tuple[Link, ...]:
    """The paper's own page first, then what the object names; `links` may list objects with kind and url as well."""
    found = [Link(kind="paper", url=url)] if url else []
    for kind, names in _LINKS:
        address = fields.web(_first(row, *names))
        found += [Link(kind=kind, url=address)] if address else []
    listed = row.get("links")
    for other in listed if isinstance(listed, list) else []:
        kind = fields.text(other.get("kind")) if isinstance(other, dict) else ""
        link = fields.link(other.get("url"), title=kind) if isinstance(other, dict) else None
        found += [link] if link else []
    return fields.unique(found)


def _measures(row: Mapping[str, Any]) -> tuple[tuple[str, float], ...]:
    """Counts of attention that the object gives, 0 included."""
    found = []
    for kind, names in _MEASURES:
        value = next(
            (row[n] for n in names if isinstance(row.get(n), int | float) and not isinstance(row[n], bool)), None
        )
        if value is not None and 0 <= value <= LARGEST:
            found.append((kind, float(value)))
    return tuple(found)
