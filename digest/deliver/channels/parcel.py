"""Deliver room, channels: what a channel is handed, and what it may use to pass it on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from digest.deliver.outbox import Outcome
from digest.net import Reply

Handing = Callable[[], None]
WAIT = (408, 425, 429)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """An issue as one kind of channel wants it: `key` is the same at every try and of no other issue or channel; `body`
    is JSON, a message, HTML, Markdown or plain text, as the kind says, `text` the plain one beside HTML."""

    issue_id: str
    key: str
    subject: str
    body: bytes
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """The moment, who we are, whom we may ask (hosts that may have private addresses) and for how long."""

    now: datetime
    contact: str = ""
    allow_hosts: tuple[str, ...] = ()
    timeout_s: float = 30.0


def outcome(reply: Reply, *, seen: bool = False) -> Outcome:
    """What an answer to one request means for a delivery. `seen`: whether it arrived can be looked up before the next
    try, so that no answer is no doubt."""
    if 200 <= reply.status < 300:
        return Outcome(kind="accepted", words=reply.words)
    if reply.status == 0:
        return Outcome(kind="lost" if reply.sent and not seen else "again", words=reply.words)
    later = reply.status in WAIT or reply.status >= 500
    return Outcome(kind="again" if later else "refused", words=reply.words)
