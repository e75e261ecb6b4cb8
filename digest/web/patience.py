"""Web: how long a connection may take. uvicorn waits for ever for a request that never ends; here that has an end.

One timer a connection, which looks at its deadline and sleeps on: requests only move the deadline. Touched when slow
clients hold what others need.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_S = 20.0
"""From connecting, or the last answer, to the end of a request's head."""
WHOLE_S = 60.0
"""From there to the end of the answer; and for what is still unread of it then, once more."""


class Patient(H11Protocol):
    """A connection with a clock: who dribbles a request, or does not read an answer, is cut off."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._deadline = self.loop.time() + HEAD_S
        self._timed: object = None  # the request that the deadline is of; None while one is awaited
        self._timer: asyncio.TimerHandle | None = None
        self._unread = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has come."""
        super().connection_made(transport)
        self._timer = self.loop.call_later(HEAD_S, self._look)

    def data_received(self, data: bytes) -> None:
        """A part of a request; more parts of the same give it no more time."""
        super().data_received(data)
        self._set()

    def on_response_complete(self) -> None:
        """An answer was handed to the system."""
        super().on_response_complete()
        self._set()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def _set(self) -> None:
        """Another deadline if another thing is awaited than before."""
        cycle: Any = self.cycle
        working = None if cycle is None or cycle.response_complete else cycle
        if working is not self._timed:
            self._timed, self._unread = working, False
            self._deadline = self.loop.time() + (HEAD_S if working is None else WHOLE_S)

    def _look(self) -> None:
        now = self.loop.time()
        if now >= self._deadline:
            if self._unread or self.transport.get_write_buffer_size() == 0:
                self.transport.abort()
                return
            self._unread, self._deadline = True, now + WHOLE_S
        self._timer = self.loop.call_later(self._deadline - now, self._look)
