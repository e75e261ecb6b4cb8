"""How often a host may be asked: one request at a time with a gap between, and never before its Retry-After.

Part of the room `net`, the only one (with `deliver`) that waits.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from digest.net.errors import FetchError


class Pace:
    """The turns of one host. With a gap there is one request at a time (arXiv asks for both), else up to `width`."""

    def __init__(self, gap_s: float, width: int = 6) -> None:
        self._gap = gap_s
        self._turns = asyncio.Semaphore(1 if gap_s else width)
        self._free_at = 0.0

    @asynccontextmanager
    async def turn(self, host: "Host") -> AsyncIterator[None]:
        """Wait for a turn, then keep it for the length of a request; the gap counts from the request's end."""
        async with self._turns:
            while (wait := max(self._free_at, host.not_before) - time.monotonic()) > 0:
                host.check()
                await asyncio.sleep(wait)
            try:
                yield
            finally:
                self._free_at = time.monotonic() + self._gap


_LONGEST_S = 24 * 3600.0  # a slip in a Retry-After must not silence a source for longer
_RESTING: dict[str, float] = {}
"""When a host may be asked again (`time.monotonic`), for as long as this process lives: a schedule that runs for days
keeps a long Retry-After from run to run. It is the real clock's, so it is no business of the store."""


class Host:
    """What is known of one host: its turns in one client life, and when it may be asked again.

    `name` is host and port, as what one server asks for binds no other on the same machine.
    """

    def __init__(self, name: str, longest_wait_s: float) -> None:
        self.name = name
        self._longest = longest_wait_s
        self._paces: dict[float, Pace] = {}

    @property
    def not_before(self) -> float:
        return _RESTING.get(self.name, 0.0)

    def pace(self, gap_s: float) -> Pace:
        """The turns for requests with this gap."""
        return self._paces.setdefault(gap_s, Pace(gap_s))

    def postpone(self, seconds: float) -> None:
        """Obey a Retry-After: nobody asks this host before."""
        _RESTING[self.name] = max(self.not_before, time.monotonic() + min(seconds, _LONGEST_S))

    def check(self) -> None:
        """Raise FetchError if the host asked to be left alone for longer than anyone will wait here."""
        if (left := self.not_before - time.monotonic()) > self._longest:
            raise FetchError(
                f"{self.name.rstrip(':')} asks not to be asked for another {left:.0f} s", retry_after_s=left
            )
