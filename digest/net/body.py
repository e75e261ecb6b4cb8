"""Reading a body within limits, packed and unpacked. Part of the room `net`.

Unpacking is done here and not by httpx because a chunk of 64 kB may unpack to 64 MB at once.
"""

import zlib
from collections.abc import AsyncIterator

from digest.net.errors import FetchError

_GZIP = zlib.MAX_WBITS | 16


async def read(chunks: AsyncIterator[bytes], encoding: str, max_bytes: int) -> bytes:
    """The whole body, unpacked if `encoding` (Content-Encoding) is gzip; at most `max_bytes` packed and unpacked.

    Raises FetchError for a body too large, damaged, cut short or packed in a way that was not asked for.
    """
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise FetchError(f"the answer is packed as {encoding[:40]!r}, which was not asked for")
    unpack = _Gunzip(max_bytes) if "gzip" in encoding else None
    body, packed = bytearray(), 0
    async for chunk in chunks:
        packed += len(chunk)
        body += unpack.feed(chunk, max_bytes - len(body)) if unpack else chunk
        if packed > max_bytes or len(body) > max_bytes:
            raise FetchError(f"the answer is larger than {max_bytes:,} bytes")
    if unpack and packed and not unpack.complete:
        raise FetchError("the packed answer ends too early")
    return bytes(body)


class _Gunzip:
    """A gzip stream of one or more members, never unpacked further than one byte past the room left."""

    def __init__(self, max_bytes: int) -> None:
        self._stream = zlib.decompressobj(_GZIP)
        self._max_bytes = max_bytes

    @property
    def complete(self) -> bool:
        return self._stream.eof

    def feed(self, data: bytes, room: int) -> bytes:
        out = bytearray()
        while data:
            if self._stream.eof:
                if not data.startswith(b"\x1f\x8b"):  # padding after the last member is harmless
                    break
                self._stream = zlib.decompressobj(_GZIP)
            try:
                out += self._stream.decompress(data, room - len(out) + 1)
            except zlib.error:
                raise FetchError("the packed answer is damaged") from None
            if len(out) > room:
                raise FetchError(f"the answer unpacks to more than {self._max_bytes:,} bytes")
            data = self._stream.unused_data
        return bytes(out)
