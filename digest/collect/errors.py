"""The one error of the room `collect`: a body that cannot be read as papers. Touched when a reader needs another."""

from digest.model import Entry


class Unreadable(Exception):
    """A body is of no known shape, or damaged; `reason` says so in one sentence, without the source's name.

    `entries` are those that stood whole before or beside the damage: a caller that prints what there is may use them,
    as long as it reports the reason too.
    """

    def __init__(self, reason: str, entries: tuple[Entry, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.entries = entries
