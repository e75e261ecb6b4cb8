"""Operations: one thing that `digest doctor` looked at."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at. `state`: ok, note (worth knowing) or problem (needs a person)."""

    area: Literal["config", "store", "source", "signal", "schedule", "mail", "web", "llm", "desk", "channel", "inbox"]
    name: str
    state: Literal["ok", "note", "problem"]
    words: str
