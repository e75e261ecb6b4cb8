"""What given topics take, and how strongly."""

import pytest

from digest.group import rules
from digest.model import Author, Paper, TopicRule

PAPER = Paper(
    id="arxiv:2501.01234",
    keys=("arxiv:2501.01234", "doi:10.1000/x"),
    title="Large Language Models in C++ case studies",
    abstract="We look at LLMs, RL and vision-language-action; modelling is left out.",
    categories=("cs.CL", "cs.AI"),
    authors=(Author(name="José García"), Author(name="Lee, Ann")),
    comment="Accepted at NeurIPS 2025, 9 pages",
)


@pytest.mark.parametrize(
    "word",
    ["language model", "LANGUAGE MODELS", "llm", "C++", "study", "vision language", "case-study", "RL"],
)
def test_words_and_phrases_match_whole_words_any_case_and_simple_plurals(word: str) -> None:
    assert rules.claims(PAPER, [TopicRule(name="t", words=(word,))])


@pytest.mark.parametrize("word", ["C", "lang", "model in case", "stud", "language action model", "language; model"])
def test_parts_of_words_do_not_match(word: str) -> None:
    assert not rules.claims(PAPER, [TopicRule(name="t", words=(word,))])


def test_phrases_of_unspaced_scripts_match_inside_a_run() -> None:
    assert rules.matches("言語モデル", "大規模言語モデルの評価") == "言語モデル"


@pytest.mark.parametrize(
    ("category", "taken"), [("cs", True), ("cs.CL", True), ("CS.*", True), ("c", False), ("cs.C", False)]
)
def test_categories_with_archive_prefix(category: str, taken: bool) -> None:
    assert bool(rules.claims(PAPER, [TopicRule(name="t", categories=(category,))])) is taken


@pytest.mark.parametrize(
    ("author", "taken"),
    [
        ("Jose Garcia", True),
        ("J. García", True),
        ("Garcia", True),
        ("P. Garcia", False),
        ("Ann Lee", True),
        ("Jose", False),
    ],
)
def test_authors(author: str, taken: bool) -> None:
    assert bool(rules.claims(PAPER, [TopicRule(name="t", authors=(author,))])) is taken


def test_venues_examples_and_exclusions() -> None:
    assert rules.claims(PAPER, [TopicRule(name="t", venues=("neurips",))])
    for example in ("2501.01234v3", "arXiv:2501.01234", "10.1000/X"):
        assert rules.claims(PAPER, [TopicRule(name="t", examples=(example,))])[0].strength == 100
    assert not rules.claims(PAPER, [TopicRule(name="t", words=("LLM",), exclude=("case study",))])
    assert not rules.claims(PAPER, [TopicRule(name="t", words=("LLM",), exclude=("cs.AI",))])


def test_the_strongest_claim_is_first_and_says_why() -> None:
    given = [
        TopicRule(name="Anything", categories=("cs",)),
        TopicRule(name="Language", words=("language model", "LLM")),
        TopicRule(name="Robots", words=("vision-language-action",)),
    ]
    found = rules.claims(PAPER, given)
    assert [claim.topic for claim in found] == ["Language", "Robots", "Anything"]
    assert found[0].strength == 3 + 1
    assert found[0].evidence == ("“Language Models” in the title", "“LLMs” in the abstract")
    assert found[0].words == ("Language Models", "LLMs")


def test_equal_claims_keep_the_order_of_the_configuration() -> None:
    given = [TopicRule(name=name, words=("RL",)) for name in ("B", "A")]
    assert [claim.topic for claim in rules.claims(PAPER, given)] == ["B", "A"]
