"""Render, feeds: entries rendered beforehand, so that a feed of a hundred papers is not rendered anew for one of them.

Values only, made of an `Entry`; where they are kept is not known here. Touched when a format is added.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from digest.render.feeds.entries import Entry
from digest.render.layout import rfc3339
from digest.render.templates import Templates


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """An entry in every format, as feeds hold it; `id`, `updated` and `observed` are those of the
    entry."""

    id: str
    updated: datetime
    observed: datetime | None
    rss: Markup
    atom: Markup
    json: str

    @property
    def kept(self) -> bool:
        """For templates: it stands as it was rendered."""
        return True


def ready(entry: Entry, templates: Templates) -> Ready:
    """`entry` in every format. Raises `errors.TemplateError`."""
    return Ready(
        id=entry.id,
        updated=entry.updated,
        observed=entry.observed,
        rss=Markup(templates.render("_rss_item.xml.j2", entry=entry)),  # noqa: S704 - a template's
        atom=Markup(templates.render("_atom_entry.xml.j2", entry=entry)),  # noqa: S704 - a template's
        json=in_json(entry),
    )


def in_json(entry: Entry | Ready) -> str:
    """An entry as an item of JSON Feed 1.1. Unknown dates are left out."""
    return entry.json if isinstance(entry, Ready) else json.dumps(_item(entry), ensure_ascii=False)


def packed(one: Ready) -> tuple[str, str, str, str]:
    """`one` as text, to be kept: what `unpacked` takes."""
    about = (one.id, one.updated.isoformat(), one.observed.isoformat() if one.observed else "")
    return "\n".join(about), str(one.rss), str(one.atom), one.json


def unpacked(parts: tuple[str, str, str, str]) -> Ready:
    """What was `packed`. Raises ValueError for what was not."""
    id_, updated, observed = parts[0].split("\n")
    return Ready(
        id=id_,
        updated=datetime.fromisoformat(updated),
        observed=datetime.fromisoformat(observed) if observed else None,
        rss=Markup(parts[1]),  # noqa: S704 - as a template made it
        atom=Markup(parts[2]),  # noqa: S704 - as a template made it
        json=parts[3],
    )


def _item(entry: Entry) -> Mapping[str, Any]:
    item: dict[str, Any] = {
        "id": entry.id,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": str(entry.content),
        "date_modified": rfc3339(entry.updated),
        "tags": list(dict.fromkeys(name for name, _ in entry.categories)),
    }
    if entry.url:
        item["url"] = entry.url
    if entry.published:
        item["date_published"] = rfc3339(entry.published)
    if entry.authors:
        item["authors"] = [{"name": name} for name in entry.authors]
    return {**item, "_digest": entry.extra}
