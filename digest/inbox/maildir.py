"""Inboxes: a Maildir. New messages are moved from ``new`` to ``cur``: seen, and flagged if nobody understood them."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from digest.inbox import MOST_BYTES, InboxError, Letter


class Maildir:
    """The folder at `root`; one that is not there is empty, as mail servers make it with the first message."""

    def __init__(self, root: Path, most: int) -> None:
        self._root, self._most = root, most

    def letters(self) -> Iterator[Letter]:
        """What is in ``new``, oldest name first."""
        new = self._root / "new"
        names = sorted(path.name for path in new.iterdir()) if new.is_dir() else []
        for name in [name for name in names if not name.startswith(".")][: self._most]:
            try:
                with (new / name).open("rb") as file:
                    yield Letter(name=name, body=file.read(MOST_BYTES))
            except OSError as error:
                if error.errno not in (errno.ENOENT, errno.EISDIR):  # another reader was quicker
                    raise InboxError(f"inbox: {new / name} cannot be read: {error.strerror}") from error

    def done(self, letter: Letter, understood: bool) -> None:
        """Moves it to ``cur``."""
        target = self._root / "cur" / f"{letter.name.partition(':')[0]}:2,{'S' if understood else 'FS'}"
        try:
            target.parent.mkdir(exist_ok=True)
            (self._root / "new" / letter.name).replace(target)
        except FileNotFoundError:
            return
        except OSError as error:
            raise InboxError(f"inbox: {target} cannot be written: {error.strerror}") from error


@contextmanager
def opened(root: Path, most: int) -> Iterator[Maildir]:
    """The Maildir at `root`."""
    yield Maildir(root, most)
