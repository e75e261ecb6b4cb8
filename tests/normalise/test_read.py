"""An entry as sources really write it becomes a reading; what says nothing becomes none."""

import pytest

from digest.model import Author, Entry, Link
from digest.normalise import read, title_key
from digest.normalise.authors import people, surname
from digest.normalise.links import found_in
from digest.normalise.urls import safe
from digest.normalise.venues import named_in


def entry(title: str = "Quiet machines", **facts) -> Entry:
    return Entry(source="s", number=1, title=title, **facts)


def test_arxiv_feed_item() -> None:
    reading = read(
        entry(
            "Quiet $x^2$ machines (arXiv:2503.01234v2 [cs.CL] UPDATED)",
            guid="oai:arXiv.org:2503.01234v2",
            abstract="arXiv:2503.01234v2 Announce Type: replace \nAbstract: We hush\nthem. Code: https://github.com/a/b.",
            authors=(Author(name="Ann Bell, Cy Dee"),),
            url="https://arxiv.org/abs/2503.01234",
            comment="Accepted at ICML 2025",
            categories=("cs.CL", "cs.CL", "cs.AI"),
        )
    )
    assert reading is not None
    paper = reading.paper
    assert (paper.id, paper.keys, paper.version) == ("arxiv:2503.01234", ("arxiv:2503.01234",), 2)
    assert paper.title == "Quiet x² machines"
    assert paper.abstract == "We hush them. Code: https://github.com/a/b."
    assert [author.name for author in paper.authors] == ["Ann Bell", "Cy Dee"]
    assert (paper.venue, paper.categories) == ("ICML 2025", ("cs.CL", "cs.AI"))
    assert {link.kind: link.url for link in paper.links} == {
        "code": "https://github.com/a/b",
        "paper": "https://arxiv.org/abs/2503.01234",
        "pdf": "https://arxiv.org/pdf/2503.01234",
        "html": "https://arxiv.org/html/2503.01234",
    }


@pytest.mark.parametrize("title", ["", "   ", "<b></b>", "???", "&nbsp;", "$$"])
def test_without_a_title_there_is_no_paper(title: str) -> None:
    assert read(entry(title)) is None


def test_an_error_note_is_no_paper() -> None:
    assert read(entry("Error", url="http://arxiv.org/api/errors#incorrect_id_format_for_abc")) is None


def test_title_is_the_last_resort_of_an_id() -> None:
    made = [read(entry(title, authors=(Author(name=name),))) for title, name in [
        ("Quiet Machines", "Ann Bell"), ("QUIET machines!", "Bell, Ann"), ("Quiet machines", "Cy Dee")]]  # fmt: skip
    ids = [reading.paper.id for reading in made if reading]
    assert ids[0] == ids[1] != ids[2]
    assert ids[0] == title_key("quiet machines", "A. Bell")
    assert ids[0] == "title:9646bbe178d30190"
    with_address = read(entry(url="https://x.org/1?utm_source=rss"))
    assert with_address is not None and with_address.paper.keys[1:] == ("url:x.org/1",)


def test_hostile_links_do_not_pass() -> None:
    links = (Link(kind="code", url="javascript:alert(1)"), Link(kind="odd", url="https://github.com/a/b?x='><script>"))
    reading = read(entry(url="javascript:alert(1)", links=links))
    assert reading is not None and reading.paper.url is None
    assert [(link.kind, link.url) for link in reading.paper.links] == [
        ("code", "https://github.com/a/b?x=%27%3E%3Cscript%3E")
    ]
    assert [safe(bad) for bad in ("data:text/html,x", "http://a:b@c.org/", "ftp://a.org", "https://", None)] == [
        None
    ] * 5


