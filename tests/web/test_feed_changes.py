"""What moves in feeds when something happens, on a real store: news of a paper, and which files a new issue touches."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from digest import dedupe, normalise
from digest.config import Plan, load
from digest.model import Author, Decision, Entry, Issue, Item, Paper, Resolved, Section, Sighting, Topic
from digest.operations import feeds
from digest.store import Store

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
CONFIG = """
url: https://papers.example.org
topics: [{name: Tides, words: [tide]}, {name: Winds, words: [wind]}]
newsletters: [{name: daily}, {name: weekly}]
feeds: {scores: [0.5], author_papers: 2}
"""


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    (tmp_path / "config.yaml").write_text(CONFIG)
    return load(tmp_path / "config.yaml", environ={})


@pytest.fixture
def store(plan: Plan) -> Iterator[Store]:
    with Store.open(plan.database, plan.home) as made:
        yield made


def collect(store: Store, now: datetime, **facts: Any) -> str:
    """An announcement goes the real way: normalised, resolved against the store, saved. Its paper's id."""
    entry = Entry(source="one", number=1, **facts)
    readings = (normalise.read(entry),)
    known = store.papers.known(dedupe.questions(readings))
    resolved = dedupe.resolve([entry], readings, known, now)
    folds = {paper.id: dedupe.fold(paper.title) for paper in (*resolved.new, *resolved.updated)}
    store.save_collected((), resolved, now, folds)
    (sighting,) = resolved.sightings
    return sighting.paper_id


def printed(paper: Paper, score: float = 1.0) -> Item:
    return Item(
        paper=paper, score=score, terms=(), reasons=(), tldr="It is wet.", facts=(), attention=(), sources=("one",),
        announcement="new", first_seen=NOW,
    )  # fmt: skip


def issue(letter: str, day: date, sections: dict[str, list[Item]]) -> Issue:
    topics = {name: Topic(slug=name.lower(), name=name, kind="given") for name in sections}
    at = datetime.combine(day, NOW.time(), UTC)
    return Issue(
        newsletter=letter, title="Papers", day=day, made_at=at, window_start=at, language="en", top=(),
        sections=tuple(Section(topic=topics[name], items=tuple(items)) for name, items in sections.items()),
        candidates=9, coverage=(),
    )  # fmt: skip


def entry_of(plan: Plan, store: Store, paper_id: str) -> dict[str, Any]:
    made = feeds.feed(plan, store, "daily/feed.json", {}, NOW)
    assert made is not None
    found: dict[str, Any] = next(x for x in json.loads(made.body)["items"] if x["_digest"]["id"] == paper_id)
    return found


def test_a_version_and_a_journal_are_news_of_the_same_entry(plan: Plan, store: Store) -> None:
    first = {"title": "Of the tides in narrow bays", "identifiers": ("arXiv:2603.00001v1",)}
    id_ = collect(store, NOW, **first)
    paper = store.papers.get(id_)
    assert paper is not None
    store.issues.save(issue("daily", NOW.date(), {"Tides": [printed(paper)]}))
    before = entry_of(plan, store, id_)
    assert before["date_modified"] == "2026-03-02T08:00:00Z"

    collect(store, NOW + timedelta(days=1), **first, measures=(("upvotes", 40.0),))
    voted = entry_of(plan, store, id_)
    assert (voted["id"], voted["date_modified"]) == (before["id"], before["date_modified"])
    assert voted["_digest"]["signals"][0]["value"] == 40.0 and voted["content_html"] == before["content_html"]

    second = {"title": "Of the tides in narrow bays and straits", "identifiers": ("arXiv:2603.00001v2",)}
    collect(store, NOW + timedelta(days=2), **second, announcement="replace")
    newer = entry_of(plan, store, id_)
    assert (newer["id"], newer["date_modified"]) == (before["id"], "2026-03-04T08:00:00Z")
    assert newer["title"] == second["title"] and "New since it was printed:</em> version 2" in newer["content_html"]

    published = {"venue": "Journal of Bays", "identifiers": ("arXiv:2603.00001v2", "10.5555/bays.1")}
    collect(store, NOW + timedelta(days=5), title=second["title"], **published)
    journal = entry_of(plan, store, id_)
    assert (journal["id"], journal["date_modified"]) == (before["id"], "2026-03-07T08:00:00Z")
    assert "version 2" in journal["content_html"] and "doi:10.5555/bays.1" in journal["content_html"]
    made = feeds.feed(plan, store, "daily/feed.json", {}, NOW)
    assert made is not None and len(json.loads(made.body)["items"]) == 1


