"""Store room: one sender's claims, and the journal that says, should it die, which message it was handing over.

An owner is a file that its process holds locked while it lives; the kernel unlocks it when the process ends, so whoever
can lock it knows the owner is gone: no clock is asked. The file is also the journal: a line before each message goes to
the server, a line with what became of it. Two short appends a message, instead of two transactions that every sender
would queue for; the database gets them in batches, and from the journal what a dead owner could not bring in.
"""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from digest.model import Counts, Delivery
from digest.store.codec import decode, encode
from digest.store.database import in_words, try_flock

DOUBT = "the sender stopped after it had begun to hand this message to the server"


class Outbox:
    """The deliveries of one issue, for one sender. Made by `Deliveries.outbox`; every method raises StoreError."""

    def __init__(self, journal: "Journal", claim: "Claim", settle: "Settle", counts: Callable[[], Counts]) -> None:
        self._journal, self._claim, self._settle, self._counts = journal, claim, settle, counts
        self._handed: set[str] = set()
        self._settled: list[Delivery] = []

    def claim(self, limit: int, now: datetime) -> tuple[Delivery, ...]:
        """At most `limit` deliveries that are due at `now` and now ours alone; none when all are done or others'."""
        self.flush()
        return self._claim(limit, now)

    def hand(self, delivery: Delivery) -> None:
        """To be called just before the message goes to the server: from here on a crash leaves it in doubt."""
        self._journal.write(replace(delivery, state="sending"))
        self._handed.add(delivery.address)

    def settle(self, *deliveries: Delivery) -> None:
        """Records what became of claimed deliveries: their state, attempts, retry_at and error."""
        for delivery in deliveries:
            self._journal.write(delivery)
            self._handed.discard(delivery.address)
        self._settled.extend(deliveries)

    def counts(self) -> Counts:
        """Where the issue's deliveries stand."""
        self.flush()
        return self._counts()

    def flush(self) -> None:
        """Brings what was settled into the database."""
        if self._settled:
            self._settle(*self._settled)
            self._settled = []
            if not self._handed:
                self._journal.empty()


Claim = Callable[[int, datetime], tuple[Delivery, ...]]
Settle = Callable[..., None]


class Journal:
    """An owner's file, open and locked."""

    def __init__(self, path: Path) -> None:
        """Makes the file, which must not exist. Raises StoreError."""
        self.path = path
        with in_words(path):
            unready = path.with_name(f"{path.name.replace('.sender-', '.new-')}")  # no owner's name until it is locked
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_APPEND
            self._descriptor = os.open(unready, flags, 0o600)
            try_flock(self._descriptor)
            unready.rename(path)

    def write(self, delivery: Delivery) -> None:
        """Appends the delivery as it now stands. Raises StoreError."""
        line = encode(delivery).encode() + b"\n"
        with in_words(self.path):
            if os.write(self._descriptor, line) != len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def empty(self) -> None:
        """Forgets everything: it is in the database. Raises StoreError."""
        with in_words(self.path):
            os.ftruncate(self._descriptor, 0)

    def close(self) -> None:
        """Ends the ownership; the file stays until it has been brought in."""
        os.close(self._descriptor)


def read_journal(path: Path) -> tuple[Delivery, ...]:
    """What became of an owner's deliveries, by its journal; the one it was handing over is in doubt.

    A line cut short says nothing: before a message it means that the message was not handed over, after it that what
    became of it is not known.
    """
    last: dict[str, Delivery] = {}
    try:
        lines = path.read_bytes().split(b"\n")[:-1]
    except FileNotFoundError:
        return ()
    for line in lines:
        with suppress(ValueError):
            delivery = decode(Delivery, line.decode())
            last[delivery.address] = delivery
    return tuple(_doubted(each) if each.state == "sending" else each for each in last.values())


def _doubted(delivery: Delivery) -> Delivery:
    return replace(delivery, state="in_doubt", attempts=delivery.attempts + 1, retry_at=None, error=DOUBT)


@contextmanager
def unowned(path: Path) -> Iterator[bool]:
    """Whether the owner of this file is gone; while the block runs nobody else will find so too."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        yield True
        return
    try:
        yield try_flock(descriptor)
    finally:
        os.close(descriptor)
