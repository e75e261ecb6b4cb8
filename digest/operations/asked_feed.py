"""One feed as it is asked for: which papers or issues it lists, and what stands around them.

A method a kind of address, named as in `feeds.py`, which says what addresses there are. Touched when a kind of feed is
to list something else.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from digest.config import Plan
from digest.model import Edition, Hit, Item, Newsletter, Topic
from digest.operations import feed_shelf
from digest.operations.feed_entries import Desk, Place, Sheet, Slip
from digest.render import Templates, feeds
from digest.render.view import Card, card
from digest.text.query import understood

if TYPE_CHECKING:
    from digest.store import Store

BLOCK = 14
"""Issues in a feed, and in each of its archives: what the newest no longer list stands whole in the archives."""
MOST = 100
"""Papers in the feed of a topic, a score, an author or a search."""
RECENT = timedelta(days=60)
"""How far back a search looks: the best of all times would hide what is new."""
_Match = re.Match[str]


def edition(made: feeds.Feed, path: str, name: str, templates: Templates) -> Edition:
    """`made` in format `name`, for `path`. It was modified when an entry was, or when votes were last counted."""
    modified = max([made.updated, *(entry.observed for entry in made.entries if entry.observed)])
    text = feeds.body(name, made, templates)
    return Edition(path=path, media_type=feeds.MEDIA[name], body=text.encode(), modified=modified, hub=made.frame.hub)


class Asked:
    """One request for a feed, whose `lists` are papers (feed) or issues."""

    def __init__(
        self,
        plan: Plan,
        store: "Store",
        lists: str,
        *,
        query: Mapping[str, str],
        now: datetime,
        desk: Desk | None = None,
    ) -> None:
        """`desk` makes entries, one of its own if not given."""
        self.plan, self.store, self.lists = plan, store, lists
        self.query, self.now, self.shelf = query, now, feed_shelf.of(store)
        self.root = plan.masthead.url.rstrip("/") + "/"
        self.templates = feed_shelf.templates(plan)
        self.desk = desk or Desk(plan, self.shelf, self.templates)

    def letter(self, found: _Match) -> feeds.Feed | None:
        """The newest issues of a newsletter, or the papers in them."""
        letter = self._newsletter(found["letter"])
        days = self.shelf.days(letter.name) if letter else ()
        if letter is None or not days:
            return None
        older = len(days) // BLOCK if len(days) > BLOCK else 0
        return self._block(letter, days[:BLOCK], f"{letter.name}/", previous=older)

    def archive(self, found: _Match) -> feeds.Feed | None:
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

    def topic(self, found: _Match) -> feeds.Feed | None:
        """The newest papers under a heading, given or found."""
        letter, slug = self._newsletter(found["letter"]), found["topic"]
        title = self.shelf.topics(letter).get(slug) if letter and self.shelf.days(letter.name) else None
        if letter is None or title is None:
            return None
        days = self.store.published.days_of(letter.name, MOST, topic=slug)
        folder = f"{letter.name}/topics/{slug}/"
        return self._papers(
            [(letter.name, day) for day in days],
            self._frame(f"{letter.title}: {title}", folder, letter, home=folder),
            lambda slip: slip.heading == slug,
        )

    def score(self, found: _Match) -> feeds.Feed | None:
        """The newest papers of a newsletter that reached a score."""
        letter, least = self._newsletter(found["letter"]), float(found["score"])
        if letter is None or not self.shelf.days(letter.name):
            return None
        days = self.store.published.days_of(letter.name, MOST, least=least)
        title = f"{letter.title}: score at least {found['score']}"
        frame = self._frame(title, f"{letter.name}/score-{found['score']}/", letter, home=f"{letter.name}/")
        return self._papers([(letter.name, day) for day in days], frame, lambda slip: slip.score >= least)

    def author(self, found: _Match) -> feeds.Feed | None:
        """The newest papers of everybody whose name makes this address, in any newsletter."""
        slug, known = found["author"], {letter.name for letter in self.plan.newsletters}
        person = self.shelf.people.author(slug)
        places = [(name, day) for name, day in person.places if name in known] if person else []
        if person is None or not places:
            return None
        frame = self._frame(f"{self.plan.masthead.title}: papers by {person.name}", f"authors/{slug}/")
        return self._papers(places[:MOST], frame, lambda slip: slug in slip.people)

    def search(self, _found: _Match) -> feeds.Feed | None:
        """The papers of the last weeks that fit a search, the newest first."""
        text = self.query.get("q", "").strip()
        wanted = understood(text)
        since = (self.now - RECENT).date()
        wanted = replace(wanted, since=max(wanted.since or since, since))
        hits = self.store.search.find(wanted, MOST).hits if text else ()
        newest_first = sorted(hits, key=lambda hit: (hit.first_seen, hit.paper.id), reverse=True)
        query = "?" + urlencode({"q": text})
        frame = self._frame(f"{self.plan.masthead.title}: {text}"[:200], "search/", home=f"search/{query}")
        cards = [(self._of_hit(hit), hit.first_seen, self._issue_of(hit)) for hit in newest_first]
        frame, latest = replace(frame, query=query), self.shelf.latest({card.id: at for card, at, _ in cards})
        entries = [feeds.paper(card, at, by, frame, self.templates, latest.get(card.id)) for card, at, by in cards]
        return feeds.feed(frame, tuple(entries))

    def _newsletter(self, name: str) -> Newsletter | None:
        return next((letter for letter in self.plan.newsletters if letter.name == name), None)

    def _frame(self, title: str, folder: str, letter: Newsletter | None = None, *, home: str = "") -> feeds.Frame:
        return feeds.Frame(
            base=self.root + feed_shelf.quoted(folder),
            title=title,
            lists=self.lists,
            home=self.root + (home if "?" in home else feed_shelf.quoted(home)),
            root=self.root,
            hub=self.plan.feeds.hub if letter and "/score-" not in folder else "",
            ttl=self.plan.feeds.ttl,
            language=letter.language if letter else "",
            site=self.plan.masthead.title,
            made_at=self.shelf.began([letter] if letter else self.plan.newsletters),
        )

    def _block(
        self,
        letter: Newsletter,
        days: Sequence[date],
        folder: str,
        *,
        previous: int,
        following: int = 0,
        current: str = "",
    ) -> feeds.Feed:
        archives, issues = f"{self.root}{letter.name}/archive", self.lists == "issues"
        frame = replace(
            self._frame(f"{letter.title}: issues" if issues else letter.title, folder, letter, home=f"{letter.name}/"),
            archive=bool(current),
            current=self.root + current if current else "",
            previous=f"{archives}/{previous}/" if previous else "",
            next=f"{archives}/{following}/" if following else "",
        )
        places = [(letter.name, day) for day in days]
        if issues:
            return feeds.feed(frame, self.desk.issues(places, frame))
        return self._listed(self.desk.sheets(places), frame)

    def _papers(
        self, places: Sequence[tuple[str, date]], frame: feeds.Frame, keep: Callable[[Slip], bool]
    ) -> feeds.Feed:
        """The papers that `keep` takes of the issues at `places`, (newsletter, day), newest first: of as many issues as
        it takes to have enough."""
        sheets: list[Sheet] = []
        taken: set[str] = set()
        for sheet in self.desk.sheets(places):
            if len(taken) >= MOST:
                break
            sheets.append(sheet)
            taken.update(slip.id for slip in sheet.slips if keep(slip))
        return self._listed(sheets, frame, keep, MOST)

    def _listed(
        self,
        sheets: Sequence[Sheet],
        frame: feeds.Frame,
        keep: Callable[[Slip], bool] = lambda _slip: True,
        most: int | None = None,
    ) -> feeds.Feed:
        """The papers of `sheets` (newest first): each once, where it was last printed, with the date it was first. Of
        printings that are known to be of one paper by now, the one under the id of today stands for all."""
        listed = [(slip.id, sheet) for sheet in sheets for slip in sheet.slips if keep(slip)]
        today = self.shelf.today([id_ for id_, _ in listed])
        shown: dict[str, tuple[str, Sheet]] = {}
        first: dict[str, Sheet] = {}
        for id_, sheet in listed:
            paper = today[id_]
            if paper not in shown or (id_ == paper and shown[paper][0] != paper):
                shown[paper] = id_, sheet
            first[paper] = sheet
        places = [Place(id_, sheet, first[paper]) for paper, (id_, sheet) in list(shown.items())[:most]]
        language = frame.language or (sheets[0].language if sheets else "")
        return feeds.feed(replace(frame, language=language), self.desk.papers(places, frame))

    def _issue_of(self, hit: Hit) -> str:
        one = hit.printed
        return f"{self.root}{feed_shelf.quoted(one.newsletter)}/{one.day.isoformat()}/" if one else ""

    def _of_hit(self, hit: Hit) -> Card:
        """A found paper as its issue printed it; one that no issue did has no score and no heading."""
        if hit.printed is not None:
            shown = self.shelf.view(hit.printed.newsletter, hit.printed.day, self.plan.masthead)
            printed = next((card for card in shown.cards if card.id in (hit.paper.id, *hit.paper.keys)), None)
            if printed is not None:
                return printed
        item = Item(
            paper=hit.paper, score=0.0, terms=(), reasons=(), tldr="", facts=(), attention=(), sources=(),
            announcement="new", first_seen=hit.first_seen,
        )  # fmt: skip
        return card(item, Topic(slug="", name="", kind="other"))
