"""Whatever a feed sends comes out as harmless text, in every format: examples, then hypothesis."""

import io
import json
import re
import unicodedata
from dataclasses import replace
from email import message_from_bytes, policy
from html import unescape

import factory
import feedparser
import html5lib
import markdown
import nh3
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree
from test_outputs import assert_inert, strict

from digest.deliver import message
from digest.model import Author
from digest.operations.lint import lint
from digest.render import FORMATS, MAX_HTML, Templates, editions, mail, safe
from digest.render.layout import markdown as escape_markdown
from digest.render.layout import wrap
from digest.render.words import authors

TEMPLATES = Templates()
SPICE = (
    "<script>", "</td></table>", "-->", "<!--", "]]>", "{{", "}}", "{%", "%}", "{#", "javascript:",
    "\r\n", "\x00", "\x1b[2J",
    "\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\ud83d", "\U0001f9d1\u200d\U0001f52c", "\u0301" * 9,
    "&#x0;", "&amp;",
    "'", '"', "`", "*", "_", "](", "$x$", "$5", "\\", "نص", "研究", "e\u0301", "\u2028", "\x85",
    "\U000e0041", "=?utf-8?q?x?=",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(SPICE) | st.text(max_size=30), max_size=12).map("".join)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TEXTS, min_size=4, max_size=8).map(tuple))
@example(factory.HOSTILE)
@example(("{{ 7 * 7 }}", "<b>", "\u202e", "x" * 100_000))
def test_every_edition_survives_any_text(texts: tuple[str, ...]) -> None:
    issue = factory.hostile(texts)
    for edition in editions(issue, factory.MASTHEAD, TEMPLATES, FORMATS):
        text = edition.body.decode()
        assert "\u202e" not in text and "\u200b" not in text and "\x00" not in text
        if edition.path.endswith(".html"):
            assert_inert(strict(text))
        elif edition.path.endswith(".xml"):
            etree.fromstring(edition.body)
            assert len(feedparser.parse(io.BytesIO(edition.body)).entries) == len(texts)
        elif edition.path.endswith(".json"):
            assert len(json.loads(text)["items"]) == len(texts)


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXTS, min_size=4, max_size=8).map(tuple))
@example(factory.HOSTILE)
def test_titles_read_back_as_they_were_written(texts: tuple[str, ...]) -> None:
    issue = factory.hostile(texts)
    html = mail(issue, factory.MASTHEAD, TEMPLATES).html
    assert len(html.encode()) <= MAX_HTML
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    shown = [" ".join("".join(h3.itertext()).split()) for h3 in tree.iter("h3")]
    wanted = [" ".join(safe.clean(text, 300).split()) or "(untitled)" for text in texts]
    assert shown == wanted


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXTS, min_size=4, max_size=6).map(tuple))
@example(factory.HOSTILE)
def test_the_message_gives_the_same_text_back(texts: tuple[str, ...]) -> None:
    made = mail(factory.hostile(texts), factory.MASTHEAD, TEMPLATES)
    eml = message.build(made, "a@example.org", "b@example.org", "<x@example.org>", factory.NOW, "d.example.org",
                        unsubscribe_url="https://example.org/u")  # fmt: skip
    read = message_from_bytes(eml, policy=policy.default)
    assert read.get_body(("plain",)).get_content().replace("\r\n", "\n") == made.text
    assert read.get_body(("html",)).get_content().replace("\r\n", "\n") == made.html
    assert sorted(read.keys()) == sorted(set(read.keys())) and "Bcc" not in read
    assert lint(eml) == ()


@settings(max_examples=300, deadline=None)
@given(TEXTS)
@example("z" + "\u0301" * 500)
def test_clean_is_stable_and_safe(text: str) -> None:
    once = safe.clean(text, 80)
    assert safe.clean(once, 80) == once and len(once) <= 80
    assert all(
        c.isprintable() or c in "\u2009\u202f\u200c\u200d" or unicodedata.category(c) in ("Co", "Cn") for c in once
    )
    once.encode("utf-8")
    assert not re.search("[\u0300-\u036f]{5}", once)


@pytest.mark.parametrize(
    "text",
    [
        "🧑‍🔬 at work",
        "研究 of 𝒪(n²)",
        "نص عربي",
        "می‌خواهم",
        "क्‍ष",
        "e\u0301 and é",
        "$5 for 98 %",
        "Erdős–Rényi",
        "👍🏽 🇵🇹",
    ],
)
def test_honest_text_is_left_alone(text: str) -> None:
    assert safe.clean(text) == text
    made = mail(factory.hostile((text,)), factory.MASTHEAD, TEMPLATES)
    assert text in unescape(made.html) and text in made.text and made.subject.startswith(text)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_markdown_shows_text_as_it_is(text: str) -> None:
    clean = safe.clean(text)
    made = nh3.clean(markdown.markdown(f"# {escape_markdown(clean)}"), tags={"h1", "a", "em", "code", "strong", "img"})
    assert re.fullmatch(r"<h1>[^<]*</h1>", made) or not clean, made
    assert unescape(made)[4:-5].split() == clean.split() or not clean


@given(TEXTS, st.integers(30, 80))
def test_wrapping_loses_nothing(text: str, width: int) -> None:
    clean = safe.clean(text)
    wrapped = wrap(clean, width, "  ")
    assert "".join(wrapped.split()) == "".join(clean.split())


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://example.org/a b?x=<y>", "https://example.org/a%20b?x=%3Cy%3E"),
        (" http://example.org ", "http://example.org"),
        ("https://example.org/é", "https://example.org/%C3%A9"),
        *((bad, "") for bad in ("javascript:alert(1)", "JaVaScRiPt:1", "data:text/html,x", "//example.org", "/a",
                                "ftp://a", "https://user@example.org", "https://", "https://[", "x" * 9999, None)),
    ],
)  # fmt: skip
def test_links(address: str | None, kept: str) -> None:
    assert safe.url(address) == kept


def test_a_hundred_thousand_authors() -> None:
    byline, place = authors([Author(name=f"A{n}") for n in range(100_000)])
    assert byline == "A0, A1, A2 and 99,997 more" and place == ""


def test_the_guard_holds_when_everything_is_long() -> None:
    long = "&" * 5000
    issue = factory.hostile(tuple(f"{n} {long}" for n in range(30)))
    empty = replace(factory.issue().sections[0], items=(), topic=issue.sections[0].topic)
    issue = replace(
        issue, coverage=issue.coverage * 100, sections=issue.sections + (empty,) * 60, introduction=long * 10
    )
    made = mail(issue, factory.MASTHEAD, TEMPLATES)
    assert len(made.html.encode()) <= MAX_HTML and "Unsubscribe" in made.html
    strict(made.html)
