"""A small but real sentence model for tests: an ONNX file that looks up a vector a token, with a tokenizer of words."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
tokenizers = pytest.importorskip("tokenizers")
pytest.importorskip("onnxruntime")

DIMENSIONS = 8


def sentence_model(
    folder: Path,
    texts: Sequence[str],
    *,
    inputs: Sequence[str] = ("input_ids", "attention_mask"),
    pools: bool = False,
    short: bool = False,
    longest: int | None = None,
    seed: int = 1,
    same: Mapping[str, str] | None = None,
) -> tuple[Path, dict[str, Any]]:
    """Writes model.onnx and tokenizer.json for the words of `texts`; gives the path and each word's vector. `same`
    words have another's vector; a model that `pools` answers with the mean itself; `short` means 32-bit inputs."""
    words = ["[PAD]", "[UNK]", *sorted({word for text in texts for word in text.split()})]
    table = np.random.default_rng(seed).standard_normal((len(words), DIMENSIONS)).astype(np.float32)
    for word, other in (same or {}).items():
        table[words.index(word)] = table[words.index(other)]
    _tokenizer(folder, words, longest)
    path = folder / "model.onnx"
    onnx.save(_graph(table, inputs, pools, short), str(path))
    return path, dict(zip(words, table, strict=True))


def _tokenizer(folder: Path, words: Sequence[str], longest: int | None) -> None:
    vocabulary = {word: number for number, word in enumerate(words)}
    made = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="[UNK]"))
    made.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    if longest:
        made.enable_truncation(longest)
        made.enable_padding(length=longest)  # as some published tokenizers have it
    made.save(str(folder / "tokenizer.json"))


def _graph(table: Any, inputs: Sequence[str], pools: bool, short: bool) -> Any:
    helper, kinds = onnx.helper, onnx.TensorProto
    whole = kinds.INT32 if short else kinds.INT64
    last = "tokens" if pools else "last_hidden_state"
    nodes = [helper.make_node("Gather", ["table", inputs[0]], [last], axis=0)]
    if pools:
        nodes.append(helper.make_node("ReduceMean", [last], ["sentence_embedding"], axes=[1], keepdims=0))
    name, shape = ("sentence_embedding", ["b", DIMENSIONS]) if pools else (last, ["b", "s", DIMENSIONS])
    graph = helper.make_graph(
        nodes,
        "sentences",
        [helper.make_tensor_value_info(each, whole, ["b", "s"]) for each in inputs],
        [helper.make_tensor_value_info(name, kinds.FLOAT, shape)],
        [onnx.numpy_helper.from_array(table, "table")],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    made.ir_version = 8
    return made
