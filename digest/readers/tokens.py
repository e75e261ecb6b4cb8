"""Readers room: signed links. A token names a reader by a number that means nothing elsewhere, and one purpose.

    SUBJECT[-EXPIRY].SIGNATURE       expiry in seconds since 1970, in hex; signature: HMAC-SHA256, 128 bits of it

Whoever has the token may do that one thing for that one reader; nobody can make another without the key. The first key
signs; all of them are accepted, so that a new first line in the key file retires an old key gently.
"""

import hmac
import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal

from digest.errors import DigestError

Purpose = Literal["confirm", "preferences", "unsubscribe", "desk", "vote"]
FILE = "signing.key"


class Tokens:
    """Makes and reads tokens with `keys`, the first of which signs."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = tuple(keys)

    def make(self, purpose: Purpose, subject: str, until: datetime | None = None, about: str = "") -> str:
        """A token by which `subject` (letters and digits) may do `purpose`, for ever or `until` then, and only
        to what it is `about`, if that is said."""
        if not (subject.isascii() and subject.isalnum()):
            raise ValueError("a token's subject is letters and digits")
        body = subject if until is None else f"{subject}-{int(until.timestamp()):x}"
        return f"{body}.{_signature(self._keys[0], purpose, body, about)}"

    def read(self, purpose: Purpose, token: str, now: datetime, about: str = "") -> str | None:
        """The subject of a token made for `purpose`, `about` the same; None for any other text and for one whose time
        is over."""
        body, _, signature = token.partition(".")
        if not token.isascii() or not any(
            hmac.compare_digest(_signature(key, purpose, body, about), signature) for key in self._keys
        ):
            return None
        subject, _, expiry = body.partition("-")
        return None if expiry and int(expiry, 16) < now.timestamp() else subject


def keys(home: Path) -> tuple[bytes, ...]:
    """The keys in ``signing.key`` in `home`, one in hex a line; made on first use, readable by its owner alone.

    Raises DigestError where the file cannot be made or read.
    """
    path = home / FILE
    try:
        if not path.exists():
            _make(path)
        path.chmod(0o600)
        found = tuple(bytes.fromhex(line) for line in path.read_text(encoding="ascii").split())
    except (OSError, ValueError) as error:
        raise DigestError(f"{path}: the key for signed links cannot be used: {error}") from error
    if not found or min(map(len, found)) < 16:
        raise DigestError(f"{path} holds no key of 32 hex digits or more; remove it to get a new one")
    return found


def _make(path: Path) -> None:
    """Writes a new key aside and links it into place: of two processes at once, one key wins and both read it."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(aside)
    except FileExistsError:
        pass
    finally:
        aside.unlink()


def _signature(key: bytes, purpose: str, body: str, about: str = "") -> str:
    told = f"{purpose}\0{body}" + (f"\0{about}" if about else "")
    return urlsafe_b64encode(hmac.digest(key, told.encode(), sha256)[:16]).rstrip(b"=").decode()
