"""Words, terms and phrases in several scripts."""

import pytest

from digest.text import phrases, tokens


@pytest.mark.parametrize(
    ("plural", "single"),
    [
        ("studies", "study"),
        ("llms", "llm"),
        ("boxes", "box"),
        ("analysis", "analysis"),
        ("bus", "bus"),
        ("class", "class"),
    ],
)
def test_simple_plurals_share_a_key(plural: str, single: str) -> None:
    assert tokens.singular(plural) == tokens.singular(single) == single


def test_terms_leave_out_stop_words_and_bare_numbers() -> None:
    found = tokens.terms("The language models of 2025 and the Bäume")
    assert found == ["language", "model", "bäume", "language model", "model bäume"]


def test_chinese_and_japanese_are_cut_into_pairs_of_characters() -> None:
    assert tokens.terms("言語モデル") == ["言語", "語モ", "モデ", "デル"]
    assert set(tokens.terms("大语言模型")) & set(tokens.terms("语言模型的评估")) == {"语言", "言模", "模型"}


def test_full_width_letters_are_letters() -> None:
    assert tokens.terms("ＬＬＭｓ") == ["llm"]


def test_phrases_stop_at_stop_words_punctuation_and_stock_words() -> None:
    keys = {key for key, _ in phrases.phrases("We propose protein folding, and the catalysis of enzymes.")}
    assert keys == {"protein", "protein folding", "folding", "catalysis", "enzyme"}


def test_hyphen_and_space_are_one_phrase() -> None:
    assert phrases.key("Vision-Language Models") == phrases.key("vision language model")


def test_japanese_phrases_end_at_hiragana() -> None:
    assert "言語モデル" in {key for key, _ in phrases.phrases("言語モデルの評価")}
    alone = {key for key, _, own in phrases.uses("Robots with robot vision: small language models") if own}
    assert {"robot", "vision", "robot vision", "language model"} <= alone and not {"small", "language"} & alone
    assert not any("の" in key for key, _ in phrases.phrases("言語モデルの評価"))
