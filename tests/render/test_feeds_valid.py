"""Feeds keep the specifications, whatever the papers say; and the checkers find what breaks them."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import factory
import feed_rules
import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from digest.collect.recognise import recognise
from digest.model import Issue, Paper, Signal
from digest.render import Templates, feeds
from digest.render.view import view

TEMPLATES = Templates()
BASE = f"{factory.MASTHEAD.url}/daily/"
FRAME = feeds.Frame(
    base=BASE,
    title="Papers today",
    root=f"{factory.MASTHEAD.url}/",
    hub="https://hub.example.org/",
    previous=f"{BASE}archive/2/",
    site="Papers today",
)
ISSUES = {"ordinary": factory.issue(), "one": factory.issue(1), "empty": factory.issue(0), "hostile": factory.hostile()}


def made(issue: Issue, name: str, lists: str = "feed", **changes: object) -> bytes:
    frame = replace(FRAME, lists=lists, **changes)  # type: ignore[arg-type]
    shown = [view(issue, factory.MASTHEAD)]
    feed = (feeds.papers if lists == "feed" else feeds.issues)(shown, frame, TEMPLATES)
    return feeds.body(name, feed, TEMPLATES).encode()


@pytest.mark.parametrize("lists", ["feed", "issues"])
@pytest.mark.parametrize("name", feeds.NAMES)
@pytest.mark.parametrize("issue", ISSUES)
def test_every_format_keeps_its_specification(issue: str, name: str, lists: str) -> None:
    for archive in (False, True):
        body = made(ISSUES[issue], name, lists, archive=archive, current=BASE, next=f"{BASE}archive/4/")
        assert feed_rules.faults(feeds.FILES[lists][name], body) == []


@pytest.mark.parametrize("name", ["rss", "atom"])
@pytest.mark.parametrize("lists", ["feed", "issues"])
def test_feedparser_reads_back_what_was_said(name: str, lists: str) -> None:
    issue = ISSUES["ordinary"]
    parsed = feedparser.parse(io.BytesIO(made(issue, name, lists)))
    assert not parsed.bozo and parsed.feed.title == "Papers today" and parsed.feed.language == "en"
    links = {link.rel: link.href for link in parsed.feed.links}
    assert links["self"] == BASE + feeds.FILES[lists][name] and links["hub"] == FRAME.hub
    assert links["prev-archive"] == f"{BASE}archive/2/{feeds.FILES[lists][name]}"
    if lists == "issues":
        assert [entry.id for entry in parsed.entries] == [f"tag:papers.example.org,2025:issue/daily/{factory.DAY}"]
        assert all(item.paper.title in parsed.entries[0].content[0].value for item in issue.items)
        return
    papers = {f"tag:papers.example.org,2025:{item.paper.id}": item.paper for item in issue.items}
    assert len(parsed.entries) == 25
    for entry in parsed.entries:
        paper = papers[entry.id]
        assert entry.title == paper.title and entry.link == paper.url
        assert [author.name for author in entry.authors][-1] == paper.authors[-1].name
        assert entry.published_parsed[:6] == paper.published.utctimetuple()[:6]
        assert {tag.term for tag in entry.tags} > set(paper.categories)


def test_the_three_formats_say_the_same() -> None:
    issue = ISSUES["ordinary"]
    rss, atom = (etree.fromstring(made(issue, name)) for name in ("rss", "atom"))
    items = json.loads(made(issue, "json"))["items"]
    ids = [item["id"] for item in items]
    assert [guid.text for guid in rss.iter("guid")] == ids
    entries = atom.findall(f"{feed_rules.ATOM}entry")
    assert [entry.findtext(f"{feed_rules.ATOM}id") for entry in entries] == ids
    assert [entry.findtext(f"{feed_rules.ATOM}updated") for entry in entries] == [x["date_modified"] for x in items]
    contents = [item.findtext(feed_rules.CONTENT) for item in rss.iter("item")]
    assert contents == [entry.findtext(f"{feed_rules.ATOM}content") for entry in entries]
    assert contents == [item["content_html"] for item in items]


def test_news_of_a_paper_moves_its_date_and_votes_do_not() -> None:
    shown, first = [view(factory.issue(3), factory.MASTHEAD)], factory.item(1).paper
    votes = (Signal(paper_id=first.id, kind="upvotes", value=99.0, at=factory.NOW, source="hf"),)
    later = factory.NOW + timedelta(days=3)
    changed = replace(first, title="A Better Title", version=2)
    states = {
        "printed": {},
        "voted": {first.id: feeds.Latest(paper=first, signals=votes)},
        "changed": {first.id: feeds.Latest(paper=changed, changed_at=later, news="version 2", signals=votes)},
    }
    feed = {name: feeds.papers(shown, FRAME, TEMPLATES, latest=latest) for name, latest in states.items()}
    entry = {name: next(e for e in one.entries if e.id.endswith(first.id)) for name, one in feed.items()}
    assert {one.id for one in entry.values()} == {entry["printed"].id}
    assert [entry[name].updated for name in states] == [factory.NOW, factory.NOW, later]
    assert [feed[name].updated for name in states] == [factory.NOW, factory.NOW, later]
    assert entry["voted"].extra["signals"][0]["value"] == 99.0 and entry["voted"].content == entry["printed"].content
    assert entry["changed"].title == "A Better Title"
    assert "New since it was printed:</em> version 2" in entry["changed"].content
    order = [[each.id for each in one.entries] for one in feed.values()]
    assert order[0] == order[1] == order[2]


def test_entries_lead_to_the_papers_pages_of_a_site_and_ids_do_not_know() -> None:
    shown, alone = [view(factory.issue(3), factory.MASTHEAD)], replace(FRAME, root="")
    on_site, without = (feeds.papers(shown, frame, TEMPLATES).entries for frame in (FRAME, alone))
    for one, other, card in zip(on_site, without, shown[0].cards, strict=True):
        assert isinstance(one, feeds.Entry) and isinstance(other, feeds.Entry) and one.id == other.id
        link = f'<a href="{FRAME.root}papers/{card.id.replace(":", "/", 1)}/">More about this paper</a>'
        assert link in one.content and "More about" not in other.content and one.url == other.url == card.url


HOSTILE = st.text(st.characters(codec=None), max_size=80) | st.sampled_from(factory.HOSTILE)


@settings(max_examples=25, deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE)
def test_no_text_breaks_a_feed(title: str, name: str, topic: str) -> None:
    first = factory.item(0)
    paper = replace(
        first.paper, title=title, abstract=name, venue=topic, comment=title, organisation=name, categories=(topic, name)
    )
    paper = replace(paper, authors=tuple(replace(each, name=name, affiliation=title) for each in paper.authors[:2]))
    item = replace(first, paper=paper, tldr=topic, note=name, announcement=topic, tags=(topic,))
    section = replace(factory.issue(1).sections[0], items=(item,))
    section = replace(section, topic=replace(section.topic, name=topic, slug=topic))
    issue = replace(factory.issue(1), title=title, sections=(section,), top=())
    for kind in feeds.NAMES:
        for lists in feeds.FILES:
            assert feed_rules.faults(feeds.FILES[lists][kind], made(issue, kind, lists, title=name)) == []


@settings(max_examples=15, deadline=None)
@given(HOSTILE, st.floats(), st.floats())
def test_what_digests_say_is_read_the_same_from_every_format(text: str, score: float, value: float) -> None:
    first = factory.item(3)
    term = replace(first.terms[0], value=value, name=text)
    item = replace(first, score=score, terms=(term,), paper=replace(first.paper, venue=text, comment=text))
    section = replace(factory.issue(1).sections[0], items=(item,))
    issue = replace(factory.issue(1), sections=(section,), top=())
    bodies = [made(issue, name) for name in feeds.NAMES]
    # RSS knows no second link, and Atom and RSS write the date of printing where JSON has one of its own.
    read = [recognise(body, "upstream") for body in bodies]
    assert [len(entries) for entries in read] == [1, 1, 1]
    facts = [(e.title, e.identifiers, e.measures, e.venue, e.comment, e.authors, set(e.categories)) for (e,) in read]
    assert facts[0] == facts[1] == facts[2]
    assert dict(read[0][0].measures).get("score") == pytest.approx(
        round(score, 6) if abs(score) < 1e12 else 0, abs=1e-5
    ) or (abs(score) >= 1e12 or score != score)


def test_a_paper_with_long_text_arrives_uncut() -> None:
    first = factory.item(0)
    title, abstract = "Very " * 100 + "long", "Words and words. " * 800
    paper: Paper = replace(first.paper, title=title, abstract=abstract.strip())
    issue = replace(factory.issue(1), top=())
    issue = replace(issue, sections=(replace(issue.sections[0], items=(replace(first, paper=paper),)),))
    for name in feeds.NAMES:
        (entry,) = recognise(made(issue, name), "upstream")
        assert (entry.title, entry.abstract) == (title, abstract.strip())


BREAKS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("rss", lambda body: body.replace(b"<title>Papers today</title>", b"", 1)),
    ("rss", lambda body: body.replace(b"</channel>", b"<description>x</description></channel>", 1)),
    ("rss", lambda body: body.replace(b"<pubDate>", b"<pubDate>on ", 1)),
    ("rss", lambda body: body.replace(b"<guid", b"<author>Ines</author><guid", 1)),
    ("rss", lambda body: body.replace(b"<guid", b"<summary>x</summary><guid", 1)),
    ("rss", lambda body: body.replace(b'isPermaLink="false"', b"", 1)),
    ("rss", lambda body: body.replace(b"2506.00001</guid>", b"2506.00000</guid>", 1)),
    ("rss", lambda body: body.replace(b"<content:encoded>", b"<content:encoded>&lt;img src=x onerror=y&gt;", 1)),
    ("rss", lambda body: body.replace(b"<ttl>60", b"<ttl>soon", 1)),
    ("rss", lambda body: body.replace(b'rel="self"', b'rel="other"', 1)),
    ("atom", lambda body: body.replace(b"<updated>", b"<updated>2025-01-01T00:00:00Z</updated><updated>", 1)),
    ("atom", lambda body: body.replace(b"<updated>2025-06-05T", b"<updated>2025-06-05 ", 1)),
    ("atom", lambda body: body.replace(b"<name>Ines Carvalho</name>", b"", 1)),
    ("atom", lambda body: body.replace(b'type="html"', b'type="markup"', 1)),
    ("atom", lambda body: body.replace(b"<id>tag:", b"<id>", 1)),
    ("atom", lambda body: body.replace(b"<subtitle>", b"<banner/><subtitle>", 1)),
    ("atom", lambda body: body.replace(b"<summary>", b"<summary>x</summary><summary>", 1)),
    ("atom", lambda body: body.replace(b'<category term="cs.CL"/>', b"<category/>", 1)),
    ("json", lambda body: body.replace(b"version/1.1", b"version/1", 1)),
    ("json", lambda body: body.replace(b'"content_html"', b'"content"', 1)),
    ("json", lambda body: body.replace(b'"tags": [', b'"tags": [1, ', 1)),
    ("json", lambda body: body.replace(b'"score": 100.0', b'"score": NaN', 1)),
    ("json", lambda body: body.replace(b"2506.00001", b"2506.00000")),
]


@pytest.mark.parametrize("number", range(len(BREAKS)))
def test_the_checkers_find_what_is_wrong(number: int) -> None:
    name, broken = BREAKS[number]
    good = made(factory.issue(3), name)
    bad = broken(good)
    assert bad != good and feed_rules.faults(feeds.FILES["feed"][name], good) == []
    try:
        assert feed_rules.faults(feeds.FILES["feed"][name], bad)
    except ValueError:
        assert name == "json"
