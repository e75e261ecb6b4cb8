"""Text: what a language model adds to a space of texts. Touched when another kind of model should be usable.

Optional, and never downloaded: the model inside the package wordllama (static word vectors, averaged: extra `embed`),
or a sentence model as a local ONNX file with its tokenizer.json beside it (extra `onnx`). Texts are cut and go through
in batches, so that memory stays bounded whatever they hold; one thread, so that sums round alike.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from digest.errors import InputError
from digest.model import TextModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

WORDLLAMA = "wordllama"
_LETTERS = 4000  # of a text: an abstract has about 1,500
_TOKENS = 256  # of a text, unless the tokenizer says itself how many the model takes
_MOST_TOKENS = 512  # all the same
_BATCH = 16


class Embedder(Protocol):
    """A loaded model. Rows of two models, told apart by their `mark`, have nothing to do with each other."""

    @property
    def mark(self) -> str:
        """A name for exactly this model."""

    @property
    def worth(self) -> float:
        """How long its rows should be beside those from words, which are of length 1 (measured: docs/topics.md)."""

    def embed(self, texts: Sequence[str]) -> "Floats":
        """A row for each text (texts, dimensions)."""


def load(model: TextModel) -> Embedder:
    """The model, read once a process. InputError, beginning with `model.where`, where its extra is not installed, or
    where its file is not there or is no such model."""
    if model.name == WORDLLAMA:
        return _wordllama(model.where)
    try:
        stamp = Path(model.name).stat()
    except OSError as error:
        raise wrong(model.where, model.name, f"cannot be read: {error.strerror}") from None
    return _sentence_model(model.name, model.where, (stamp.st_mtime_ns, stamp.st_size))


def wrong(where: str, name: str, what: str) -> InputError:
    """The error that says what is wrong with a model, beginning with where it is asked for."""
    return InputError(f"{where}: `{name}` {what}")


def _without(where: str, name: str, extra: str) -> InputError:
    return wrong(where, name, f"needs the extra `{extra}`: pip install 'trending-papers-digest[{extra}]'")


@dataclass(frozen=True, slots=True)
class _WordLlama:
    model: Any
    mark: str
    worth: float = 0.6

    def embed(self, texts: Sequence[str]) -> "Floats":
        cut = [text[:_LETTERS] or "." for text in texts]
        found: Floats = self.model.embed(cut, batch_size=_BATCH)
        return found


@lru_cache(maxsize=1)
def _wordllama(where: str) -> _WordLlama:
    try:
        import wordllama
    except ImportError:
        raise _without(where, WORDLLAMA, "embed") from None
    # The folder of the package holds weights and tokenizer; without this it would look elsewhere, then download.
    folder = Path(wordllama.__file__).parent
    model = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)
    return _WordLlama(model, f"wordllama {wordllama.__version__}")


@dataclass(frozen=True, slots=True)
class _SentenceModel:
    """A session whose first `output` is (texts, tokens, dimensions), or (texts, dimensions) if it pools itself."""

    session: Any
    tokenizer: Any
    output: str
    mark: str
    worth: float = 1.2

    def embed(self, texts: Sequence[str]) -> "Floats":
        """The mean of each text's tokens (Reimers and Gurevych 2019, "Sentence-BERT"), padding left out."""
        import numpy as np

        rows = [self._batch(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)]
        made: Floats = np.vstack(rows).astype(np.float32)
        return made

    def _batch(self, texts: Sequence[str]) -> Any:
        import numpy as np

        read = self.tokenizer.encode_batch([text[:_LETTERS] for text in texts])
        mask = np.array([one.attention_mask for one in read])
        known = {
            "input_ids": np.array([one.ids for one in read]),
            "attention_mask": mask,
            "token_type_ids": np.array([one.type_ids for one in read]),
        }
        kinds = {"tensor(int64)": np.int64, "tensor(int32)": np.int32, "tensor(float)": np.float32}
        given = {one.name: known[one.name].astype(kinds[one.type]) for one in self.session.get_inputs()}
        (found,) = self.session.run([self.output], given)
        if found.ndim == 2:
            return found
        weights = mask[:, :, None].astype(np.float32)
        return (found * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1)


@lru_cache(maxsize=1)
def _sentence_model(name: str, where: str, stamp: tuple[int, int]) -> _SentenceModel:  # noqa: ARG001
    """The model of an ONNX file, tried on two texts. With another `stamp` the file is read again."""
    try:
        import onnxruntime
        import tokenizers  # noqa: F401  asked for here, so that one message tells of both
        from onnxruntime.capi import onnxruntime_pybind11_state as reasons
    except ImportError:
        raise _without(where, name, "onnx") from None
    refused = tuple(getattr(reasons, reason) for reason in _REFUSED)
    tokenizer = _tokenizer(Path(name).with_name("tokenizer.json"), where)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4  # what is wrong is said below
    try:
        session = onnxruntime.InferenceSession(name, options, providers=["CPUExecutionProvider"])
        model = _SentenceModel(session, tokenizer, session.get_outputs()[0].name, _mark(Path(name)))
        shape = model.embed(["one", "one or two"]).shape
    except (*refused, KeyError, IndexError, ValueError) as error:
        why = f"wants {error}" if isinstance(error, KeyError) else str(error).partition("\n")[0][:200]
        raise wrong(where, name, f"is no sentence-embedding model: {why}") from None
    if len(shape) != 2:
        raise wrong(where, name, f"is no sentence-embedding model: its rows have the shape {shape}")
    return model


_REFUSED = ("Fail", "InvalidArgument", "InvalidGraph", "InvalidProtobuf", "NotImplemented", "RuntimeException")
"""What ONNX Runtime raises for a file it cannot run."""


def _tokenizer(path: Path, where: str) -> Any:
    """The tokenizer of a file: what is longer than the model can take is cut, a batch padded to its longest text."""
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_str(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise wrong(where, str(path), f"must stand beside the model and cannot be read: {error.strerror}") from None
    except Exception as error:
        if type(error) not in (Exception, UnicodeDecodeError):  # the library raises plain Exception alone
            raise
        raise wrong(where, str(path), f"is no tokenizer: {str(error)[:200]}") from None
    own = tokenizer.truncation or {}
    tokenizer.enable_truncation(min(own.get("max_length", _TOKENS), _MOST_TOKENS))
    padding = tokenizer.padding or {}
    tokenizer.enable_padding(pad_id=padding.get("pad_id", 0), pad_token=padding.get("pad_token", "[PAD]"))
    return tokenizer


def _mark(path: Path) -> str:
    with path.open("rb") as file:
        return f"onnx {hashlib.file_digest(file, 'blake2b').hexdigest()[:16]}"
