"""Citations read back by others' parsers, and addresses of papers: one each way, whatever an id holds."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import bibtexparser
import factory
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.model import Author, Paper
from digest.render import addresses
from digest.render.citations import citations, family

PAPER = Paper(
    id="arxiv:2503.01234",
    keys=("arxiv:2503.01234", "doi:10.1000/x_1"),
    title="O(n²) & 50 % of {Braces}: a $5 question",
    abstract="We count.",
    authors=(Author(name="Ludwig van Beethoven"), Author(name="Sofía Peña Ruiz"), Author(name="Kollektiv")),
    url="https://arxiv.org/abs/2503.01234",
    categories=("cs.LG",),
    published=datetime(2025, 3, 4, tzinfo=UTC),
)


def test_bibtex_is_read_back() -> None:
    library = bibtexparser.parse_string(citations(PAPER)["bibtex"])
    assert not library.failed_blocks
    (entry,) = library.entries
    fields = {name: field.value for name, field in entry.fields_dict.items()}
    assert entry.entry_type == "misc" and entry.key == "vanbeethoven2025braces"
    assert fields["author"] == "Ludwig van Beethoven and Sofía Peña Ruiz and Kollektiv"
    assert fields["title"] == r"{O(n²) \& 50 \% of \{Braces\}: a \$5 question}"
    assert (fields["eprint"], fields["year"], fields["doi"]) == ("2503.01234", "2025", r"10.1000/x\_1")


def test_ris_and_csl_say_the_same() -> None:
    made = citations(replace(PAPER, venue="Journal of Counting"))
    ris = re.findall(r"^([A-Z][A-Z0-9])  - (.*)\r$", made["ris"], re.MULTILINE)
    assert ris[0] == ("TY", "JOUR") and ris[-1] == ("ER", "")
    assert [value for tag, value in ris if tag == "AU"] == ["van Beethoven, Ludwig", "Ruiz, Sofía Peña", "Kollektiv"]
    (item,) = json.loads(made["csl"])
    assert item["type"] == "article-journal" and item["container-title"] == dict(ris)["JO"] == "Journal of Counting"
    assert item["author"][0] == {"family": "van Beethoven", "given": "Ludwig"} and item["author"][2] == {
        "literal": "Kollektiv"
    }
    assert item["DOI"] == dict(ris)["DO"] == "10.1000/x_1" and item["issued"] == {"date-parts": [[2025, 3, 4]]}


def test_markdown_escapes_what_it_must() -> None:
    made = citations(PAPER)["markdown"]
    assert made.startswith("Ludwig van Beethoven, Sofía Peña Ruiz, Kollektiv. [O(n²) &amp; 50 % of \\{Braces\\}")
    assert made.endswith("](https://arxiv.org/abs/2503.01234). arXiv:2503.01234, 2025.\n")


@pytest.mark.parametrize("text", factory.HOSTILE)
def test_hostile_papers_are_cited_harmlessly(text: str) -> None:
    made = citations(replace(PAPER, title=text, venue=text, authors=(Author(name=text),), abstract=text))
    library = bibtexparser.parse_string(made["bibtex"])
    assert len(library.entries) == 1 and not library.failed_blocks
    assert json.loads(made["csl"]) and made["ris"].count("ER  - ") >= 1
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in made["ris"].strip("\r\n").split("\r\n"))
    assert all(c not in "".join(made.values()) for c in "\x00\x0b\x1b\u202e\ufffe")


@pytest.mark.parametrize(
    ("name", "parts"),
    [("Ines Carvalho", ("Carvalho", "Ines")), ("Carvalho, Ines", ("Carvalho", "Ines")), ("Plato", ("Plato", "")),
     ("Juan de la Cruz", ("de la Cruz", "Juan")), ("Sammy Davis Jr.", ("Davis Jr.", "Sammy"))],
)  # fmt: skip
def test_family_names(name: str, parts: tuple[str, str]) -> None:
    assert family(name) == parts


@pytest.mark.parametrize(
    ("paper_id", "folder"),
    [("arxiv:2503.01234", "papers/arxiv/2503.01234/"), ("arxiv:cs/0601001", "papers/arxiv/cs/0601001/"),
     ("doi:10.1000/a(1)?#%", "papers/doi/10.1000/a~281~29~3f~23~25/"), ("doi:10.1/../x", "papers/doi/10.1/~2e~2e/x/"),
     ("doi:10.1/x/cite.bib", "papers/doi/10.1/x/~63ite.bib/"), ("title:é", "papers/title/~c3~a9/"),
     ("doi:" + "x" * 300, ""), ("nokind", ""), ("arxiv:", "")],
)  # fmt: skip
def test_addresses_of_papers(paper_id: str, folder: str) -> None:
    assert addresses.of_paper(paper_id) == folder
    assert not folder or addresses.paper_of(folder) == paper_id


@given(st.text(max_size=80) | st.text(alphabet="/.~cite.bib%10", max_size=30))
def test_every_id_has_one_address_and_back(value: str) -> None:
    paper_id = f"doi:{value}"
    folder = addresses.of_paper(paper_id)
    if folder:
        assert addresses.paper_of(folder) == paper_id
        parts = folder.split("/")
        assert parts[-1] == "" and all(
            part and part not in (".", "..") and not part.startswith(".") for part in parts[:-1]
        )
        assert re.fullmatch(r"[A-Za-z0-9._~/-]+", folder)
    assert addresses.paper_of(value) in ("", paper_id) or addresses.of_paper(addresses.paper_of(value)) == value
