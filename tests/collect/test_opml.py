"""Subscriptions from OPML."""

import re

import pytest

from digest.collect import opml
from digest.collect.errors import Unreadable


def test_folders_are_opened_and_repetitions_left_out():
    body = b"""<opml version="2.0"><head><title>mine</title></head><body>
    <outline text="Folder"><outline type="rss" text="A" title="Journal A" xmlUrl="https://a.example.org/feed"/>
    <outline text="B" xmlurl="http://b.example.org/feed"/></outline>
    <outline xmlUrl="https://c.example.org/"/><outline text="again" xmlUrl="https://a.example.org/feed"/>
    <outline text="bad" xmlUrl="file:///etc/passwd"/></body></opml>"""
    assert opml.read(body) == (
        ("Journal A", "https://a.example.org/feed"),
        ("B", "http://b.example.org/feed"),
        ("https://c.example.org/", "https://c.example.org/"),
    )


@pytest.mark.parametrize("body", [b"", b"no", b"<rss/>", b"<html><outline xmlUrl='https://a.example.org'/></html>"])
def test_what_is_no_opml(body):
    with pytest.raises(Unreadable):
        opml.read(body)


def test_recorded_lists_are_read_whole_even_where_ill_formed(shared):
    paths = sorted((shared / "data/feeds/opml").rglob("*.opml"))
    assert len(paths) == 20
    for path in paths:
        written = re.findall(r'xmlUrl="(https?://[^"]+)"', path.read_text())
        wanted = {address.replace("&amp;", "&") for address in written}
        assert {address for _, address in opml.read(path.read_bytes())} == wanted, path
