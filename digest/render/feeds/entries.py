"""Render, feeds: what a feed and its entries say, before any format. Touched when entries must say something else.

An entry's `updated` moves only when what it says of the paper changes (a version, a venue), never with votes: programs
that read feeds show an entry again whenever it moves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from digest.model import Paper, Signal
from digest.render import addresses, safe
from digest.render.feeds import extension
from digest.render.templates import Templates
from digest.render.view import Card, View, card

if TYPE_CHECKING:
    from digest.render.feeds.ready import Ready

FILES: Mapping[str, Mapping[str, str]] = {
    "feed": {"rss": "feed.xml", "atom": "atom.xml", "json": "feed.json"},
    "issues": {"rss": "issues.xml", "atom": "issues.atom", "json": "issues.json"},
}
"""File names by what a feed lists and by format."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """What is known by now of a printed paper: `news` are the changes since in words, the last of them `changed_at`."""

    paper: Paper
    changed_at: datetime | None = None
    news: str = ""
    signals: tuple[Signal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a feed is besides its entries. `base` is the address of its folder, ending in a slash; `previous`, `next`
    and `current` those of the neighbours of an archive ("" where there is none), `query` what follows its own."""

    base: str
    title: str
    lists: str = "feed"
    home: str = ""
    description: str = ""
    root: str = ""
    query: str = ""
    hub: str = ""
    ttl: int = 60
    archive: bool = False
    previous: str = ""
    next: str = ""
    current: str = ""
    made_at: datetime | None = None
    language: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A paper or an issue in a feed. `categories` are (name, scheme or ""); `content` is HTML; `extra` is what other
    digests read."""

    id: str
    title: str
    url: str
    published: datetime | None
    updated: datetime
    authors: tuple[str, ...]
    categories: tuple[tuple[str, str], ...]
    summary: str
    content: str
    extra: Mapping[str, Any]

    @property
    def observed(self) -> datetime | None:
        """When attention was last counted, of what it says."""
        return max((datetime.fromisoformat(each["at"]) for each in self.extra.get("signals", ())), default=None)

    @property
    def kept(self) -> bool:
        """For templates: it is to be rendered."""
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What the formats have in common; `rss`, `atom` and `json` are its own addresses."""

    id: str
    title: str
    home: str
    description: str
    language: str
    author: str
    updated: datetime
    rss: str
    atom: str
    json: str
    frame: Frame
    entries: tuple["Entry | Ready", ...] = field(default=())

    def neighbours(self, name: str) -> list[tuple[str, str]]:
        """(relation, address) of the archives beside it in format `name` (RFC 5005)."""
        found = (
            ("current", self.frame.current),
            ("prev-archive", self.frame.previous),
            ("next-archive", self.frame.next),
        )
        return [(relation, folder + FILES[self.frame.lists][name]) for relation, folder in found if folder]


def papers(
    views: Sequence[View],
    frame: Frame,
    templates: Templates,
    *,
    latest: Mapping[str, Latest] | None = None,
) -> Feed:
    """A feed of the cards of `views` (newest first): each paper once, in the order it was last printed, with the date
    it was first."""
    found: dict[str, tuple[Card, View]] = {}
    first: dict[str, View] = {}
    for shown in views:
        for each in shown.cards:
            found.setdefault(each.id, (each, shown))
            first[each.id] = shown
    known = latest or {}
    entries = (
        paper(each, first[id_].made_at, first[id_].url, frame, templates, known.get(id_), names_of(shown))
        for id_, (each, shown) in found.items()
    )
    return feed(frame, tuple(entries), views)


def names_of(shown: View) -> dict[str, str]:
    """The names of topics that an issue prints papers under, by slug."""
    return {each.heading.slug: each.topic for each in shown.cards}


def issues(views: Sequence[View], frame: Frame, templates: Templates) -> Feed:
    """A feed of `views` (newest first), one entry an issue with all that it prints."""
    return feed(frame, tuple(issue(shown, frame, templates) for shown in views), views)


def tag(base: str, name: str) -> str:
    """An id that never changes (RFC 4151). The year only says since when the host may coin tags."""
    return f"tag:{urlsplit(base).hostname or 'localhost'},2025:{quote(name, safe=':/-._~')}"


def feed(frame: Frame, entries: "tuple[Entry | Ready, ...]", views: Sequence[View] = ()) -> Feed:
    """A feed of these entries. `views` are the issues they are of, the newest first: they say what `frame` does not."""
    newest = views[0] if views else None
    own = {name: frame.base + file + frame.query for name, file in FILES[frame.lists].items()}
    path = urlsplit(frame.base).path.strip("/") + {"feed": "", "issues": "/issues"}[frame.lists]
    moments = [entry.updated for entry in entries] or [frame.made_at or (newest.made_at if newest else extension.NEVER)]
    site = frame.site or (newest.site if newest else "")
    home = frame.home or ((newest.home if len(views) > 1 else newest.url) if newest else frame.base)
    return Feed(
        id=tag(frame.base, (path or "feed") + frame.query),
        title=safe.clean(frame.title, 200) or "Papers",
        home=home,
        description=frame.description or f"Trending papers, chosen by {site}",
        language=frame.language or (newest.language if newest else "en"),
        author=site or frame.title,
        updated=max(moments),
        rss=own["rss"],
        atom=own["atom"],
        json=own["json"],
        frame=frame,
        entries=entries,
    )


def paper(
    shown: Card,
    made_at: datetime,
    issue: str,
    frame: Frame,
    templates: Templates,
    latest: Latest | None = None,
    names: Mapping[str, str] | None = None,
) -> Entry:
    """The entry of a paper, there since `made_at` and by `issue` (an address, or ""); `names` are those of topics by
    slug. Its id is that of the paper as printed, whatever it is known by now."""
    id_ = tag(frame.base, shown.id)
    if latest is not None and latest.paper != shown.item.paper:
        shown = card(replace(shown.item, paper=latest.paper), shown.heading)
    others = dict.fromkeys(name for name in shown.categories if name and name != shown.topic)
    topic = [(shown.topic, extension.TOPICS)] if shown.topic else []
    folder = addresses.of_paper(shown.id) if frame.root else ""
    news, page = latest.news if latest else "", frame.root + folder if folder else ""
    return Entry(
        id=id_,
        title=shown.title,
        url=shown.url,
        published=shown.published,
        updated=max(made_at, latest.changed_at) if latest and latest.changed_at else made_at,
        authors=shown.authors,
        categories=(*topic, *((name, "") for name in others)),
        summary=shown.tldr or shown.abstract or shown.title,
        content=templates.render("_entry.html.j2", card=shown, news=news, page=page).strip(),
        extra=extension.paper(shown, issue, latest.signals if latest else (), names or {}),
    )


def issue(shown: View, frame: Frame, templates: Templates) -> Entry:
    """The entry of an issue, with all that it prints."""
    topics = dict.fromkeys(card.topic for card in shown.cards if card.topic)
    return Entry(
        id=tag(frame.base, f"issue/{urlsplit(shown.url).path.strip('/')}"),
        title=f"{shown.title}, {shown.date}",
        url=shown.url,
        published=shown.made_at,
        updated=max([shown.made_at, *(each.at for each in shown.corrections)]),
        authors=(shown.site or shown.title,),
        categories=tuple((name, extension.TOPICS) for name in topics),
        summary=f"{shown.size}: {'; '.join(card.title for card in shown.cards[:3])}" if shown.papers else shown.size,
        content=templates.render("_issue_entry.html.j2", v=shown).strip(),
        extra=extension.issue(shown),
    )
