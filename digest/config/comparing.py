"""The key `topics_model` of config.yaml: which model texts are compared by, checked as far as that costs nothing.

Touched when another kind of model should be usable; loading one is digest/text/embedding.py's, whose messages begin as
these do.
"""

from importlib.util import find_spec
from pathlib import Path

from digest.config.read import Document
from digest.errors import ConfigError
from digest.model import TextModel

_KEY = "topics_model"
_EXTRAS = {"embed": ("wordllama",), "onnx": ("onnxruntime", "tokenizers")}
"""The extra a model needs, and the packages it brings."""


def text_model(value: str, document: Document, home: Path) -> TextModel | None:
    """The model asked for; None for `none`. ConfigError with file, line, key and value for a name that is none, for an
    extra that is not installed, and for a file that is not there or has no tokenizer.json beside it."""
    if value == "none":
        return None
    where = f"{document.where((_KEY,))}: {_KEY}"
    if value != "wordllama" and not value.endswith(".onnx"):
        raise ConfigError(f"{where}: is `{value}`: must be none, wordllama or the path of an .onnx file")
    extra = "embed" if value == "wordllama" else "onnx"
    if not all(find_spec(package) for package in _EXTRAS[extra]):
        told = f"pip install 'trending-papers-digest[{extra}]'"
        raise ConfigError(f"{where}: is `{value}`: needs the extra `{extra}`: {told}")
    if extra == "embed":
        return TextModel(value, where)
    path = home / Path(value).expanduser()
    for needed in (path, path.with_name("tokenizer.json")):
        if not needed.is_file():
            raise ConfigError(f"{where}: is `{value}`: there is no file {needed}")
    return TextModel(str(path), where)
