"""Hostile bodies cost bounded time and memory, and end as entries or as Unreadable, never as anything else."""

import contextlib
import json
import resource
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.collect import feed, file, hf, jsonfeed, lean, listing, opml
from digest.collect.errors import Unreadable
from digest.collect.recognise import recognise
from digest.model import Entry

READERS: list[Callable[..., object]] = [
    feed.parse, lean.parse, jsonfeed.parse, hf.parse, listing.parse, file.parse_lines, file.parse_bibtex, recognise,
]  # fmt: skip


def read(reader, body: bytes) -> tuple[Entry, ...]:
    try:
        return reader(body, "s")
    except Unreadable as error:
        assert 0 < len(error.reason) < 600
        return error.entries


def rss(inner: bytes) -> bytes:
    return b"<rss version='2.0'><channel><title>x</title><item>" + inner + b"</item></channel></rss>"


def bomb() -> bytes:
    levels = b"".join(b'<!ENTITY e%d "%s">' % (i, b"&e%d;" % (i - 1) * 10) for i in range(1, 10))
    return b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "lol">' + levels + b"]>" + rss(b"<title>&e9;</title>")


BODIES = {
    "entity bomb": bomb(),
    "quadratic entities": b'<!DOCTYPE x [<!ENTITY a "%s">]>' % (b"a" * 99_000) + rss(b"<title>" + b"&a;" * 9_000),
    "external entity": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + rss(b"<title>&a;</title>"),
    "deep nesting": rss(b"<title>a</title><description>" + b"<b>" * 20_000 + b"</b>" * 20_000 + b"</description>"),
    "unclosed nesting": rss(b"<title>a</title><description>" + b"<b>" * 20_000),
    "nested items": b"<rss>" + b"<item>" * 5_000,
    "megabyte title": rss(b"<title>" + b"long " * 400_000 + b"</title>"),
    "many ampersands": rss(b"<title>" + b"&" * 100_000 + b"</title>"),
    "many brackets": rss(b"<title>" + b"<" * 50_000 + b"</title>"),
    "many attributes": rss(b"<title " + b" ".join(b"a%d='x'" % i for i in range(50_000)) + b">a</title>"),
    "many namespaces": b"<rss " + b" ".join(b"xmlns:a%d='u:%d'" % (i, i) for i in range(9_000)) + b"/>",
    "many authors": rss(b"<title>a</title><author>" + b"A B (c, d), " * 50_000 + b"</author>"),
    "open brackets": rss(b"<title>a</title><author>" + b"A (B, " * 50_000 + b"</author>"),
    "blank authors": rss(b"<title>a</title><author>" + b" " * 400_000 + b"and" + b"</author>"),
    "control characters": rss(b"<title>a\x00\x01\x0b\x7fb\xff\xfe</title>"),
    "zeros": b"\0" * 500_000,
    "deep JSON": b'{"items":' + b"[" * 100_000,
    "long number": b'[{"paper": {"id": "1", "upvotes": ' + b"9" * 50_000 + b"}}]",
    "deep JSON line": b'{"title": ' + b"[" * 90_000 + b"\n" + b'{"title": "b"}',
    "deep repr": json.dumps({"data": ["(" * 5_000, "-" * 50_000 + "1", "[" * 90_000]}).encode(),
    "lone surrogates": b'{"title": "a\\ud800b", "id": "\\udfff", "authors": ["\\ud83d"]}',
    "open BibTeX": b"@article{a, title={" + b"{" * 20_000,
    "many BibTeX entries": b"@article{a, title={b}}\n" * 3_000,
    "blank BibTeX author": b"@article{a, author={" + b" " * 100_000 + b"}}",
    "empty lines": b"a\n" + b"\n \t\r" * 200_000 + b"b",
    "short lines": b"ab\n\n" * 100_000,
    "comments": b"<!--" * 50_000 + rss(b"<title>a</title>"),
    "quotation marks": b"<opml><body><outline " + b'" ' * 100_000,
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_hostile_bodies_cost_little(name):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for reader in (recognise, feed.parse):
        start = time.process_time()
        for entry in read(reader, BODIES[name]):
            assert len(entry.title) <= 2_000
            assert "root:" not in entry.title
            assert len(entry.authors) <= 10_000
        assert time.process_time() - start < 5, reader
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000  # kilobytes


@pytest.mark.parametrize("name", ["quotation marks", "entity bomb", "many attributes", "zeros", "comments"])
def test_hostile_subscriptions(name):
    start = time.process_time()
    with contextlib.suppress(Unreadable):
        opml.read(BODIES[name])
    assert time.process_time() - start < 5


def test_nothing_unprintable_is_left():
    for name in ("control characters", "lone surrogates"):
        for entry in read(recognise, BODIES[name]):
            said = entry.title + entry.guid + "".join(a.name for a in entry.authors)
            assert said.isprintable()
            said.encode()


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes(body):
    for reader in READERS:
        read(reader, body)


ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'>"
PIECES = st.sampled_from([
    "<rss>", "</rss>", "<channel>", "<item>", "</item>", "<title>", "</title>", "&amp;", "&e;", "<![CDATA[", "]]>",
    "<!--", ATOM, "<entry>", "</entry>", "<link href='x'/>", "</feed>", "<!DOCTYPE x [", "]>", "<author>", "<name>",
    "{", "}", "[", "]", '"title"', ":", ",", '"paper"', "@misc{a,", "title={", "\n", "\n\n", "é", "\ud7ff", "(", ")",
    "2026-03-02", " and ", "Mon, 99 Foo 2026", "arXiv:1 Announce Type: new \nAbstract: x", "$x<y$", "10.5555/1",
    "<opml>", "<outline xmlUrl='",
])  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from(["utf-8", "utf-16", "latin-1", "cp1252"]))
@settings(max_examples=250, deadline=None)
def test_anything_made_of_the_pieces_of_feeds(text, encoding):
    for reader in READERS:
        read(reader, text.encode(encoding, "replace"))


KEYS = ["paper", "id", "title", "authors", "name", "items", "data", "error", "upvotes", "url", "links", "mediaUrls"]
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=20,
)


@given(JSON)
@settings(max_examples=250, deadline=None)
def test_any_json(document):
    body = json.dumps(document).encode()
    for reader in (recognise, hf.parse, jsonfeed.parse, file.parse_lines):
        for entry in read(reader, body):
            entry.title.encode()
            assert entry.url is None or entry.url.startswith("http")
