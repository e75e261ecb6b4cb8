"""The keys `channels`, `approval`, `inbox` and `proposals` of config.yaml, and what they come to.

Touched when a kind of channel is added, or the desk or what comes back gains a key.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field, model_validator

from digest.config.values import STRICT, Address, Name
from digest.model import Approval, Channel, ChannelKind, Newsletter

NEEDS: dict[ChannelKind, tuple[str, ...]] = {
    "webhook": ("url",),
    "apprise": ("url",),
    "maildir": ("path",),
    "mbox": ("path",),
    "eml": ("path",),
    "listmonk": ("url", "user", "token", "lists"),
    "keila": ("url", "token"),
}
"""Kinds of channels, and the keys each cannot do without."""
OPTIONAL: dict[ChannelKind, tuple[str, ...]] = {
    "webhook": ("secret",),
    "apprise": ("lines",),
    "listmonk": ("template",),
    "keila": ("sender", "segment", "template"),
}


def _link(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*://\S+", value):
        raise ValueError("must be an address with a scheme, as https://… or a service's own")
    return value


def _hour(value: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError('must be a time of day in quotes, as "09:00"')
    return value


def _bare_address(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,20}@[A-Za-z0-9.-]+", value):
        raise ValueError("must be a plain address with at most 20 letters, digits, dots or hyphens before the @")
    return value


Bounces = Annotated[str, AfterValidator(_bare_address)]
Text = Annotated[str, Field(min_length=1)]


class Block(BaseModel):
    """A mapping of the file."""

    model_config = STRICT


class ChannelBlock(Block):
    name: Name | None = None
    kind: ChannelKind
    url: Annotated[str, AfterValidator(_link)] | None = None
    secret: Annotated[str, Field(min_length=16)] | None = None
    user: Text | None = None
    token: Annotated[str, Field(pattern=r"^[\x21-\x7e]+$")] | None = None
    path: Text | None = None
    lists: list[Annotated[int, Field(ge=1)]] = []
    sender: Text | None = None
    segment: Text | None = None
    template: Text | None = None
    lines: Annotated[int, Field(ge=1, le=50)] | None = None

    @model_validator(mode="after")
    def _fits(self) -> "ChannelBlock":
        given = {key for key, value in self if value not in (None, []) and key not in ("name", "kind")}
        wanted = set(NEEDS[self.kind])
        if missing := sorted(wanted - given):
            raise ValueError(f"a channel of kind {self.kind} needs `{missing[0]}` (set, if it is `env:NAME`)")
        if extra := sorted(given - wanted - set(OPTIONAL.get(self.kind, ()))):
            raise ValueError(f"a channel of kind {self.kind} has no key `{extra[0]}`")
        if self.kind != "apprise" and self.url and not self.url.lower().startswith(("http://", "https://")):
            raise ValueError("`url` must be an http:// or https:// address")
        return self


class ApprovalKeys(Block):
    """The keys of a newsletter that make its issues drafts first."""

    channels: list[ChannelBlock] = []
    approval: Literal["required", "none"] = "none"
    editor: Address | None = None
    approve_by: Annotated[str, AfterValidator(_hour)] | None = None
    unless_approved: Literal["send", "hold"] = "hold"

    @model_validator(mode="after")
    def _whole(self) -> "ApprovalKeys":
        names = [block.name or block.kind for block in self.channels]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two channels are called `{twice[0]}`; give each a `name`")
        if self.unless_approved == "send" and self.approve_by is None:
            raise ValueError("`unless_approved: send` needs the hour `approve_by`")
        return self


class InboxBlock(Block):
    url: Annotated[str, Field(pattern=r"^(imaps?|pop3s?)://[^\s]+$")] | None = None
    path: Text | None = None
    address: Address | None = None
    secret: Annotated[str, Field(min_length=16)] | None = None
    accept: Literal["named", "signed"] | None = None
    soft_limit: Annotated[int, Field(ge=1, le=100)] = 5
    soft_days: Annotated[int, Field(ge=1, le=366)] = 30
    most: Annotated[int, Field(ge=1, le=100_000)] = 1000

    @model_validator(mode="after")
    def _one(self) -> "InboxBlock":
        if self.url and self.path:
            raise ValueError("an inbox has a `url` or a `path`, not both")
        if not (self.url or self.path or self.secret):
            raise ValueError("an inbox needs a `url`, a `path`, or the `secret` of its webhook")
        return self


class ProposalsBlock(Block):
    per_day: Annotated[int, Field(ge=1, le=10_000)] = 5
    waiting: Annotated[int, Field(ge=1, le=100_000)] = 200
    timeout_s: Annotated[float, Field(gt=0, le=60)] = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """Where what comes back is read: `url` of an IMAP or POP3 inbox (it may hold a password and is never shown), or
    the Maildir `path`; neither where only the webhook (with `secret`) is used. `accept`: whose word counts, that of any
    report which names a reader, or only of what holds a token that this program signed."""

    url: str = ""
    path: Path | None = None
    address: str = ""
    secret: str = ""
    accept: Literal["named", "signed"] = "named"
    soft_limit: int = 5
    soft_days: timedelta = timedelta(days=30)
    most: int = 1000

    def __repr__(self) -> str:
        host = urlsplit(self.url).hostname if self.url else None
        return f"Inbox(host={host!r}, path={self.path!r}, accept={self.accept!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """How many proposals one address, or one client, may make within a day; how many may wait for the editor; how long
    a proposed page may take to answer."""

    per_day: int = 5
    waiting: int = 200
    timeout_s: float = 15.0


def inbox(block: InboxBlock | None, home: Path, bounces: str | None) -> Inbox | None:
    """The block as values; None where there is none. Signed bounce addresses make signed word the only one that counts,
    unless it says otherwise."""
    if block is None:
        return None
    return Inbox(
        url=block.url or "",
        path=home / block.path if block.path else None,
        address=block.address or "",
        secret=block.secret or "",
        accept=block.accept or ("signed" if bounces else "named"),
        soft_limit=block.soft_limit,
        soft_days=timedelta(days=block.soft_days),
        most=block.most,
    )


def proposals(block: ProposalsBlock | None) -> Proposals | None:
    """The block as values; None where there is none."""
    return Proposals(**block.model_dump()) if block is not None else None


def channels(blocks: list[ChannelBlock], home: Path) -> tuple[Channel, ...]:
    """The channels of a newsletter; one without a name is called by its kind."""
    made = []
    for block in blocks:
        given = {key: value for key, value in block.model_dump().items() if value not in (None, [])}
        given |= {"name": block.name or block.kind, "lists": tuple(block.lists)}
        if block.path:
            given["path"] = str(home / block.path)
        if block.kind in ("listmonk", "keila"):
            given["url"] = str(block.url).rstrip("/")
        made.append(Channel(**given))
    return tuple(made)


def approval(block: ApprovalKeys, contact: str) -> Approval | None:
    """Who approves; None where nobody has to. The editor is `contact` unless named."""
    if block.approval == "none":
        return None
    by = time.fromisoformat(block.approve_by) if block.approve_by else None
    return Approval(editor=block.editor or contact, by=by, otherwise=block.unless_approved)


def deadlines(newsletters: Iterable[Newsletter]) -> Iterator[tuple[str, str, str]]:
    """Name, cron and time zone of the hours at which drafts are decided on."""
    for letter in newsletters:
        if letter.approval is not None and (by := letter.approval.by) is not None:
            yield letter.name, f"{by.minute} {by.hour} * * *", letter.timezone
