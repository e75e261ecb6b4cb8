"""Render, lists: papers in brief, for topics, months and search. Touched when a list must say more of a paper."""

from collections.abc import Iterable, Sequence
from typing import Any

from digest.model import Hit, Month, Paper, Printed
from digest.render import safe, view, words
from digest.render.frame import Site


def printed(one: Printed, site: Site, *, where: bool = True) -> dict[str, Any]:
    """A printed paper in brief; `where` adds its topic and issue."""
    made = _brief(one.paper, one.tldr)
    made["url"] = site.page_of(one.paper.id) or made["url"]
    if where:
        made["topic"], made["colour"] = safe.clean(one.topic.name, 80), one.topic.colour % 8
        made["where"] = f"{site.heading(one.newsletter)}, {words.short_date(one.day)}"
        made["issue"] = f"{site.home(one.newsletter)}{one.day.isoformat()}/"
    return made


def hit(one: Hit, site: Site) -> dict[str, Any]:
    """A found paper in brief: with its issue, or when it was seen where none printed it."""
    if one.printed is not None:
        return printed(one.printed, site)
    made = _brief(one.paper, "")
    made["url"] = site.page_of(one.paper.id) or made["url"]
    made["where"] = f"seen on {words.short_date(one.first_seen.date())}, not printed"
    return made


def years(months: Sequence[Month], site: Site) -> list[tuple[int, list[tuple[str, str, str]]]]:
    """Months (newest first) as lines of links, a line a year: (word, address, the same in full)."""
    made: dict[int, list[tuple[str, str, str]]] = {}
    for month in reversed(months):
        word = f"{month.first:%b}"
        said = f"{month.first:%B %Y}, {words.count(month.issues, 'issue')}"
        made.setdefault(month.first.year, []).append((word, month_address(month, site), said))
    return sorted(made.items(), reverse=True)


def month_address(month: Month, site: Site) -> str:
    """The address of the page of a month."""
    return f"{site.home(month.newsletter)}{month.first:%Y-%m}/"


def _brief(paper: Paper, tldr: str) -> dict[str, Any]:
    title = safe.clean(paper.title, view.TITLE) or "(untitled)"
    tldr = safe.clean(tldr, view.TLDR)
    return {
        "title": title,
        "dir": safe.direction(title),
        "url": safe.url(paper.url),
        "byline": words.authors(paper.authors)[0],
        "tldr": tldr,
        "text_dir": safe.direction(tldr),
        "topic": "",
        "colour": 7,
        "where": "",
        "issue": "",
    }


def by_day(papers: Iterable[Printed], site: Site) -> list[dict[str, Any]]:
    """Printed papers (newest day first) as issues, each with its papers."""
    made: dict[Any, dict[str, Any]] = {}
    for one in papers:
        url = f"{site.home(one.newsletter)}{one.day.isoformat()}/"
        issue = made.setdefault(one.day, {"date": words.long_date(one.day), "url": url, "papers": []})
        issue["papers"].append(printed(one, site, where=False))
    return list(made.values())
