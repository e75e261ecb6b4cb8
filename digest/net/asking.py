"""Who asks and who is asked, as a request says it. Part of the room `net`."""

from collections.abc import Mapping
from importlib import metadata

import httpx

from digest.net.errors import FetchError


def user_agent(contact: str) -> str:
    """Program, version and whom to write to, fit for a header."""
    version = metadata.version("trending-papers-digest")
    known = "".join(c for c in contact if c.isascii() and c.isprintable())[:200]
    return f"trending-papers-digest/{version}" + (f" (mailto:{known})" if known else "")


def host_of(url: str) -> str:
    """The host of an http or https URL. Raises FetchError for anything else."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise FetchError(f"{url[:200]!r} is not a URL") from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise FetchError(f"{url[:200]!r} is not an http or https URL")
    return parsed.host


def may_pass(status: int, headers: Mapping[str, str]) -> bool:
    """Whether an answer is a refusal for now: some services say 403 where others say 429, with the same Retry-After."""
    return status in (408, 425, 429) or status >= 500 or (status == 403 and "retry-after" in headers)
