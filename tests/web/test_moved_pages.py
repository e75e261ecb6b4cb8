"""Two printed papers merged: the page of the one that is no more leads on, live and as a file; feeds double nothing;
a split undoes it."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from web_serving import NOW, World, issue, world

from digest.model import Issue, Paper, Resolved, Sighting
from digest.operations import merging, site_build

GONE, KEPT = "doi:10.5555/tide9", "arxiv:2603.00001"
FILES = ("index.html", "cite.bib", "cite.ris", "cite.json", "cite.md")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[World]:
    """Two issues, each of which prints one of the two papers beside others."""
    with world(tmp_path) as made:
        for day, id_ in enumerate((KEPT, GONE)):
            printed = of_day(day, id_)
            papers = tuple(item.paper for item in printed.items)
            seen = tuple(Sighting(paper_id=paper.id, source="one", at=NOW) for paper in papers)
            found = Resolved(new=papers, updated=(), sightings=seen, signals=(), decisions=(), outcomes=())
            made.store.save_collected((), found, NOW, {})
            made.store.issues.save(printed)
        yield made


def of_day(day: int, id_: str) -> Issue:
    first = issue(day=NOW.date() + timedelta(days=day))
    section = first.sections[0]
    ids = (id_, f"y:{day}", f"z:{day}")
    items = tuple(
        replace(item, paper=Paper(id=name, keys=(name,), title=f'Of <tide> & "{name}"'))
        for item, name in zip(section.items, ids, strict=True)
    )
    at = NOW + timedelta(days=day)
    return replace(first, made_at=at, sections=(replace(section, items=items),))


def ids(site: World, path: str = "/daily/feed.json") -> list[str]:
    return [entry["id"].rpartition("2025:")[2] for entry in json.loads(site.ask(path).text)["items"]]


def test_the_server_leads_on(site: World) -> None:
    assert site.ask("/papers/doi/10.5555/tide9/").status == 200
    merging.merge(site.store, GONE, KEPT, NOW)
    for file in ("", *FILES):
        answer = site.ask(f"/papers/doi/10.5555/tide9/{file}")
        target = "../../../arxiv/2603.00001/" + ("" if file == "index.html" else file)
        assert (answer.status, answer.headers["location"]) == (301, target), file
        assert "max-age=60" in answer.headers["cache-control"]
        assert site.ask(f"/papers/arxiv/2603.00001/{'' if file == 'index.html' else file}").status == 200
    assert site.ask("/papers/doi/10.5555/tide9").headers["location"] == "./tide9/"
    shown = site.ask("/papers/arxiv/2603.00001/").text
    assert "2 March 2026" in shown and "3 March 2026" in shown, "where either was printed"
    merging.split(site.store, KEPT, GONE, NOW)
    assert site.ask("/papers/doi/10.5555/tide9/").status == 200 and site.ask("/papers/doi/10.5555/tide8/").status == 404


def test_files_lead_on_without_a_script(site: World) -> None:
    site_build.build(site.plan, site.store, NOW)
    folder = site.plan.output / "papers" / "doi" / "10.5555" / "tide9"
    page = (folder / "index.html").read_text()
    merging.merge(site.store, GONE, KEPT, NOW)
    site_build.build(site.plan, site.store, NOW)
    moved = (folder / "index.html").read_text()
    home = "https://papers.example.org/sub/papers/arxiv/2603.00001/"
    assert f'<link rel="canonical" href="{home}">' in moved and "<script" not in moved
    (target,) = re.findall(r'<meta http-equiv="refresh" content="0; url=([^"]+)">', moved)
    assert (folder / target).resolve() == site.plan.output / "papers" / "arxiv" / "2603.00001" / "index.html"
    assert f'<a href="{target}">Of &lt;tide&gt; &amp; &#34;{KEPT}&#34;</a>' in moved
    assert [path.name for path in folder.iterdir()] == ["index.html"], "there is nothing left to cite"
    assert "papers/doi/10.5555/tide9" not in (site.plan.output / "sitemap-2026-03.xml").read_text()
    merging.split(site.store, KEPT, GONE, NOW)
    site_build.build(site.plan, site.store, NOW)
    assert (folder / "index.html").read_text().count("refresh") == 0
    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES) and "<h1" in page


def test_feeds_double_nothing_and_coin_no_new_id(site: World) -> None:
    paths = [f"/daily/{folder}feed.json" for folder in ("", "topics/tides/", "score-0.5/")]
    before = [ids(site, path) for path in paths]
    assert all(GONE in found and KEPT in found for found in before)
    merging.merge(site.store, GONE, KEPT, NOW + timedelta(days=2))
    for path, found in zip(paths, before, strict=True):
        assert ids(site, path) == [KEPT if id_ == GONE else id_ for id_ in found if id_ != KEPT]
    (entry,) = (e for e in json.loads(site.ask("/daily/feed.json").text)["items"] if e["id"].endswith(KEPT))
    assert '<a href="https://papers.example.org/sub/papers/arxiv/2603.00001/">More about this' in entry["content_html"]
    assert set(entry["_digest"]["keys"]) == {GONE, KEPT}
    merging.split(site.store, KEPT, GONE, NOW + timedelta(days=3))
    assert [ids(site, path) for path in paths] == before


def test_a_paper_printed_only_before_it_got_another_id_keeps_its_entry(site: World) -> None:
    later = Paper(id="arxiv:2602.00001", keys=("arxiv:2602.00001",), title="Of tides, later")
    seen = (Sighting(paper_id=later.id, source="one", at=NOW),)
    found = Resolved(new=(later,), updated=(), sightings=seen, signals=(), decisions=(), outcomes=())
    site.store.save_collected((), found, NOW, {})
    before = ids(site)
    merging.merge(site.store, GONE, later.id, NOW)
    assert ids(site) == before, "an entry that readers have seen stays the same entry"
    assert "/papers/arxiv/2602.00001/" in site.ask("/daily/feed.xml").text
