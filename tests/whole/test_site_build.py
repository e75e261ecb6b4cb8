"""The static site, through the program: what a build writes, what it leaves alone, and that it never depends on the way
there."""

import json
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "render"))
import factory
from site_pages import keep, known, observed, plan_of

from digest.config.plan import Plan
from digest.errors import DigestError
from digest.model import Issue, Signal, Wanted
from digest.operations.site_build import build
from digest.operations.site_state import MANIFEST
from digest.store import Store

CONFIG = "sources: [{name: papers, kind: file, path: papers.jsonl}]\nnewsletters: [{name: daily, limit: 5}]\n"
PAPER = "papers/arxiv/2506.00000/index.html"


def day(number: int, papers: int = 4) -> Issue:
    """The issue of a later day, of papers of its own."""
    first = factory.issue(papers)
    sections = tuple(
        replace(
            section,
            items=tuple(
                replace(
                    item, paper=replace(item.paper, id=f"{item.paper.id}{number}", keys=(f"{item.paper.id}{number}",))
                )
                for item in section.items
            ),
        )
        for section in first.sections
    )
    at = timedelta(days=number)
    return replace(first, day=first.day + at, made_at=first.made_at + at, sections=sections, top=())


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a site but its manifest."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return plan_of(tmp_path)


@pytest.fixture
def store(plan: Plan) -> Any:
    with Store.open(plan.database, plan.home) as opened:
        yield opened


def test_day_by_day_comes_to_the_same_as_at_once(plan: Plan, store: Store, tmp_path: Path) -> None:
    for number in range(4):
        keep(store, [day(number)])
        observed(store, [_vote("arxiv:2506.000010", number)])
        made = build(plan, store, factory.NOW)
        assert made.whole == (number == 0)
    build(plan, store, factory.NOW, tmp_path / "at-once")
    found, at_once = files(plan.output), files(tmp_path / "at-once")
    assert found.keys() == at_once.keys()
    # What is near a paper is looked up when its page is made: with few papers every new one moves all of that.
    near = re.compile(rb"<h2>Related papers</h2>.*?</ul>", re.DOTALL)
    assert {path: near.sub(b"", body) for path, body in found.items()} == {
        path: near.sub(b"", body) for path, body in at_once.items()
    }


def test_what_did_not_change_is_not_touched(plan: Plan, store: Store) -> None:
    keep(store, [day(number) for number in range(3)])
    build(plan, store, factory.NOW)
    before = {path: path.stat().st_mtime_ns for path in plan.output.rglob("*") if path.is_file()}
    assert build(plan, store, factory.NOW).written == ()
    again = build(plan, store, factory.NOW, whole=True)
    assert again.whole and again.written == () and again.made == again.files
    after = {path: path.stat().st_mtime_ns for path in plan.output.rglob("*") if path.is_file()}
    assert {path for path in after if after[path] != before[path]} <= {plan.output / MANIFEST}


def test_an_observation_touches_one_papers_page(plan: Plan, store: Store) -> None:
    keep(store, [day(number) for number in range(3)])
    build(plan, store, factory.NOW)
    observed(store, [_vote("arxiv:2506.000011", 1), _vote("arxiv:2506.000011", 2)])
    written = build(plan, store, factory.NOW).written
    pages = [path for path in written if path.endswith(".html")]
    assert pages == ["papers/arxiv/2506.000011/index.html"]
    known(store, [replace(factory.paper(0, "Collected, Not Printed"), id="arxiv:2507.1", keys=("arxiv:2507.1",))],
          factory.NOW)  # fmt: skip
    assert build(plan, store, factory.NOW).written == (), "what is not printed is on no page"


def test_another_look_makes_every_page_anew(plan: Plan, store: Store) -> None:
    keep(store, [day(0)])
    build(plan, store, factory.NOW)
    other = replace(plan, masthead=replace(plan.masthead, title="Other papers"))
    made = build(other, store, factory.NOW)
    assert made.whole and b"Other papers" in files(plan.output)[PAPER.replace("00000/", "000000/")]


def test_what_is_no_more_is_taken_away_and_nothing_else(plan: Plan, store: Store) -> None:
    keep(store, [day(0)])
    build(plan, store, factory.NOW)
    (plan.output / "own.html").write_text("mine")
    (plan.output / "daily" / "notes").mkdir()
    gone = replace(plan, newsletters=(replace(plan.newsletters[0], name="weekly"),))
    made = build(gone, store, factory.NOW)
    assert made.removed and not list((plan.output / "daily").rglob("*.html"))
    assert (plan.output / "own.html").read_text() == "mine" and (plan.output / "weekly" / "index.html").exists()


@pytest.mark.parametrize("damage", ["", "{", '{"schema": 99}', "[]", "null"])
def test_a_lost_or_broken_manifest_costs_time_only(damage: str, plan: Plan, store: Store) -> None:
    keep(store, [day(0)])
    build(plan, store, factory.NOW)
    before = files(plan.output)
    (plan.output / MANIFEST).write_text(damage)
    made = build(plan, store, factory.NOW)
    assert made.whole and made.written == () and files(plan.output) == before


