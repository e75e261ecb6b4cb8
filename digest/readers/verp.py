"""Readers room: return paths that say whose a returned message was (variable envelope return paths, VERP).

    LOCAL+ADDRESS-SIGNATURE@DOMAIN     address: 64 bits of its SHA-256; signature: 80 bits of HMAC-SHA256; both in hex

Lower case and hex, since some servers change the case of what stands before the @. Who holds such a path got the
message, or handled it: nobody else can have a reader taken off by a forged bounce.
"""

import hmac
import re
from collections.abc import Iterator, Sequence
from hashlib import sha256

_PATH = re.compile(rb"[+=]([0-9a-f]{16})-([0-9a-f]{20})@", re.IGNORECASE)


class Paths:
    """Makes and reads return paths with `keys`, the first of which signs."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = tuple(keys)

    def make(self, bounces: str, address: str) -> str:
        """The return path of a message to `address`, where ``bounces`` is the plain address that gets what returns."""
        local, _, domain = bounces.partition("@")
        whose = mark(address)
        return f"{local}+{whose}-{_signature(self._keys[0], whose)}@{domain}"

    def found(self, message: bytes) -> Iterator[str]:
        """The marks in every good path that stands anywhere in a message: its own headers, or what it returns."""
        joined = re.sub(rb"=\r?\n", b"", message)  # a path cut in two by quoted-printable
        for whose, signature in {match.groups() for match in _PATH.finditer(joined)}:
            name, given = whose.decode().lower(), signature.decode().lower()
            if any(hmac.compare_digest(_signature(key, name), given) for key in self._keys):
                yield name


def mark(address: str) -> str:
    """What stands for an address in a return path."""
    return sha256(address.strip().casefold().encode()).hexdigest()[:16]


def _signature(key: bytes, whose: str) -> str:
    return hmac.digest(key, f"bounce\0{whose}".encode(), sha256)[:10].hex()
