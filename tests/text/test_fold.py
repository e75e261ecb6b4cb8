"""Spellings that a reader takes for the same fold to the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.fold import compact, fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ψ-Sampler: Schrödinger’s α_2", "psi sampler schrodinger s alpha 2"),
        ("Straße, Łódź, ŒUVRE, ﬁne", "strasse lodz oeuvre fine"),
        ("深度学习 Über", "深度学习 uber"),
        ("???", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_compact_joins_and_never_empties() -> None:
    assert compact("Pre-Training") == compact("pretraining") == "pretraining"
    assert compact("? ? !") == "??!"


@given(st.text(max_size=40))
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)
