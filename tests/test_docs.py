"""The documentation names every command, option and key, and README's commands are the ones that work."""

import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from digest.config import schema

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
CONFIG = (ROOT / "docs" / "config.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMON = {"config", "home", "set", "quiet", "verbose", "log-format", "help"}


def commands() -> Iterator[tuple[str, Any]]:
    """Every command by its full name, as typer built it."""
    from typer.main import get_command

    from digest.cli.app import app

    def walk(prefix: str, group: Any) -> Iterator[tuple[str, Any]]:
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                yield from walk(f"{prefix}{name} ", command)
            else:
                yield f"{prefix}{name}", command

    yield from walk("", get_command(app))


@pytest.mark.parametrize(
    ("name", "command"), list(commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_command_and_option_is_documented(name: str, command: Any) -> None:
    assert f"digest {name}" in COMMANDS
    for parameter in command.params:
        for option in getattr(parameter, "opts", []):
            if option.startswith("--") and option.removeprefix("--") not in COMMON:
                assert option in COMMANDS, f"{option} of `digest {name}` is not in docs/commands.md"


def keys(model: type[BaseModel]) -> Iterator[str]:
    """Every key that may stand in the file."""
    for name, field in model.model_fields.items():
        yield field.alias or name
        for inner in _blocks(field.annotation):
            yield from keys(inner)


def _blocks(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _blocks(part)


@pytest.mark.parametrize("key", sorted(set(keys(schema.Config))))
def test_every_key_is_documented(key: str) -> None:
    assert f"`{key}`" in CONFIG, f"docs/config.md does not say what `{key}` is"


def test_every_kind_of_source_is_known_to_config_and_docs() -> None:
    from digest.collect import kinds

    assert set(schema.KIND_NEEDS) == set(kinds()) - {"auto"}
    for kind in schema.KIND_NEEDS:
        assert f"`{kind}`" in CONFIG


def test_readme_starts_with_the_two_commands() -> None:
    fence = README.split("```sh")[1].split("```")[0].strip().splitlines()
    assert [line.split("#")[0].strip() for line in fence] == ["make demo", "make test"]


def test_make_knows_what_the_documents_ask_of_it() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    asked = set()
    for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        text = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r"`make ([a-z]+)`|^\s*make ([a-z]+)\s*(?:#.*)?$", text, re.MULTILINE))
    assert {one or other for one, other in asked} <= targets


def test_every_command_shown_anywhere_is_a_command() -> None:
    known = {name for name, _ in commands()}
    options = {option for _, command in commands() for parameter in command.params for option in parameter.opts}
    for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for line in _shown(path.read_text(encoding="utf-8")):
            words = shlex.split(line.split(" #")[0])
            name = " ".join(words[1:3]) if words[1:2] == ["readers"] else (words[1] if len(words) > 1 else "")
            assert name.startswith("-") or name in known, f"{path.name}: {line}"
            for word in words[2:]:
                if word.startswith("--"):
                    assert word.split("=")[0] in options | {"--help", "--version"}, f"{path.name}: {line}"


def _shown(text: str) -> Iterator[str]:
    """Lines of fenced blocks that call the program."""
    for block in re.findall(r"```(?:sh|bash|cron)?\n(.*?)```", text, re.DOTALL):
        for line in block.splitlines():
            found = re.match(r"^\s*(?:\S*/)?(digest(?: .*)?)$", line)
            if found and "=" not in found[1].split()[0]:
                yield found[1]


def test_links_between_documents_lead_somewhere() -> None:
    for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_readmes_commands_run(tmp_path: Path) -> None:
    """What a newcomer types, in their order: the demonstration, then a first issue, then the schedule."""
    recipe = re.search(r"^demo: setup.*\n\t@\$\(BIN\)/digest (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert recipe
    demo = _program(recipe[1], tmp_path)
    assert demo.wait(120) == 0
    assert (tmp_path / "out" / "public" / "index.html").is_file()
    titles = "".join(f'{{"title": "Tidal study number {n}", "abstract": "We measure tide {n}."}}\n' for n in range(6))
    (tmp_path / "papers.jsonl").write_text(titles)
    (tmp_path / "config.yaml").write_text(
        "sources: [{name: papers, kind: file, path: papers.jsonl}]\nnewsletters: [{name: daily}]\n"
    )
    live = re.findall(r"^\.venv/bin/digest (.*?)\s*(?:#.*)?$", README.split("```sh")[2].split("```")[0], re.MULTILINE)
    assert [line.split()[0] for line in live] == ["run", "schedule"]
    assert _program(live[0], tmp_path).wait(120) == 0
    assert (tmp_path / "public" / "daily" / "feed.xml").is_file()
    forever = _program(live[1], tmp_path)
    time.sleep(5)
    assert forever.poll() is None
    forever.send_signal(signal.SIGTERM)
    assert forever.wait(60) == 0


def _program(arguments: str, folder: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "digest", *shlex.split(arguments)], cwd=folder)
