"""Deliver room: how fast mail may go out. Off unless configured; waits on the real clock."""

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable


def ramped(most: int, start: int, days: int, day: int) -> int:
    """How many on the `day`-th day (from 0) of a warm-up that begins at `start` and comes to `most` after `days`,
    growing by the same factor each day: start * (most / start) ** (day / days), never more than `most`."""
    if day >= days or start >= most:
        return most
    grown: float = start * (most / start) ** (max(day, 0) / days)
    return max(1, round(grown))


class Pace:
    """At most `most` of a kind in any `window_s` seconds (a sliding window); threads may share one."""

    def __init__(
        self,
        most: int,
        window_s: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if most < 1 or window_s <= 0:
            raise ValueError("a pace is at least one in a time longer than none")
        self._most, self._window_s, self._clock, self._sleep = most, window_s, clock, sleep
        self._times: dict[Hashable, deque[float]] = {}
        self._lock = threading.Lock()

    def wait(self, kind: Hashable = None) -> None:
        """Returns when one more of `kind` (a recipient's domain, say) may go out, and counts it."""
        with self._lock:
            times = self._times.setdefault(kind, deque(maxlen=self._most))
            now = self._clock()
            due = max(now, times[0] + self._window_s) if len(times) == self._most else now
            times.append(due)  # its place is taken before it waits, so the next one waits behind it
        if due > now:
            self._sleep(due - now)
