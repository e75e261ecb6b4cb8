"""Render, the site: pages and feeds over the last issues of a newsletter, for the folder channel and the web.

Touched when the site gains a page.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from digest.model import Edition, Issue, Masthead, Newsletter
from digest.render import feeds, markup, safe, words
from digest.render.editions import alternates, edition, page
from digest.render.templates import Templates
from digest.render.view import View, view

_FEED_ISSUES = 14


def site(
    newsletter: Newsletter,
    issues: Sequence[Issue],
    masthead: Masthead,
    templates: Templates,
    all_newsletters: Sequence[Newsletter] = (),
) -> tuple[Edition, ...]:
    """``index.html``, and under ``NEWSLETTER/``: its index, feeds over the newest fourteen issues, and for each of
    `issues` (any order) the page with ``issue.md`` beside it. The root index lists `all_newsletters`, and the issues
    too while there is only one. Raises `errors.TemplateError`."""
    views = [view(issue, masthead) for issue in sorted(issues, key=lambda issue: issue.day, reverse=True)]
    root = masthead.url.rstrip("/") + "/"
    entry = _list(newsletter, root, views)
    others = [other for other in all_newsletters if other.name != newsletter.name]
    ordered = [_list(each, root, []) for each in all_newsletters] if others else [entry]
    language = newsletter.language or "en"
    index = _index(safe.clean(masthead.title, 120), root, ordered, language, masthead, templates)
    made = [
        Edition(path="index.html", media_type="text/html; charset=utf-8", body=index.encode()),
        edition(newsletter.name, "page", _index(entry["title"], entry["url"], [entry], language, masthead, templates)),
    ]
    if views:
        frame = feeds.Frame(base=views[0].home, title=entry["title"])
        feed = feeds.papers(views[:_FEED_ISSUES], frame, templates)
        made += [edition(newsletter.name, name, feeds.body(name, feed, templates)) for name in ("rss", "atom", "json")]
    for shown in views:
        folder = f"{newsletter.name}/{shown.day.isoformat()}"
        made.append(edition(folder, "page", page(shown, templates)))
        made.append(edition(folder, "md", templates.render("issue.md.j2", v=shown)))
    return tuple(made)


def _list(newsletter: Newsletter, root: str, views: Sequence[View]) -> dict[str, Any]:
    title = safe.clean(newsletter.title, 120)
    home = f"{root}{quote(newsletter.name)}/"
    return {
        "title": title,
        "introduction": markup.html(newsletter.introduction),
        "url": home,
        "feeds": alternates(home, title),
        "rows": views,
    }


def _index(
    title: str, here: str, lists: Sequence[dict[str, Any]], language: str, masthead: Masthead, templates: Templates
) -> str:
    return templates.render(
        "index.html.j2",
        title=title,
        here=here,
        subscribe=safe.url(masthead.subscribe),
        lists=lists,
        site=safe.clean(masthead.title, 120),
        contact=safe.clean(masthead.contact, 200),
        language=language,
        direction=words.direction_of(language),
        feeds=[feed for entry in lists for feed in entry["feeds"]],
    )
