"""Web: how long a connection may take. uvicorn waits for ever for a request that never ends; here that has an end.

Touched when slow clients hold what others need.
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
        self._timer: asyncio.TimerHandle | None = None
        self._timed: object = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has come."""
        super().connection_made(transport)
        self._watch("head", HEAD_S)

    def data_received(self, data: bytes) -> None:
        """A part of a request; more parts of the same give it no more time."""
        super().data_received(data)
        self._rewatch()

    def on_response_complete(self) -> None:
        """An answer was handed to the system."""
        super().on_response_complete()
        self._rewatch()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        self._stop()
        super().connection_lost(exc)

    def _rewatch(self) -> None:
        cycle: Any = self.cycle
        if cycle is not None and not cycle.response_complete:
            if self._timed is not cycle:
                self._watch(cycle, WHOLE_S)
        elif self._timed != "head":
            self._watch("head", HEAD_S)

    def _watch(self, what: object, seconds: float) -> None:
        self._stop()
        self._timed = what
        self._timer = self.loop.call_later(seconds, self._over)

    def _over(self) -> None:
        if self._timed != "unread" and self.transport.get_write_buffer_size() > 0:
            self._watch("unread", WHOLE_S)
            return
        self.transport.abort()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
