"""Descriptions in labelled paragraphs."""

from digest.collect import feed, labelled

PENSOFT = """<p>MycoKeys 85: 73-85</p> <p>DOI: 10.5555/myco.85.1</p> <p>Authors: Ming Dou, Min Li</p>
<p>Abstract: We studied <i>Chapsa</i>: one species is new.</p>
<p><a href="https://m.example.org/1/">HTML</a></p><p><a href="https://m.example.org/1.pdf">PDF</a></p>"""
DIRECT = "<p>Publication date: February 2022</p><p><b>Source:</b> Phylo, Volume 167</p><p>Author(s): David R. Bick</p>"


def test_paragraphs_go_where_their_labels_say():
    found = labelled.read(PENSOFT)
    assert found.abstract == "We studied <i>Chapsa</i>: one species is new."
    assert (found.authors, found.doi, found.venue) == ("Ming Dou, Min Li", "10.5555/myco.85.1", "MycoKeys 85: 73-85")
    assert found.links == [("html", "https://m.example.org/1/"), ("pdf", "https://m.example.org/1.pdf")]


def test_a_description_may_hold_no_abstract():
    found = labelled.read(DIRECT)
    assert (found.abstract, found.authors, found.date) == ("", "David R. Bick", "February 2022")
    assert found.venue == "Phylo, Volume 167"


def test_names_before_a_break():
    found = labelled.read("Guo SHU;Ping LIU;</br>Biodiversity is declining; we count.")
    assert (found.authors, found.abstract) == ("Guo SHU;Ping LIU", "Biodiversity is declining; we count.")


def test_an_abstract_is_left_alone():
    for text in ("<p>We ask authors: why?</p>", "Plain.", "a; b; c</br> d", "<p>Background: x.</p>"):
        assert labelled.read(text) is None or labelled.read(text).abstract == text


def test_recorded_descriptions_give_authors_and_dois(shared):
    folder = shared / "data/feeds/biorss/examples"
    zoo = feed.parse((folder / "zookeys.xml").read_bytes(), "s")
    assert all(e.authors for e in zoo)
    assert all(any(i.startswith("doi:10.3897/") for i in e.identifiers) for e in zoo)
    assert all(any(link.kind == "pdf" for link in e.links) for e in zoo)
    assert not any("Authors:" in e.abstract for e in zoo)
    mpe = feed.parse((folder / "mpe.xml").read_bytes(), "s")
    assert sum(bool(e.authors and e.published and e.venue) for e in mpe) > 45
    assert [a.name for a in mpe[0].authors] == ["Matthew J. Phillips", "Michael Westerman", "Manuela Cascini"]
    cnki = feed.parse((folder / "cnki.xml").read_bytes(), "s")
    assert sum(bool(e.authors) for e in cnki) > 15
