"""Who a sentence says has done it."""

import pytest

from digest.model import Paper
from digest.summarise import tldr
from digest.summarise.abstract import length
from digest.summarise.subject import told_by


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("We propose SporeNet.", "The authors propose SporeNet."),
        ("We show that our net beats us.", "The authors show that their net beats them."),
        ("Results show that our net is fast.", "Results show that the authors' net is fast."),
        ("SporeNet runs on US ferns.", "SporeNet runs on US ferns."),
        ("The authors describe a fern.", "The authors describe a fern."),
        ("This paper describes a fern.", "This paper describes a fern."),
    ],
)
def test_the_authors(text: str, said: str):
    assert told_by(text, "authors") == said
    assert told_by(text, "abstract") == text
    assert length(said) <= length(text) + 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The authors describe a fern.", "We describe a fern."),
        ("The authors of ferns describe a fern.", "The authors of ferns describe a fern."),
        ("We propose SporeNet.", "We propose SporeNet."),
    ],
)
def test_we(text: str, said: str):
    assert told_by(text, "we") == said


def test_the_limit_of_words_holds_for_the_authors_too():
    words = "We propose a network that predicts where the spores of ferns land after a storm on distant islands"
    paper = Paper(id="p", keys=("p",), title="Ferns", abstract=f"{words}.")
    for most in range(10, 22):
        said = tldr(paper, most, "authors")
        assert length(said) <= most
        assert "We " not in said
    assert tldr(paper, 30, "authors").startswith("The authors propose a network")
