"""Web: a line of the log for each request, and the request's id in whatever is logged meanwhile.

An address that holds a reader's token is logged without it, and nobody's network address is logged at all.
"""

import logging
import re
import secrets
from collections.abc import Iterable
from contextvars import ContextVar

log = logging.getLogger(__name__)
REQUEST: ContextVar[str] = ContextVar("request", default="")
_GIVEN = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_SECRET = re.compile(r"^/(confirm|preferences|unsubscribe)/.*", re.DOTALL)


def identify(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The id of the request now at work: as its proxy named it in ``X-Request-ID``, else a new one."""
    given = next((value for name, value in headers if name == b"x-request-id"), b"")
    name = given.decode() if given and _GIVEN.fullmatch(given) else secrets.token_hex(8)
    REQUEST.set(name)
    return name


def access(method: str, path: str, status: int, size: int, took: float) -> None:
    """A line for a request: `size` in bytes, `took` in seconds. What failed here is an error, the rest information."""
    level = logging.ERROR if status >= 500 else logging.INFO
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
