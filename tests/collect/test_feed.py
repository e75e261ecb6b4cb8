"""Any feed through feedparser: what is kept, what is refused."""

from datetime import UTC, datetime

import pytest

from digest.collect import feed
from digest.collect.errors import Unreadable
from digest.model import Link

RDF = """<?xml version="1.0"?><rdf:RDF xmlns="http://purl.org/rss/1.0/"
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/">
<channel rdf:about="x"><title>J</title><dc:language>en</dc:language></channel>
<item rdf:about="https://j.example.org/a"><title>Ants &amp; $x&lt;y$</title><link>https://j.example.org/a</link>
<description>&lt;p&gt;A &lt;i&gt;short&lt;/i&gt; text.&lt;/p&gt;</description>
<dc:creator>Rose, Jeffrey P.</dc:creator><dc:creator>Zoë Ilves</dc:creator>
<dc:identifier>doi:10.5555/a.1</dc:identifier><prism:doi>10.5555/a.1</prism:doi>
<prism:publicationName>Journal of Ants</prism:publicationName><prism:publicationDate>2026-03-02</prism:publicationDate>
</item></rdf:RDF>"""


def one(text: str, url: str | None = None):
    (entry,) = feed.parse(text.encode(), "s", url)
    return entry


def rss(item: str) -> str:
    spaces = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom"'
    return f'<rss version="2.0" {spaces}><channel><title>t</title><item>{item}</item></channel></rss>'


def test_a_journal_in_rdf_keeps_every_field():
    entry = one(RDF)
    assert entry.title == "Ants & $x<y$"  # raw: what looks like a tag may be mathematics
    assert entry.abstract == "<p>A <i>short</i> text.</p>"
    assert [a.name for a in entry.authors] == ["Rose, Jeffrey P.", "Zoë Ilves"]
    assert entry.identifiers == ("https://j.example.org/a", "doi:10.5555/a.1")
    assert (entry.venue, entry.language) == ("Journal of Ants", "en")
    assert entry.published == datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Ann Lee, Bo Chen, Cy Diaz", ["Ann Lee", "Bo Chen", "Cy Diaz"]),
        ("Ann Lee, Bo Chen and Cy Diaz", ["Ann Lee", "Bo Chen", "Cy Diaz"]),
        ("Lee, Ann", ["Lee, Ann"]),
        ("Lee, Ann; Chen, Bo", ["Lee, Ann", "Chen, Bo"]),
        ("Martin King, Jr., Bo Chen", ["Martin King, Jr.", "Bo Chen"]),
        ("Ann Lee (MIT, Cambridge), Bo Chen (Oslo)", ["Ann Lee", "Bo Chen"]),
    ],
)
def test_people_in_one_field(written, names):
    entry = one(rss(f"<title>t</title><dc:creator>{written}</dc:creator>"))
    assert [a.name for a in entry.authors] == names


def test_brackets_after_a_name_are_its_affiliation():
    entry = one(rss("<title>t</title><dc:creator>Ann Lee (MIT, Cambridge), Bo Chen</dc:creator>"))
    assert [a.affiliation for a in entry.authors] == ["MIT, Cambridge", None]


def test_arxiv_names_are_listed_even_when_they_are_single_words():
    entry = one(
        rss(
            "<title>t</title><dc:creator>MiniMax, Aili Chen</dc:creator>"
            "<arxiv:announce_type>replace-cross</arxiv:announce_type>"
            "<description>arXiv:2503.01234v3 Announce Type: replace-cross \nAbstract: We show.</description>"
            '<guid isPermaLink="false">oai:arXiv.org:2503.01234v3</guid>'
        )
    )
    assert [a.name for a in entry.authors] == ["MiniMax", "Aili Chen"]
    assert entry.announcement == "replace-cross"
    assert entry.abstract == "We show."
    assert entry.identifiers == ("oai:arXiv.org:2503.01234v3", "arXiv:2503.01234v3")


def test_links_are_typed_made_absolute_and_only_of_the_web():
    atom = """<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><title>a</title>
    <link rel="alternate" href="/a"/><link rel="related" type="application/pdf" href="/a.pdf"/>
    <link rel="related" title="code" href="https://github.com/example-x/a"/>
    <link rel="enclosure" type="image/png" href="/a.png"/><link rel="related" href="javascript:alert(1)"/>
    </entry></feed>"""
    entry = one(atom, "https://lab.example.org/feed.atom")
    assert entry.url == "https://lab.example.org/a"
    assert entry.links == (
        Link(kind="paper", url="https://lab.example.org/a"),
        Link(kind="pdf", url="https://lab.example.org/a.pdf"),
        Link(kind="code", url="https://github.com/example-x/a"),
    )


def test_the_fuller_of_summary_and_content_is_the_abstract():
    entry = one(
        """<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><title>a</title><summary>Short.</summary>
        <content type="html">&lt;p&gt;The long one, in full.&lt;/p&gt;</content></entry></feed>"""
    )
    assert entry.abstract == "<p>The long one, in full.</p>"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Mon, 02 Mar 2026 00:00:00 -0500", datetime(2026, 3, 2, 5, tzinfo=UTC)),
        ("2026-03-02T00:00:00+01:00", datetime(2026, 3, 1, 23, tzinfo=UTC)),
        ("2026-03-02", datetime(2026, 3, 2, tzinfo=UTC)),
        ("Mon, 2 March 2026 10:00 EST", datetime(2026, 3, 2, 15, tzinfo=UTC)),
        ("soon", None),
    ],
)
def test_dates_are_aware_and_utc(written, read):
    assert one(rss(f"<title>t</title><pubDate>{written}</pubDate>")).published == read


def test_a_feed_that_breaks_off_gives_its_whole_entries_with_the_reason():
    body = b"<rss version='2.0'><channel><item><title>a</title></item><item><title>b</title></item><item><title>c</tit"
    with pytest.raises(Unreadable, match="breaks off after 2") as caught:
        feed.parse(body, "s")
    assert [e.title for e in caught.value.entries] == ["a", "b"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><head><title>503 Back soon</title></head></html>", "HTML page.*503 Back soon"),
        (b"<!-- x --><html><body>no</body></html>", "HTML page"),
        (b"<opml version='1.0'><body/></opml>", "not a feed"),
    ],
)
def test_what_is_no_feed_says_what_it_is(body, reason):
    with pytest.raises(Unreadable, match=reason):
        feed.parse(body, "s")


def test_a_valid_feed_without_entries_is_quiet_not_broken():
    assert feed.parse(b'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title></feed>', "s") == ()


def test_recorded_feeds_all_parse_or_say_why(shared):
    reasons, entries = [], 0
    for path in sorted((shared / "data/feeds").rglob("*.xml")):
        try:
            entries += len(feed.parse(path.read_bytes(), "s"))
        except Unreadable as error:
            reasons.append(error.reason)
    assert entries > 2_000
    assert len(reasons) == 7
    assert any("incorrect id format for abc" in reason for reason in reasons)
