"""What says that a paper is withdrawn, and what only sounds like it."""

import pytest

from digest.text.notices import about, is_withdrawn, retracts


@pytest.mark.parametrize(
    ("title", "abstract", "comment"),
    [
        ("T", "", "This paper has been withdrawn by the author due to a crucial error in equation 3"),
        ("T", "", "Withdrawn"),
        ("T", "", "Paper withdrawn due to an error in Lemma 2"),
        ("T", "", "withdrawn: the proof of Theorem 1 fails"),
        ("T", "", "12 pages. This submission has been temporarily withdrawn by arXiv administrators"),
        ("T", "", "This article was retracted by the publisher"),
        ("T", "", "The manuscript has been withdrawn, see the newer one"),
        ("T", "", "We withdraw this paper because of overlap"),
        ("T", "The authors have withdrawn their manuscript owing to the need for more experiments. Please do not", ""),
        ("T", "This paper has been withdrawn.", ""),
        ("RETRACTED: Quiet machines and their noise", "", ""),
        ("[Withdrawn] Quiet machines", "", ""),
        ("RETRACTED ARTICLE: Quiet machines", "", ""),
    ],
)
def test_withdrawn(title: str, abstract: str, comment: str) -> None:
    assert is_withdrawn(title, abstract, comment)


@pytest.mark.parametrize(
    ("title", "abstract", "comment"),
    [
        ("T", "", "Withdrawn from ICLR 2024 after review"),
        ("T", "", "This paper was withdrawn from the NeurIPS workshop and extended"),
        ("T", "A drug that was withdrawn from the market in 2004 is studied.", ""),
        ("Why articles are retracted: a survey", "We study how papers were retracted by publishers over time.", ""),
        ("Withdrawn children in school", "", ""),
        ("T", "We withdraw energy from the reservoir.", ""),
        ("T", "", "Withdrawn samples are listed in the appendix"),
        ("Retraction: Quiet machines and their noise", "", ""),
    ],
)
def test_not_withdrawn(title: str, abstract: str, comment: str) -> None:
    assert not is_withdrawn(title, abstract, comment)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Author Correction: Quiet machines and their noise", "author correction"),
        ("Erratum to: Quiet machines and their noise", "erratum"),
        ("Erratum: “Quiet machines and their noise”", "erratum"),
        ("Corrigendum to “Quiet machines and their noise”", "corrigendum"),
        ("Publisher Correction: Quiet machines and their noise", "publisher correction"),
        ("Retraction Note: Quiet machines and their noise", "retraction note"),
    ],
)
def test_notices_are_about_another_paper(title: str, kind: str) -> None:
    assert about(title) == (kind, "Quiet machines and their noise")
    assert retracts(kind) == kind.startswith("retraction")


@pytest.mark.parametrize(
    "title", ["Correction of aberrations in lenses", "Quiet machines", "Error correction: a survey"]
)
def test_papers_about_corrections_are_papers(title: str) -> None:
    assert about(title) is None or title == "Correction of aberrations in lenses"
