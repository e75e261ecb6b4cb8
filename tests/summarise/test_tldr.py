"""The TL;DR: a sentence of the abstract, shorter, never invented, never the title, nothing from junk."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.model import Paper
from digest.summarise import clauses, tldr
from digest.summarise.abstract import length, words

FERNS = (
    "Fern spores travel far (up to 800 km), but how they land is poorly known. However, models by Doe et al. ignore "
    "rain. In this paper, we propose SporeNet, a network that predicts where spores land from wind and rain, e.g. in "
    "Fig. 3 of earlier work. It reduces the error by 12.5% on two islands. Code is available at https://github.com/lab/fern."
)


def paper(abstract: str, title: str = "Where do spores land?") -> Paper:
    return Paper(id="p", keys=("p",), title=title, abstract=abstract)


def test_it_says_what_is_new_without_its_lead():
    said = tldr(paper(FERNS))
    assert said.startswith("We propose SporeNet, a network that predicts where spores land from wind and rain")


@pytest.mark.parametrize(
    "junk",
    [
        "",
        "   \n\t ",
        "N/A",
        "No abstract available.",
        "Abstract not available for this article at this time.",
        "Publication date: January 2022 Source: Annals of Ferns, Volume 1 Author(s): A. Doe, B. Roe",
        "urn:lsid:example.org:act:0000 - Registered by Doe, Jane on May 10 2021 1:37AM",
        "https://example.org/a-very-long-address",
        "The post Where do spores land? appeared first on Annals of Ferns.",
        "© 2026 The Authors. All rights reserved.",
        ". . . . . . . . .",
        "Code is available.",
    ],
)
def test_nothing_from_an_empty_or_junk_abstract(junk):
    assert tldr(paper(junk)) == ""


def test_never_the_title_again():
    title = "We propose a network that predicts where fern spores land"
    only = f"{title}."
    assert tldr(paper(only, title)) == ""
    assert tldr(paper(f"{title}. It halves the error of all earlier models on two islands.", title)) != only
    led = f"In this paper, {title[0].lower()}{title[1:]}."
    assert tldr(paper(led, title)) == ""


def test_the_title_before_the_abstract_is_not_the_tldr():
    said = tldr(paper(f"Where do spores land? {FERNS}"))
    assert said.startswith("We propose SporeNet")


@pytest.mark.parametrize(
    "head",
    ["Abstract: ", "ABSTRACT. ", "Annals of Ferns 12: 1-9 DOI: 10.1234/fern.12 Authors: A. B. Doe, C. Roe Abstract: "],
)
def test_what_a_feed_puts_before_the_abstract_is_left_out(head):
    said = tldr(paper(f"{head}We describe three new fern species from two islands in the north."))
    assert said == "We describe three new fern species from two islands in the north."


def test_labels_of_a_structured_abstract_are_left_out():
    text = (
        "Background: Ferns are old plants and their spores are small. Methods: We counted spores on 40 slides by hand. "
        "Results: The counts rose with rain. Conclusions: We show that rain doubles the number of spores that land."
    )
    said = tldr(paper(text))
    assert not re.match(r"(Background|Methods|Results|Conclusions)\b", said)
    assert said


@pytest.mark.parametrize("most", [8, 12, 20, 30])
def test_at_most_so_many_words(most):
    assert length(tldr(paper(FERNS), max_words=most)) <= most


def test_another_language_stays_as_it_is():
    text = (
        "Farne sind alte Pflanzen, deren Sporen sehr klein sind. In dieser Arbeit stellen wir ein Verfahren vor, das "
        "den Flug der Sporen vorhersagt. Das Verfahren halbiert den Fehler auf zwei Inseln."
    )
    assert set(words(tldr(paper(text)))) <= set(words(text))
    assert tldr(paper(text))
    chinese = "本文提出了一种预测蕨类植物孢子飞行轨迹的新方法。该方法将误差减少了一半。"
    assert tldr(paper(chinese)) in ("本文提出了一种预测蕨类植物孢子飞行轨迹的新方法。", "该方法将误差减少了一半。")


HOSTILE = [
    "(" * 20_000,
    "a, which " * 10_000,
    "We propose (x " * 5_000 + ")" * 5_000,
    "A. " * 30_000,
    "$" * 50_000 + " We propose a thing that works on all of them.",
    "To address the " * 5_000,
    "word " * 50_000,
    "We propose a fern, " + "x" * 100_000,
    "Abstract " * 20_000,
    "\u202e\u0000 We propose \u200b a thing.",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_read_in_no_time(text):
    start = time.perf_counter()
    said = tldr(paper(text))
    assert time.perf_counter() - start < 1.0
    assert length(said) <= 30


PIECES = (
    "However, |In this paper, |we propose |We show that |ferns |are |(a small part) |, which |e.g. |et al. |3.5 |; |: |"
    ". |not |, leading to |grow |the |of |and |[12] |Fig. 3 |? |its |this |To address this issue, |— |“quoted” |x^2 |"
)
PARTS = st.sampled_from(PIECES.split("|"))


@settings(max_examples=150, deadline=None)
@given(st.lists(PARTS, max_size=60).map("".join))
def test_every_word_stands_in_the_abstract_in_order(text):
    """But for "the", which may stand in place of "this"."""
    said = [word.replace("this", "the") for word in words(tldr(paper(text, "Fern growth")))]
    source = iter([word.replace("this", "the") for word in words(text)])
    assert all(word in source for word in said)


BACKGROUND = "Pollen sticks to glass, and most of it is counted by hand, which is slow."


@pytest.mark.parametrize(
    "news",
    [
        "Our method, SporeNet, counts where the spores of ferns land on photographs of two islands.",
        "We train models to count where the spores of ferns land on photographs of two islands.",
        "Three new ferns whose spores land on two islands are described and compared.",
    ],
)
def test_news_comes_before_background(news):
    assert tldr(paper(f"{BACKGROUND} {news}")) == news


def test_background_is_better_than_what_cannot_be_understood():
    assert tldr(paper(f"{BACKGROUND} We address this issue by showing them to others.")) in BACKGROUND


@pytest.mark.parametrize(
    ("sentence", "cut", "kept"),
    [
        ("We propose a net that enhances photographs of spores by removing dust.", " by removing", True),
        ("We show that large nets by other authors fail.", " by other", False),
        ("We present SporeNet, a light net for spores that reads each of them twice.", " that reads", True),
        ("We record winds from two islands to the main land.", " to the", False),
        ("We separate the spores from what sticks to the glass.", " from what", False),
        ("We count what sticks to the glass in two islands of the north.", " in two", True),
        ("We present SporeNet: a light net for ferns with two eyes.", " with two", True),
        ("We study wind: rain, fog and ferns with two eyes.", " with two", False),
        ("We study the intersection of ferns and mosses.", " and mosses", False),
    ],
)
def test_a_sentence_ends_only_where_it_stays_one(sentence, cut, kept):
    heads = {head for cuts in (clauses.heads, clauses.late_heads) for _name, head in cuts(sentence[:-1])}
    assert (sentence.partition(cut)[0] in heads) is kept


def test_the_same_paper_gives_the_same_sentence():
    assert len({tldr(paper(FERNS)) for _ in range(5)}) == 1
