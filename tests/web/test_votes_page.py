"""Readers' votes: links in their own mail, a page with a button, one vote a reader and paper."""

import re
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from web_serving import BASE, CONFIG, NOW, World, issue, parsed, plain, world

from digest import mailing
from digest.model import Delivery, Paper, Reader, Resolved, Sighting

VOTING = CONFIG.replace("{name: daily, limit: 8}", "{name: daily, limit: 8, votes: true}")
ANN, BOB = "ann@example.org", "bob@example.org"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, VOTING) as made:
        papers = (*(item.paper for item in issue().items), Paper(id="doi:10.5/a b", keys=(), title="Spaced"))
        seen = tuple(Sighting(paper_id=paper.id, source="one", at=NOW) for paper in papers)
        found = Resolved(new=papers, updated=(), sightings=seen, signals=(), decisions=(), outcomes=())
        made.store.save_collected((), found, NOW, {})
        made.store.issues.save(issue())
        made.store.readers.add([Reader(address=ANN), Reader(address=BOB)], NOW)
        yield made


def mailed(site: World, address: str, newsletter: str = "daily") -> tuple[str, str]:
    """(HTML, text) of what a reader gets."""
    build = mailing.builder(site.plan, site.plan.newsletter(newsletter), issue(newsletter), NOW, site.store)
    message = parsed(build(Delivery(issue=f"{newsletter}/2026-03-02", address=address, message_id="<a@b>")))
    return plain(message, "html"), plain(message)


def ways(site: World, address: str) -> dict[tuple[str, str], str]:
    """The paths of the links in a reader's mail by (choice, paper id)."""
    html, _ = mailed(site, address)
    found = re.findall(rf'href="{BASE}(/vote/[^"/]+/(more|less)/([^"]+))"', html)
    return {(choice, unquote(name)): "/sub" + path for path, choice, name in found}


def counts(site: World) -> dict[str, tuple[int, int]]:
    return {name: (one.more, one.less) for name, one in site.store.votes.counts(site.now).items()}


def test_two_links_a_paper_only_where_asked_for_and_each_reader_their_own(site: World) -> None:
    own = ways(site, ANN)
    assert {name for _, name in own} == {"x:0", "x:1", "x:2"} and len(own) == 6
    assert not set(own.values()) & set(ways(site, BOB).values())
    html, text = mailed(site, ANN)
    assert text.count("more like this, or less: https://papers.example.org/sub/vote/") == 3
    assert "/vote/0." not in html + text  # nobody's placeholder is left
    assert "/vote/" not in "".join(mailed(site, ANN, "weekly"))
    assert "/vote/" not in "".join(mailed(site, "stranger@example.org"))


def test_looking_counts_nothing_and_a_press_counts_once(site: World) -> None:
    own = ways(site, ANN)
    page = site.ask(own["more", "x:1"])
    assert page.status == 200 and "Of tide 1" in page.text and "More like this?" in page.text and counts(site) == {}
    assert site.ask(own["more", "x:1"], method="HEAD").status in (200, 405) and counts(site) == {}
    for _ in range(3):
        assert "Noted" in site.ask(own["more", "x:1"], {}).text
    assert counts(site) == {"x:1": (1, 0)}
    site.ask(ways(site, BOB)["more", "x:1"], {})
    assert counts(site) == {"x:1": (2, 0)}


def test_a_changed_mind_replaces_the_vote_by_the_button_on_the_page(site: World) -> None:
    page = site.ask(ways(site, ANN)["more", "x:1"], {})
    turned = re.findall(r'action="([^"]+)"', page.text)
    assert turned == [ways(site, ANN)["less", "x:1"]]
    assert "Noted" in site.ask(turned[0], {}).text and counts(site) == {"x:1": (0, 1)}


def test_a_link_is_good_for_one_reader_and_one_paper(site: World) -> None:
    good = ways(site, ANN)["more", "x:1"]
    token = good.split("/")[3]
    forged = [
        good.replace("/x:1", "/x:2"),  # another paper
        good.replace(token, token[:-2] + ("AA" if token[-2:] != "AA" else "BB")),
        good.replace(token, token.replace(token[0], "0", 1)),
        good.replace(token, mailing.signer(site.plan).make("preferences", token.partition(".")[0])),
        good.replace("x:1", "x:none"),
    ]
    for path in forged:
        assert site.ask(path).status == 404 and site.ask(path, {}).status == 404, path
    assert counts(site) == {}
    assert site.ask(good, {}, sec_fetch_site="cross-site").status == 403 and counts(site) == {}


def test_who_left_votes_no_more_and_who_comes_back_is_the_same_reader(site: World) -> None:
    good = ways(site, ANN)["more", "x:1"]
    site.ask(good, {})
    reader = site.store.readers.get(ANN)
    assert reader is not None
    site.store.readers.remove(ANN, NOW)
    assert site.ask(good, {}).status == 404 and counts(site) == {}  # erased with the reader
    site.store.readers.allow(ANN)
    site.store.readers.add([Reader(address="Ann@example.org"), Reader(address="ann+2@example.org")], NOW)
    site.ask(ways(site, "Ann@example.org")["more", "x:1"], {})
    site.ask(ways(site, "ann+2@example.org")["more", "x:1"], {})
    assert counts(site) == {"x:1": (1, 0)}


def test_a_reader_has_so_many_votes_a_day(site: World) -> None:
    votes = site.store.votes
    assert votes.cast(ANN, "x:0", "more", NOW, most=2) and votes.cast(ANN, "x:1", "more", NOW, most=2)
    assert not votes.cast(ANN, "x:2", "more", NOW, most=2)
    assert votes.cast(ANN, "x:1", "less", NOW, most=2)  # a changed mind is no further vote
    assert votes.cast(ANN, "x:2", "more", NOW + timedelta(days=1, seconds=1), most=2)
    assert votes.cast(BOB, "doi:10.5/a b", "more", NOW, most=2)
    assert not votes.cast(BOB, "x:unknown", "more", NOW, most=2)
    assert counts(site)["x:1"] == (0, 1) and votes.of(ANN, "x:1") == "less" and votes.of(BOB, "x:1") is None


def test_no_address_is_kept_with_a_vote(site: World) -> None:
    site.ask(ways(site, ANN)["more", "x:1"], {})
    with sqlite3.connect(site.plan.home / "digest.db") as raw:
        rows = raw.execute("SELECT * FROM votes").fetchall()
    assert len(rows) == 1 and "ann" not in str(rows).casefold() and "@" not in str(rows)
