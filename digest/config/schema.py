"""What may stand in config.yaml: one class a block, each key with its type and bounds (pydantic).

A key added here is named in config.yaml (or docs/config.md) with a comment; tests/test_docs.py holds both together.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, model_validator

from digest.config.channels import ApprovalKeys, Bounces, InboxBlock, ProposalsBlock
from digest.config.signals import SignalBlocks
from digest.config.values import KIND_NEEDS as KIND_NEEDS
from digest.config.values import (
    STRICT,
    Address,
    Bare,
    Colour,
    Cron,
    Endpoint,
    IpRange,
    Keys,
    Kind,
    Name,
    OneOrMore,
    Relays,
    Web,
    Words,
    Zone,
)


class Block(BaseModel):
    """A mapping of the file."""

    model_config = STRICT


class NetworkBlock(Block):
    allow_hosts: list[str] = []
    gap_s: Annotated[float, Field(ge=0, le=3600)] | None = None
    timeout_s: Annotated[float, Field(gt=0, le=600)] = 30.0
    source_limit_s: Annotated[float, Field(gt=0, le=86400)] = 1800.0
    signals_limit_s: Annotated[float, Field(gt=0, le=86400)] = 180.0
    max_mb: Annotated[float, Field(gt=0, le=1000)] = 30.0


class SourceBlock(Block):
    name: Annotated[str, Field(min_length=1, max_length=80)]
    kind: Kind
    url: Web | None = None
    path: str | None = None
    base_url: Web | None = None
    api_url: Web | None = None
    categories: Words = []
    query: OneOrMore | None = None
    venue: OneOrMore | None = None
    issn: OneOrMore | None = None
    types: Words = []
    server: Literal["biorxiv", "medrxiv"] | None = None
    api_key: str | None = None
    days: Annotated[int, Field(ge=1, le=60)] | None = None
    options: dict[str, Any] = {}

    @model_validator(mode="after")
    def _complete(self) -> "SourceBlock":
        needs = KIND_NEEDS.get(self.kind, ())
        if needs and not any(getattr(self, key) for key in needs):
            raise ValueError(f"a source of kind {self.kind} needs {' or '.join(f'`{key}`' for key in needs)}")
        return self


class TopicBlock(Block):
    name: Annotated[str, Field(min_length=1, max_length=60)]
    words: Words = []
    categories: Words = []
    authors: Words = []
    venues: Words = []
    examples: Words = []
    exclude: Words = []
    limit: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _wants_something(self) -> "TopicBlock":
        if not (self.words or self.categories or self.authors or self.venues or self.examples):
            raise ValueError("a topic needs at least one of `words`, `categories`, `authors`, `venues`, `examples`")
        return self


class UpdatedBlock(Block):
    limit: Annotated[int, Field(ge=1, le=100)] = 5


class NewsletterBlock(ApprovalKeys, Block):
    name: Name
    title: str | None = None
    schedule: Cron = "0 7 * * *"
    timezone: Zone = "UTC"
    limit: Annotated[int, Field(ge=1, le=1000)] = 25
    top: Annotated[int, Field(ge=0, le=20)] = 3
    window_days: Annotated[int, Field(ge=1, le=366)] = 7
    sources: list[str] | None = None
    topics: list[TopicBlock] | None = None
    section_min: Annotated[int, Field(ge=1)] = 2
    section_max: Annotated[int, Field(ge=2)] = 12
    floor: float | None = None
    tldr_words: Annotated[int, Field(ge=10, le=60)] = 30
    tldr_subject: Literal["abstract", "we", "authors"] = "abstract"
    half_life_days: Annotated[float, Field(gt=0)] | None = None
    weights: dict[str, Annotated[float, Field(ge=0)]] = {}
    forecast: bool | None = None
    votes: bool = False
    overlooked: Annotated[float, Field(ge=0, le=1)] = 0.0
    same_authors: Annotated[int, Field(ge=1)] = 2
    diversity: Annotated[float, Field(ge=0)] = 0.5
    introduction: str = ""
    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$")] = "en"
    updated: UpdatedBlock | None = None

    @model_validator(mode="after")
    def _bounds(self) -> "NewsletterBlock":
        if self.section_min > self.section_max:
            raise ValueError(f"`section_min` {self.section_min} is above `section_max` {self.section_max}")
        return self


class ForecastBlock(Block):
    use: bool = True
    picks: Literal["huggingface", "curator", "readers"] = "huggingface"
    authors: bool = True
    retrain_days: Annotated[int, Field(ge=1, le=366)] = 30


class ThemeBlock(Block):
    light: dict[str, Colour] = {}
    dark: dict[str, Colour] = {}
    topics: Annotated[list[Colour], Field(min_length=8, max_length=8)] | None = None
    topics_dark: Annotated[list[Colour], Field(min_length=8, max_length=8)] | None = None
    serif: Annotated[str, Field(min_length=1)] | None = None
    sans: Annotated[str, Field(min_length=1)] | None = None
    logo: Web | None = None
    density: Literal["headlines", "short", "full"] = "full"


class WarmUpBlock(Block):
    since: date
    days: Annotated[int, Field(ge=1, le=365)] = 14
    start: Annotated[int, Field(ge=1)] = 10


class LlmBlock(Block):
    url: Bare
    model: Annotated[str, Field(min_length=1)]
    key: Annotated[str, Field(pattern=r"^[\x21-\x7e]+$")] | None = None
    requests: Annotated[int, Field(ge=1, le=10_000)] = 60
    tokens: Annotated[int, Field(ge=100)] = 100_000
    seconds: Annotated[float, Field(gt=0, le=600)] = 60.0
    concurrency: Annotated[int, Field(ge=1, le=6)] = 4
    language: Annotated[str, Field(min_length=2, max_length=40)] | None = None
    prompt: str | None = None


class MailBlock(Block):
    from_: Annotated[Address, Field(alias="from")]
    to: list[Address] = []
    reply_to: Address | None = None
    smtp: Relays = []
    connections: Annotated[int, Field(ge=1, le=20)] = 1
    per_minute: Annotated[int, Field(ge=1)] | None = None
    domain_per_minute: Annotated[int, Field(ge=1)] | None = None
    retry_hours: Annotated[float, Field(ge=0, le=720)] = 48.0
    bounces: Bounces | None = None
    warm_up: WarmUpBlock | None = None
    address: str = ""
    unsubscribe: Web | None = None
    preferences: Web | None = None

    @model_validator(mode="after")
    def _ramp_of_something(self) -> "MailBlock":
        if self.warm_up is not None and self.per_minute is None:
            raise ValueError("`warm_up` is a ramp up to `per_minute`, which is not set")
        return self


class ServeBlock(Block):
    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    proxies: list[Annotated[str, Field(min_length=1)]] = ["127.0.0.1"]
    metrics: list[IpRange] = ["127.0.0.1", "::1"]
    per_minute: Annotated[int, Field(ge=0)] = 600
    key: Keys | None = None


class FeedsBlock(Block):
    hub: Endpoint | None = None
    ttl_minutes: Annotated[int, Field(ge=1, le=10_080)] = 60
    scores: list[Annotated[float, Field(ge=0, lt=1000, multiple_of=0.01)]] = [1.0]
    author_papers: Annotated[int, Field(ge=1)] = 10


class NotifyBlock(Block):
    after_hours: Annotated[float, Field(ge=0, le=8760)] = 24.0
    mail: bool = True
    webhook: Annotated[str, Field(pattern=r"^https?://[^\s]+$")] | None = None


class Config(Block):
    """The whole file."""

    title: Annotated[str, Field(min_length=1, max_length=120)] = "Papers today"
    url: Web = "https://papers.example.org"
    contact: Address = "editor@example.org"
    database: str = "sqlite:///digest.db"
    output: str = "public"
    templates: str | None = None
    collect: Cron = "0 */3 * * *"
    network: NetworkBlock = NetworkBlock()
    notify: NotifyBlock = NotifyBlock()
    feeds: FeedsBlock = FeedsBlock()
    sources: list[SourceBlock] = []
    signals: SignalBlocks = []
    topics: list[TopicBlock] = []
    topics_model: Annotated[str, Field(min_length=1)] = "none"
    newsletters: list[NewsletterBlock] = []
    forecast: ForecastBlock = ForecastBlock()
    theme: ThemeBlock = ThemeBlock()
    llm: LlmBlock | None = None
    mail: MailBlock | None = None
    serve: ServeBlock | None = None
    inbox: InboxBlock | None = None
    proposals: ProposalsBlock | None = None
