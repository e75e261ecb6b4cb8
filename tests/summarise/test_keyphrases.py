"""Keyphrases: what a paper is about, in its own words."""

from digest.model import Paper
from digest.summarise import keyphrases

TITLE = "Spore dispersal networks for island ferns"
ABSTRACT = (
    "Spore dispersal shapes island ferns. We propose spore dispersal networks that learn from wind maps. Wind maps "
    "over islands are noisy. Spore dispersal networks use wind maps and rain."
)


def test_phrases_stand_in_the_paper_and_the_most_telling_comes_first():
    found = keyphrases(Paper(id="p", keys=("p",), title=TITLE, abstract=ABSTRACT))
    text = f"{TITLE} {ABSTRACT}".lower()
    assert found[0].lower().startswith("spore dispersal")
    assert "wind maps" in [phrase.lower() for phrase in found]
    assert all(phrase.lower() in text for phrase in found)
    assert len(found) == len(set(found)) <= 8


def test_none_contains_another_and_nothing_gives_nothing():
    found = keyphrases(Paper(id="p", keys=("p",), title=TITLE, abstract=ABSTRACT))
    assert not any(a != b and f" {a.lower()} " in f" {b.lower()} " for a in found for b in found)
    assert keyphrases(Paper(id="p", keys=("p",), title="")) == ()
    assert len(keyphrases(Paper(id="p", keys=("p",), title=TITLE, abstract=ABSTRACT), most=2)) == 2
