"""The lean reader gives what feedparser's gives, only sooner."""

from dataclasses import replace
from pathlib import Path

import pytest

import digest
from digest.collect import feed, lean
from digest.collect.errors import Unreadable

SAMPLE = Path(digest.__file__).parent / "sample"


def outcome(parse, body):
    """Entries without affiliations (feedparser keeps only the last), or why there are none."""
    try:
        entries = parse(body, "s", "https://feeds.example.org/f")
    except Unreadable as error:
        return error.reason
    return [replace(e, authors=tuple(replace(a, affiliation=None) for a in e.authors)) for e in entries]


def test_recorded_feeds_give_the_same_entries_either_way(shared, monkeypatch):
    slow, fell_back, compared = feed.parse, [], 0
    monkeypatch.setattr(feed, "parse", lambda *given: fell_back.append(given) or slow(*given))
    for path in sorted((shared / "data/feeds").rglob("*.xml")):
        body = path.read_bytes()
        fell_back.clear()
        found = outcome(lean.parse, body)
        if not fell_back:
            compared += 1
            assert found == outcome(slow, body), path
    assert compared > 140


def test_arxivs_shapes_take_the_fast_way(shared, monkeypatch):
    monkeypatch.delattr(feed, "parse")  # falling back would fail
    for path in (shared / "data/feeds/arxiv-api").glob("[!i]*.xml"):
        assert lean.parse(path.read_bytes(), "s")


def test_the_sample_takes_the_fast_way_and_loses_nothing(monkeypatch):
    bodies = [path.read_bytes() for path in SAMPLE.rglob("*.r[sd][sf]")]
    slowly = [outcome(feed.parse, body) for body in bodies]
    monkeypatch.delattr(feed, "parse")
    assert [outcome(lean.parse, body) for body in bodies] == slowly
    assert len(bodies) == 10


def test_every_affiliation_is_kept(shared):
    path = next((shared / "data/feeds/arxiv-api").glob("id_astro*.xml"))
    (entry,) = lean.parse(path.read_bytes(), "s")
    assert [a.affiliation for a in entry.authors][:3] == ["Ohio State", "Ohio State", "CfA"]
    assert entry.categories[0] == "astro-ph"


def test_api_errors_are_errors():
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>arXiv Search Results</title><entry>
    <id>https://arxiv.org/api/errors#x</id><title>Error</title><summary>incorrect id</summary></entry></feed>"""
    with pytest.raises(Unreadable, match="incorrect id"):
        lean.parse(body, "s")


def test_a_query_that_arxiv_dislikes_is_an_error():
    body = b"""<rss version="2.0"><channel><title>Feed error for query: http://rss.arxiv.org/rss/cs.XX</title>
    <description>Bad archive cs.XX</description></channel></rss>"""
    with pytest.raises(Unreadable, match=r"cs\.XX"):
        lean.parse(body, "s")


@pytest.mark.parametrize(
    "title",
    [
        "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>a <b>b</b></div></title>",
        "<title>caf&eacute;</title>",
        "<title>one</title><title>two</title>",
        "<title>a</title><unheard/>",
        "<title>a<!-- no --> b</title>",
        "<title>na\u00c3\u00afve \u2019</title>",
        "<title>\u0093quoted\u0094 \u007f</title>",
        "<title><![CDATA[a < b & c]]></title>",
    ],
)
def test_odd_titles_come_out_as_feedparser_has_them(title):
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry>{title}</entry></feed>'.encode()
    assert outcome(lean.parse, body) == outcome(feed.parse, body)
