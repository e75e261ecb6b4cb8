"""The pages of the site: which there are, and each of them as it stands. For static files and the live server alike.

    page(plan, store, path, query, now)    the page at an address below the site's, None where there is none
    paths(plan, store, now)                the addresses of all pages that are written as files

Feeds are `operations/feeds.py`'s. What is written when, and what is left alone, is `operations/site_build.py`'s.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from digest.config import Plan
from digest.model import Dossier, Edition, Newsletter
from digest.operations import site_maps
from digest.operations.archive import Archive
from digest.operations.feed_shelf import templates
from digest.operations.issue_rows import rows
from digest.render import about_page, addresses, frame, paper_page, search_page, site, topic_page
from digest.render.moved_page import moved_page
from digest.text.query import understood

if TYPE_CHECKING:
    from digest.store import Store
    from digest.store.rendered import Rendered

ROWS = 30
"""Issues that a list names one by one; older ones stand under their months."""
PAPERS = 50
"""Papers that the page of a topic names."""
_LETTER = r"(?P<letter>[^/]+)"
_PATHS = {
    "month": re.compile(rf"{_LETTER}/(?P<month>\d{{4}}-\d{{2}})/index\.html"),
    "issue": re.compile(rf"{_LETTER}/(?P<day>\d{{4}}-\d{{2}}-\d{{2}})/(?:index\.html|issue\.md)"),
    "topic": re.compile(rf"{_LETTER}/topics/(?P<topic>[^/]+)/index\.html"),
    "shard": re.compile(r"search/(?P<month>\d{4}-\d{2})\.json"),
    "map": re.compile(r"sitemap-(?P<month>\d{4}-\d{2})\.xml"),
    "paper": re.compile(rf"(?P<folder>{addresses.FOLDER}.+/)(?:index\.html|cite\.(?:bib|ris|json|md))"),
    "letter": re.compile(rf"{_LETTER}/index\.html"),
}


def page(plan: Plan, store: "Store", path: str, query: Mapping[str, str], now: datetime) -> Edition | None:  # noqa: ARG001
    """The page at `path` (``""`` or ``index.html``, ``papers/arxiv/2503.01234/``, ``search/`` …) as it stands, as a
    server answers it; None where there is none. `query` are the parameters after it. Raises StoreError and
    TemplateError."""
    return Pages(plan, store, Archive(store)).at(filed(path), query)


def paths(plan: Plan, store: "Store", now: datetime) -> Iterator[str]:  # noqa: ARG001 - as feeds have it
    """The paths of all pages that a static site is made of. Raises StoreError."""
    return Pages(plan, store, Archive(store)).paths()


def filed(path: str) -> str:
    """The file behind a path: ``papers/arxiv/2503.01234/`` is its ``index.html``."""
    path = path.lstrip("/")
    return f"{path}index.html" if not path or path.endswith("/") else path


class Pages:
    """The pages of one site as its store stands; `static` ones are for a host that answers nothing."""

    def __init__(
        self, plan: Plan, store: "Store", archive: Archive, *, static: bool = False, rendered: "Rendered | None" = None
    ) -> None:
        self.plan, self.store, self.archive, self.static, self.rendered = plan, store, archive, static, rendered
        self.site = frame.site_of(plan.masthead, plan.newsletters)
        self.templates = templates(plan)

    def paths(self) -> Iterator[str]:
        """The paths of all pages that are written as files."""
        yield from self.common()
        for letter in self.plan.newsletters:
            yield from self.beside(letter.name)
            for month in self.store.shelf.months(letter.name):
                yield topic_page.month_path(letter.name, month.first)
            for day in self.store.shelf.days(letter.name):
                yield from self.of_issue(f"{letter.name}/{day.isoformat()}")
        for first in self.months():
            yield from self.of_month(first)
        for paper_id in self.store.shelf.first_days():
            yield from self.of_paper(paper_id)

    def common(self) -> Iterator[str]:
        """Pages that there is one of."""
        yield from (frame.STYLE, frame.ICON, frame.SCRIPT, "index.html", "about/index.html", "search/index.html")
        yield from ("robots.txt", "sitemap.xml", "sitemap-pages.xml")

    def beside(self, letter: str, topics: Collection[str] | None = None) -> Iterator[str]:
        """Pages of a newsletter that are not of one issue or month: its list and its `topics` (all if not given)."""
        yield f"{letter}/index.html"
        for topic, _, _ in self.archive.topics(letter):
            if topics is None or topic.slug in topics:
                yield topic_page.topic_path(letter, topic)

    def of_issue(self, issue_id: str) -> Iterator[str]:
        """Pages of an issue."""
        yield from (f"{issue_id}/index.html", f"{issue_id}/issue.md")

    def of_month(self, month: date) -> Iterator[str]:
        """What is kept of the papers first printed in a month."""
        yield from (search_page.shard_path(month), f"sitemap-{month:%Y-%m}.xml")

    def of_paper(self, paper_id: str) -> Iterator[str]:
        """The page of a paper and its citations."""
        folder = addresses.of_paper(paper_id)
        if folder:
            yield from (f"{folder}{file}" for file in ("index.html", *addresses.CITATIONS.values()))

    def months(self) -> list[date]:
        """Months in which a paper was first printed, newest first."""
        return self.archive.months()

    def at(self, path: str, query: Mapping[str, str]) -> Edition | None:
        """The page at `path`, None where there is none."""
        alone: dict[str, Callable[[], Edition]] = {
            frame.STYLE: lambda: frame.style(self.templates),
            frame.ICON: lambda: frame.icon(self.templates),
            frame.SCRIPT: lambda: search_page.script(self.templates),
            "index.html": self.home,
            "about/index.html": self.about,
            "search/index.html": lambda: self.search(query),
            "robots.txt": lambda: site.robots(self.site),
            "sitemap.xml": lambda: site_maps.index(self.months(), self.site),
            "sitemap-pages.xml": lambda: site_maps.of_lists(self.plan, self.store, self.site),
        }
        if path in alone:
            return alone[path]()
        for kind, pattern in _PATHS.items():
            found = pattern.fullmatch(path)
            if found:
                made: tuple[Edition, ...] = getattr(self, kind)(found)
                return next((edition for edition in made if edition.path == path), None)
        return None

    def home(self) -> Edition:
        """The list of newsletters, or of the issues of the only one."""
        names = [letter.name for letter in self.plan.newsletters]
        rows = {name: self._rows(name) for name in names} if len(names) == 1 else {}
        return site.home_page(rows, {name: self.store.shelf.months(name) for name in names}, self.site, self.templates)

    def about(self) -> Edition:
        """What the site is and how it scores."""
        from digest.rank.trending import WEIGHTS, weight

        weights = {
            letter.name: {name: weight(name, letter.weights) for name in {**WEIGHTS, **letter.weights}}
            for letter in self.plan.newsletters
        }
        return about_page.about_page(self.plan.sources, weights, self.site, self.templates)

    def search(self, query: Mapping[str, str]) -> Edition:
        """The search page; a live one with what was found."""
        months = {letter.name: self.store.shelf.months(letter.name) for letter in self.plan.newsletters}
        if self.static:
            return search_page.search_page(self.site, self.templates, months, shards=self.months())
        asked, trending = query.get("q", ""), query.get("sort") == "trending"
        skip = int(query.get("skip", "")) if re.fullmatch(r"\d{1,6}", query.get("skip", "")) else 0
        found = None
        if asked.strip():
            half_life = min((letter.half_life_days for letter in self.plan.newsletters), default=3.0)
            found = self.store.search.find(understood(asked, trending), search_page.PAGE, skip, half_life)
        return search_page.search_page(
            self.site, self.templates, months, query=asked, trending=trending, skip=skip, found=found
        )

    def letter(self, found: re.Match[str]) -> tuple[Edition, ...]:
        """The list of a newsletter's issues."""
        letter = self._newsletter(found["letter"])
        if letter is None:
            return ()
        months = self.store.shelf.months(letter.name)
        return (site.newsletter_page(letter, self._rows(letter.name), months, self.site, self.templates),)

    def month(self, found: re.Match[str]) -> tuple[Edition, ...]:
        """The issues of a month."""
        name = found["letter"]
        month = next((one for one in self.store.shelf.months(name) if f"{one.first:%Y-%m}" == found["month"]), None)
        if month is None or self._newsletter(name) is None:
            return ()
        papers = self.store.shelf.printed(name, since=month.first, before=_next(month.first))
        return (topic_page.month_page(month, papers, self.site, self.templates),)

    def issue(self, found: re.Match[str]) -> tuple[Edition, ...]:
        """An issue as page and as Markdown."""
        issue = self.archive.issue(f"{found['letter']}/{found['day']}")
        if issue is None or self._newsletter(issue.newsletter) is None:
            return ()
        return site.issue_pages(issue, self.plan.masthead, self.site, self.templates)

    def topic(self, found: re.Match[str]) -> tuple[Edition, ...]:
        """A topic of a newsletter, of the newest name it had."""
        name, slug = found["letter"], found["topic"]
        known = next((one for one in self.archive.topics(name) if topic_page.slug(one[0]) == slug), None)
        if known is None or self._newsletter(name) is None:
            return ()
        topic, count, last = known
        papers = self.store.shelf.printed(name, topic=topic.slug, most=PAPERS)
        arrivals, told = self.archive.trend(name, topic, last)
        return (topic_page.topic_page(name, topic, count, papers, arrivals, told, self.site, self.templates),)

    def shard(self, found: re.Match[str]) -> tuple[Edition, ...]:
        """The papers first printed in a month, for the script that searches."""
        month = _month(found["month"])
        papers = self.archive.first_printed(month, _next(month)) if month else ()
        return (search_page.shard(month, papers),) if month and papers else ()

    def map(self, found: re.Match[str]) -> tuple[Edition, ...]:
        """The pages of papers first printed in a month, and of its issues, for crawlers."""
        month = _month(found["month"])
        made = site_maps.of_month(month, self.plan, self.store, self.site) if month else None
        return (made,) if made else ()

    def paper(self, found: re.Match[str]) -> tuple[Edition, ...]:
        """A paper with its citations; a live server has one of every paper that is known. Of an id that a paper had
        before, what leads to its page."""
        paper_id = addresses.paper_of(found["folder"])
        known = self.archive.dossiers([paper_id])
        return self.paper_pages(known[0]) if known else self.moved(paper_id)

    def moved(self, paper_id: str) -> tuple[Edition, ...]:
        """What leads from the page of an id that a paper had before to its page of today."""
        paper = next(iter(self.store.papers.some([paper_id]).values()), None)
        return moved_page(paper_id, paper, self.site, self.templates) if paper and paper.id != paper_id else ()

    def paper_pages(self, known: Dossier) -> tuple[Edition, ...]:
        """The page of a paper of which this is known, and its citations."""
        return paper_page.paper_page(known, self.site, self.templates)

    def _rows(self, newsletter: str) -> list[site.Row]:
        days = self.store.shelf.days(newsletter)[:ROWS]
        return rows(newsletter, days, self.archive, self.site, self.store, self.rendered)

    def _newsletter(self, name: str) -> Newsletter | None:
        return next((letter for letter in self.plan.newsletters if letter.name == name), None)


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


def _next(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
