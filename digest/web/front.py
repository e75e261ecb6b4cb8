"""Web: the front of the app: every request gets an id, is counted, timed and logged, and answered at once if possible.

Plain ASGI around everything else, because a kept answer costs less than finding its route would. Touched when every
request needs something more; what every answer needs is in `guard.py`.
"""

import asyncio
from collections.abc import Callable, MutableMapping
from datetime import datetime
from typing import Any

from digest.web import logs
from digest.web.guard import App, Receive, Scope, Send, inner
from digest.web.limits import Buckets, client
from digest.web.live import Live
from digest.web.metrics import Watch


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
        loop = asyncio.get_running_loop()
        began, name, sent = loop.time(), logs.identify(scope["headers"]), [500, 0]
        marked = (b"x-request-id", name.encode())

        async def noting(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                sent[0] = message["status"]
                message = {**message, "headers": [*message.get("headers", ()), marked]}
            else:
                sent[1] += len(message.get("body", b""))
            await send(message)

        path = inner(scope["path"], self._prefix)
        try:
            await self._answer(path, scope, receive, noting)
        finally:
            took = loop.time() - began
            self._watch.request(path, scope["method"], sent[0], took)
            logs.access(scope["method"], path, sent[0], sent[1], took)

    async def _answer(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        if self._buckets is not None and not self._allowed(scope):
            headers = [(b"retry-after", b"60"), (b"content-length", b"0"), (b"cache-control", b"no-store")]
            await send({"type": "http.response.start", "status": 429, "headers": headers})
            await send({"type": "http.response.body"})
            return
        asks = scope["method"] in ("GET", "HEAD")
        kept = self._live.fresh(path, scope["query_string"]) if asks else None
        if kept is None:
            await self._app(scope, receive, send)
            return
        self._watch.hits += 1
        status, headers, body = kept.answer(scope["headers"])
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    def _allowed(self, scope: Scope) -> bool:
        assert self._buckets is not None
        host = scope["client"][0] if scope.get("client") else ""
        return self._buckets.allows(client(host), self._clock())
