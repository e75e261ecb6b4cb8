"""What import makes of a record in the short ways is what the general ones make of it, to the byte."""

import json
import re
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from digest import dedupe, normalise
from digest.collect import records
from digest.model import Author, Link, Paper
from digest.normalise import authors, identifiers, links, venues
from digest.operations.import_rows import body_of, prepare
from digest.store.codec import decode, encode

plain = import_module("digest.normalise.plain")  # the module: the package has a function of the name
NEVER = re.compile("(?!)")

texts = some.text(max_size=30)
moments = some.none() | some.datetimes(
    min_value=datetime(1970, 1, 1), timezones=some.sampled_from([UTC, timezone(timedelta(hours=-9.5))])
)
maybe = some.none() | texts
papers = some.builds(
    Paper,
    id=texts,
    keys=some.lists(texts, max_size=3).map(tuple),
    title=texts,
    abstract=texts,
    authors=some.lists(some.builds(Author, name=texts, affiliation=maybe), max_size=3).map(tuple),
    url=maybe,
    categories=some.lists(texts, max_size=2).map(tuple),
    published=moments,
    updated=moments,
    version=some.none() | some.integers(0, 999),
    links=some.lists(some.builds(Link, kind=texts, url=texts), max_size=2).map(tuple),
    comment=maybe,
    venue=maybe,
    organisation=maybe,
    language=maybe,
    math=some.lists(some.tuples(texts, texts), max_size=2).map(tuple),
    withdrawn=some.booleans(),
)


@given(papers)
def test_a_row_holds_what_the_store_would_write(paper: Paper) -> None:
    assert body_of(paper) == encode(paper)


def test_a_row_holds_every_field_of_a_paper() -> None:
    named = json.loads(body_of(Paper(id="arxiv:1", keys=("arxiv:1",), title="Tides")))
    assert list(named) == [field.name for field in fields(Paper)]


PIECES = [
    "tides",
    "of",
    "Harbour",
    "2024",
    " ",
    "\n",
    "  ",
    ".",
    ",",
    "-",
    "é",
    "e\u0301",
    "ﬁ",
    "α",
    "\u200b",
    "\u202e",
]
PIECES += ["$x^2$", "$", "\\alpha", '\\"o', "{A}", "_{2}", "``q''", "~", "&amp;", "<i>x</i>", "<", "\x00", "\x85", "😀"]
PIECES += ["https://github.com/a/b", "github.com/x", "www.x.org", "Accepted at ICML 2024", "withdrawn", "(arXiv:1)"]
words = some.lists(some.sampled_from(PIECES), max_size=12).map(" ".join) | some.text(max_size=20)
names = some.sampled_from(["Bell", "Ann", "", "C. D.", "Jr.", "Ødegård", "and", "Bell, Cy", "The X Team", "de la Cour"])
dois = [
    "10.1000/x.7",
    "10.1101/2020.01.01v2",
    "10.18653/v1/P19-1001",
    "10.1000/a 10.1000/b",
    "10.48550/arXiv.2101.00001",
]
rows = some.fixed_dictionaries(
    {
        "id": some.sampled_from(
            ["2101.00001", "0704.0001", "math/0101001", "hep-ph/9901001", "math.GT/0309136", "odd"]
        ),
        "title": words,
        "abstract": words,
        "comments": some.none() | words,
        "journal-ref": some.none() | words,
        "doi": some.none() | some.sampled_from([*dois, "10.1016/j.x.full", "doi:10.1000/Q", "none"]),
        "categories": some.sampled_from(["cs.LG stat.ML", "hep-ph", ""]),
        "versions": some.lists(
            some.sampled_from(["Mon, 2 Apr 2007 19:18:42 GMT", "2020-01-02", "x"]).map(
                lambda spelt: {"version": "v2", "created": spelt}
            ),
            max_size=2,
        ),
        "authors_parsed": some.lists(some.lists(names, max_size=3), max_size=4),
        "authors": words,
    }
)


def generally(record: records.Record) -> tuple[Any, ...] | None:
    """The row of a record with every short way closed; None where it is no paper."""
    entry = records.reader("jsonl", "s")(record)
    reading = normalise.read(entry) if entry else None
    if reading is None:
        return None
    title = reading.paper.title
    return (reading.paper.keys, dedupe.fold(title), dedupe.rare_words(title), encode(reading.paper))


@settings(max_examples=200, deadline=None)
@given(rows)
def test_rows_are_the_same_with_every_short_way_closed(row: dict[str, Any]) -> None:
    record = records.Record(1, 0, json.dumps(row).encode())
    made = prepare([record], records.reader("jsonl", "s"))
    identifiers._read.cache_clear()
    with pytest.MonkeyPatch.context() as closed:
        closed.setattr(plain, "_is_unsigned", lambda _text: False)
        closed.setattr(authors, "_plainly_named", lambda _people: ())
        closed.setattr(authors, "_USUAL", NEVER)
        closed.setattr(identifiers, "_ARXIV_USUAL", NEVER)
        closed.setattr(identifiers, "_DOI_USUAL", NEVER)
        closed.setattr(links, "_may_link", lambda _text: True)
        try:
            found = generally(record)
        except ValueError as error:
            assert made.bad == [(1, str(error))]
            return
        finally:
            identifiers._read.cache_clear()
    assert [tuple(each) for each in made.rows] == ([found] if found else [])
    if found:
        assert decode(Paper, made.rows[0].body).id == found[0][0]


def test_small_letters_name_no_venue() -> None:
    assert venues.named_in("12 pages, accepted at neurips 2024") is None
    assert venues.named_in("12 pages, accepted at NeurIPS 2024") == "NeurIPS 2024"
