"""Render, the search page, its script, and the files that the script searches, one a month.

Where no server answers, the script does: it reads the months newest first and shows what it finds as it goes. Touched
together with templates/search.js.j2, which reads what `shard` writes and speaks the language of digest/text/query.py.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from digest.model import Edition, Found, Month, Printed
from digest.render import addresses, lists, safe, view, words
from digest.render.frame import SCRIPT, Site, page
from digest.render.templates import Templates

PAGE = 20
"""Results on a page."""


def search_page(
    site: Site,
    templates: Templates,
    months: Mapping[str, Sequence[Month]],
    *,
    query: str = "",
    trending: bool = False,
    skip: int = 0,
    found: Found | None = None,
    shards: Sequence[date] | None = None,
) -> Edition:
    """The page. With `shards` (months that have a file, newest first) it is for a host without a server; else `found`
    is what a server found for `query`, from the result after `skip` on, None where nothing was asked."""
    query, total = safe.clean(query, 300), found.total if found else 0
    ask = {"q": query, **({"sort": "trending"} if trending else {})}
    after, before = skip + PAGE, max(0, skip - PAGE)
    return page(
        "search.html.j2",
        "search/index.html",
        site,
        templates,
        title=f"{query} – {site.title}" if query else f"Search {site.title}",
        description=f"Search the papers of {site.title}.",
        scripted=shards is not None,
        listed=not query,
        live=shards is None,
        action="",
        query=query,
        trending=trending,
        shards=" ".join(f"{month:%Y-%m}" for month in shards or ()),
        told=_told(query, total, skip) if found else "",
        papers=[lists.hit(one, site) for one in found.hits] if found else [],
        older=f"?{urlencode({**ask, 'skip': after})}" if after < total else "",
        newer=f"?{urlencode({**ask, **({'skip': before} if before else {})})}" if skip else "",
        lists=[
            {"title": site.heading(name), "years": lists.years(some, site)} for name, some in months.items() if some
        ],
    )


def _told(query: str, total: int, skip: int) -> str:
    said = words.count(total, "paper") if total else "No paper"
    first = f", from the {skip + 1:,}th on" if skip else ""
    return f"{said} for {query}{first}"


def shard_path(month: date) -> str:
    """Where the papers first printed in a month are, for the script."""
    return f"search/{month:%Y-%m}.json"


def shard(month: date, papers: Sequence[Printed]) -> Edition:
    """The papers first printed in a month: a list of [folder of the page, title, authors, topic, day, score, TL;DR]."""
    rows = [_row(one) for one in papers if addresses.of_paper(one.paper.id)]
    body = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return Edition(path=shard_path(month), media_type="application/json", body=body.encode("utf-8", "replace"))


def _row(one: Printed) -> list[Any]:
    return [
        addresses.of_paper(one.paper.id),
        safe.clean(one.paper.title, view.TITLE) or "(untitled)",
        ", ".join(safe.clean(person.name, 80) for person in one.paper.authors[:30]),
        safe.clean(one.topic.name, 80),
        one.day.isoformat(),
        round(one.score, 3),
        safe.clean(one.tldr, view.TLDR),
    ]


def script(templates: Templates) -> Edition:
    """The one script of the site."""
    body = templates.render("search.js.j2")
    return Edition(path=SCRIPT, media_type="text/javascript; charset=utf-8", body=body.encode())
