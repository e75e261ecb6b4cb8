"""Web: the front of the app: every request gets an id, is counted, timed and logged, and answered at once if possible.

Plain ASGI around everything else, because a kept answer costs less than finding its route would. Touched when every
request needs something more; what every answer needs is in `guard.py`.
"""

import asyncio
from collections.abc import Callable, MutableMapping
from datetime import datetime
from typing import Any

from digest.web import logs
from digest.web.cache import Headers
from digest.web.guard import App, Receive, Scope, Send, inner
from digest.web.limits import Buckets, client
from digest.web.live import Live
from digest.web.metrics import Watch

_TOO_MANY: Headers = [(b"retry-after", b"60"), (b"content-length", b"0"), (b"cache-control", b"no-store")]


class Front:
    """Around the app (`Guard` and all within): kept answers of `live` first."""

    def __init__(
        self, app: App, live: Live, watch: Watch, buckets: Buckets | None, clock: Callable[[], datetime], prefix: str
    ) -> None:
        """`buckets` bound how often a client may ask (None: as often as it likes); `prefix` is as `Guard`'s."""
        self._app, self._live, self._watch, self._buckets = app, live, watch, buckets
        self._clock, self._prefix = clock, prefix.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        loop, path, method = asyncio.get_running_loop(), inner(scope["path"], self._prefix), scope["method"]
        began, name = loop.time(), logs.identify(scope["headers"])
        ready = self._ready(path, method, scope)
        status, size = 500, 0

        async def noting(message: MutableMapping[str, Any]) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message.get("headers", ()), (b"x-request-id", name)]}
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            if ready is None:
                await self._app(scope, receive, noting)
            else:
                status, headers, body = ready
                size = len(body)
                headers = [*headers, (b"x-request-id", name)]
                await send({"type": "http.response.start", "status": status, "headers": headers})
                await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})
        finally:
            took = loop.time() - began
            self._watch.request(path, method, status, took)
            logs.access(method, path, status, size, took, kept=ready is not None)

    def _ready(self, path: str, method: str, scope: Scope) -> tuple[int, Headers, bytes] | None:
        """Status, headers and body of what can be answered without asking anybody."""
        if self._buckets is not None:
            host = scope["client"][0] if scope.get("client") else ""
            if not self._buckets.allows(client(host), self._clock()):
                return 429, _TOO_MANY, b""
        kept = self._live.fresh(path, scope["query_string"], scope["headers"]) if method in ("GET", "HEAD") else None
        if kept is None:
            return None
        self._watch.hits += 1
        return kept.answer(scope["headers"])
