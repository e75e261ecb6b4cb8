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
from digest.normalise import authors, identifiers, read

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
                identifiers=(f"arXiv:{row['id']}", f"10.48550/arXiv.{row['id']}"),
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
    monkeypatch.setattr(authors, "_USUAL", never)
    monkeypatch.setattr(identifiers, "_ARXIV_USUAL", never)
    assert papers(found) == quick
    assert len(found) > 1000
    identifiers._read.cache_clear()


@given(some.text(alphabet=SIGNS, max_size=60), some.sampled_from([10, 20_000]))
def test_plain_is_plain_without_its_short_cut(text: str, limit: int) -> None:
    assert plain.plain(text, limit) == plain._thoroughly(text[: 4 * limit], limit)
