"""Whatever happens to a store, a build that goes on from the last one leaves the files of a build from nothing."""

import difflib
import re
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from digest import dedupe, normalise
from digest.config import Plan, load
from digest.deliver.folder import Folder
from digest.errors import InputError
from digest.model import Author, Decision, Entry, Issue, Item, Paper, Resolved, Section, Signal, Topic
from digest.operations import merging, site_build, site_state
from digest.render import feeds
from digest.store import Store

BEGAN = datetime(2026, 1, 28, 8, tzinfo=UTC)
CONFIG = """
url: https://papers.example.org/sub
topics: [{name: Tides, words: [tide]}, {name: Winds, words: [wind]}]
newsletters: [{name: daily}, {name: weekly}]
feeds: {scores: [0.5], author_papers: 3}
"""
WORDS = ["salt", "marsh", "estuary", "harbour", "lagoon", "delta", "fjord", "shoal", "reef", "basin", "strait"]
NEAR = re.compile(rb"\n*<h2>Related papers</h2>.*?</ul>|\n+(?=\n)", re.DOTALL)
"""What is near a paper is looked up when its page is made; it moves with every new one, and catches up with `--all`."""
COUNTED = re.compile(rb'"signals": \[.*?\]|<digest:signal [^>]*/>\n')
"""Votes alone write no feed."""


