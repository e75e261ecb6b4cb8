"""Saved pages of titles and abstracts, told from other text by their rhythm."""

import json

import pytest

from digest.collect import listing
from digest.collect.errors import Unreadable

PROSE = "We measure what nobody measured before and find that it is smaller than thought. " * 4
HEAD = "new\n\nGet papers by mail!\n\nSubscribe\n\nMar 13\n\n"


def page(*titles: str) -> str:
    return HEAD + "\n\n".join(f"{title}\n\n{PROSE}" for title in titles)


def test_a_page_under_its_head():
    entries = listing.parse(page("One: A Study", "Two?", "Three for $O(n)$").encode(), "p")
    assert [e.title for e in entries] == ["One: A Study", "Two?", "Three for $O(n)$"]
    assert entries[0].abstract == PROSE.strip()


def test_wrapped_lines_and_other_line_ends_are_the_same_page():
    wrapped = page("One: A Study", "Two").replace("measured before", "measured\nbefore").replace("\n", "\r\n")
    assert [e.title for e in listing.parse(wrapped.encode("utf-16"), "p")] == ["One: A Study", "Two"]


def test_pages_without_empty_lines():
    entries = listing.parse(page("One: A Study", "Two").replace("\n\n", "\n").encode(), "p")
    assert [e.title for e in entries] == ["One: A Study", "Two"]


def test_seed_pages_give_every_entry(shared):
    expected = json.loads((shared / "data/seeds/expected.json").read_text())
    total, seen = 0, set()
    for wanted in expected["pages"]:
        entries = listing.parse((shared / "data/seeds" / wanted["file"]).read_bytes(), "p")
        titles = [e.title for e in entries]
        assert (len(titles), titles[0], titles[-1]) == (wanted["entries"], wanted["first_title"], wanted["last_title"])
        assert len(set(titles) - seen) == wanted["new"]
        assert min(len(e.abstract) for e in entries) > 1_000
        total, seen = total + len(titles), seen | set(titles)
    assert (total, len(seen)) == (expected["entries"], expected["distinct"])


LICENCE = "Grant of Licence\n\n" + "The licensor hereby grants you a licence to redistribute the work. " * 5
ERROR = "503 Service Unavailable\n\nThe server is temporarily unable to service your request. Please try again later."


@pytest.mark.parametrize(
    "text", [LICENCE, LICENCE + "\n\nWarranty\n\n" + LICENCE[20:], ERROR, PROSE, "a\n\nb\n\nc", "\0"]
)
def test_other_text_is_no_listing(text):
    with pytest.raises(Unreadable):
        listing.parse(text.encode(), "p")


def test_licences_and_documents_of_the_data_are_no_listings(shared):
    paths = [*(shared / "data").rglob("LICENSE*"), *shared.rglob("*.md"), shared / "replay/replay.py"]
    assert len(paths) > 8
    for path in paths:
        with pytest.raises(Unreadable):
            listing.parse(path.read_bytes(), "p")
