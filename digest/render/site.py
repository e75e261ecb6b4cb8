"""Render, the site: lists of issues, issues as pages, and what crawlers are told. Other pages are modules beside it.

Touched when the site gains a kind of page.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from digest.model import Edition, Issue, Masthead, Month, Newsletter
from digest.render import lists, markup, safe, view, words
from digest.render.editions import alternates, edition
from digest.render.frame import Site, page
from digest.render.templates import Templates

_TITLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An issue in a list: its address, day, size in words, and its first papers as (title, ltr or rtl, page)."""

    url: str
    date: str
    size: str
    titles: tuple[tuple[str, str, str], ...]


def row(issue: Issue, site: Site) -> Row:
    """The issue in a list."""
    first = [item for id_ in issue.top for item in issue.items if item.paper.id == id_]
    items = [*first, *(item for item in issue.items if item.paper.id not in issue.top)][:_TITLES]
    titles = [(safe.clean(item.paper.title, view.TITLE) or "(untitled)", item.paper.id) for item in items]
    return Row(
        url=f"{site.home(issue.newsletter)}{issue.day.isoformat()}/",
        date=words.long_date(issue.day),
        size=words.size_of(len({item.paper.id for item in issue.items}), issue.candidates),
        titles=tuple((title, safe.direction(title), site.page_of(id_)) for title, id_ in titles),
    )


def home_page(
    rows: Mapping[str, Sequence[Row]], months: Mapping[str, Sequence[Month]], site: Site, templates: Templates
) -> Edition:
    """``index.html``: the newsletters, and the issues too while there is only one."""
    alone = len(site.newsletters) == 1
    entries = [
        _list(each, site, rows.get(each.name, ()) if alone else (), months.get(each.name, ()) if alone else ())
        for each in site.newsletters
    ]
    return _index("index.html", site.title, entries, site, templates)


def newsletter_page(
    newsletter: Newsletter, rows: Sequence[Row], months: Sequence[Month], site: Site, templates: Templates
) -> Edition:
    """``NEWSLETTER/index.html``: its newest issues, and the months of all."""
    entry = _list(newsletter, site, rows, months)
    return _index(f"{newsletter.name}/index.html", entry["title"], [entry], site, templates, newsletter.language)


def issue_pages(issue: Issue, masthead: Masthead, site: Site, templates: Templates) -> tuple[Edition, ...]:
    """The page of an issue and its Markdown: ``NEWSLETTER/YYYY-MM-DD/index.html`` and ``issue.md``."""
    shown = view.view(issue, masthead)
    made = page(
        "issue.html.j2",
        f"{issue.id}/index.html",
        site,
        templates,
        title=f"{shown.title}, {shown.date}",
        description=" · ".join(card.title for card in shown.cards[:_TITLES]) or shown.size,
        language=shown.language,
        kind="article",
        feeds=alternates(shown.home, shown.title),
        v=shown,
        pages={card.id: site.page_of(card.id) for card in shown.cards},
        topics={view.anchor(section.topic.slug) for section in issue.sections if section.items},
    )
    return made, edition(issue.id, "md", templates.render("issue.md.j2", v=shown))


def _list(newsletter: Newsletter, site: Site, rows: Sequence[Row], months: Sequence[Month]) -> dict[str, Any]:
    title, home = safe.clean(newsletter.title, 120), site.home(newsletter.name)
    return {
        "title": title,
        "introduction": markup.html(newsletter.introduction),
        "told": safe.clean(markup.plain(newsletter.introduction), 300),
        "url": home,
        "feeds": alternates(home, title),
        "rows": rows,
        "years": lists.years(months, site),
    }


def _index(
    path: str, title: str, entries: Sequence[dict[str, Any]], site: Site, templates: Templates, language: str = ""
) -> Edition:
    told = [entry["told"] for entry in entries if entry["told"]]
    return page(
        "index.html.j2",
        path,
        site,
        templates,
        title=title,
        description=" ".join(told) or f"Trending papers, chosen by {site.title}.",
        language=language,
        feeds=[feed for entry in entries for feed in entry["feeds"]],
        subscribe=site.subscribe,
        lists=entries,
    )


def sitemap(path: str, places: Iterable[tuple[str, date | None]], site: Site) -> Edition:
    """A list of pages for crawlers (sitemaps.org): (path below the site, the day it last changed if known)."""
    made = "".join(_place("url", where, day, site) for where, day in places)
    return _xml(path, f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{made}</urlset>\n')


def sitemap_index(parts: Iterable[tuple[str, date | None]], site: Site) -> Edition:
    """The list of those lists."""
    made = "".join(_place("sitemap", where, day, site) for where, day in parts)
    body = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{made}</sitemapindex>\n'
    return _xml("sitemap.xml", body)


def robots(site: Site) -> Edition:
    """What crawlers may read: all but searches."""
    body = f"User-agent: *\nDisallow: /search/?\n\nSitemap: {site.url}sitemap.xml\n"
    return Edition(path="robots.txt", media_type="text/plain; charset=utf-8", body=body.encode())


def _place(tag: str, where: str, day: date | None, site: Site) -> str:
    changed = f"<lastmod>{day.isoformat()}</lastmod>" if day else ""
    return f"<{tag}><loc>{escape(site.address_of(where))}</loc>{changed}</{tag}>\n"


def _xml(path: str, body: str) -> Edition:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'
    return Edition(path=path, media_type="application/xml", body=text.encode())
