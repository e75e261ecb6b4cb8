"""Texts as vectors: fitted once, fixed, written and read."""

import numpy as np
import pytest

from digest.text import vectors

TEXTS = [
    "A telescope sees distant galaxies.",
    "Distant galaxies in a new telescope survey.",
    "Yeast cells divide.",
    "How yeast cells grow and divide.",
]


def test_alike_texts_are_near_and_rows_have_unit_length() -> None:
    rows = vectors.fit(TEXTS, 2).project(TEXTS)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert rows[0] @ rows[1] > 0.9 > 0.1 > abs(rows[0] @ rows[2])


def test_a_text_without_a_known_term_is_zero() -> None:
    assert not vectors.fit(TEXTS).project(["", "的", "zebra"]).any()


def test_written_and_read_the_space_is_the_same() -> None:
    space = vectors.fit(TEXTS)
    data = space.to_bytes()
    again = vectors.LatentSpace.from_bytes(data)
    assert np.array_equal(again.project(TEXTS), space.project(TEXTS))
    assert again.to_bytes() == data


def test_another_schema_or_rubbish_is_refused() -> None:
    head = {"schema": 99, "vocabulary": []}
    with pytest.raises(ValueError, match="schema 99"):
        vectors.LatentSpace.from_bytes(vectors.pack(head, idf=np.zeros(1)))
    with pytest.raises(ValueError):
        vectors.LatentSpace.from_bytes(b"rubbish")


def test_nothing_to_fit_gives_an_empty_space() -> None:
    assert vectors.fit(["", "the"]).project(["anything", ""]).shape == (2, 0)
