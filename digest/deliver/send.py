"""Deliver room: sends what is due of an outbox, in the one order that survives a crash: claim, hand, send, settle."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from digest.deliver.outbox import Outbox, Outcome, Unsendable, after
from digest.deliver.smtp import Relay
from digest.model import Counts, Delivery


def send(
    outbox: Outbox,
    relay: Relay,
    build: Callable[[Delivery], bytes],
    now: datetime,
    on_sent: Callable[[Delivery], None] | None = None,
    *,
    sender: str,
    batch: int = 100,
) -> Counts:
    """Sends every delivery that is due at `now` and returns where all of them stand.

    `build` makes a reader's message (or raises Unsendable); `sender` is the bare envelope address; `on_sent` is called
    with each delivery once it is settled, whatever its state; `batch` is how many are claimed at once. Refusals and a
    server that is down are states of deliveries, never exceptions. Whatever ends this function early, what was not
    handed over is free again and what was is settled or in doubt; that is the outbox's business when it is left.
    """
    work = _Sending(outbox, relay, build, now, on_sent or (lambda _: None), sender)
    down: Outcome | None = None
    with relay:
        while claimed := outbox.claim(batch, now):
            for place, delivery in enumerate(claimed):
                down = down or work.attempt(delivery)
                if down is not None:
                    work.settle(down, *claimed[place:])
                    break
    return outbox.counts()


@dataclass(frozen=True, slots=True)
class _Sending:
    """What stays the same from one delivery to the next."""

    outbox: Outbox
    relay: Relay
    build: Callable[[Delivery], bytes]
    now: datetime
    on_sent: Callable[[Delivery], None]
    sender: str

    def attempt(self, delivery: Delivery) -> Outcome | None:
        """Sends and settles one delivery; returns the outcome unsettled where the server is down for all."""
        try:
            message = self.build(delivery)
        except Unsendable as error:
            outcome = Outcome(kind="refused", words=str(error))
        else:
            handing = partial(self.outbox.hand, delivery)
            outcome = self.relay.send(self.sender, delivery.address, message, handing)
        if outcome.kind == "down":
            return outcome
        self.settle(outcome, delivery)
        return None

    def settle(self, outcome: Outcome, *deliveries: Delivery) -> None:
        """Records the same outcome of each delivery, in one transaction."""
        settled = [after(delivery, outcome, self.now) for delivery in deliveries]
        self.outbox.settle(*settled)
        for delivery in settled:
            self.on_sent(delivery)