def fill(store: Store, days: int) -> list[Paper]:
    """Issues of invented papers by few authors, some in both newsletters; all papers, oldest first."""
    papers: list[Paper] = []
    for number in range(days):
        day = NOW.date() + timedelta(days=number)
        made = [
            Paper(
                id=f"x:{number}-{n}",
                keys=(f"x:{number}-{n}",),
                title=f"Of tide {number} {n}",
                authors=(Author(name=f"Person {(number * 2 + n) % 9}"),),
            )
            for n in range(3)
        ]
        papers += made
        seen = tuple(Sighting(paper_id=paper.id, source="one", at=NOW) for paper in made)
        resolved = Resolved(new=tuple(made), updated=(), sightings=seen, signals=(), decisions=(), outcomes=())
        store.save_collected((), resolved, NOW + timedelta(days=number), {})
        items = [printed(paper, score=0.3 * n) for n, paper in enumerate(made)]
        store.issues.save(
            issue("daily", day, {"Tides": items[:2], "Found today" if number % 4 else "Winds": items[2:]})
        )
        if number % 7 == 0:
            store.issues.save(issue("weekly", day, {"Tides": items[:1]}))
    return papers


def bodies(plan: Plan, store: Store) -> dict[str, bytes]:
    found = {path: feeds.feed(plan, store, path, {}, NOW) for path in feeds.paths(plan, store, NOW)}
    assert all(found.values())
    return {path: edition.body for path, edition in found.items() if edition is not None}


@pytest.mark.parametrize("days", [1, 13, 27, 28, 30])
def test_whatever_a_new_issue_or_news_changes_is_among_the_touched(plan: Plan, store: Store, days: int) -> None:
    papers = fill(store, days)
    before = bodies(plan, store)
    again = replace(papers[0], id="x:new", keys=("x:new",), title="Of new tides", authors=papers[-1].authors)
    seen = (Sighting(paper_id=again.id, source="one", at=NOW),)
    resolved = Resolved(new=(again,), updated=(), sightings=seen, signals=(), decisions=(), outcomes=())
    store.save_collected((), resolved, NOW, {})
    day = NOW.date() + timedelta(days=days)
    store.issues.save(issue("daily", day, {"Winds": [printed(again)]}))
    touched = set(feeds.touched(plan, store, [again.id], [f"daily/{day}"]))
    check(before, bodies(plan, store), touched)
    before = bodies(plan, store)
    old = papers[len(papers) // 2]
    changed = replace(old, title="Another title", venue="Journal")
    told = Decision(subject=old.id, stage="dedupe", verdict="updated", reason="gained venue", at=NOW, of=old.id)
    store.save_collected((), replace(resolved, new=(), updated=(changed,), sightings=(), decisions=(told,)), NOW, {})
    check(before, bodies(plan, store), set(feeds.touched(plan, store, [old.id], [])))


def check(before: dict[str, bytes], after: dict[str, bytes], touched: set[str]) -> None:
    assert set(before) <= set(after)
    changed = {path for path, body in after.items() if before.get(path) != body}
    assert changed and changed <= touched, sorted(changed - touched)
    assert touched <= set(after), sorted(touched - set(after))
