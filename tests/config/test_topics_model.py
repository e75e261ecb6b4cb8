"""The key `topics_model`: what it may be, and errors that name file, line, key and value."""

from pathlib import Path

import pytest

from digest.config import load
from digest.errors import ConfigError
from digest.model import TextModel


def planned(folder: Path, line: str) -> TextModel | None:
    (folder / "config.yaml").write_text(f"title: T\n{line}\nnewsletters:\n  - name: daily\n", encoding="utf-8")
    return load(folder / "config.yaml").newsletters[0].topics_model


def test_none_is_usual(tmp_path: Path) -> None:
    assert planned(tmp_path, "") is None
    assert planned(tmp_path, "topics_model: none") is None


def test_wordllama(tmp_path: Path) -> None:
    pytest.importorskip("wordllama")
    found = planned(tmp_path, "topics_model: wordllama")
    assert found == TextModel("wordllama", f"{tmp_path / 'config.yaml'}, line 2: topics_model")


def test_a_file_beside_its_tokenizer(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    (tmp_path / "models").mkdir()
    for name in ("small.onnx", "tokenizer.json"):
        (tmp_path / "models" / name).touch()
    found = planned(tmp_path, "topics_model: models/small.onnx")
    assert found is not None
    assert found.name == str(tmp_path / "models" / "small.onnx")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("glove", "is `glove`: must be none, wordllama or the path of an .onnx file"),
        ("small.onnx", "is `small.onnx`: there is no file .*small.onnx"),
        ("bare.onnx", "is `bare.onnx`: there is no file .*tokenizer.json"),
        ("[]", "is `\\[\\]`: input should be a valid string"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, value: str, told: str) -> None:
    pytest.importorskip("onnxruntime")
    (tmp_path / "bare.onnx").touch()
    with pytest.raises(ConfigError, match=f"config.yaml, line 2: topics_model: {told}"):
        planned(tmp_path, f"topics_model: {value}")


@pytest.mark.parametrize(("value", "extra"), [("wordllama", "embed"), ("small.onnx", "onnx")])
def test_an_extra_that_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, extra: str
) -> None:
    (tmp_path / "small.onnx").touch()
    (tmp_path / "tokenizer.json").touch()
    monkeypatch.setattr("digest.config.comparing.find_spec", lambda _name: None)
    with pytest.raises(ConfigError, match=rf"line 2: topics_model: is `{value}`: needs the extra `{extra}`: pip"):
        planned(tmp_path, f"topics_model: {value}")
