"""What usual text, names and ids are spared changes nothing: with every short cut closed, the papers are the same."""

import gzip
import itertools
import json
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from digest.model import Author, Entry, Paper
from digest.normalise import authors, identifiers, links, read, venues

plain = import_module("digest.normalise.plain")  # the module: the package has a function of the name

AUTHORS = ["Ann Bell", "Bell, Ann", "C. D. Eff", "T.-H. Gee", "And Bell", "Bell et al", "O'Neil Jr.", "A. B.", "½"]
AUTHORS += ["Jean-Luc de la Cour", "Ann Bell and Cy Dee", "Ødegård Ås", "  Ann   Bell ", "Ann Bell¹", "X", "Unknown"]
SIGNS = "aZ09 .,;:-'()[]\\$&<>{}^_`~\n\t\x00\x1f\x7f#%"


def entries(shared: Path) -> Iterator[Entry]:
    """Real papers as entries, and a few whose authors are odd."""
    with gzip.open(shared / "data" / "forecast" / "papers.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(itertools.islice(lines, 0, None, 40)):
            row = json.loads(line)
            yield Entry(
                source="s",
                number=number,
                title=f"{row['title']} (arXiv:{row['id']}v2 [cs.CL] UPDATED)" if number % 7 == 0 else row["title"],
                guid=f"oai:arXiv.org:{row['id']}v{number % 3 + 1}",
                abstract=f"  {row['abstract']}\n",
                authors=tuple(Author(name=name) for name in (*row["authors"], *AUTHORS[: number % len(AUTHORS)])),
                identifiers=(f"arXiv:{row['id']}", f"10.48550/arXiv.{row['id']}", f"doi:10.1000/Q.{number}"),
                url=f"https://arxiv.org/abs/{row['id']}",
                categories=tuple(row["categories"]),
                comment=row.get("comment"),
            )


def papers(found: list[Entry]) -> list[Paper | None]:
    identifiers._read.cache_clear()
    return [reading.paper if reading else None for reading in map(read, found)]


def test_recorded_papers_are_read_the_same_without_short_cuts(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = list(entries(shared))
    quick = papers(found)
    never = re.compile("(?!)")
    monkeypatch.setattr(plain, "_is_unsigned", lambda _text: False)
    monkeypatch.setattr(authors, "_plainly_named", lambda _people: ())
    monkeypatch.setattr(authors, "_USUAL", never)
    monkeypatch.setattr(identifiers, "_ARXIV_USUAL", never)
    monkeypatch.setattr(identifiers, "_DOI_USUAL", never)
    monkeypatch.setattr(links, "_may_link", lambda _text: True)
    assert papers(found) == quick
    assert len(found) > 1000
    identifiers._read.cache_clear()


@given(some.text(alphabet=SIGNS, max_size=60), some.sampled_from([10, 20_000]))
def test_plain_is_plain_without_its_short_cut(text: str, limit: int) -> None:
    assert plain.plain(text, limit) == plain._thoroughly(text[: 4 * limit], limit)


DOI_PARTS = ["10.1000/", "10.48550/", "10.18653/v1/", "10.1101/", "10.5281/", "P19-1001", "v2", "/full", ".pdf", "12"]
DOI_PARTS += ["arXiv.2101.00001", "2020.01.01", "Q_x-", "(SICI)1", ")", ".", "/", ";", "%2F", "é", " ", "abs", "pmc"]


@given(some.lists(some.sampled_from(DOI_PARTS), min_size=1, max_size=5).map("".join))
def test_a_usual_doi_has_the_key_that_any_spelling_has(value: str) -> None:
    quick = identifiers._DOI_USUAL.fullmatch(f"doi:{value}")
    if quick:
        with pytest.MonkeyPatch.context() as closed:
            closed.setattr(identifiers, "_DOI_USUAL", re.compile("(?!)"))
            assert identifiers._read.__wrapped__(f"doi:{value}") == (f"doi:{quick[1].lower()}",)


@given(some.lists(some.sampled_from(AUTHORS), max_size=4))
def test_people_are_the_same_without_their_short_cut(names: list[str]) -> None:
    found = [Author(name=name, affiliation="Here" if name == "X" else None) for name in names]
    assert authors.people(found) == authors._taken_apart(found)


@pytest.mark.parametrize(
    "text", ["see github.com/a/b", "at https://x.org/y.", "x.github.io", "youtu.be/abc", "a. b. c"]
)
def test_a_text_with_a_link_is_looked_through(text: str) -> None:
    assert links._may_link(text) == bool(links.found_in(text))


def test_every_venue_has_a_capital_letter() -> None:
    assert not [name for name in venues._ACRONYMS.split("|") if name.islower()]
