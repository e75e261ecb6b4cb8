"""Sentence ends in abstracts as they come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text import sentences

CASES = {
    "e.g.": ("We test models, e.g. BERT.", "It works."),
    "figure": ("See Fig. 3 for more.", "Then stop."),
    "et al.": ("Smith et al. show gains of 3.5 points.", "We do not."),
    "et al. at an end": ("We compare with Chen et al.", "The code is open."),
    "URL": ("Code is at https://example.org/a.b/c.d?x=1.y for all.", "Try it."),
    "initials": ("J. Smith and K. B. Lee wrote this vs. Others did.", "Now what?"),
    "decimals": ("We gain 3.5 on v2.0.", "GPT-4o gains 2.1%."),
    "formula": ("Let f(x) = 0.5 x. y hold.", "Then (i.e. if g(x) > 1.) it ends."),
    "lower brand": ("Sales rise!", "iPhone users pay.", "Do they?", "Yes."),
    "German": ("Wir nutzen z. B. Netze bzw. Bäume.", "Das geht."),
    "states": ("It is used in the U.S. Army.", "It is old."),
    "new species": ("Filix alta sp. nov. (Pteridales) and F. ima sp. nov. are described.", "We map both."),
    "stop in brackets": ("It differs from F. ima (syn. F. lata. A name of old) by its leaves.", "It is rare."),
    "no blank": ("We train networks.", "We use Node.Js and a.We too."),
    "bracket never closed": ("It holds (see there.", "Next one."),
    "brackets": ("It holds (see Sec. 2).", "Next."),
}


def test_a_blank_forgotten_between_sentences() -> None:
    assert sentences.split("We train networks.We show it helps.") == ("We train networks.", "We show it helps.")
    assert sentences.split("See example.The site or lab.org.In time.") == (
        "See example.",
        "The site or lab.org.In time.",
    )


@pytest.mark.parametrize("case", CASES)
def test_sentences_end_where_a_reader_ends_them(case: str) -> None:
    assert sentences.split(" ".join(CASES[case])) == CASES[case]


def test_chinese_and_japanese_stops() -> None:
    assert sentences.split("我们提出方法。它很好！") == ("我们提出方法。", "它很好！")
    assert sentences.split("彼は「終わり。さて」と言う。次。") == ("彼は「終わり。さて」と言う。", "次。")


def test_nothing_gives_no_sentence() -> None:
    assert sentences.split(" \n ") == ()


@given(st.text(max_size=300))
def test_no_character_is_lost(text: str) -> None:
    assert "".join("".join(sentences.split(text)).split()) == "".join(text.split())
