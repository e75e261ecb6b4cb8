"""The feeds of a site: which there are, and each of them as it stands. For the static site and the web side alike.

    feed(plan, store, path, query, now)    the feed at an address below the site's, None where there is none
    paths(plan, store, now)                the addresses of all feeds that are written as files

Of authors, scores and searches there are more feeds than files: any that is asked for is answered. What was read of
the store is in `shelf.py`; how a feed looks is `render.feeds`'.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from digest.config import Plan
from digest.model import Edition, Newsletter
from digest.operations import shelf
from digest.operations.shelf import Shelf
from digest.render import feeds
from digest.render.view import Card, View

if TYPE_CHECKING:
    from digest.store import Store

BLOCK = 14
"""Issues in a feed, and in each of its archives: what the newest no longer list stands whole in the archives."""
MOST = 100
"""Papers in the feed of a topic, a score, an author or a search."""
LIST = "feeds.opml"
_NAMES = {file: (lists, name) for lists, files in feeds.FILES.items() for name, file in files.items()}
_FEED = r"(?P<file>feed\.xml|atom\.xml|feed\.json)"
_ANY = rf"(?P<file>{'|'.join(re.escape(file) for file in _NAMES)})"
_LETTER = r"(?P<letter>[A-Za-z0-9][A-Za-z0-9_-]*)"
_PATHS = {
    "author": re.compile(rf"authors/(?P<author>[^/]{{1,200}})/{_FEED}"),
    "topic": re.compile(rf"{_LETTER}/topics/(?P<topic>[^/]{{1,200}})/{_FEED}"),
    "score": re.compile(rf"{_LETTER}/score-(?P<score>(?:0|[1-9]\d{{0,2}})(?:\.\d?[1-9])?)/{_FEED}"),
    "archive": re.compile(rf"{_LETTER}/archive/(?P<block>[1-9]\d{{0,4}})/{_ANY}"),
    "letter": re.compile(rf"{_LETTER}/{_ANY}"),
}


def feed(plan: Plan, store: "Store", path: str, query: Mapping[str, str], now: datetime) -> Edition | None:  # noqa: ARG001
    """The feed at `path` (``daily/feed.xml``, ``daily/topics/vision/atom.xml``, ``feeds.opml``, …) as it stands; None
    where there is none. `query` are the parameters after it. Raises StoreError, TemplateError."""
    if path == LIST or path in feeds.STYLES:
        return _beside(plan, store, path)
    for kind, pattern in _PATHS.items():
        found = pattern.fullmatch(path)
        if found:
            asked = _Asked(plan, shelf.of(store), path, *_NAMES[found["file"]])
            made = getattr(asked, kind)(found)
            return asked.edition(made) if made is not None else None
    return None


def paths(plan: Plan, store: "Store", now: datetime) -> Iterator[str]:  # noqa: ARG001 - as pages have it
    """The addresses of all feeds written as files: of newsletters with their archives, topics and scores, of authors
    with enough papers, and the list of all. Raises StoreError."""
    known = shelf.of(store)
    for letter in plan.newsletters:
        days = known.days(letter.name)
        if not days:
            continue
        blocks = ["", *(f"archive/{number}/" for number in range(1, len(days) // BLOCK + 1))]
        yield from (f"{letter.name}/{block}{file}" for block in blocks for file in _NAMES)
        folders = [f"topics/{slug}" for slug in known.topics(letter)]
        folders += [f"score-{score:.10g}" for score in plan.feeds.scores]
        yield from (f"{letter.name}/{folder}/{file}" for folder in folders for file in feeds.FILES["feed"].values())
    for slug in known.authors([letter.name for letter in plan.newsletters], plan.feeds.author_papers):
        yield from (f"authors/{slug}/{file}" for file in feeds.FILES["feed"].values())
    yield LIST
    yield from feeds.STYLES


class _Asked:
    """One request for a feed: `lists` papers (feed) or issues, in format `name`."""

    def __init__(self, plan: Plan, known: Shelf, path: str, lists: str, name: str) -> None:
        self.plan, self.shelf, self.path, self.lists, self.name = plan, known, path, lists, name
        self.root = plan.masthead.url.rstrip("/") + "/"
        self.templates = shelf.templates(plan)

    def letter(self, found: re.Match[str]) -> feeds.Feed | None:
        """The newest issues of a newsletter, or the papers in them."""
        letter = self._newsletter(found["letter"])
        days = self.shelf.days(letter.name) if letter else ()
        if letter is None or not days:
            return None
        older = len(days) // BLOCK if len(days) > BLOCK else 0
        return self._block(letter, days[:BLOCK], f"{letter.name}/", previous=older)

    def archive(self, found: re.Match[str]) -> feeds.Feed | None:
        """Fourteen issues of the past, which stay as they are (RFC 5005)."""
        letter, number = self._newsletter(found["letter"]), int(found["block"])
        days = self.shelf.days(letter.name)[::-1] if letter else ()
        if letter is None or number > len(days) // BLOCK:
            return None
        return self._block(
            letter,
            days[(number - 1) * BLOCK : number * BLOCK][::-1],
            f"{letter.name}/archive/{number}/",
            previous=number - 1,
            following=number + 1 if number < len(days) // BLOCK else 0,
            current=f"{letter.name}/",
        )

    def topic(self, found: re.Match[str]) -> feeds.Feed | None:
        """The newest papers under a heading, given or found."""
        letter, slug = self._newsletter(found["letter"]), found["topic"]
        title = self.shelf.topics(letter).get(slug) if letter and self.shelf.days(letter.name) else None
        if letter is None or title is None:
            return None
        views = self.shelf.views([letter], self.plan.masthead, lambda held: slug in held.topics, MOST)
        folder = f"{letter.name}/topics/{slug}/"
        return self._papers(views, f"{letter.title}: {title}", folder, lambda card: card.heading.slug == slug, letter)

    def score(self, found: re.Match[str]) -> feeds.Feed | None:
        """The newest papers of a newsletter that reached a score."""
        letter, least = self._newsletter(found["letter"]), float(found["score"])
        if letter is None or not self.shelf.days(letter.name):
            return None
        views = self.shelf.views([letter], self.plan.masthead, lambda held: held.best >= least, MOST)
        title = f"{letter.title}: score at least {found['score']}"
        folder = f"{letter.name}/score-{found['score']}/"
        return self._papers(views, title, folder, lambda card: card.item.score >= least, letter)

    def author(self, found: re.Match[str]) -> feeds.Feed | None:
        """The newest papers of everybody whose name makes this address, in any newsletter."""
        slug, letters = found["author"], self.plan.newsletters
        views = self.shelf.views(letters, self.plan.masthead, lambda held: slug in held.authors, MOST)
        if not views:
            return None
        name = self.shelf.author(views, slug)
        title = f"{self.plan.masthead.title}: papers by {name}"
        keep = lambda card: slug in shelf.slugs(card.authors)  # noqa: E731
        return self._papers(views, title, f"authors/{slug}/", keep)

    def edition(self, made: feeds.Feed) -> Edition:
        """The feed in the format asked for."""
        observed = [signal["at"] for entry in made.entries for signal in entry.extra.get("signals", ())]
        modified = max([made.updated, *(datetime.fromisoformat(at) for at in observed)])
        text = feeds.body(self.name, made, self.templates)
        return Edition(path=self.path, media_type=feeds.MEDIA[self.name], body=text.encode(), modified=modified)

    def _newsletter(self, name: str) -> Newsletter | None:
        return next((letter for letter in self.plan.newsletters if letter.name == name), None)

    def _frame(self, title: str, folder: str, letter: Newsletter | None) -> feeds.Frame:
        return feeds.Frame(
            base=self.root + shelf.quoted(folder),
            title=title,
            lists=self.lists,
            root=self.root,
            hub=self.plan.feeds.hub,
            ttl=self.plan.feeds.ttl,
            language=letter.language if letter else "",
            site=self.plan.masthead.title,
            made_at=self.shelf.made_at([letter] if letter else self.plan.newsletters),
        )

    def _block(
        self, letter: Newsletter, days: shelf.Days, folder: str, *, previous: int, following: int = 0, current: str = ""
    ) -> feeds.Feed:
        views = [self.shelf.view(letter.name, day, self.plan.masthead) for day in days]
        archives = f"{self.root}{letter.name}/archive"
        frame = replace(
            self._frame(letter.title if self.lists == "feed" else f"{letter.title}: issues", folder, letter),
            home=f"{self.root}{letter.name}/",
            archive=bool(current),
            current=self.root + current if current else "",
            previous=f"{archives}/{previous}/" if previous else "",
            next=f"{archives}/{following}/" if following else "",
        )
        if self.lists == "issues":
            return feeds.issues(views, frame, self.templates)
        return feeds.papers(views, frame, self.templates, latest=self.shelf.latest(views))

    def _papers(
        self,
        views: list[View],
        title: str,
        folder: str,
        keep: Callable[[Card], bool],
        letter: Newsletter | None = None,
    ) -> feeds.Feed:
        frame = self._frame(title, folder, letter)
        frame = replace(frame, home=self.root + (shelf.quoted(folder) if "topics/" in folder else ""))
        return feeds.papers(views, frame, self.templates, latest=self.shelf.latest(views, keep), keep=keep, most=MOST)


def _beside(plan: Plan, store: "Store", path: str) -> Edition:
    """The list of feeds, or a style sheet that feeds name."""
    templates = shelf.templates(plan)
    if path in feeds.STYLES:
        return next(style for style in feeds.styles(templates) if style.path == path)
    known = shelf.of(store)
    outlines = [outline for letter in plan.newsletters for outline in _outlines(plan, known, letter)]
    text = feeds.opml(plan.masthead.title, outlines, templates)
    modified = known.made_at(plan.newsletters)
    return Edition(path=path, media_type="text/x-opml; charset=utf-8", body=text.encode(), modified=modified)


def _outlines(plan: Plan, known: Shelf, letter: Newsletter) -> Iterator[feeds.Outline]:
    """The feeds of a newsletter: its papers, its issues, and those of its topics and scores."""
    if not known.days(letter.name):
        return
    home = f"{plan.masthead.url.rstrip('/')}/{letter.name}/"

    def line(title: str, file: str) -> feeds.Outline:
        page = home + (shelf.quoted(file.rpartition("/")[0]) + "/" if file.startswith("topics/") else "")
        return feeds.Outline(title=title, rss=home + shelf.quoted(file), home=page, language=letter.language)

    inner = [line(f"{letter.title}: {name}", f"topics/{slug}/feed.xml") for slug, name in known.topics(letter).items()]
    inner += [line(f"{letter.title}: score at least {s:.10g}", f"score-{s:.10g}/feed.xml") for s in plan.feeds.scores]
    own = (line(letter.title, "feed.xml"), line(f"{letter.title}: issues", "issues.xml"))
    yield feeds.Outline(title=letter.title, children=(*own, *inner))
