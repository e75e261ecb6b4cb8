"""Deliver room: sends what is due of an outbox, in the one order that survives a crash: claim, hand, send, settle."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from digest.deliver.outbox import MOST_ATTEMPTS, Outbox, Outcome, Unsendable, after
from digest.deliver.smtp import Relay
from digest.model import Counts, Delivery

Pacing = Callable[[Delivery, Relay], None]
Sender = str | Callable[[Delivery], str]
"""The bare envelope address that a refusal goes back to: one for all, or each delivery's own."""


def send(
    outbox: Outbox,
    relay: Relay,
    build: Callable[[Delivery], bytes],
    now: datetime,
    on_sent: Callable[[Delivery], None] | None = None,
    *,
    sender: Sender,
    batch: int = 100,
    pace: Pacing | None = None,
    most: int = MOST_ATTEMPTS,
) -> Counts:
    """Sends every delivery that is due at `now` and returns where all of them stand.

    `build` makes a reader's message (or raises Unsendable); `sender` is the bare envelope address; `on_sent` is called
    with each delivery once it is settled, whatever its state; `batch` is how many are claimed at once; `pace` is called
    before each message with its relay and may wait; `most` attempts are made before a delivery is given up. Refusals
    and a server that is down are states of deliveries, never exceptions.
    Whatever ends this function early, what was not handed over is free again and what was is settled or in doubt; that
    is the outbox's business when it is left.
    """
    _Sending(build, now, sender, batch, on_sent, pace, most).run(outbox, relay)
    return outbox.counts()


def send_at_once(
    open_outbox: Callable[[], AbstractContextManager[Outbox]],
    relays: Sequence[Relay],
    build: Callable[[Delivery], bytes],
    now: datetime,
    on_sent: Callable[[Delivery], None] | None = None,
    *,
    sender: Sender,
    batch: int = 25,
    pace: Pacing | None = None,
    most: int = MOST_ATTEMPTS,
) -> Counts:
    """As `send`, over several connections at once: a thread for each of `relays` (at least one; equal ones are several
    connections to one server), each with an outbox of its own. A relay that is down leaves its share to the others; the
    last one decides.

    `build` and `on_sent` are called from those threads, `on_sent` by one at a time. An exception in one thread, or an
    interrupt, ends all of them after the message they are at.
    """
    work = _Sending(build, now, sender, batch, on_sent, pace, most)

    def one(relay: Relay) -> bool:
        try:
            with open_outbox() as outbox:
                return work.run(outbox, relay)
        except BaseException:
            work.stop.set()
            raise

    before: list[Relay] = []
    while len(before) != len(relays) and relays:  # again with those left: the others gave back what they had claimed
        before, work.alive[:] = list(relays), list(relays)
        with ThreadPoolExecutor(len(relays)) as threads:
            futures = [threads.submit(one, relay) for relay in relays]
            try:
                relays = [relay for relay, future in zip(before, futures, strict=True) if future.result()]
            except BaseException:
                work.stop.set()
                raise
    with open_outbox() as outbox:
        return outbox.counts()


@dataclass(frozen=True, slots=True)
class _Sending:
    """What stays the same from one delivery to the next; several threads may run one."""

    build: Callable[[Delivery], bytes]
    now: datetime
    sender: Sender
    batch: int
    on_sent: Callable[[Delivery], None] | None
    pace: Pacing | None
    most: int
    stop: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    alive: list[Relay] = field(default_factory=list)

    def run(self, outbox: Outbox, relay: Relay) -> bool:
        """Claims and sends until nothing is due, or `stop` is set; False where the relay is down."""
        down: Outcome | None = None
        with relay:
            while not self.stop.is_set() and (claimed := outbox.claim(self.batch, self.now)):
                for place, delivery in enumerate(claimed):
                    if self.stop.is_set():
                        break
                    down = down or self.attempt(outbox, relay, delivery)
                    if down is not None:
                        if self.others(relay):
                            return False
                        self.settle(outbox, down, *claimed[place:])
                        break
        return down is None

    def others(self, relay: Relay) -> bool:
        """Whether a relay besides this one, which is down, is still sending."""
        with self.lock:
            self.alive[:] = [each for each in self.alive if each is not relay]
            return bool(self.alive)

    def attempt(self, outbox: Outbox, relay: Relay, delivery: Delivery) -> Outcome | None:
        """Sends and settles one delivery; returns the outcome unsettled where the server is down for all."""
        try:
            message = self.build(delivery)
        except Unsendable as error:
            outcome = Outcome(kind="refused", words=str(error))
        else:
            if self.pace is not None:
                self.pace(delivery, relay)
            sender = self.sender if isinstance(self.sender, str) else self.sender(delivery)
            outcome = relay.send(sender, delivery.address, message, partial(outbox.hand, delivery))
        if outcome.kind == "down":
            return outcome
        self.settle(outbox, outcome, delivery)
        return None

    def settle(self, outbox: Outbox, outcome: Outcome, *deliveries: Delivery) -> None:
        """Records the same outcome of each delivery."""
        settled = [after(delivery, outcome, self.now, self.most) for delivery in deliveries]
        outbox.settle(*settled)
        if self.on_sent is not None:
            with self.lock:
                for delivery in settled:
                    self.on_sent(delivery)
