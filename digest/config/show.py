"""The configuration as it works out: every key with its value, defaults filled in, and where the value came from.

Touched when another way to set a key is added. Secrets are never shown, only whether they are set.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digest.config.plan import load
from digest.config.read import Document, KeyPath, read
from digest.config.schema import Config

HIDDEN = "(hidden)"
UNSET = ", which is not set"
_SECRET = re.compile(r"(^|_)(key|keys|secret|token|password|smtp|webhook|webhooks|inbox)$")
_LOGIN = re.compile(r"//[^/@\s]*@")


@dataclass(frozen=True, slots=True)
class Setting:
    """One key by its path, its value (hidden where it is a secret), and its origin: ``line 12``, ``--set``,
    ``env:NAME``, ``env:NAME, which is not set`` or ``default``."""

    key: KeyPath
    value: Any
    origin: str

    @property
    def dotted(self) -> str:
        """``newsletters.0.limit``."""
        return ".".join(map(str, self.key))


def settings(
    path: Path, home: Path | None = None, overrides: Sequence[str] = (), environ: Mapping[str, str] | None = None
) -> tuple[Setting, ...]:
    """Every key of the file at `path` and every default beside them, in the order of the schema. Raises ConfigError as
    `load` does: what cannot be loaded has no meaning to show."""
    load(path, home, overrides, environ)
    document = read(path, overrides, environ)
    values = Config.model_validate(document.values).model_dump(mode="json", by_alias=True)
    return tuple(Setting(key, _safe(key, value), _origin(document, key)) for key, value in _leaves(values, ()))


def as_yaml(found: Sequence[Setting]) -> list[str]:
    """The settings as lines of YAML, each value's origin as a comment."""
    lines: list[str] = []
    before: KeyPath = ()
    for each in found:
        key, dash = each.key, ""
        same = next(
            (n for n, (a, b) in enumerate(zip(before, key, strict=False)) if a != b), min(len(before), len(key))
        )
        for depth in range(same, len(key)):
            if isinstance(key[depth], int):
                dash = "- "
                continue
            indent = "  " * (depth - len(dash) // 2)
            end = f": {_scalar(each.value)}" if depth == len(key) - 1 else ":"
            line = f"{indent}{dash}{key[depth]}{end}"
            lines.append(f"{line:<60}  # {each.origin}" if depth == len(key) - 1 else line)
            dash = ""
        before = key
    return lines


def _leaves(node: Any, key: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    """Values with their paths; empty containers and lists of plain values are values."""
    if isinstance(node, dict) and node:
        for name, value in node.items():
            yield from _leaves(value, (*key, name))
    elif isinstance(node, list) and any(isinstance(item, dict | list) for item in node):
        for index, item in enumerate(node):
            yield from _leaves(item, (*key, index))
    else:
        yield key, node


def _safe(key: KeyPath, value: Any) -> Any:
    """The value, unless it is a secret; the login in an address is hidden."""
    if value in (None, [], {}, ""):
        return value
    if any(isinstance(part, str) and _SECRET.search(part) for part in key):
        return HIDDEN
    return _LOGIN.sub(f"//{HIDDEN}@", value) if isinstance(value, str) else value


def _origin(document: Document, key: KeyPath) -> str:
    """Where the value at `key` came from; one written in brackets has the line of what it stands in."""
    for end in range(len(key), 0, -1):
        origin = document.origins.get(key[:end], "")
        if origin.startswith("env:") and _at(document.values, key[:end]) is None:
            return f"{origin}{UNSET}"
        if origin:
            return origin
    line = next((document.lines[key[:end]] for end in range(len(key), 0, -1) if key[:end] in document.lines), None)
    return "default" if line is None or _at(document.values, key) is None else f"line {line}"


def _at(values: Any, key: KeyPath) -> Any:
    """What stands at `key`, None for nothing."""
    for part in key:
        try:
            values = values[part]
        except (KeyError, IndexError, TypeError):
            return None
    return values


def _scalar(value: Any) -> str:
    """A value as YAML in one line: JSON is YAML."""
    return json.dumps(value, ensure_ascii=False)
