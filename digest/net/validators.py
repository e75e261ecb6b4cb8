"""What an answer says about asking again: validators, freshness, Retry-After. Part of the room `net`, pure.

Touched when another header about asking again is to be obeyed.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from digest.model import Validator

_LONGEST = 24 * 3600  # seconds: a slip in a server's Cache-Control must not silence a source for longer


def conditions(validator: Validator | None) -> dict[str, str]:
    """The request headers that ask for a body only if it has changed (RFC 9110, 13.1)."""
    if validator is None:
        return {}
    pairs = {"If-None-Match": validator.etag, "If-Modified-Since": validator.last_modified}
    return {name: value for name, value in pairs.items() if value}


def renewed(
    url: str, old: Validator | None, headers: Mapping[str, str], moved_to: str | None, now: datetime | None
) -> Validator:
    """The validator to keep after an answer to `url`; a 304 without validators keeps the old ones."""
    base = old or Validator(url=url)
    etag, modified = _token(headers.get("etag")), _token(headers.get("last-modified"))
    if etag or modified:
        base = replace(base, etag=etag, last_modified=modified)
    age = max_age(headers)
    until = now + timedelta(seconds=age) if now and age else None
    return replace(base, moved_to=moved_to or base.moved_to, fresh_until=until, behind_s=_behind(headers, now))


def _behind(headers: Mapping[str, str], now: datetime | None) -> float | None:
    """Seconds from `now` to the time the answer came, by the server's clock (its Date and how long a cache kept it)."""
    sent, age = _date(headers.get("date", "")), headers.get("age", "0")
    if sent is None or now is None:
        return None
    return (sent - now).total_seconds() + (int(age) if age.isdecimal() and len(age) < 10 else 0)


def max_age(headers: Mapping[str, str]) -> float:
    """Seconds an answer stays fresh by Cache-Control less its Age (RFC 9111, 4.2); 0 if it does not say so."""
    control = headers.get("cache-control", "").lower()
    found = re.search(r"\bmax-age\s*=\s*\"?(\d{1,9})", control)
    if not found or re.search(r"\bno-(?:cache|store)\b", control):
        return 0.0
    age = headers.get("age", "0")
    return float(min(max(int(found[1]) - (int(age) if age.isdecimal() and len(age) < 10 else 0), 0), _LONGEST))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that Retry-After asks for; an HTTP date counts from the answer's own Date. None if it is not readable."""
    text = headers.get("retry-after", "").strip()
    if text.isdecimal() and len(text) < 10:
        return float(text)
    until, sent = _date(text), _date(headers.get("date", ""))
    return max((until - sent).total_seconds(), 0.0) if until and sent else None


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _token(value: str | None) -> str | None:
    """A header value fit to be sent back: printable, on one line, of sane length."""
    return value if value and len(value) <= 512 and value.isprintable() else None
