"""The block `llm`: what it comes to, and what is refused without showing a key."""

from pathlib import Path

import pytest

from digest.config import load
from digest.config.llm import LanguageModel
from digest.errors import ConfigError

KEY = "sk-never-shown-7"


def model(folder: Path, block: str, more: str = "", key: str = KEY) -> LanguageModel | None:
    (folder / "config.yaml").write_text(f"newsletters: [{{name: daily}}]\n{more}\nllm: {block}\n")
    return load(folder / "config.yaml", environ={"FERN": key} if key else {}).llm


def test_without_the_block_there_is_no_model(tmp_path: Path):
    (tmp_path / "config.yaml").write_text("newsletters: [{name: daily}]\n")
    assert load(tmp_path / "config.yaml").llm is None


def test_the_key_is_read_and_never_shown(tmp_path: Path):
    found = model(tmp_path, "{url: 'https://llm.example.org/v1/', model: small, key: env:FERN}")
    assert found is not None
    assert (found.url, found.key, found.language, found.prompt) == ("https://llm.example.org/v1", KEY, "", "")
    assert KEY not in repr(found)
    assert KEY not in repr(load(tmp_path / "config.yaml", environ={"FERN": KEY}))


def test_an_unset_key_is_none(tmp_path: Path):
    found = model(tmp_path, "{url: 'http://127.0.0.1/v1', model: small, key: env:FERN}", key="")
    assert found is not None
    assert found.key == ""


@pytest.mark.parametrize(
    "block",
    [
        f"{{url: 'https://user:{KEY}@llm.example.org/v1', model: small, key: env:FERN, requests: x}}",
        f"{{url: 'https://llm.example.org/v1', model: small, key: '{KEY} {KEY}'}}",
        "{url: 'ftp://llm.example.org', model: small}",
        "{url: 'https://llm.example.org/v1'}",
        "{url: 'https://llm.example.org/v1', model: small, concurrency: 60}",
        "{url: 'https://llm.example.org/v1', model: small, sekonds: 3}",
        "{url: 'https://llm.example.org/v1', model: small, prompt: nowhere.txt}",
    ],
)
def test_mistakes_are_named(tmp_path: Path, block: str):
    with pytest.raises(ConfigError, match="llm"):
        model(tmp_path, block)


def test_a_key_of_the_wrong_form_is_not_shown(tmp_path: Path):
    for key in (f"{KEY} {KEY}", f"{KEY}\u00e9", f"{KEY}\nX-Evil: 1"):
        with pytest.raises(ConfigError) as caught:
            model(tmp_path, "{url: 'https://llm.example.org/v1', model: small, key: env:FERN}", key=key)
        assert KEY not in str(caught.value)


def test_a_prompt_of_ones_own(tmp_path: Path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "prompt.txt").write_text("from the folder")
    (tmp_path / "other.txt").write_text("named")
    block = "{url: 'https://llm.example.org/v1', model: small%s}"
    by_folder = model(tmp_path, block % "", "templates: mine")
    by_name = model(tmp_path, block % ", prompt: other.txt", "templates: mine")
    assert by_folder is not None
    assert by_name is not None
    assert (by_folder.prompt, by_name.prompt) == ("from the folder", "named")
