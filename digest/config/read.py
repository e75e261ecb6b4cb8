"""config.yaml as plain values, with the line of every key: YAML 1.2, ``env:NAME`` values, ``--set`` overrides.

Knows nothing of what the keys mean; that is schema.py.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from digest.errors import ConfigError, InputError

KeyPath = tuple[str | int, ...]


@dataclass(slots=True)
class Document:
    """The values of a file, and for each key path its line (from 1) and where its value came from if not the file."""

    path: Path
    values: dict[str, Any]
    lines: dict[KeyPath, int] = field(default_factory=dict)
    origins: dict[KeyPath, str] = field(default_factory=dict)

    def where(self, key: KeyPath) -> str:
        """``config.yaml, line 12`` for a key, or that of its nearest parent; ``--set`` where it came from there."""
        for end in range(len(key), -1, -1):
            if self.origins.get(key[:end], "").startswith("--set"):
                return self.origins[key[:end]]
            if key[:end] in self.lines:
                return f"{self.path}, line {self.lines[key[:end]]}"
        return str(self.path)


def read(path: Path, overrides: Sequence[str] = (), environ: Mapping[str, str] | None = None) -> Document:
    """The document at `path` with `overrides` (``KEY=VALUE``, dotted keys) applied and ``env:`` values resolved."""
    document = Document(path=path, values={})
    root = _parse(path)
    document.values = _plain(root, (), document)
    for override in overrides:
        _override(document, override)
    document.values = _resolve(document.values, (), document, os.environ if environ is None else environ)
    return document


def empty(overrides: Sequence[str] = ()) -> Document:
    """A document of no file at all, for commands that work without one."""
    document = Document(path=Path("config.yaml"), values={})
    for override in overrides:
        _override(document, override)
    return document


def _parse(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file; `digest init` writes one, --config names another") from None
    except IsADirectoryError:
        raise ConfigError(f"{path}: is a folder, not a file") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 text (byte {error.start})") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        root = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        shown = text.splitlines()[line - 1].strip() if 0 < line <= len(text.splitlines()) else ""
        raise ConfigError(f"{path}, line {line}: not valid YAML: {error.problem} (`{shown[:80]}`)") from None
    except YAMLError as error:
        raise ConfigError(f"{path}: not valid YAML: {' '.join(str(error).split())[:200]}") from None
    if root is None:
        return {}
    if not isinstance(root, dict):
        raise ConfigError(f"{path}, line 1: must be a mapping of keys to values (`title: Papers today`)")
    return root


def _plain(node: Any, key: KeyPath, document: Document) -> Any:
    """ruamel's round-trip nodes as dicts and lists, noting each key's line."""
    if isinstance(node, CommentedMap):
        for name in node:
            document.lines[(*key, str(name))] = node.lc.key(name)[0] + 1
        return {str(name): _plain(value, (*key, str(name)), document) for name, value in node.items()}
    if isinstance(node, CommentedSeq):
        for index in range(len(node)):
            document.lines[(*key, index)] = node.lc.item(index)[0] + 1
        return [_plain(value, (*key, index), document) for index, value in enumerate(node)]
    if isinstance(node, bool) or node is None:
        return node
    for scalar in (int, float, str):
        if isinstance(node, scalar):
            return scalar(node)
    return node


def _resolve(node: Any, key: KeyPath, document: Document, environ: Mapping[str, str]) -> Any:
    """``env:NAME`` replaced by the variable; a key whose variable is unset or empty counts as absent."""
    if isinstance(node, dict):
        resolved = {name: _resolve(value, (*key, name), document, environ) for name, value in node.items()}
        return {name: value for name, value in resolved.items() if value is not _ABSENT}
    if isinstance(node, list):
        items = [_resolve(value, (*key, index), document, environ) for index, value in enumerate(node)]
        return [value for value in items if value is not _ABSENT]
    if isinstance(node, str) and node.startswith("env:"):
        document.origins[key] = node
        return environ.get(node.removeprefix("env:").strip()) or _ABSENT
    return node


_ABSENT = object()


def _override(document: Document, override: str) -> None:
    name, equals, text = override.partition("=")
    if not equals or not name.strip():
        raise InputError(f"--set {override}: must be KEY=VALUE, as in --set newsletters.daily.limit=10")
    try:
        value = YAML(typ="safe", pure=True).load(text)
    except YAMLError:
        value = text
    if isinstance(value, dict) and not text.lstrip().startswith("{"):
        value = text  # `--set title=A: b` is a title, not a mapping
    parts = name.strip().split(".")
    node: Any = document.values
    key: KeyPath = ()
    for part in parts[:-1]:
        step = _step(node, part, override)
        node = node.setdefault(step, {}) if isinstance(node, dict) else node[step]
        key = (*key, step)
    last = _step(node, parts[-1], override)
    node[last] = value
    document.origins[(*key, last)] = f"--set {name.strip()}"


def _step(node: Any, part: str, override: str) -> str | int:
    """A key of a mapping, or an index of a list by number or by the `name` of its item."""
    if isinstance(node, dict):
        return part
    if isinstance(node, list):
        if part.isdigit() and int(part) < len(node):
            return int(part)
        for index, item in enumerate(node):
            if isinstance(item, dict) and item.get("name") == part:
                return index
        names = ", ".join(str(item.get("name")) for item in node if isinstance(item, dict))
        raise InputError(f"--set {override}: nothing is called `{part}` there; there is {names or 'nothing'}")
    raise InputError(f"--set {override}: `{part}` stands under a plain value, which has no keys")
