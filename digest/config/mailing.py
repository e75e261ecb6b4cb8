"""Mail and readers' pages as the rest of the program sees them: who mails whom, how fast, where links lead."""

from dataclasses import dataclass
from datetime import date

from digest.config import schema
from digest.model import Masthead

RESERVED = (
    *("subscribe", "confirm", "preferences", "unsubscribe", "desk", "propose", "bounces"),
    *("healthz", "metrics", "authors", "search", "vote"),
)
"""First parts of the paths of readers' pages: no newsletter may be called so while the program serves them."""
FOLDERS = ("papers", "search", "about", "authors")
"""Folders of the site beside those of newsletters: no newsletter may be called so."""
TOKEN = "{token}"  # noqa: S105 - what stands for a reader's token in an address of the config


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmUp:
    """A ramp of the throttle: `start` messages a minute on the day `since`, all that is allowed after `days`."""

    since: date
    days: int
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPlan:
    """Who mails whom. `smtp` is the first of `relays`, URLs that hold passwords: they are never shown. `connections`
    are kept to each relay at once; the limits a minute, to each relay and to each recipient's domain, None where there
    is none."""

    sender: str
    reply_to: str | None
    to: tuple[str, ...]
    smtp: str | None
    relays: tuple[str, ...] = ()
    connections: int = 1
    per_minute: int | None = None
    domain_per_minute: int | None = None
    retry_hours: float = 48.0
    bounces: str | None = None
    warm_up: WarmUp | None = None

    def __repr__(self) -> str:
        return f"MailPlan(sender={self.sender!r}, to={self.to!r}, smtp={'set' if self.smtp else None})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Addresses of a reader's own pages, with ``{token}`` where their token goes; "" where there is no such page."""

    unsubscribe: str = ""
    preferences: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Serve:
    """Where the web side listens, whose word about the client is taken, and keys of links (none: the file in home);
    which addresses may read its figures, and how many requests a minute one client has (None: no limit)."""

    host: str
    port: int
    proxies: tuple[str, ...]
    keys: tuple[bytes, ...]
    metrics: tuple[str, ...] = ("127.0.0.1", "::1")
    per_minute: int | None = 600

    def __repr__(self) -> str:
        return f"Serve(host={self.host!r}, port={self.port!r}, proxies={self.proxies!r}, {len(self.keys)} keys)"


def mail_plan(block: schema.MailBlock | None) -> MailPlan | None:
    """The block as values; None where there is none."""
    if block is None:
        return None
    ramp = block.warm_up
    return MailPlan(
        sender=block.from_,
        reply_to=block.reply_to,
        to=tuple(block.to),
        smtp=block.smtp[0] if block.smtp else None,
        relays=tuple(block.smtp),
        connections=block.connections,
        per_minute=block.per_minute,
        domain_per_minute=block.domain_per_minute,
        retry_hours=block.retry_hours,
        bounces=block.bounces,
        warm_up=WarmUp(since=ramp.since, days=ramp.days, start=ramp.start) if ramp else None,
    )


def serve_plan(block: schema.ServeBlock | None) -> Serve | None:
    """The block as values; None where there is none."""
    if block is None:
        return None
    keys = tuple(bytes.fromhex(word) for word in (block.key or "").split())
    return Serve(
        host=block.host,
        port=block.port,
        proxies=tuple(block.proxies),
        keys=keys,
        metrics=tuple(block.metrics),
        per_minute=block.per_minute or None,
    )


def links(config: schema.Config) -> Links:
    """Where each reader's own links lead: pages of one's own that take a token, else those this program serves."""

    def leads(given: str | None, page: str) -> str:
        if given and TOKEN in given:
            return given
        return f"{config.url}/{page}/{TOKEN}" if config.serve is not None else ""

    mail = config.mail
    return Links(
        unsubscribe=leads(mail.unsubscribe if mail else None, "unsubscribe"),
        preferences=leads(mail.preferences if mail else None, "preferences"),
    )


def masthead(config: schema.Config) -> Masthead:
    """Who publishes. Ways out are those for everybody; a reader's own (`links`) take their place in mail."""

    def way(given: str | None) -> str:
        return given if given and TOKEN not in given else ""

    mail = config.mail
    return Masthead(
        title=config.title,
        url=config.url,
        contact=config.contact,
        address=mail.address if mail else "",
        unsubscribe=way(mail.unsubscribe if mail else None),
        preferences=way(mail.preferences if mail else None),
        subscribe=f"{config.url}/subscribe" if config.serve is not None else "",
    )
