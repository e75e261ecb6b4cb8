"""Issues as lists name them, for the home page and the page of a newsletter: made anew, or as they were made before."""

import json
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from digest.operations import feed_shelf
from digest.operations.archive import Archive
from digest.render import site
from digest.render.frame import Site

if TYPE_CHECKING:
    from digest.store import Store
    from digest.store.rendered import Rendered


def rows(
    newsletter: str, days: Sequence[date], archive: Archive, of: Site, store: "Store", rendered: "Rendered | None"
) -> list[site.Row]:
    """The newsletter's issues of these days, as far as they are there. Raises StoreError."""
    if rendered is None:
        return [row for day in days if (row := _made(f"{newsletter}/{day.isoformat()}", archive, of))]
    marks = feed_shelf.of(store).issue_marks([(newsletter, day) for day in days])
    names = {day: f"{newsletter}/{day.isoformat()} row" for day in days if (newsletter, day) in marks}
    found = rendered.some((name, marks[newsletter, day]) for day, name in names.items())
    listed = []
    for day, name in names.items():
        row = _unpacked(found[name][0]) if name in found else _made(f"{newsletter}/{day.isoformat()}", archive, of)
        if row is None:
            continue
        listed.append(row)
        if name not in found:
            text = json.dumps([row.url, row.date, row.size, row.titles], ensure_ascii=False)
            rendered.put(name, marks[newsletter, day], (text, "", "", ""))
    return listed


def _made(issue_id: str, archive: Archive, of: Site) -> site.Row | None:
    issue = archive.issue(issue_id)
    return site.row(issue, of) if issue is not None else None


def _unpacked(text: str) -> site.Row:
    url, day, size, titles = json.loads(text)
    return site.Row(url=url, date=day, size=size, titles=tuple((title, way, page) for title, way, page in titles))
