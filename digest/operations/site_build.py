"""Writing the site as files: what is new or changed is written, what is gone is taken away, the rest is not looked at.

A manifest in the folder says how far the store had come and what each file held. From there a build asks the store what
is new and makes only the pages it touches; with another configuration, other templates or `whole` it makes all of them.
The manifest is written last: a build that was killed is done again. Touched when something else makes a page stale.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from digest import nearby
from digest.config import Plan
from digest.deliver.folder import Folder
from digest.model import Edition, Issue, Printed
from digest.operations import feed_shelf, feeds, site_state
from digest.operations.archive import Archive
from digest.operations.people import recalled, remember
from digest.operations.site import Pages
from digest.render import addresses, topic_page
from digest.render.feeds import FILES

if TYPE_CHECKING:
    from digest.store import Store
    from digest.store.dossiers import News
    from digest.store.rendered import Rendered

LOCK_WAIT_S = 600.0
Progress = Callable[[int], Callable[[str], None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build came to: files made anew, written because they changed, and taken away; of how many in all."""

    files: int
    made: int
    written: tuple[str, ...]
    removed: int
    whole: bool


def build(
    plan: Plan,
    store: "Store",
    now: datetime,
    out: Path | None = None,
    *,
    whole: bool = False,
    on_start: Progress = lambda _total: lambda _done: None,
) -> Built:
    """The site of the store as it stands, below `out` (the plan's folder if not given). `on_start` is told how many
    papers' pages there are to make, and gives what is called for each. Raises StoreError, TemplateError and
    DigestError."""
    with store.lock("site", LOCK_WAIT_S), site_state.seldom_swept():
        return _Build(plan, store, now, Folder(out or plan.output), on_start).run(whole)


def files_of(issue: Issue, out: Path) -> tuple[Path, ...]:
    """The files that the issue is in: lists of issues, feeds of the newsletter, its own page."""
    feeds_ = (file for files in FILES.values() for file in files.values())
    names = ("index.html", *(f"{issue.newsletter}/{file}" for file in ("index.html", *feeds_)))
    return tuple(out / name for name in (*names, f"{issue.id}/index.html", f"{issue.id}/issue.md"))


