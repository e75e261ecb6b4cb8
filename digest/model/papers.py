"""What sources say and what we understand: sources, entries, papers, sightings, signals, decisions.

Values only; touched when a fact about a paper or a source is missing a place to live.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Announcement = Literal["new", "cross", "replace", "replace-cross"]
Status = Literal["fresh", "quiet", "waiting", "stalled", "partial", "failed"]

KEY_ORDER = (
    *("arxiv", "doi", "openreview", "pubmed", "pmc", "acl", "s2", "corpus", "openalex", "dblp", "hal"),
    *("title", "url"),
)
"""Kinds of canonical keys, strongest first, which is the order of `Paper.keys`; an id is never a ``url:`` key."""


# ---- what sources say -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Somewhere papers are announced, as named in config.yaml. `options` holds what only its kind understands."""

    name: str
    kind: str
    url: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    name: str
    affiliation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`kind`: paper, pdf, html, code, project, data, weights, demo, video, discussion or doi."""

    kind: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One announcement, raw, as a source published it: text may hold TeX, HTML and entities.

    `number` is its place in the answer (from 1); `identifiers` are spellings as found (arXiv ids, DOIs, oai: ids,
    URLs); `measures` are (kind, value) pairs of attention, e.g. ("upvotes", 57.0); `announced` is when the source
    says it put the paper on its list; `keywords` are free words, unlike the source's own `categories`.
    """

    source: str
    number: int
    title: str
    guid: str = ""
    abstract: str = ""
    authors: tuple[Author, ...] = ()
    identifiers: tuple[str, ...] = ()
    url: str | None = None
    categories: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    announcement: Announcement = "new"
    links: tuple[Link, ...] = ()
    comment: str | None = None
    venue: str | None = None
    organisation: str | None = None
    submitter: str | None = None
    language: str | None = None
    measures: tuple[tuple[str, float], ...] = ()
    announced: datetime | None = None
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Validator:
    """What one URL's answer said about asking again; a permanent redirect is remembered in `moved_to`;
    `behind_s`: seconds that the time we went by was behind the server's."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    fresh_until: datetime | None = None
    behind_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What the store remembers of a source between runs. `batch` are the ids of its last non-empty announcement;
    `ids_at` is when an id was last new; `memory` is what only its kind understands (JSON values); `broken_since` is
    when it began to be failed or stalled, however that changed since, and `noticed_at` when somebody was told."""

    name: str
    status: Status = "quiet"
    since: datetime | None = None
    checked_at: datetime | None = None
    ids_at: datetime | None = None
    batch: tuple[str, ...] = ()
    error: str | None = None
    failures: int = 0
    validators: tuple[Validator, ...] = ()
    memory: Mapping[str, Any] = field(default_factory=dict)
    broken_since: datetime | None = None
    noticed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What asking one source came to: its entries and the state to remember (status and error are in there)."""

    source: Source
    entries: tuple[Entry, ...]
    state: SourceState


# ---- what we understand -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What we understand a paper to be. `keys` are canonical (``arxiv:2503.01234``, ``doi:10.1000/x``, …); `id` is the
    key it is known by for ever. `math` are words of title and abstract that the source wrote as TeX: (as they stand in
    the text, the TeX). `withdrawn`: its authors or publisher took it back."""

    id: str
    keys: tuple[str, ...]
    title: str
    abstract: str = ""
    authors: tuple[Author, ...] = ()
    url: str | None = None
    categories: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    version: int | None = None
    links: tuple[Link, ...] = ()
    comment: str | None = None
    venue: str | None = None
    organisation: str | None = None
    language: str | None = None
    math: tuple[tuple[str, str], ...] = ()
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """This source announced this paper, then, as `announcement`."""

    paper_id: str
    source: str
    at: datetime
    announcement: Announcement = "new"
    guid: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One observation of attention. `kind`: upvotes, comments, stars, mentions, citations, …"""

    paper_id: str
    kind: str
    value: float
    at: datetime
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An entry understood: the paper it is about, before anything is known of the past."""

    entry: Entry
    paper: Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was done with an entry or paper, of what, and why. `subject` is a paper id or ``source#number``;
    `verdict` one of new, known, merged, rejected, updated, perhaps, printed, waiting, skipped, picked, …"""

    subject: str
    stage: str
    verdict: str
    reason: str
    at: datetime
    of: str | None = None
    numbers: tuple[tuple[str, float], ...] = ()
