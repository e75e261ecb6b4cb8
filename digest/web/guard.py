"""Web: what every request and answer goes through: the sub-path, the size of what is sent, headers, foreign forms.

Plain ASGI. Touched when every answer needs something more.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_BYTES = 16_384
STATIC_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' https:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Of pages made live: searches are asked by a form."""
SCRIPT_POLICY = PAGE_POLICY.replace("style-src", "script-src 'self'; connect-src 'self'; style-src")
"""Of pages that have a script of ours beside them."""
XML_POLICY = STATIC_POLICY.replace(
    "default-src 'none'; style-src", "default-src 'none'; script-src 'self'; style-src 'self'"
)
"""Of feeds: browsers show them by a style sheet of ours, and count XSLT among scripts."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


class Guard:
    """Around the app: paths are the same whether a proxy strips the sub-path or not, and every answer has the security
    headers (a page's own policy stands)."""

    def __init__(self, app: App, prefix: str) -> None:
        """`prefix` is the path of the site's public address, "" or as ``/papers``."""
        self._app, self._prefix = app, prefix.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._prefix:
            path = self._prefix + inner(scope["path"], self._prefix)
            scope = {**scope, "path": path, "root_path": self._prefix}

        async def guarding(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", STATIC_POLICY)
                headers.setdefault("Cache-Control", "no-cache")
            await send(message)

        await self._app(scope, receive, guarding)


def inner(path: str, prefix: str) -> str:
    """The path below the site's own, beginning with a slash, whether a proxy has stripped `prefix` or not."""
    if prefix and (path == prefix or path.startswith(f"{prefix}/")):
        return path[len(prefix) :] or "/"
    return path


def guarded(policy: str) -> list[tuple[str, str]]:
    """The headers every answer has, with a policy of its own."""
    return [*HEADERS.items(), ("Content-Security-Policy", policy)]


async def fields(request: Request, most: int = MOST_BYTES, names: int = 100) -> dict[str, list[str]]:
    """What a form sent, by name; a body too long, or of another kind, is an HTTPException."""
    body = await drained(request, most)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    try:
        return parse_qs(body.decode(), keep_blank_values=True, max_num_fields=names)
    except ValueError:
        raise HTTPException(400) from None


async def drained(request: Request, most: int = MOST_BYTES) -> bytes:
    """The body of a request, which must be short."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise HTTPException(413)
    return body


def foreign(headers: Headers, host: str) -> bool:
    """Whether a browser says that a form was sent from another site. Programs that are no browsers say nothing; with no
    cookie or login about, all they could do in a visitor's name is what they can do in their own."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin", "null")
    return origin != "null" and origin.partition("://")[2] not in (host, headers.get("host"))
