"""Two digests, one following the other over HTTP: ids, topics, scores and attention arrive whole."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest

from digest.config import Plan, load
from digest.model import Item, Paper, Signal
from digest.store import Store
from digest.web import Site, application

DAYS = ("2026-03-02", "2026-03-03")
NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Plan, Store]]:
    """A digest of the bundled sample after two days, served."""
    home = tmp_path_factory.mktemp("upstream") / "home"
    with as_file(files("digest") / "sample") as sample:
        shutil.copytree(str(sample), home)
    plan = load(home / "config.yaml", overrides=["serve.port=0"], environ={})
    assert plan.serve is not None
    from digest.operations.run import Hooks, Wishes, run

    with Store.open(plan.database, plan.home) as store:
        for day in DAYS:
            run(plan, store, datetime.fromisoformat(f"{day}T08:00:00+00:00"), Wishes(sources=plan.sources), Hooks())
        with Site(application(plan, store, None, lambda: NOW), plan.serve) as site:
            yield site.url, plan, store


def follow(home: Path, url: str, digest: Callable[..., Any], file: str) -> tuple[Any, Store]:
    """A second digest whose only source is a feed of the first."""
    home.mkdir()
    (home / "config.yaml").write_text(
        "url: https://lab.example.org\nnetwork: {allow_hosts: [127.0.0.1]}\n"
        f"sources: [{{name: upstream, kind: feed, url: '{url}/{file}'}}]\n"
        "newsletters: [{name: daily, limit: 10}]\n"
    )
    came = digest("run", "--config", home / "config.yaml", "--newsletter", "daily", "--now", NOW.isoformat(), "--json")
    assert came.code == 0, came.err + came.out
    return came.json, Store.open("sqlite:///digest.db", home)


def printed(store: Store) -> dict[str, tuple[Item, str]]:
    """Every printed paper's item and heading, by id."""
    return {
        item.paper.id: (item, section.topic.name)
        for issue in store.issues.list()
        for section in issue.sections
        for item in section.items
    }


@pytest.mark.parametrize("file", ["daily/feed.json", "daily/feed.xml", "daily/atom.xml"])
def test_a_digest_follows_another(
    file: str, upstream: tuple[str, Plan, Store], tmp_path: Path, digest: Callable[..., Any]
) -> None:
    url, _plan, first = upstream
    report, second = follow(tmp_path / "lab", url, digest, file)
    theirs = printed(first)
    with second:
        assert len(theirs) > 15 and second.papers.ids() == frozenset(theirs), "the same papers under the same ids"
        assert report["collected"]["sources"][0]["status"] == "fresh"
        assert report["collected"]["new"] == len(theirs) and report["issues"][0]["papers"] == 10
        since = first.published.since(list(theirs))
        for id_, (item, topic) in theirs.items():
            history = second.papers.history(id_)
            assert history is not None
            ours, now = history.paper, since[id_]
            assert {key for key in now.paper.keys if not key.startswith("url:")} <= set(ours.keys)
            assert topic in ours.categories
            told = {signal.kind: signal.value for signal in history.signals}
            assert told.pop("score") == pytest.approx(item.score, abs=1e-6)
            assert told == {signal.kind: signal.value for signal in now.signals}
            assert same(now.paper) == same(ours)


def same(paper: Paper) -> tuple[Any, ...]:
    """What must be equal on both sides."""
    links = {(link.kind, link.url) for link in paper.links}
    people = [(author.name, author.affiliation) for author in paper.authors]
    return (paper.title, paper.abstract, people, paper.published, paper.version, paper.venue, links, paper.organisation)


def test_votes_that_grow_arrive_the_next_day(
    upstream: tuple[str, Plan, Store], tmp_path: Path, digest: Callable[..., Any]
) -> None:
    url, _plan, first = upstream
    _, second = follow(tmp_path / "lab", url, digest, "daily/feed.json")
    some = next(iter(printed(first)))
    last = first.published.since([some])[some].signals
    later = NOW.replace(hour=13)
    grown = Signal(paper_id=some, kind="upvotes", value=777.0, at=later, source="hf")
    from digest.model import Resolved

    nothing = Resolved(new=(), updated=(), sightings=(), signals=(), decisions=(), outcomes=())
    first.save_collected((), replace(nothing, signals=(grown,)), later, {})
    came = digest("collect", "--config", tmp_path / "lab" / "config.yaml", "--now", "2026-03-04T09:00:00Z", "--json")
    assert came.code == 0 and came.json["collected"]["new"] == 0
    with second:
        history = second.papers.history(some)
        assert history is not None
        assert [s.value for s in history.signals if s.kind == "upvotes"][-1] == 777.0 != [s.value for s in last][-1:]


def test_a_list_of_issues_is_no_source(
    upstream: tuple[str, Plan, Store], tmp_path: Path, digest: Callable[..., Any]
) -> None:
    for number, file in enumerate(("issues.json", "issues.xml", "issues.atom")):
        home = tmp_path / str(number)
        home.mkdir()
        (home / "config.yaml").write_text(
            "network: {allow_hosts: [127.0.0.1]}\n"
            f"sources: [{{name: upstream, kind: feed, url: '{upstream[0]}/daily/{file}'}}]\n"
            "newsletters: [{name: a}]\n"
        )
        came = digest("collect", "--config", home / "config.yaml", "--json")
        source = came.json["collected"]["sources"][0]
        assert (came.code, source["status"]) == (1, "failed") and "lists issues" in source["error"]
