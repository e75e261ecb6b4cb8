"""Web: answers made once and sent often: bytes, packed bytes and headers ready for the wire, within a bound of memory.

Touched when an answer that is kept needs another header, or is to be compared otherwise (RFC 9110: ETag, 304, gzip).
"""

import gzip
import re
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import blake2b

from digest.model import Edition

Headers = list[tuple[bytes, bytes]]
MOST_BYTES = 64_000_000
"""Of all kept answers together."""
WORTH_PACKING = 500
_NO_GZIP = re.compile(rb"gzip\s*;\s*q=0(?:\.0*)?\s*(?:,|$)")
_OF_304 = (b"etag", b"last-modified", b"cache-control", b"vary")
"""What RFC 9110 (15.4.5) asks of a 304; all else stands with what the client has."""


@dataclass(frozen=True, slots=True)
class Variant:
    """The answer in one encoding."""

    etag: bytes
    whole: Headers
    unchanged: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer in both encodings; `packed` is `plain` where packing gains nothing."""

    plain: Variant
    packed: Variant
    modified: datetime | None

    @property
    def size(self) -> int:
        """Bytes it holds, about."""
        return len(self.plain.body) + (len(self.packed.body) if self.packed is not self.plain else 0) + 2_000

    def answer(self, asked: Headers) -> tuple[int, Headers, bytes]:
        """Status, headers and body for a request with headers `asked` (names in lower case)."""
        known = since = b""
        variant = self.plain
        for name, value in asked:
            if name == b"accept-encoding":
                if b"gzip" in value and not _NO_GZIP.search(value):
                    variant = self.packed
            elif name == b"if-none-match":
                known = value
            elif name == b"if-modified-since":
                since = value
        if known:
            if self._names(known):
                return 304, variant.unchanged, b""
        elif since and self._not_since(since):
            return 304, variant.unchanged, b""
        return 200, variant.whole, variant.body

    def _names(self, known: bytes) -> bool:
        """Whether a list of entity tags names this answer, in either encoding: what differs is only how it was sent."""
        tags = (tag.strip().removeprefix(b"W/") for tag in known.split(b","))
        return any(tag in (self.plain.etag, self.packed.etag, b"*") for tag in tags)

    def _not_since(self, since: bytes) -> bool:
        if self.modified is None:
            return False
        try:
            moment = parsedate_to_datetime(since.decode("latin-1"))
        except ValueError:
            return False
        return self.modified <= (moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def kept(edition: Edition, extra: Iterable[tuple[str, str]]) -> Kept:
    """`edition` ready to be sent, with `extra` headers."""
    tag = blake2b(edition.body, digest_size=12).hexdigest()
    modified = edition.modified.astimezone(UTC).replace(microsecond=0) if edition.modified else None
    common = [(name.lower().encode(), value.encode("latin-1")) for name, value in extra]
    common.append((b"content-type", edition.media_type.encode()))
    if modified:
        common.append((b"last-modified", format_datetime(modified, usegmt=True).encode()))
    plain = _variant(f'"{tag}"', common, edition.body)
    packed = gzip.compress(edition.body, 6, mtime=0) if len(edition.body) >= WORTH_PACKING else edition.body
    if len(packed) >= len(edition.body):
        return Kept(plain, plain, modified)
    return Kept(plain, _variant(f'"{tag}-gz"', [*common, (b"content-encoding", b"gzip")], packed), modified)


def _variant(etag: str, common: Headers, body: bytes) -> Variant:
    headers = [*common, (b"etag", etag.encode())]
    return Variant(
        etag=etag.encode(),
        whole=[*headers, (b"content-length", str(len(body)).encode())],
        unchanged=[(name, value) for name, value in headers if name in _OF_304],
        body=body,
    )


class Cache:
    """Kept answers by address, the least lately asked for forgotten first. For one thread."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most, self.bytes = most_bytes, 0
        self._kept: OrderedDict[object, Kept] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: object) -> Kept | None:
        """What is kept under `key`."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: object, answer: Kept) -> None:
        """Keeps `answer`, unless it alone would take a quarter of the room."""
        if answer.size * 4 > self._most:
            return
        old = self._kept.pop(key, None)
        self.bytes += answer.size - (old.size if old else 0)
        self._kept[key] = answer
        while self.bytes > self._most:
            _, gone = self._kept.popitem(last=False)
            self.bytes -= gone.size

    def clear(self) -> None:
        """Forgets everything."""
        self._kept.clear()
        self.bytes = 0
