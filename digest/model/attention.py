"""Who is asked for attention, and what was heard: sources of signals, votes of readers.

Values only; touched when a source of signals needs another setting, or a vote has to say more.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from digest.model.papers import Paper, SourceState


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalSource:
    """Somewhere that knows how papers fare, as named in config.yaml. A paper is asked about until it is `reach` old, at
    first every `every`, less often with age; `most` papers a run. `token` is a secret; `places` are the communities or
    tags that are looked through; "" and 0 stand for what its kind usually takes."""

    name: str
    kind: str
    base_url: str = ""
    url: str = ""
    token: str = field(default="", repr=False)
    places: tuple[str, ...] = ()
    reach: timedelta = timedelta()
    every: timedelta = timedelta()
    most: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A paper that a source of signals may be asked about: when it was asked last and what was heard then, by kind of
    signal (empty: nothing was known of it); `code` is the address of its repository, where that is asked about."""

    paper: Paper
    first_seen: datetime
    asked_at: datetime | None = None
    heard: Mapping[str, float] = field(default_factory=dict)
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What asking one source of signals came to: of each paper id asked about the values by kind of signal (empty where
    nothing is known of it), and the state to remember."""

    source: SignalSource
    state: SourceState
    values: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteCount:
    """How readers voted on a paper: how many want `more` like it, how many `less`, and when the first of those did."""

    paper_id: str
    more: int
    less: int
    first: datetime
