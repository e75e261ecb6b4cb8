"""Text: models beside words. Real ones: the weights in the wordllama package, and a small ONNX model built here."""

import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx_models import sentence_model

from digest.errors import InputError
from digest.model import TextModel
from digest.text import embedding, vectors

CATS = ["the cat sat on a mat", "a cat on the mat sat", "cat and mat"]
STARS = ["a star in the sky", "the sky and a star", "star sky"]


def cosines(rows: Any) -> Any:
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return rows @ rows.T


def test_wordllama_tells_meanings_apart_and_asks_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("wordllama")

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    embedding._wordllama.cache_clear()
    model = embedding.load(TextModel("wordllama"))
    near = cosines(model.embed(["a robot picks up a cup", "robotic grasping of objects", "stars of a far galaxy", ""]))
    assert near[0, 1] > near[0, 2] + 0.1
    assert model.mark.startswith("wordllama 0.4")


def test_rows_of_a_sentence_model_are_the_mean_of_its_tokens(tmp_path: Path) -> None:
    path, vectors_of = sentence_model(tmp_path, [*CATS, *STARS])
    rows = embedding.load(TextModel(str(path))).embed(["cat mat", "star"])
    assert rows[0] == pytest.approx((vectors_of["cat"] + vectors_of["mat"]) / 2, abs=1e-5)
    assert rows[1] == pytest.approx(vectors_of["star"], abs=1e-5)  # padded to two tokens: padding does not count


def test_a_row_does_not_depend_on_its_neighbours(tmp_path: Path) -> None:
    path, _ = sentence_model(tmp_path, [*CATS, *STARS])
    model = embedding.load(TextModel(str(path)))
    many = [*CATS, *STARS] * 10
    together = model.embed(many)
    alone = np.vstack([model.embed([text]) for text in many])
    assert together.shape == (60, 8)
    assert together == pytest.approx(alone, abs=1e-5)


@pytest.mark.parametrize("asked", [("input_ids", "attention_mask", "token_type_ids"), ("input_ids",)])
def test_inputs_are_those_that_the_file_names(tmp_path: Path, asked: Sequence[str]) -> None:
    path, _ = sentence_model(tmp_path, CATS, inputs=asked)
    assert embedding.load(TextModel(str(path))).embed(CATS).shape == (3, 8)


def test_a_model_may_pool_itself_and_take_short_whole_numbers(tmp_path: Path) -> None:
    path, _ = sentence_model(tmp_path, CATS, pools=True, short=True)
    assert embedding.load(TextModel(str(path))).embed(CATS).shape == (3, 8)


def test_a_long_text_is_cut(tmp_path: Path) -> None:
    path, vectors_of = sentence_model(tmp_path, CATS, longest=4)
    row = embedding.load(TextModel(str(path))).embed(["cat " * 4 + "mat " * 50_000])
    assert row[0] == pytest.approx(vectors_of["cat"], abs=1e-5)


def test_what_is_no_model_is_told_with_the_place_that_asks_for_it(tmp_path: Path) -> None:
    path, _ = sentence_model(tmp_path, CATS)
    asked = TextModel(str(path), "config.yaml, line 7: topics_model")
    path.write_bytes(b"not a model at all")
    with pytest.raises(InputError, match=r"config.yaml, line 7: topics_model: .*is no sentence-embedding model"):
        embedding.load(asked)
    path, _ = sentence_model(tmp_path, CATS, inputs=("pixel_values", "attention_mask"))
    with pytest.raises(InputError, match=r"is no sentence-embedding model: wants 'pixel_values'"):
        embedding.load(asked)
    path.with_name("tokenizer.json").write_text('{"version": "1.0"}')
    with pytest.raises(InputError, match=r"tokenizer.json. is no tokenizer"):
        embedding.load(asked)
    path.with_name("tokenizer.json").unlink()
    with pytest.raises(InputError, match=r"line 7: topics_model: .*tokenizer.json. must stand beside the model"):
        embedding.load(asked)
    path.unlink()
    with pytest.raises(InputError, match=r"model.onnx. cannot be read"):
        embedding.load(asked)


def test_a_space_with_a_model_outlives_bytes_and_knows_its_model(tmp_path: Path) -> None:
    texts = [*CATS, *STARS]
    path, _ = sentence_model(tmp_path, texts)
    asked = TextModel(str(path))
    made = vectors.fit(texts, model=asked)
    read = vectors.LatentSpace.from_bytes(made.to_bytes())
    assert read.project(texts).tobytes() == made.project(texts).tobytes()
    assert read.to_bytes() == made.to_bytes()
    assert np.linalg.norm(read.project(texts), axis=1) == pytest.approx(np.ones(6), abs=1e-5)
    assert not read.project(["unheard of"]).any()
    assert read.is_of(asked)
    assert not read.is_of(None)
    assert not vectors.fit(texts).is_of(asked)
    assert vectors.fit(texts).is_of(None)


def test_rows_of_another_model_are_never_mixed_in(tmp_path: Path) -> None:
    texts = [*CATS, *STARS]
    path, _ = sentence_model(tmp_path, texts)
    asked = TextModel(str(path))
    space = vectors.fit(texts, model=asked)
    sentence_model(tmp_path, texts, seed=5)  # another model under the same name
    assert not space.is_of(asked)
    with pytest.raises(InputError, match="is another model than the topic space was made with"):
        space.project(texts)


def test_a_model_sees_what_words_do_not(tmp_path: Path) -> None:
    """Two words that never meet are alike for a model that says so."""
    texts = ["feline pet", "cat pet", "feline toy", "cat toy", "star dust", "star sky", "sun dust", "sun sky"] * 2
    path, _ = sentence_model(tmp_path, texts, same={"cat": "feline"})
    told = ["cat", "feline"]
    plain, with_model = vectors.fit(texts, 6), vectors.fit(texts, 6, TextModel(str(path)))
    assert cosines(with_model.project(told))[0, 1] > cosines(plain.project(told))[0, 1] + 0.1
