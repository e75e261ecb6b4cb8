"""Sources added to a config.yaml that a person wrote: its comments, order and spacing stay as they are.

Knows YAML and the `sources` list, not what a source is. Touched when a list is written in a way that this spoils.
"""

import json
import tempfile
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq

from digest.errors import ConfigError


def lines(sources: Sequence[Mapping[str, str]], indent: int = 2) -> list[str]:
    """The sources as lines of a block list whose dashes stand in column `indent`."""
    said = []
    for source in sources:
        for place, (key, value) in enumerate(source.items()):
            text = value if value.isidentifier() else json.dumps(value, ensure_ascii=False)
            said.append(" " * indent + ("  " if place else "- ") + f"{key}: {text}")
    return said


def append(path: Path, sources: Sequence[Mapping[str, str]]) -> None:
    """Add sources at the end of the file's list; nothing is changed where the result would not hold them all.

    The file must be one that `load` takes. Raises ConfigError where it cannot be written.
    """
    text = path.read_text(encoding="utf-8")
    yaml = YAML(typ="rt")
    root = yaml.load(text) or {}
    there = root.get("sources")
    if isinstance(there, CommentedSeq) and len(there) and not there.fa.flow_style():
        longer = _inserted(text, root, there, sources)
    elif "sources" in root:
        longer = _redone(yaml, root, sources)
    else:
        longer = "\n".join([*text.splitlines(), "", "sources:", *lines(sources), ""])
    found = (YAML(typ="safe", pure=True).load(longer) or {}).get("sources") or []
    if [dict(row) for row in found[-len(sources) :]] != [dict(row) for row in sources]:
        raise ConfigError(f"{path}: the sources could not be added here; put the printed lines in by hand")
    _write(path, longer)


def _inserted(text: str, root: Any, there: CommentedSeq, sources: Sequence[Mapping[str, str]]) -> str:
    """New lines after the list's last, before the blank lines and comments that lead to the next key."""
    written = text.splitlines()
    start, column = there.lc.item(0)
    later = [root.lc.key(name)[0] for name in root if root.lc.key(name)[0] > start]
    end = min(later, default=len(written))
    while end and (not written[end - 1].strip() or written[end - 1].startswith("#")):
        end -= 1
    return "\n".join([*written[:end], *lines(sources, column - 2), *written[end:], ""])


def _redone(yaml: Any, root: Any, sources: Sequence[Mapping[str, str]]) -> str:
    """The file written anew with a longer list: for lists in brackets, and empty ones."""
    yaml.preserve_quotes, yaml.width = True, 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    root["sources"] = there = root["sources"] or CommentedSeq()
    if not there:
        there.fa.set_block_style()
    there.extend(dict(source) for source in sources)
    out = StringIO()
    yaml.dump(root, out)
    return out.getvalue()


def _write(path: Path, text: str) -> None:
    """In place of the file at once, with its permissions."""
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
            file.write(text)
        made = Path(file.name)
        made.chmod(path.stat().st_mode)
        made.replace(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}") from None
