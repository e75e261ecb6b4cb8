"""Render, editions: one issue in the formats asked for.

Touched when a format is added: write its function, name it in `FORMATS`.
"""

from collections.abc import Iterable

from digest import errors
from digest.model import Edition, Issue, Masthead
from digest.render import feeds
from digest.render.mail import of_view
from digest.render.templates import Templates
from digest.render.view import View, view

# Format: file name and media type. eml is not among them: deliver makes it of a `Mail`.
FORMATS = {
    "html": ("mail.html", "text/html; charset=utf-8"),
    "text": ("mail.txt", "text/plain; charset=utf-8"),
    "rss": ("feed.xml", "application/rss+xml"),
    "atom": ("atom.xml", "application/atom+xml"),
    "json": ("feed.json", "application/feed+json"),
    "md": ("issue.md", "text/markdown; charset=utf-8"),
    "page": ("index.html", "text/html; charset=utf-8"),
}
_FEEDS = ("rss", "atom", "json")


def editions(issue: Issue, masthead: Masthead, templates: Templates, formats: Iterable[str]) -> tuple[Edition, ...]:
    """`issue` in each of `formats` (names in `FORMATS`), at ``NEWSLETTER/YYYY-MM-DD/FILE``. Raises
    `errors.InputError` for a format there is none of and `errors.TemplateError` for a broken template."""
    wanted = tuple(dict.fromkeys(formats))
    for name in wanted:
        if name not in FORMATS:
            raise errors.InputError(f"there is no format {name!r}; known: {', '.join(FORMATS)}")
    shown = view(issue, masthead)
    mailed = of_view(shown, issue, masthead, templates, "") if {"html", "text"} & set(wanted) else None
    frame = feeds.Frame(base=shown.url, title=shown.title)
    made = feeds.papers([shown], frame, templates) if set(_FEEDS) & set(wanted) else None
    bodies: dict[str, str] = {}
    for name in wanted:
        if mailed and name in ("html", "text"):
            bodies[name] = mailed.html if name == "html" else mailed.text
        elif made and name in _FEEDS:
            bodies[name] = feeds.body(name, made, templates)
        else:
            bodies[name] = page(shown, templates) if name == "page" else templates.render("issue.md.j2", v=shown)
    return tuple(edition(issue.id, name, body) for name, body in bodies.items())


def edition(folder: str, name: str, body: str) -> Edition:
    """Format `name` in `folder` under its usual file name."""
    file, media_type = FORMATS[name]
    return Edition(path=f"{folder}/{file}", media_type=media_type, body=body.encode())


def page(shown: View, templates: Templates) -> str:
    """The page of an issue."""
    return templates.render(
        "issue.html.j2",
        v=shown,
        here=shown.url,
        title=f"{shown.title}, {shown.date}",
        site=shown.site,
        language=shown.language,
        direction=shown.direction,
        feeds=alternates(shown.home, shown.title),
    )


def alternates(home: str, title: str) -> list[dict[str, str]]:
    """The feeds of a newsletter, for links in pages."""
    return [
        {"word": "RSS", "url": f"{home}feed.xml", "media_type": FORMATS["rss"][1], "title": title},
        {"word": "Atom", "url": f"{home}atom.xml", "media_type": FORMATS["atom"][1], "title": title},
        {"word": "JSON Feed", "url": f"{home}feed.json", "media_type": FORMATS["json"][1], "title": title},
    ]
