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
Our method adds a second reading of each fern.
The network uses two photographs of each fern.
The proposed model halves the error on two islands.
The new species is described from two islands.
We measure them on two islands in the north.
The first stage of the net is trained on ferns.
We count ferns in both of them.
This is the last remark on ferns.
Clade B grows on two islands in the north.
"""
STANDS = """
We propose a net that counts fern spores and apply this net on two islands.
This paper presents a study of ferns that is both short and complete.
It is shown that ferns grow on two islands in the north.
Polypodium minor grows beside P. major on two islands.
We show that ferns grow where their spores land.
Our method, Reading Twice, adds a second reading of each fern.
Our model FernNet adds a second reading of each fern.
Our approach for counting ferns needs no labels.
The proposed FernNet halves the error on two islands.
We propose a framework for ferns, in which the model reads each one twice.
The new species, Polypodium novum, is described from two islands.
This is the first record of Polypodium from two islands in the north.
The first record of Polypodium from two islands is given.
Both wind and rain move the spores of ferns.
This checklist names all ferns of two islands.
"""


@pytest.mark.parametrize("text", LEANS.strip().splitlines())
def test_what_needs_another_sentence_leans(text: str):
    assert leaning(text)


@pytest.mark.parametrize("text", STANDS.strip().splitlines())
def test_what_can_be_read_by_itself_stands(text: str):
    assert not leaning(text)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("P. minor grows on two islands in the north.", "Notes on Polypodium minor"),
        ("We count ferns on these islands.", "The ferns of two islands"),
        ("The framework reads each fern twice.", "A framework for ferns"),
        ("The new species is described from two islands.", "A new species of Polypodium"),
    ],
)
def test_the_title_is_known_to_the_reader(text: str, title: str):
    assert leaning(text)
    assert not leaning(text, title)
    assert leaning(text, "Notes on mosses")


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        (
            "We propose a net that predicts fern spores to address these issues.",
            "We propose a net that predicts fern spores.",
        ),
        (
            "Radar sees these storms, and we model hail and lightning on a moving storm.",
            "we model hail and lightning on a moving storm.",
        ),
        (
            "We present FernSet, a set of fern spores designed for this task.",
            "We present FernSet, a set of fern spores.",
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
