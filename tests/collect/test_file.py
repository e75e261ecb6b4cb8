"""Files of papers: JSON lines and BibTeX."""

import gzip
import json
from datetime import UTC, datetime

import pytest

from digest.collect import file
from digest.collect.errors import Unreadable
from digest.model import Link


def lines(*rows: object) -> bytes:
    return b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows)


def test_a_title_alone_is_enough():
    (entry,) = file.parse_lines(lines({"title": "Alone"}), "f")
    assert (entry.title, entry.number, entry.identifiers) == ("Alone", 1, ())


def test_every_field_of_a_line():
    row = {
        "id": "2603.90001v2",
        "title": "T",
        "abstract": "A",
        "authors": ["Lee, Ann", {"name": "Bo", "affiliation": "X"}],
        "url": "https://p.example.org/1",
        "doi": "10.5555/1",
        "categories": "cs.CL cs.AI",
        "comment": "ICLR",
        "published": "2026-03-02",
        "pdf": "https://p.example.org/1.pdf",
        "upvotes": 3,
    }
    (entry,) = file.parse_lines(lines(row), "f")
    assert entry.identifiers == ("arXiv:2603.90001v2", "doi:10.5555/1", "https://p.example.org/1")
    assert [(a.name, a.affiliation) for a in entry.authors] == [("Lee, Ann", None), ("Bo", "X")]
    assert entry.categories == ("cs.CL", "cs.AI")
    assert (entry.comment, entry.published) == ("ICLR", datetime(2026, 3, 2, tzinfo=UTC))
    assert Link(kind="pdf", url="https://p.example.org/1.pdf") in entry.links
    assert entry.measures == (("upvotes", 3.0),)


@pytest.mark.parametrize("identifier", ["2603.90001", "astro-ph/0601001", "math.AG/0601001v2"])
def test_bare_arxiv_ids_are_recognised(identifier):
    (entry,) = file.parse_lines(lines({"title": "T", "id": identifier}), "f")
    assert entry.identifiers == (f"arXiv:{identifier}",)


def test_bad_lines_are_named_and_good_ones_kept():
    with pytest.raises(Unreadable, match=r"line 3 is not a paper.*1 more") as caught:
        file.parse_lines(lines({"title": "a"}, b"", b"{oops", b"42", {"title": "b"}), "f")
    assert [(e.title, e.number) for e in caught.value.entries] == [("a", 1), ("b", 2)]


@pytest.mark.parametrize(
    "row",
    [
        {"title": None, "authors": 5, "categories": {"a": 1}, "links": [1, {"url": 2}]},
        {"title": ["x"], "published": "0000-99-99", "upvotes": True, "id": {"a": []}},
        {"title": "\ud800 \x00 lone", "upvotes": float("inf"), "authors": [None, {}, [1]]},
    ],
)
def test_fields_of_the_wrong_type_are_empty(row):
    (entry,) = file.parse_lines(lines(row), "f")
    assert entry.title in ("", "lone")
    assert (entry.authors, entry.measures, entry.published) == ((), (), None)


def test_recorded_papers_are_read_whole(shared):
    with gzip.open(shared / "data/forecast/papers.jsonl.gz") as packed:
        some = [next(packed) for _ in range(500)]
    entries = file.parse_lines(b"".join(some), "f")
    for line, entry in zip(some, entries, strict=True):
        row = json.loads(line)
        assert entry.identifiers == (f"arXiv:{row['id']}",)
        assert [a.name for a in entry.authors] == [" ".join(a.split()) and a.strip() for a in row["authors"]]
        assert list(entry.categories) == list(dict.fromkeys(row["categories"]))


BIBTEX = rb"""% a comment
@article{a, title={{GPT}-4 and {\'E}cole}, author={Smith, John and Jane Q. Doe and {OpenAI}}, year=2024, month=mar,
  journal={Nature}, doi={10.5555/12}, url={https://example.org/x}, abstract={Two
  lines}}
@misc{b, title="Second", eprint={2603.90001}, archivePrefix={arXiv}, primaryClass={cs.CL}, keywords={k one, k two}}
"""


def test_bibtex():
    first, second = file.parse_bibtex(BIBTEX, "f")
    assert first.title == r"GPT-4 and {\'E}cole"
    assert [a.name for a in first.authors] == ["John Smith", "Jane Q. Doe", "OpenAI"]
    assert (first.venue, first.abstract) == ("Nature", "Two lines")
    assert first.published == datetime(2024, 3, 1, tzinfo=UTC)
    assert "doi:10.5555/12" in first.identifiers
    assert second.identifiers == ("arXiv:2603.90001",)
    assert (second.categories, second.keywords) == (("cs.CL",), ("k one", "k two"))


def test_broken_bibtex_names_the_line_and_keeps_the_rest():
    with pytest.raises(Unreadable, match="line 6") as caught:
        file.parse_bibtex(BIBTEX + b"@article{c, title={never closed\n", "f")
    assert [e.title for e in caught.value.entries][1:] == ["Second"]
