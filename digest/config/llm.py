"""The block `llm` of config.yaml as the program works with it: where a language model is asked and what it may cost."""

from dataclasses import dataclass, field
from pathlib import Path

from digest.config.schema import LlmBlock
from digest.errors import ConfigError

PROMPT = "prompt.txt"
"""The name under which the `templates` folder may hold a prompt of one's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageModel:
    """An OpenAI-compatible endpoint (`url` as far as ``/v1``) and what an issue may cost there. `language` is what to
    write in ("" for the abstract's own, "newsletter" for each newsletter's), `prompt` a template ("" for the shipped
    one). The key is never shown."""

    url: str
    model: str
    key: str = field(repr=False)
    requests: int
    tokens: int
    seconds: float
    concurrency: int
    language: str
    prompt: str


def language_model(block: LlmBlock | None, home: Path, templates: Path | None) -> LanguageModel | None:
    """What the block says, with its prompt read. Raises ConfigError for a prompt that cannot be read."""
    if block is None:
        return None
    own = templates / PROMPT if templates else None
    path = home / block.prompt if block.prompt else own if own and own.is_file() else None
    plain = block.model_dump(exclude={"key", "language", "prompt"})
    return LanguageModel(
        key=block.key or "", language=block.language or "", prompt=_read(path) if path else "", **plain
    )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8 text"
        raise ConfigError(f"llm.prompt: {path} cannot be read: {reason}") from None