def test_a_build_that_broke_off_is_done_again(plan: Plan, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(store, [day(0)])
    build(plan, store, factory.NOW)
    keep(store, [day(1)])
    from digest.deliver.folder import Folder

    put, left = Folder.put, [5]

    def tired(self: Folder, edition: Any) -> Path:
        left[0] -= 1
        if left[0] < 0:
            raise DigestError("no room left")
        return put(self, edition)

    monkeypatch.setattr(Folder, "put", tired)
    with pytest.raises(DigestError):
        build(plan, store, factory.NOW)
    monkeypatch.setattr(Folder, "put", put)
    build(plan, store, factory.NOW)
    once = plan.home / "once"
    build(plan, store, factory.NOW, once)
    assert files(plan.output).keys() == files(once).keys()
    assert not list(plan.output.rglob("*.part"))


def test_the_folder_may_not_be_left(plan: Plan, store: Store, tmp_path: Path) -> None:
    keep(store, [day(0)])
    outside = tmp_path / "outside"
    outside.mkdir()
    plan.output.mkdir()
    (plan.output / "papers").symlink_to(outside)
    with pytest.raises(DigestError):
        build(plan, store, factory.NOW)
    assert not list(outside.iterdir())


def test_the_command(tmp_path: Path, digest: Callable[..., Any]) -> None:
    rows = (f'{{"title": "Tidal study number {n}", "abstract": "We measure tide {n}."}}\n' for n in range(12))
    (tmp_path / "papers.jsonl").write_text("".join(rows))
    (tmp_path / "config.yaml").write_text(CONFIG)
    config = ("--config", tmp_path / "config.yaml")
    run = digest("run", *config, "--newsletter", "daily", "--now", "2026-03-02T08:00:00Z", "--json")
    assert run.code == 0, run.err
    public = files(tmp_path / "public")
    assert all((tmp_path / path).is_file() for path in run.json["issues"][0]["files"])
    assert "search/index.html" in public and sum(path.startswith("papers/") for path in public) == 25
    same = digest("site", "build", *config, "--json")
    assert same.json["written"] == 0 and same.json["files"] == len(public) and not same.json["whole"]
    shutil.rmtree(tmp_path / "public")
    other = digest("site", "build", *config, "--out", tmp_path / "other", "--all", "--json")
    assert other.json["whole"] and files(tmp_path / "other") == public
    said = digest("site", "build", *config, "--out", tmp_path / "other")
    assert said.code == 0 and said.out == f"{tmp_path / 'other'}: {len(public)} files, 0 new or changed, 0 taken away\n"


def test_papers_of_two_newsletters_have_one_page(tmp_path: Path) -> None:
    weekly = replace(factory.NEWSLETTER, name="weekly", title="Papers this week")
    plan = plan_of(tmp_path, newsletters=(factory.NEWSLETTER, weekly))
    both = [day(0), replace(day(0), newsletter="weekly", title="Papers this week", day=factory.DAY + timedelta(days=2))]
    with Store.open(plan.database, plan.home) as store:
        keep(store, both)
        build(plan, store, factory.NOW)
    html = files(plan.output)["papers/arxiv/2506.000000/index.html"].decode()
    assert html.index("Papers this week, 7 June 2025") < html.index("Papers today, 5 June 2025")
    assert len(json.loads(files(plan.output)["search/2025-06.json"])) == 4, "each paper once"


def test_a_store_of_before_the_site_is_filled_when_it_is_migrated(plan: Plan) -> None:
    import sqlalchemy as sa
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    from digest.store.migrations.versions import v0004_search

    with Store.open(plan.database, plan.home) as store:
        keep(store, [day(0, 9), day(1, 9)])
        before = store.shelf.printed("daily")
    engine = sa.create_engine(f"sqlite:///{plan.home}/digest.db")
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        for name in ("shelf", "findable", "search_text"):
            connection.exec_driver_sql(f"DROP TABLE {name}")
        v0004_search.upgrade()
    engine.dispose()
    with Store.open(plan.database, plan.home) as store:
        assert len(before) == 18 and store.shelf.printed("daily") == before
        assert store.search.find(Wanted(topics=("vision",))).total == 4


@pytest.mark.parametrize("name", ["papers", "search", "about", "authors"])
def test_no_newsletter_takes_the_place_of_a_folder(name: str, tmp_path: Path, digest: Callable[..., Any]) -> None:
    (tmp_path / "config.yaml").write_text(CONFIG.replace("daily", name))
    came = digest("site", "build", "--config", tmp_path / "config.yaml")
    assert came.code == 2 and f"`{name}` is the address of a page" in came.err


def _vote(paper_id: str, number: int) -> Signal:
    at = factory.NOW + timedelta(days=number, hours=1)
    return Signal(paper_id=paper_id, kind="upvotes", value=3.0 + number, at=at, source="hf")
