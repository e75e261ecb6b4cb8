"""Deliver room: single letters (confirmations, welcomes), sent soon and apart from any issue. Nothing is kept on disk.

Who asked and got no letter asks again, so a letter that is lost with the process is no harm.
"""

import logging
import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from digest.deliver.smtp import Relay

log = logging.getLogger(__name__)
MOST_WAITING = 1_000
WAITS_S = (10.0, 60.0, 300.0)


@dataclass(frozen=True, slots=True)
class _Waiting:
    address: str
    message: bytes
    attempts: int = 0


class Post:
    """A thread that hands letters to a relay, one after the other; a relay that is down or says "later" is tried again
    a few times. Use it as a context manager: on leaving, what waits is tried once more."""

    def __init__(self, relay: Relay, sender: str, waits_s: Sequence[float] = WAITS_S) -> None:
        """`sender` is the bare envelope address; `waits_s` are the times between attempts."""
        self._relay, self._sender, self._waits_s = relay, sender, waits_s
        self._queue: queue.Queue[_Waiting] = queue.Queue(MOST_WAITING)
        self._stop = threading.Event()
        self._timers: set[threading.Timer] = set()
        self._thread = threading.Thread(target=self._run, name="post", daemon=True)

    def put(self, address: str, message: bytes) -> bool:
        """Takes a letter to be sent soon; False where too many wait already, and this one is not sent."""
        return self._put(_Waiting(address, message))

    def _put(self, waiting: _Waiting) -> bool:
        try:
            self._queue.put_nowait(waiting)
        except queue.Full:
            log.error("a letter was not sent: %d are waiting already", MOST_WAITING)
            return False
        return True

    def _run(self) -> None:
        while not (self._stop.is_set() and self._queue.empty()):
            try:
                waiting = self._queue.get(timeout=0.2)
            except queue.Empty:
                continue
            outcome = self._relay.send(self._sender, waiting.address, waiting.message, lambda: None)
            if outcome.kind in ("again", "down") and waiting.attempts < len(self._waits_s) and not self._stop.is_set():
                self._later(waiting)
            elif outcome.kind != "accepted":
                log.error("a letter was not sent: %s", outcome.words or outcome.kind)
            if self._queue.empty():
                self._relay.close()  # letters are rare: no server is kept waiting for the next

    def _later(self, waiting: _Waiting) -> None:
        again = _Waiting(waiting.address, waiting.message, waiting.attempts + 1)
        timer = threading.Timer(self._waits_s[waiting.attempts], self._put, [again])
        timer.daemon = True
        self._timers = {each for each in self._timers if each.is_alive()} | {timer}
        timer.start()

    def __enter__(self) -> "Post":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for timer in self._timers:
            timer.cancel()
        self._stop.set()
        self._thread.join(10.0)
