"""What a newsletter is: what config.yaml says of it, who publishes it, and an issue as it goes out.

Values only; touched when a newsletter has to be told something new.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from digest.model.channels import Approval, Channel
from digest.model.issues import TopicRule
from digest.model.topics import TextModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsletter:
    """One publication of config.yaml. `schedule` is cron in `timezone`; no `sources` means all; `topics` is its own or
    the site's; `section_min`/`section_max` bound discovered headings; `forecast`: a trusted one counts."""

    name: str
    title: str
    schedule: str
    timezone: str
    limit: int = 25
    top: int = 3
    window_days: int = 7
    sources: tuple[str, ...] = ()
    topics: tuple[TopicRule, ...] = ()
    section_min: int = 2
    section_max: int = 12
    floor: float | None = None
    tldr_words: int = 30
    tldr_subject: Literal["abstract", "we", "authors"] = "abstract"
    half_life_days: float = 3.0
    weights: Mapping[str, float] = field(default_factory=dict)
    forecast: bool = True
    overlooked: float = 0.0
    same_authors: int = 2
    diversity: float = 0.5
    introduction: str = ""
    language: str = "en"
    updated: int = 0
    channels: tuple[Channel, ...] = ()
    approval: Approval | None = None
    topics_model: TextModel | None = None
    votes: bool = False  # mails have links to vote with


@dataclass(frozen=True, slots=True, kw_only=True)
class Masthead:
    """What every edition says about its publisher: the site's title, public base URL (no trailing slash), contact
    address, postal address line; where readers join and change their mind (absolute URLs, "" where there is none);
    where a reader votes on a paper, (for more, for less) by its id."""

    title: str
    url: str
    contact: str
    address: str = ""
    unsubscribe: str = ""
    preferences: str = ""
    subscribe: str = ""
    votes: Mapping[str, tuple[str, str]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """An issue rendered for one channel: a path relative to the output folder, a media type and the bytes; `modified`
    is when what it says last changed, where that is known; `hub` is the address of who tells of that, "" for nobody;
    `moved` is the path of what stands in its place, "" where nothing does."""

    path: str
    media_type: str
    body: bytes
    modified: datetime | None = None
    hub: str = ""
    moved: str = ""
