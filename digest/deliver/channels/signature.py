"""Deliver room, channels: the signature on what this program posts, and on what may be posted to it.

HMAC-SHA256 (RFC 2104) over ``TIMESTAMP.BODY``, the timestamp in seconds since 1970; in hex behind ``sha256=``.
"""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256

TIMESTAMP, SIGNATURE = "X-Digest-Timestamp", "X-Digest-Signature"
TOLERANCE = timedelta(minutes=5)


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The value of the header `SIGNATURE` for a body sent at `timestamp`."""
    return f"sha256={hmac.digest(secret.encode(), timestamp.encode() + b'.' + body, sha256).hex()}"


def good(secret: str, timestamp: str, body: bytes, signature: str, now: datetime) -> bool:
    """Whether the signature fits and is of the last five minutes (or, clocks being what they are, the next)."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    if abs(int(timestamp) - now.timestamp()) > TOLERANCE.total_seconds():
        return False
    return hmac.compare_digest(sign(secret, timestamp, body).encode(), signature.encode("utf-8", "replace"))
