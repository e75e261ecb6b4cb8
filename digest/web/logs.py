"""Web: a line of the log for each request, and the request's id in whatever is logged meanwhile.

An address that holds a reader's token is logged without it, and nobody's network address is logged at all.
"""

import itertools
import logging
import re
import secrets
from collections.abc import Iterable
from contextvars import ContextVar

log = logging.getLogger(__name__)
REQUEST: ContextVar[str] = ContextVar("request", default="")
_PROCESS, _NUMBERS = secrets.token_hex(5).encode(), itertools.count(1)
_GIVEN = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_SECRET = re.compile(r"^/(confirm|preferences|unsubscribe)/.*", re.DOTALL)


def identify(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The id of the request now at work: as its proxy named it in ``X-Request-ID``, else a new one."""
    found = b""
    for name, value in headers:
        if name == b"x-request-id" and _GIVEN.fullmatch(value):
            found = value
    found = found or b"%s%06x" % (_PROCESS, next(_NUMBERS))
    REQUEST.set(found.decode())
    return found


def access(method: str, path: str, status: int, size: int, took: float, *, kept: bool) -> None:
    """A line for a request: `size` in bytes, `took` in seconds. What failed here is an error, what was `kept` is told
    to who asks for every step."""
    level = logging.ERROR if status >= 500 else logging.DEBUG if kept else logging.INFO
    if not log.isEnabledFor(level):
        return
    shown = _SECRET.sub(r"/\1/…", path)[:300]
    fields = {"method": method, "path": shown, "status": status, "bytes": size, "ms": round(took * 1000, 2)}
    log.log(level, "%s %r %d, %d bytes in %.1f ms", method, shown, status, size, took * 1000, extra={"fields": fields})


def carry() -> None:
    """Lets every log record made from now on carry the id of the request it belongs to, as `request`."""
    made = logging.getLogRecordFactory()
    if getattr(made, "carries_requests", False):
        return

    def factory(*given: object, **named: object) -> logging.LogRecord:
        record = made(*given, **named)
        record.request = REQUEST.get()
        return record

    factory.carries_requests = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(factory)