@dataclass
class _Build:
    plan: Plan
    store: "Store"
    now: datetime
    folder: Folder
    on_start: Progress
    rendered: "Rendered | None" = None
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    made: int = 0
    all: bool = False

    def run(self, whole: bool) -> Built:
        """Everything, or what is new since the manifest was written."""
        nearby.keep_up(self.store, self.now)
        marks, look = self.store.dossiers.marks(), site_state.look(self.plan)
        kept = site_state.read(self.folder)
        self.rendered = site_state.rendered(self.plan, self.store, look)
        self.before = kept["files"]
        back = any(marks.get(name, 0) < mark for name, mark in kept["marks"].items())  # rows went: numbers come anew
        self.all = whole = whole or back or kept["look"] != look or self._gone()
        if whole and self.rendered is not None:
            self.rendered.forget()
        pages = Pages(self.plan, self.store, Archive(self.store), static=True, rendered=self.rendered)
        if whole:
            self._whole(pages)
            self._remember(marks)
        else:
            self.after = dict(self.before)
            if marks != kept["marks"]:
                self._new(pages, kept["marks"])
                self._remember(marks)
        removed = [name for name in self.before if name not in self.after]
        for name in removed:
            self.folder.take(name)
        if self.written or removed or kept["marks"] != marks or kept["look"] != look:
            self.folder.settle()
            site_state.keep(self.folder, look, marks, self.after)
        return Built(
            files=len(self.after), made=self.made, written=tuple(self.written), removed=len(removed), whole=whole
        )

    def _whole(self, pages: Pages) -> None:
        """Every page; papers in the order of the issues that printed them first, so that no issue is read twice."""
        first = self.store.shelf.first_days()
        done = self.on_start(len(first))
        self._put(pages, pages.common())
        for letter in self.plan.newsletters:
            self._put(pages, pages.beside(letter.name))
            days = self.store.shelf.days(letter.name)
            months = sorted({day.replace(day=1) for day in days})
            self._put(pages, (topic_page.month_path(letter.name, month) for month in months))
            for day in days:
                self._put(pages, pages.of_issue(f"{letter.name}/{day.isoformat()}"))
        for month in pages.months():
            self._put(pages, pages.of_month(month))
        by_day: dict[date, list[str]] = {}
        for paper_id, day in first.items():
            by_day.setdefault(day, []).append(paper_id)
        for ids in by_day.values():
            self._papers(pages, ids, done)
        self._moved(pages)
        self._feeds(feeds.paths(self.plan, self.store, self.now))

    def _new(self, pages: Pages, marks: dict[str, int]) -> None:
        """The pages that what is new since `marks` touches."""
        new = self.store.dossiers.since(marks)
        known = {letter.name for letter in self.plan.newsletters}
        fresh = [_parts(issue) for issue in sorted(new.issues) if _parts(issue)[0] in known]
        printed = {
            one.paper.id
            for name, day in fresh
            for one in self.store.shelf.printed(name, since=day, before=day.fromordinal(day.toordinal() + 1))
        }
        near = set(self.store.shelf.of(pages.archive.neighbours(printed)))
        touched = sorted(new.papers | printed | near)
        if fresh or new.news:
            self._lists(pages, fresh, [one for some in self.store.shelf.of(new.news).values() for one in some])
        for name, day in fresh:
            self._put(pages, pages.of_issue(f"{name}/{day.isoformat()}"))
        self._papers(pages, touched, self.on_start(len(touched)))
        self._moved(pages, new)
        feed_shelf.of(self.store).know(recalled(self.store, self.rendered, marks, new.papers | new.unprinted | printed))
        if fresh or new.news:  # not for votes alone: a feed that changes every hour is fetched anew every hour
            self._feeds(feeds.touched(self.plan, self.store, new.news, [f"{name}/{day}" for name, day in fresh]))
            for path in feeds.over(self.plan, self.store, self.after):
                del self.after[path]

    def _lists(self, pages: Pages, fresh: list[tuple[str, date]], told: list[Printed]) -> None:
        """The lists that name these issues, or the papers that something is known of."""
        self._put(pages, pages.common())
        topics = {path for letter in self.plan.newsletters for path in pages.beside(letter.name)}
        for path in [path for path in self.after if "/topics/" in path and path.endswith("/index.html")]:
            if path not in topics:
                del self.after[path]
        for name in (letter.name for letter in self.plan.newsletters):
            days = [day for letter, day in fresh if letter == name]
            ours = [one for one in told if one.newsletter == name]
            if days or ours:
                self._put(pages, pages.beside(name, None if days else {one.topic.slug for one in ours}))
                months = {day.replace(day=1) for day in (*days, *(one.day for one in ours))}
                self._put(pages, (topic_page.month_path(name, month) for month in sorted(months)))
        for month in sorted({day.replace(day=1) for day in (*(day for _, day in fresh), *(one.day for one in told))}):
            self._put(pages, pages.of_month(month))

    def _moved(self, pages: Pages, new: "News | None" = None) -> None:
        """What leads from where a paper's page was before it was merged to where it is; nothing is left of a paper that
        is printed no more. With `new`, only what it may have changed."""
        moved = self.store.published.moved()
        for gone in new.unprinted if new else ():
            folder = addresses.of_paper(gone)
            for file in ("index.html", *addresses.CITATIONS.values()) if folder else ():
                self.after.pop(f"{folder}{file}", None)
        for gone, kept in moved.items():
            index = f"{addresses.of_paper(gone)}index.html"
            if new is None or kept in new.papers or index not in self.after:
                for edition in pages.moved(gone)[:1]:
                    self._file(edition)

    def _remember(self, marks: dict[str, int]) -> None:
        """Keeps what was rendered for the next build, which goes on from these `marks`."""
        if self.rendered is not None:
            remember(feed_shelf.of(self.store).people, self.rendered, marks)
            self.rendered.keep()

    def _papers(self, pages: Pages, ids: list[str], done: Callable[[str], None]) -> None:
        for at in range(0, len(ids), 50):
            for known in pages.archive.dossiers(ids[at : at + 50]):
                for edition in pages.paper_pages(known):
                    self._file(edition)
                done(known.paper.id)

    def _put(self, pages: Pages, paths: Iterator[str]) -> None:
        for path in paths:
            made = pages.at(path, {})
            if made is not None:
                self._file(made)
            else:
                self.after.pop(path, None)

    def _feeds(self, paths: Iterator[str]) -> None:
        for made in feeds.editions(self.plan, self.store, paths, self.now, self.rendered):
            self._file(made)

    def _file(self, edition: Edition) -> None:
        mark = hashlib.blake2b(edition.body, digest_size=8).hexdigest()
        self.made += 1
        if not self._there(edition, mark):
            self.folder.put(edition)
            self.written.append(edition.path)
        self.after[edition.path] = mark

    def _there(self, edition: Edition, mark: str) -> bool:
        """Whether the file is as it should be: as remembered, or (of a file that is not) as it is found."""
        known = self.after.get(edition.path) or self.before.get(edition.path)
        return known == mark if known and not self.all else self.folder.read(edition.path) == edition.body

    def _gone(self) -> bool:
        """Whether an issue that has a page is no more."""
        there = {
            f"{letter.name}/{day.isoformat()}/issue.md"
            for letter in self.plan.newsletters
            for day in self.store.shelf.days(letter.name)
        }
        return any(name not in there for name in self.before if name.endswith("/issue.md"))


def _parts(issue_id: str) -> tuple[str, date]:
    name, _, day = issue_id.rpartition("/")
    return name, date.fromisoformat(day)
