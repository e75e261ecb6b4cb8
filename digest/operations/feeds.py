"""The feeds of a site: which there are, and each of them as it stands. For the static site and the web side alike.

    feed(plan, store, path, query, now)    the feed at an address below the site's, None where there is none
    paths(plan, store, now)                the addresses of all feeds that are written as files
    touched(plan, store, papers, issues)   those of them that may have changed with these papers and issues

Of authors, scores and searches there are more feeds than files: any that is asked for is answered (`asked_feed.py`).
What was read of the store is kept in `feed_shelf.py`; how a feed looks is `render.feeds`'.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from digest.config import Plan
from digest.model import Edition, Newsletter
from digest.operations import feed_shelf
from digest.operations.asked_feed import BLOCK, Asked, edition
from digest.operations.feed_entries import Desk
from digest.operations.feed_shelf import Shelf
from digest.operations.people import slug_of
from digest.render import feeds

if TYPE_CHECKING:
    from digest.store import Store
    from digest.store.rendered import Rendered

LIST = "feeds.opml"
_NAMES = {file: (lists, name) for lists, files in feeds.FILES.items() for name, file in files.items()}
_PAPERS = tuple(feeds.FILES["feed"].values())
_FEED = r"(?P<file>feed\.xml|atom\.xml|feed\.json)"
_ANY = rf"(?P<file>{'|'.join(re.escape(file) for file in _NAMES)})"
_LETTER = r"(?P<letter>[A-Za-z0-9][A-Za-z0-9_-]*)"
_PATHS = {
    "author": re.compile(rf"authors/(?P<author>[^/]{{1,200}})/{_FEED}"),
    "search": re.compile(rf"search/{_FEED}"),
    "topic": re.compile(rf"{_LETTER}/topics/(?P<topic>[^/]{{1,200}})/{_FEED}"),
    "score": re.compile(rf"{_LETTER}/score-(?P<score>(?:0|[1-9]\d{{0,2}})(?:\.\d?[1-9])?)/{_FEED}"),
    "archive": re.compile(rf"{_LETTER}/archive/(?P<block>[1-9]\d{{0,4}})/{_ANY}"),
    "letter": re.compile(rf"{_LETTER}/{_ANY}"),
}


def feed(plan: Plan, store: "Store", path: str, query: Mapping[str, str], now: datetime) -> Edition | None:
    """The feed at `path` (``daily/feed.xml``, ``daily/topics/vision/atom.xml``, ``feeds.opml``, …) as it stands; None
    where there is none. `query` are the parameters after it. Raises StoreError, TemplateError."""
    if path == LIST or path in feeds.STYLES:
        return _beside(plan, store, path)
    made = asked(plan, store, path, query, now)
    return (
        edition(made, path, _NAMES[path.rpartition("/")[2]][1], feed_shelf.templates(plan))
        if made is not None
        else None
    )


def editions(
    plan: Plan, store: "Store", wanted: Iterable[str], now: datetime, rendered: "Rendered | None" = None
) -> Iterator[Edition]:
    """The feeds at these addresses, as far as they are there. Formats of one feed that stand beside each other are made
    of one reading; entries are taken from `rendered` where they stand there as they are. Raises as `feed` does."""
    held: tuple[str, feeds.Feed | None] = ("", None)
    desk = Desk(plan, feed_shelf.of(store), feed_shelf.templates(plan), rendered)
    for path in wanted:
        folder, _, file = path.rpartition("/")
        if path == LIST or path in feeds.STYLES:
            yield _beside(plan, store, path)
            continue
        lists, name = _NAMES[file]
        if held[0] != f"{folder} {lists}":
            held = (f"{folder} {lists}", asked(plan, store, path, {}, now, desk))
        if held[1] is not None:
            yield edition(held[1], path, name, feed_shelf.templates(plan))


def asked(
    plan: Plan, store: "Store", path: str, query: Mapping[str, str], now: datetime, desk: Desk | None = None
) -> feeds.Feed | None:
    """The feed at `path` before it has a format. Raises as `feed` does."""
    for kind, pattern in _PATHS.items():
        found = pattern.fullmatch(path)
        if found:
            one = Asked(plan, store, _NAMES[found["file"]][0], query=query, now=now, desk=desk)
            made: feeds.Feed | None = getattr(one, kind)(found)
            return made
    return None


def paths(plan: Plan, store: "Store", now: datetime) -> Iterator[str]:  # noqa: ARG001 - as pages have it
    """The addresses of all feeds written as files: of newsletters with their archives, topics and scores, of authors
    with enough papers, and the list of all. Raises StoreError."""
    known = feed_shelf.of(store)
    for letter in plan.newsletters:
        days = known.days(letter.name)
        if days:
            yield from _of_letter(letter.name, range(1, len(days) // BLOCK + 1))
            yield from _of_headings(plan, letter.name, known.topics(letter))
    for slug in authors(plan, store):
        yield from (f"authors/{slug}/{file}" for file in _PAPERS)
    yield LIST
    yield from feeds.STYLES


def authors(plan: Plan, store: "Store") -> list[str]:
    """The addresses of authors with enough papers for a feed among the files. Raises StoreError."""
    letters = [letter.name for letter in plan.newsletters]
    return feed_shelf.of(store).people.prolific(letters, plan.feeds.author_papers)


def over(plan: Plan, store: "Store", there: Iterable[str]) -> list[str]:
    """Those of the paths `there` that are feeds of a topic or an author who has none any more. Raises StoreError."""
    known, people = feed_shelf.of(store), set(authors(plan, store))
    topics = {letter.name: known.topics(letter) for letter in plan.newsletters}

    def stands(path: str) -> bool:
        for kind in ("author", "topic"):
            if found := _PATHS[kind].fullmatch(path):
                return found[kind] in (people if kind == "author" else topics.get(found["letter"], ()))
        return True

    return [path for path in there if path.endswith(_PAPERS) and not stands(path)]


def touched(plan: Plan, store: "Store", papers: Collection[str], issues: Collection[str]) -> Iterator[str]:
    """Those of `paths` that may read otherwise since something new is known of `papers` and `issues` (ids) were made.
    Raises StoreError."""
    known, printed = feed_shelf.of(store), store.shelf.of(papers)
    places = [(name, date.fromisoformat(day)) for name, _, day in (issue.rpartition("/") for issue in issues)]
    sheets = Desk(plan, known, feed_shelf.templates(plan)).sheets(places)
    for letter in plan.newsletters:
        ours = [one for places in printed.values() for one in places if one.newsletter == letter.name]
        fresh = [sheet for sheet in sheets if sheet.newsletter == letter.name]
        if not (ours or fresh):
            continue
        blocks = _blocks(known.days(letter.name), {sheet.day for sheet in fresh}, {one.day for one in ours})
        yield from _of_letter(letter.name, blocks)
        slugs = {one.topic.slug for one in ours} | {slip.heading for sheet in fresh for slip in sheet.slips}
        yield from _of_headings(plan, letter.name, sorted(slugs))
    people = {author.name for places in printed.values() for one in places for author in one.paper.authors}
    named = {slug_of(name) for name in people}.union(*(slip.people for sheet in sheets for slip in sheet.slips))
    enough = authors(plan, store)
    lost = known.people.lost
    for slug in enough if lost is None else sorted((named | lost).intersection(enough)):
        yield from (f"authors/{slug}/{file}" for file in _PAPERS)
    yield LIST


def _blocks(days: tuple[date, ...], new: set[date], old: set[date]) -> list[int]:
    """The archives that hold any of these days, and those before one that has just become whole."""
    oldest_first = days[::-1]
    number = {day: at // BLOCK + 1 for at, day in enumerate(oldest_first)}
    held = {number[day] for day in new | old if day in number}
    whole = len(days) // BLOCK
    held |= {number[day] - 1 for day in new if number.get(day, whole + 1) <= whole}
    return sorted(block for block in held if 1 <= block <= whole)


def _of_letter(name: str, blocks: Collection[int]) -> Iterator[str]:
    for folder in ("", *(f"archive/{block}/" for block in blocks)):
        yield from (f"{name}/{folder}{file}" for file in _NAMES)


def _of_headings(plan: Plan, name: str, slugs: Collection[str]) -> Iterator[str]:
    folders = [f"topics/{slug}" for slug in slugs] + [f"score-{score:.10g}" for score in plan.feeds.scores]
    for folder in folders:
        yield from (f"{name}/{folder}/{file}" for file in _PAPERS)


def _beside(plan: Plan, store: "Store", path: str) -> Edition:
    """The list of feeds, or a style sheet that feeds name."""
    templates = feed_shelf.templates(plan)
    if path in feeds.STYLES:
        return next(style for style in feeds.styles(templates) if style.path == path)
    known = feed_shelf.of(store)
    outlines = [outline for letter in plan.newsletters for outline in _outlines(plan, known, letter)]
    text = feeds.opml(plan.masthead.title, outlines, templates)
    return Edition(path=path, media_type="text/x-opml; charset=utf-8", body=text.encode())


def _outlines(plan: Plan, known: Shelf, letter: Newsletter) -> Iterator[feeds.Outline]:
    """The feeds of a newsletter: its papers, its issues, and those of its topics and scores."""
    if not known.days(letter.name):
        return
    home = f"{plan.masthead.url.rstrip('/')}/{letter.name}/"

    def line(title: str, file: str) -> feeds.Outline:
        page = home + (feed_shelf.quoted(file.rpartition("/")[0]) + "/" if file.startswith("topics/") else "")
        return feeds.Outline(title=title, rss=home + feed_shelf.quoted(file), home=page, language=letter.language)

    inner = [line(f"{letter.title}: {name}", f"topics/{slug}/feed.xml") for slug, name in known.topics(letter).items()]
    inner += [line(f"{letter.title}: score at least {s:.10g}", f"score-{s:.10g}/feed.xml") for s in plan.feeds.scores]
    own = (line(letter.title, "feed.xml"), line(f"{letter.title}: issues", "issues.xml"))
    yield feeds.Outline(title=letter.title, children=(*own, *inner))
