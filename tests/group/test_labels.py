"""Names: phrases of the papers, as they write them, unlike each other."""

import pytest
from themes import paper

from digest.group import labels
from digest.text.stopwords import STOP_WORDS

TEXTS = [
    ("Graph Neural Networks For Wine", "We study graph neural networks on wine."),
    ("A graph neural network of cellars", "Here graph neural networks rank cellars."),
    ("Graph Neural Networks (GNNs)", "On graph neural networks (GNNs) and the barrel."),
    ("LoRA for mRNA vaccines", "An mRNA vaccine is designed with LoRA."),
    ("mRNA Vaccines Again", "The mRNA vaccine and its LoRA."),
    ("On an mRNA vaccine", "How mRNA vaccines store."),
]


def named(groups: list[list[int]], taken: tuple[str, ...] = (), texts: list[tuple[str, str]] = TEXTS) -> list[str]:
    papers = [paper(number, title, abstract) for number, (title, abstract) in enumerate(texts)]
    return labels.names(groups, labels.read(papers), taken)


def test_whole_phrases_in_sentence_case_and_plural() -> None:
    assert named([[0, 1, 2], [3, 4, 5]]) == ["Graph neural networks", "mRNA vaccines"]


def test_names_are_unlike_those_taken() -> None:
    first, second = named([[0, 1, 2], [3, 4, 5]], taken=("Neural networks on graphs", "LoRA"))
    assert "neural" not in first.lower() and second == "mRNA vaccines"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("language model", "large language model", True),
        ("robot", "robotics", True),
        ("video generation", "image generation", False),
        ("diffusion model", "language model", False),
        ("言語モデル", "大規模言語モデル", True),
    ],
)
def test_near_duplicates(one: str, other: str, same: bool) -> None:
    assert labels.alike(one, other) is same and labels.alike(other, one) is same


def test_a_phrase_names_the_group_it_says_most_of() -> None:
    texts = [(f"Tide pools {n}", "Sea stars in tide pools and kelp forests.") for n in range(6)]
    texts += [
        (f"Kelp forests {n}", "Kelp forests near one tide pool." if n == 0 else "Kelp forests.") for n in range(4)
    ]
    texts += [(f"Basalt {n}", "Lava flows of basalt.") for n in range(9)]
    assert named([list(range(6)), list(range(6, 10))], texts=texts)[1] == "Kelp forests"


def test_no_name_without_a_phrase_and_no_stop_word_in_any() -> None:
    assert named([[0, 1]], texts=[("", ""), ("", "")]) == [""]
    for name in named([[0, 1, 2], [3, 4, 5], [0, 3], [1, 4]]):
        assert not set(name.casefold().split()) & STOP_WORDS
