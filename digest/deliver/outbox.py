"""Deliver room: the states of a delivery, and how each outcome moves it on. Pure; the rules of retrying live here.

pending ──claim──> sending ──accepted──> sent
                      ├── again, down ──> failed, with retry_at (claimed once more when that is due)
                      ├── refused ──────> failed, for good
                      └── lost ─────────> in_doubt, until a person decides
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, Protocol

from digest.model import Counts, Delivery

OutcomeKind = Literal["accepted", "again", "refused", "lost", "down"]
FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=1)
MOST_ATTEMPTS = 60  # a little over two days of waits: what mail servers themselves give a message before it bounces


class Unsendable(ValueError):
    """No message can be made for this reader: the delivery fails for good, with these words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a server made of one message: took it, asked for later, refused it for good, vanished while holding it, or
    was not to be had at all (`down`: then no other message need be tried). `words` are its reply."""

    kind: OutcomeKind
    words: str = ""


class Outbox(Protocol):
    """What `send` needs of whoever keeps the deliveries."""

    def claim(self, limit: int, now: datetime) -> Sequence[Delivery]:
        """Due deliveries that are now this sender's alone."""

    def hand(self, delivery: Delivery) -> None:
        """Remembers, durably, that the message is about to be handed to a server."""

    def settle(self, *deliveries: Delivery) -> None:
        """Remembers, durably, what became of claimed deliveries."""

    def counts(self) -> Counts:
        """Where all deliveries stand."""


def after(delivery: Delivery, outcome: Outcome, now: datetime, most: int = MOST_ATTEMPTS) -> Delivery:
    """`delivery` as it stands after one attempt that ended at `now` with `outcome`; after `most` it is given up."""
    attempts = delivery.attempts + 1
    if outcome.kind == "accepted":
        return replace(delivery, state="sent", attempts=attempts, retry_at=None, error=None)
    if outcome.kind == "lost":
        return replace(delivery, state="in_doubt", attempts=attempts, retry_at=None, error=outcome.words)
    hopeless = outcome.kind == "refused" or attempts >= most
    retry_at = None if hopeless else now + wait(attempts)
    return replace(delivery, state="failed", attempts=attempts, retry_at=retry_at, error=outcome.words)


def attempts_within(patience: timedelta) -> int:
    """How many attempts, spaced by `wait`, fit into `patience` after the first; at least one."""
    attempts, passed = 1, wait(1)
    while passed <= patience:
        attempts += 1
        passed += wait(attempts)
    return attempts


def wait(attempts: int) -> timedelta:
    """How long after the `attempts`-th attempt (from 1) to try again: 5 minutes, doubled each time, at most an hour."""
    doublings: int = 2 ** min(attempts - 1, 10)
    return min(FIRST_WAIT * doublings, LONGEST_WAIT)