class World:
    """A store that things happen to, a day a step, and its site."""

    def __init__(self, folder: Path) -> None:
        (folder / "config.yaml").write_text(CONFIG)
        self.plan: Plan = load(folder / "config.yaml", environ={})
        self.store = Store.open(self.plan.database, self.plan.home)
        self.day, self.papers, self.unprinted = 0, list[str](), list[str]()

    @property
    def now(self) -> datetime:
        return BEGAN + timedelta(days=self.day)

    def collect(self, number: int, **facts: Any) -> str:
        """An announcement goes the real way: normalised, resolved against the store, saved. Its paper's id."""
        entry = Entry(source="one", number=1, **{**described(number), **facts})
        readings = (normalise.read(entry),)
        known = self.store.papers.known(dedupe.questions(readings))
        resolved = dedupe.resolve([entry], readings, known, self.now)
        folds = {paper.id: dedupe.fold(paper.title) for paper in (*resolved.new, *resolved.updated)}
        self.store.save_collected((), resolved, self.now, folds)
        return resolved.sightings[0].paper_id

    def issue(self, pick: int) -> None:
        """Two new papers and what was left, in one newsletter or both; another new one waits."""
        first = 10 * self.day
        self.unprinted += [self.collect(first + n) for n in range(2)]
        ids, self.unprinted = self.unprinted, [self.collect(first + 5)]
        self.papers += ids
        papers = [paper for id_ in ids if (paper := self.store.papers.get(id_))]
        for letter in ("daily", "weekly")[: 1 + pick % 2]:
            self.store.issues.save(issue(letter, self.now, papers, pick))

    def votes(self, pick: int) -> None:
        """Votes for a paper, and nothing else."""
        seen = Signal(paper_id=self.paper(pick), kind="upvotes", value=5.0 * self.day, at=self.now, source="hf")
        none = Resolved(new=(), updated=(), sightings=(), signals=(seen,), decisions=(), outcomes=())
        self.store.save_collected((), none, self.now, {})

    def version(self, pick: int) -> None:
        """A paper comes anew with another title and another author."""
        number = pick % (10 * self.day or 1) // 10 * 10
        arxiv, title = described(number)["identifiers"][0], f"{described(number)['title']} revised {self.day}"
        people = (Author(name=f"Person {pick % 5}"), Author(name="Person of late"))
        facts = {"title": title, "authors": people, "announcement": "replace"}
        self.collect(number, identifiers=(f"{arxiv}v{self.day + 1}",), **facts)

    def withdrawn(self, pick: int) -> None:
        """A paper is withdrawn, as a run says it: the paper and a decision."""
        paper = self.store.papers.get(self.paper(pick))
        if paper is not None:
            told = Decision(subject=paper.id, stage="life", verdict="withdrawn", reason="so", at=self.now, of=paper.id)
            gone = replace(paper, withdrawn=True)
            said = Resolved(new=(), updated=(gone,), sightings=(), signals=(), decisions=(told,), outcomes=())
            self.store.save_collected((), said, self.now, {})

    def corrected(self, pick: int) -> None:
        """A correction of some issue."""
        days = self.store.shelf.days("daily")
        if days:
            self.store.corrections.add(f"daily/{days[pick % len(days)]}", "It was *wet*.", None, self.now, ())

    def merged(self, pick: int) -> None:
        """Two papers are one by a person's word; printed or not."""
        ids = [*self.papers, *self.unprinted]
        if len(ids) > 1:
            one, other = ids[pick % len(ids)], ids[(pick // 7 + 1 + pick) % len(ids)]
            try:
                merging.merge(self.store, one, other, self.now)
            except InputError:
                assert self.store.papers.get(one) == self.store.papers.get(other), "they are one already"

    def split(self, pick: int) -> None:
        """The newest merge of some paper is undone."""
        for id_ in (*self.papers[pick % 5 :], *self.papers):
            try:
                merging.split(self.store, id_, None, self.now)
            except InputError:
                continue
            return

    def paper(self, pick: int) -> str:
        return self.papers[pick % len(self.papers)]


def described(number: int) -> dict[str, Any]:
    """An invented paper; a few authors wrote them all."""
    words = [WORDS[(number * step + step) % len(WORDS)] for step in (1, 3, 5, 7, 9)]
    return {
        "title": f"Of {' '.join(words)} number {number}",
        "abstract": f"We measure {' and '.join(reversed(words))} for {number} days.",
        "identifiers": (f"2601.{number:05d}",),
        "authors": tuple(Author(name=f"Person {(number + n) % 5}") for n in range(2)),
    }


def issue(letter: str, at: datetime, papers: list[Paper], pick: int) -> Issue:
    names = ["Tides", "Winds", "Found today"][: 1 + pick % 3]
    items = [
        Item(
            paper=paper, score=0.3 * (n + 1), terms=(), reasons=(), tldr="It is wet.", facts=(), attention=(),
            sources=("one",), announcement="new", first_seen=at, tags=("winds", "found-today"),
        )
        for n, paper in enumerate(papers)
    ]  # fmt: skip
    sections = tuple(
        Section(topic=Topic(slug=name.lower().replace(" ", "-"), name=name, kind="given"), items=tuple(some))
        for n, name in enumerate(names)
        if (some := items[n :: len(names)])
    )
    return Issue(
        newsletter=letter, title="Papers", day=at.date(), made_at=at, window_start=at, language="en",
        top=(papers[-1].id,), sections=sections, candidates=9, coverage=(),
    )  # fmt: skip


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != site_state.MANIFEST)
    return {path.relative_to(folder).as_posix(): COUNTED.sub(b"", NEAR.sub(b"", path.read_bytes())) for path in found}


def compare(world: World, what: str) -> None:
    """Goes on with the site, makes another from nothing and with nothing rendered before, and compares."""
    site_build.build(world.plan, world.store, world.now)
    with tempfile.TemporaryDirectory() as anew, pytest.MonkeyPatch.context() as patch:
        patch.setattr(site_state, "rendered", lambda *_: None)
        assert site_build.build(world.plan, world.store, world.now, Path(anew)).whole
        went_on, at_once = files(world.plan.output), files(Path(anew))
    assert set(went_on) - set(at_once) == set(), f"after {what}: left behind"
    assert set(at_once) - set(went_on) == set(), f"after {what}: not made"
    stale = [path for path, body in at_once.items() if went_on[path] != body]
    assert not stale, f"after {what}: {stale}\n{differences(went_on[stale[0]], at_once[stale[0]])}"


def differences(old: bytes, new: bytes) -> str:
    lines = (each.decode().splitlines() for each in (old, new))
    return "\n".join(difflib.unified_diff(*lines, "went on", "from nothing", lineterm="", n=0))[:2000]


HAPPENINGS = ["issue", "votes", "version", "withdrawn", "corrected", "merged", "split"]


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(HAPPENINGS), st.integers(0, 99)), min_size=3, max_size=5))
@example([("merged", 0), ("issue", 2), ("votes", 0), ("version", 3), ("split", 0), ("issue", 1)])
@example([("merged", 4), ("corrected", 0), ("merged", 9), ("issue", 1), ("split", 3), ("withdrawn", 2), ("split", 0)])
def test_going_on_comes_to_the_same_as_from_nothing(happenings: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(Folder, "settle", lambda _folder: None)  # a flush of all disks for each build takes minutes
        world = World(Path(folder))
        for what, pick in [("issue", 0), ("issue", 1), *happenings]:
            getattr(world, what)(pick)
            compare(world, f"{what} {pick}")
            world.day += 1
        world.store.close()


def test_only_what_is_new_is_rendered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world, made = World(tmp_path), list[str]()
    for _ in range(5):
        world.issue(1)
        world.day += 1
    site_build.build(world.plan, world.store, world.now)
    ready = feeds.ready
    monkeypatch.setattr(feeds, "ready", lambda entry, templates: (made.append(entry.id), ready(entry, templates))[1])
    world.issue(0)
    site_build.build(world.plan, world.store, world.now)
    papers = [id_ for id_ in made if ":issue/" not in id_]
    assert len(papers) == len(set(papers)) == 3 and len(made) == 4, "each new paper once, and the issue"
    world.version(0)
    (kept,) = tmp_path.glob("*.rendered")
    kept.unlink()
    compare(world, "the loss of what was rendered")
    world.store.close()
