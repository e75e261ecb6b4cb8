"""Bodies already fetched, put aside until somebody asks for them again. Part of the room `net`.

A run asks many feeds, and each body is wanted once, rarely twice: held in memory they would add up, so what exceeds a
megabyte in all lies in a temporary file. Touched when answers are to be kept otherwise.
"""

import tempfile
from collections.abc import Hashable

_IN_MEMORY = 1_000_000  # bytes


class Bodies:
    """The bodies of one client life, in a file without a name that is gone when it is closed."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed by `close`
        self._places: dict[Hashable, tuple[int, int]] = {}

    def keep(self, key: Hashable, body: bytes) -> None:
        """Put a body aside. Raises OSError where there is no room for it."""
        self._places[key] = (self._file.seek(0, 2), len(body))
        self._file.write(body)

    def read(self, key: Hashable) -> bytes:
        """The body last kept under this key; b"" if there is none."""
        start, length = self._places.get(key, (0, 0))
        self._file.seek(start)
        return self._file.read(length)

    def close(self) -> None:
        """Give the space back."""
        self._file.close()
