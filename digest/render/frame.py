"""Render, the frame: what all pages of the site have around them, and how a page becomes a file.

Touched when every page needs something more. Pages share one style sheet, so that each is small and needs no inline
style, and link to one another by relative addresses, so that they work on any host, in any folder and from a disk.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from digest.model import Edition, Masthead, Newsletter
from digest.render import addresses, safe, words
from digest.render.editions import alternates
from digest.render.templates import Templates

HTML = "text/html; charset=utf-8"
STYLE, ICON, SCRIPT = "style.css", "icon.svg", "search/search.js"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The site that a page belongs to. `url` ends in a slash; `feeds` are those of the whole site."""

    title: str
    url: str
    contact: str
    address: str
    subscribe: str
    language: str
    newsletters: tuple[Newsletter, ...]

    @property
    def feeds(self) -> list[dict[str, str]]:
        """The feeds of all newsletters, for links in pages."""
        return [
            feed for each in self.newsletters for feed in alternates(self.home(each.name), safe.clean(each.title, 120))
        ]

    def address_of(self, path: str) -> str:
        """The public address of a page: of its folder, where it is an index."""
        return self.url + quote(path.removesuffix("index.html"), safe="/~")

    def page_of(self, paper_id: str) -> str:
        """The address of a paper's page, "" where it has none."""
        folder = addresses.of_paper(paper_id)
        return f"{self.url}{folder}" if folder else ""

    def home(self, newsletter: str) -> str:
        """The address of a newsletter's own page."""
        return f"{self.url}{quote(newsletter)}/"

    def heading(self, newsletter: str) -> str:
        """The title of a newsletter, or its name where it is no more."""
        return next((safe.clean(each.title, 120) for each in self.newsletters if each.name == newsletter), newsletter)


def site_of(masthead: Masthead, newsletters: Sequence[Newsletter]) -> Site:
    """The site of a publisher with these newsletters."""
    return Site(
        title=safe.clean(masthead.title, 120),
        url=masthead.url.rstrip("/") + "/",
        contact=safe.clean(masthead.contact, 200),
        address=safe.clean(masthead.address, 300),
        subscribe=safe.url(masthead.subscribe),
        language=newsletters[0].language if newsletters else "en",
        newsletters=tuple(newsletters),
    )


def page(
    template: str,
    path: str,
    site: Site,
    templates: Templates,
    *,
    title: str,
    description: str = "",
    language: str = "",
    kind: str = "website",
    feeds: Sequence[dict[str, str]] = (),
    scripted: bool = False,
    listed: bool = True,
    moved: str = "",
    **values: Any,
) -> Edition:
    """The page at `path` (``daily/index.html``). `kind` is Open Graph's; `scripted` pages run the one script there is;
    what is not `listed` asks search engines to pass; `moved` is as in `Edition`. Raises `errors.TemplateError`."""
    language = language or site.language or "en"
    frame = {
        "home": site.url, "search": f"{site.url}search/", "about": f"{site.url}about/",
        "style": f"{site.url}{STYLE}", "icon": f"{site.url}{ICON}",
        "script": f"{site.url}{SCRIPT}" if scripted else "", "subscribe": site.subscribe, "kind": kind,
        "description": safe.shorten(description, 300), "listed": listed,
    }  # fmt: skip
    body = templates.render(
        template,
        nav=frame,
        here=site.address_of(path),
        title=title,
        site=site.title,
        contact=site.contact,
        address=site.address,
        language=language,
        direction=words.direction_of(language),
        feeds=list(feeds),
        **values,
    )
    return Edition(path=path, media_type=HTML, body=body.encode(), moved=moved)


def icon(templates: Templates) -> Edition:
    """The little picture that browsers show beside the title."""
    return Edition(path=ICON, media_type="image/svg+xml", body=templates.render("icon.svg.j2").encode())


def style(templates: Templates) -> Edition:
    """The style sheet of all pages of the site."""
    css = templates.render("site.css.j2")
    return Edition(path=STYLE, media_type="text/css; charset=utf-8", body=css.encode())
