"""Who is told that a source stays broken, as the rest of the program sees it."""

from dataclasses import dataclass
from datetime import timedelta

from digest.config import schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """`after` so long an outage is told of, once: by a mail to `contact` if `mail` (and a relay is set), and by a JSON
    object posted to `webhook`, a URL that may hold a secret and is never shown."""

    after: timedelta = timedelta(hours=24)
    mail: bool = True
    webhook: str | None = None

    def __repr__(self) -> str:
        return f"Notify(after={self.after!r}, mail={self.mail!r}, webhook={'set' if self.webhook else None})"


def notify(block: schema.NotifyBlock) -> Notify:
    """The block as values."""
    return Notify(after=timedelta(hours=block.after_hours), mail=block.mail, webhook=block.webhook)
