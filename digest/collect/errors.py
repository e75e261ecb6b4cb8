"""The one error of the room `collect`: a body that cannot be read as papers. Touched when a reader needs another."""


class Unreadable(Exception):
    """A body is of no known shape, or damaged; `reason` says so in one sentence, without the source's name."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
