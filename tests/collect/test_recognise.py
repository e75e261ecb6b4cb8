"""The kind of a body is told by its content."""

import json

import pytest

from digest.collect.errors import Unreadable
from digest.collect.recognise import READERS, recognise

ATOM = b'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><title>a</title></entry></feed>'
JSON_FEED = b'{"version": "https://jsonfeed.org/version/1.1", "title": "t", "items": [{"id": "1", "title": "a"}]}'
PROSE = b"We measure what nobody measured before and find that it is smaller than thought. " * 4


@pytest.mark.parametrize(
    "body",
    [
        ATOM,
        b"\xef\xbb\xbf\n" + ATOM,
        ATOM.decode().encode("utf-16"),
        b"Warning: mysql is tired\n" + ATOM,
        JSON_FEED,
        b'{"title": "a"}',
        b'{"title": "a"}\n',
        b'[{"title": "a"}]',
        b'[{"paper": {"id": "2603.90001", "title": "a"}}]',
        b'{"id": "2603.90001", "title": "a"}',
        b"@article{k, title={a}}",
        b"new\n\nSubscribe\n\na title\n\n" + PROSE,
    ],
)
def test_every_kind_is_known_by_its_look(body):
    (entry,) = recognise(body, "s")
    assert entry.title in ("a", "a title")
    assert entry.source == "s"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n",
        b"{}",
        b"[1, 2]",
        b'{"a": [1]}',
        b"hello",
        b"\x89PNG\r\n\x1a\n\0\0\0",
        b"\x1f\x8b\x08\0\0",
        b"<",
        b"<html>",
    ],
)
def test_what_is_none_of_them_is_unreadable(body):
    with pytest.raises(Unreadable):
        recognise(body, "s")


def test_lines_are_told_from_a_document():
    assert len(recognise(b'{"title": "a"}\n{"title": "b"}\n', "s")) == 2
    with pytest.raises(Unreadable, match="line 2"):
        recognise(b'{"title": "a"}\n{"title"\n', "s")


def test_a_kind_may_be_forced():
    assert recognise(JSON_FEED, "s", "feed")[0].title == "a"
    with pytest.raises(Unreadable, match="not JSON"):
        recognise(ATOM, "s", "huggingface")
    with pytest.raises(Unreadable, match="unknown kind"):
        recognise(ATOM, "s", "telepathy")
    assert {"feed", "arxiv", "huggingface", "listing", "file"} <= READERS.keys()


def test_json_feed_keeps_every_field():
    item = {
        "id": "https://b.example.org/1",
        "url": "https://b.example.org/1",
        "external_url": "https://arxiv.org/abs/2603.90001",
        "title": "T",
        "content_html": "<p>H</p>",
        "date_published": "2026-03-02T10:00:00Z",
        "authors": [{"name": "Ann Lee"}, {"name": "Bo Chen"}],
        "tags": ["x"],
        "_paper": {"doi": "10.5555/1"},
    }
    (entry,) = recognise(json.dumps({"items": [item], "language": "de"}).encode(), "s")
    assert entry.identifiers == (
        "https://b.example.org/1",
        "doi:10.5555/1",
        "https://arxiv.org/abs/2603.90001",
    )
    assert [a.name for a in entry.authors] == ["Ann Lee", "Bo Chen"]
    assert (entry.categories, entry.language, entry.abstract) == (("x",), "de", "<p>H</p>")
