"""The plan a config.yaml comes to: the program's own nouns, and the mistakes between keys that no type catches."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from digest.config import schema
from digest.config.channels import Inbox, Proposals, approval, channels, inbox, proposals
from digest.config.comparing import text_model
from digest.config.feeds import FeedsPlan, feeds
from digest.config.forecast import ForecastPlan, forecast, used
from digest.config.llm import LanguageModel, language_model
from digest.config.mailing import FOLDERS, RESERVED, Links, MailPlan, Serve, links, mail_plan, masthead, serve_plan
from digest.config.notify import Notify, notify
from digest.config.read import Document, KeyPath, empty, read
from digest.config.signals import signals
from digest.errors import ConfigError
from digest.model import Masthead, Newsletter, SignalSource, Source, Theme, TopicRule

HALF_LIFE = 3.0  # days, unless set; twice a window longer than a week: such a letter looks back


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How sources may be asked. `gap_s` is the time between requests to one host (None: each host's own default)."""

    allow_hosts: tuple[str, ...]
    gap_s: float | None
    timeout_s: float
    source_limit_s: float
    signals_limit_s: float
    max_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All of config.yaml, typed. Paths are absolute; `mail` is None when no block stands there."""

    path: Path
    home: Path
    database: str
    output: Path
    templates: Path | None
    collect: str
    network: Network
    sources: tuple[Source, ...]
    newsletters: tuple[Newsletter, ...]
    mail: MailPlan | None
    masthead: Masthead
    theme: Theme
    links: Links
    serve: Serve | None
    forecast: ForecastPlan
    llm: LanguageModel | None = None
    notify: Notify = field(default_factory=Notify)
    feeds: FeedsPlan = field(default_factory=FeedsPlan)
    inbox: Inbox | None = None
    proposals: Proposals | None = None
    signals: tuple[SignalSource, ...] = ()

    def newsletter(self, name: str) -> Newsletter:
        """The newsletter called `name`; a `ConfigError` that names those there are."""
        for newsletter in self.newsletters:
            if newsletter.name == name:
                return newsletter
        there = ", ".join(newsletter.name for newsletter in self.newsletters) or "none"
        raise ConfigError(f"{self.path}: no newsletter is called `{name}`; there is {there}")


def load(
    path: Path, home: Path | None = None, overrides: Sequence[str] = (), environ: Mapping[str, str] | None = None
) -> Plan:
    """The plan of the file at `path`; relative paths in it start from `home` (default: the file's folder)."""
    document = read(path, overrides, environ)
    return _plan(document, (home or path.parent).resolve())


def default_plan(home: Path, overrides: Sequence[str] = ()) -> Plan:
    """What holds with no config at all: for one-shot commands."""
    document = empty(overrides)
    document.values.setdefault("newsletters", [{"name": "daily"}])
    return _plan(document, home.resolve())


def _plan(document: Document, home: Path) -> Plan:
    try:
        config = schema.Config.model_validate(document.values)
    except ValidationError as error:
        raise ConfigError("\n".join(_explain(document, problem) for problem in error.errors())) from None
    _check_names(document, config)
    network, model = config.network, text_model(config.topics_model, document, home)
    return Plan(
        path=document.path,
        home=home,
        database=config.database,
        output=home / config.output,
        templates=home / config.templates if config.templates else None,
        collect=config.collect,
        network=Network(
            **network.model_dump(exclude={"allow_hosts", "max_mb"}),
            allow_hosts=tuple(network.allow_hosts),
            max_bytes=int(network.max_mb * 1_000_000),
        ),
        sources=tuple(_source(block, home) for block in config.sources),
        signals=signals(config.signals),
        newsletters=tuple(
            replace(_newsletter(block, config, home), topics_model=model) for block in config.newsletters
        ),
        mail=mail_plan(config.mail),
        masthead=masthead(config),
        theme=_theme(config.theme),
        llm=language_model(config.llm, home, home / config.templates if config.templates else None),
        links=links(config),
        serve=serve_plan(config.serve),
        forecast=forecast(config),
        notify=notify(config.notify),
        feeds=feeds(config.feeds),
        inbox=inbox(config.inbox, home, config.mail.bounces if config.mail else None),
        proposals=proposals(config.proposals),
    )


def _source(block: schema.SourceBlock, home: Path) -> Source:
    options: dict[str, Any] = dict(block.options)
    kept = ("base_url", "api_url", "categories", "query", "venue", "issn", "types", "server", "api_key")
    for key in (*kept, "days"):
        value = getattr(block, key)
        if value:
            options[key] = tuple(value) if isinstance(value, list) else value
    if block.path:
        options["path"] = str(home / block.path)
    return Source(name=block.name, kind=block.kind, url=block.url, options=options)


def _theme(block: schema.ThemeBlock) -> Theme:
    usual = Theme()
    return Theme(
        light=block.light,
        dark=block.dark,
        topics=tuple(block.topics or usual.topics),
        topics_dark=tuple(block.topics_dark or usual.topics_dark),
        serif=block.serif or usual.serif,
        sans=block.sans or usual.sans,
        logo=block.logo or "",
        density=block.density,
    )


def _newsletter(block: schema.NewsletterBlock, config: schema.Config, home: Path) -> Newsletter:
    topics = config.topics if block.topics is None else block.topics
    own = {"title", "sources", "topics", "forecast", "half_life_days", "updated"}
    desk = {"channels", "approval", "editor", "approve_by", "unless_approved"}
    plain = block.model_dump(exclude=own | desk)
    return Newsletter(
        title=block.title or config.title,
        forecast=used(block, config),
        half_life_days=block.half_life_days or (HALF_LIFE if block.window_days <= 7 else 2.0 * block.window_days),
        sources=tuple(block.sources or ()),
        topics=tuple(_rule(topic, home) for topic in topics),
        updated=block.updated.limit if block.updated else 0,
        channels=channels(block.channels, home),
        approval=approval(block, config.contact),
        **plain,
    )


def _rule(block: schema.TopicBlock, home: Path) -> TopicRule:
    return TopicRule(
        name=block.name,
        words=tuple(block.words),
        categories=tuple(block.categories),
        authors=tuple(block.authors),
        venues=tuple(block.venues),
        examples=tuple(str(home / each) if each.endswith(".bib") else each for each in block.examples),
        exclude=tuple(block.exclude),
        limit=block.limit,
    )


def _check_names(document: Document, config: schema.Config) -> None:
    """Names that must be unique, and names that must exist."""
    for block in ("sources", "newsletters", "topics"):
        seen: set[str] = set()
        for index, name in enumerate(item.name for item in getattr(config, block)):
            if name.casefold() in seen:
                raise ConfigError(
                    f"{document.where((block, index, 'name'))}: {block}.{index}.name: `{name}` is there twice"
                )
            seen.add(name.casefold())
    names = [source.name for source in config.sources]
    for index, newsletter in enumerate(config.newsletters):
        if newsletter.name in FOLDERS or (config.serve is not None and newsletter.name in RESERVED):
            where = document.where(("newsletters", index, "name"))
            raise ConfigError(f"{where}: newsletters.{index}.name: `{newsletter.name}` is the address of a page")
        for place, name in enumerate(newsletter.sources or ()):
            if name not in names:
                raise ConfigError(
                    f"{document.where(('newsletters', index, 'sources', place))}: newsletters.{newsletter.name}"
                    f".sources: no source is called `{name}`{_near(name, names)}"
                )


def _explain(document: Document, problem: Any) -> str:
    """One mistake as a line: file, line, key, value and what would be right."""
    key: KeyPath = tuple(part for part in problem["loc"] if part != "function-after")
    dotted = ".".join(str(part) for part in key)
    value = document.origins.get(key) if str(document.origins.get(key, "")).startswith("env:") else problem["input"]
    where = document.where(key)
    if problem["type"] == "extra_forbidden":
        return f"{where}: {dotted}: unknown key{_near(str(key[-1]), _keys_at(key[:-1]))}"
    if problem["type"] == "missing":
        return f"{where}: {dotted}: is missing"
    words = problem["msg"].removeprefix("Value error, ")
    secret = key[-1:] in _SECRETS or (key[-1:] == ("url",) and {"channels", "inbox"} & set(key))
    shown = "" if isinstance(value, dict) or secret else f" is `{str(value)[:80]}`:"
    return f"{where}: {dotted}:{shown} {words[:1].lower() + words[1:]}"


_SECRETS = (("key",), ("api_key",), ("smtp",), ("webhook",), ("secret",), ("token",))
"""Keys whose values are never shown."""


def _keys_at(key: KeyPath) -> list[str]:
    """The keys that may stand in the block at `key`."""
    model: Any = schema.Config
    for part in key:
        if isinstance(part, int):
            continue
        found = _models(model.model_fields[part].annotation) if part in model.model_fields else []
        if not found:
            return []
        model = found[0]
    return [field.alias or name for name, field in model.model_fields.items()]


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models(part)]


def _near(name: str, names: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if close:
        return f"; did you mean `{close[0]}`?"
    return f"; there is {', '.join(names)}" if names else ""
