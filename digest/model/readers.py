"""Who gets an issue and what became of it: readers and deliveries.

Values only; touched when a delivery or a subscription needs another state.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

DeliveryState = Literal["pending", "sending", "sent", "failed", "in_doubt"]
ReaderState = Literal["pending", "active", "paused", "unsubscribed", "bounced", "complained"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A subscriber. `consent` says where and when the address agreed; `newsletters` empty means all; while `paused` it
    gets nothing before `paused_until` (None: until further notice); `density` is as in `Theme`, or "" for the site's.
    `uid`, made by the store, is for use in links."""

    address: str
    name: str = ""
    state: ReaderState = "active"
    newsletters: tuple[str, ...] = ()
    consent: str = ""
    since: datetime | None = None
    paused_until: date | None = None
    density: Literal["", "headlines", "short", "full"] = ""
    uid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """This issue to this address. `message_id` is stable for the pair; `retry_at` is set while failed for now."""

    issue: str
    address: str
    message_id: str
    state: DeliveryState = "pending"
    attempts: int = 0
    retry_at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """An issue as a mail before it has a reader: subject, complete HTML and text parts."""

    subject: str
    html: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Where an issue's deliveries stand; they add up to its recipients."""

    sent: int = 0
    failed: int = 0
    pending: int = 0
    in_doubt: int = 0