@pytest.mark.parametrize(
    ("said", "names"),
    [
        (["Smith, John"], ["John Smith"]),
        (["A. Foo, B. Bar and C. Baz"], ["A. Foo", "B. Bar", "C. Baz"]),
        (["Brodley, C. E. and Utgoff, P. E."], ["C. E. Brodley", "P. E. Utgoff"]),
        (["Smith, J., Doe, A."], ["J. Smith", "A. Doe"]),
        (["Garcia Marquez, Gabriel Jose", "Doe, Jane"], ["Gabriel Jose Garcia Marquez", "Jane Doe"]),
        (["van der Berg, Jan"], ["Jan van der Berg"]),
        (["Smith, Jr., John"], ["John Smith Jr."]),
        (["Smith, John; Doe, Jane et al."], ["John Smith", "Jane Doe"]),
        ([r"Schr\"odinger, Erwin", "Erwin Schrödinger"], ["Erwin Schrödinger"]),
        (["张三、李四"], ["张三", "李四"]),
        (["someone@x.org (Jane Doe)"], ["Jane Doe"]),
        (["Jane Doe*", "John Roe1,2", "", "et al."], ["Jane Doe", "John Roe"]),
        (["The ATLAS Collaboration"], ["The ATLAS Collaboration"]),
    ],
)
def test_names_as_sources_write_them(said: list[str], names: list[str]) -> None:
    assert [author.name for author in people([Author(name=name) for name in said])] == names


def test_affiliation_in_brackets_is_kept_apart() -> None:
    found = people([Author(name="Jane Doe (University of X, Germany), John Roe (1) ((1) ETH)")])
    assert found == (Author(name="Jane Doe", affiliation="University of X, Germany"), Author(name="John Roe"))
    assert [surname(name) for name in ("Jan van der Berg", "John Smith Jr.", "J. K. Baird", "Plato", "")] == [
        "Berg", "Smith", "Baird", "Plato", ""]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "links"),
    [
        (r"Code: \url{https://github.com/a/b\_c}.", [("code", "https://github.com/a/b_c")]),
        (r"\href{https://github.com/a/b}{https://github.com/a/b}", [("code", "https://github.com/a/b")]),
        ("Available at github.com/foo/bar.", [("code", "https://github.com/foo/bar")]),
        ("Project page: https://x.github.io/y/.", [("project", "https://x.github.io/y/")]),
        ("https://huggingface.co/datasets/a/b", [("data", "https://huggingface.co/datasets/a/b")]),
        ("https://huggingface.co/a/b", [("weights", "https://huggingface.co/a/b")]),
        ("try (https://huggingface.co/spaces/a/b),", [("demo", "https://huggingface.co/spaces/a/b")]),
        ("Video: https://youtu.be/xyz; more", [("video", "https://youtu.be/xyz")]),
        ("the code (https://example.org/a_(b)).", [("code", "https://example.org/a_(b)")]),
        ("our dataset: https://lab.example.edu/~me/d", [("data", "https://lab.example.edu/~me/d")]),
        ("https://arxiv.org/abs/2503.01234 javascript:alert(1) http://x", []),
        (
            "Code: [https://github.com/a/Neurons](https://github.com/a/Neurons).",
            [("code", "https://github.com/a/Neurons")],
        ),
    ],
)
def test_links_in_text(text: str, links: list[tuple[str, str]]) -> None:
    assert [(link.kind, link.url) for link in found_in(text)] == links


@pytest.mark.parametrize(
    ("comment", "venue"),
    [("Accepted by CVPR 2025", "CVPR 2025"), ("CVPR2026", "CVPR 2026"), ("submitted to ICCV 2025", None),
     ("Accepted by Findings of EMNLP2025", "Findings of EMNLP 2025"), ("Accepted by ACL'25 Main.", "ACL 2025"),
     ("9 pages. NeurIPS 2025. The code is public", "NeurIPS 2025"), ("Workshop at ECIR 2025", None),
     ("10 pages, 4 figures", None), ("Accepted to TACL.", "TACL")],
)  # fmt: skip
def test_venue_in_a_comment(comment: str, venue: str | None) -> None:
    assert named_in(comment) == venue
