"""What makes a sentence lean on another one, how some are made to stand, and acronyms spelt out."""

import pytest

from digest.model import Paper
from digest.summarise import tldr
from digest.summarise.acronyms import explained, spelt_out
from digest.summarise.leaning import leaning
from digest.summarise.standing import mended

LEANS = """
These ferns grow on two islands in the north.
We evaluate these methods on four islands.
We propose a net that addresses this limitation by counting spores.
Our method outperforms all others on two islands.
We show that it halves the error on two islands.
All three are known from two islands in the north.
We present ours, which counts the spores of ferns.
P. minor grows on two islands in the north.
"""
STANDS = """
We propose a net that counts fern spores and apply this net on two islands.
This paper presents a study of ferns that is both short and complete.
It is shown that ferns grow on two islands in the north.
Polypodium minor grows beside P. major on two islands.
We show that ferns grow where their spores land.
"""


@pytest.mark.parametrize("text", LEANS.strip().splitlines())
def test_what_needs_another_sentence_leans(text: str):
    assert leaning(text)


@pytest.mark.parametrize("text", STANDS.strip().splitlines())
def test_what_can_be_read_by_itself_stands(text: str):
    assert not leaning(text)


def test_the_title_is_known_to_the_reader():
    assert not leaning("P. minor grows on two islands in the north.", "Notes on Polypodium minor")


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        (
            "We propose a net that predicts fern spores to address these issues.",
            "We propose a net that predicts fern spores.",
        ),
        ("We combine these complementary viewpoints in one map.", "We combine complementary viewpoints in one map."),
        ("We study these methods on two islands.", "We study these methods on two islands."),
    ],
)
def test_what_can_be_mended_by_cutting_is(text: str, stands: str):
    assert mended(text) == stands


def test_an_acronym_is_spelt_out_where_it_is_not_explained():
    text = "Rain moves spores. Spore transport modelling (STM) is young. We propose FernNet, an STM method for islands."
    assert explained(text) == {"STM": "Spore transport modelling"}
    assert explained(text, "FernNet: STM for islands") == {}
    said = tldr(Paper(id="p", keys=("p",), title="FernNet", abstract=text))
    assert "STM" not in said or "an STM" in said


def test_an_acronym_within_a_word_or_with_another_article_stays():
    words = {"STM": "spore model"}
    assert spelt_out("We use STM-based nets.", words, "a an") == "We use STM-based nets."
    assert spelt_out("We use an STM here.", words, "we use an STM") == "We use an STM here."
    assert spelt_out("We use an STM here.", words, "a net") == "We use a spore model here."
