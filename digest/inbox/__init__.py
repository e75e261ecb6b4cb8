"""Inboxes: where mail that came back is read: a Maildir, IMAP or POP3. Each message is given once, then marked.

    with opened(inbox, allow_hosts, most) as box:
        for letter in box.letters(): … box.done(letter, understood)

What is not understood stays for a person: flagged in a Maildir and by IMAP, left on the server by POP3. Nothing is
deleted but what POP3 has no other mark for. The only user of imaplib and poplib. What a message means is
`readers/bounces.py`; what follows of it `operations/returns.py`.
"""

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from digest.config.channels import Inbox
from digest.errors import DigestError

MOST_BYTES = 1_000_000
TIMEOUT_S = 30.0


class InboxError(DigestError):
    """The inbox cannot be read now; nothing in it was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message as it lies in an inbox: what the inbox calls it, and its first megabyte."""

    name: str
    body: bytes


class Box(Protocol):
    """An open inbox."""

    def letters(self) -> Iterator[Letter]:
        """Messages that were not marked before."""

    def done(self, letter: Letter, understood: bool) -> None:
        """Marks a message: it is not given again."""


def opened(inbox: Inbox, allow_hosts: Collection[str], most: int) -> AbstractContextManager[Box]:
    """The inbox, of which at most `most` messages are read. Raises InboxError on entering, and while it is read."""
    from digest.inbox import imap, maildir, pop3

    if inbox.path is not None:
        return maildir.opened(inbox.path, most)
    if urlsplit(inbox.url).scheme.startswith("imap"):
        return imap.opened(inbox.url, allow_hosts, most)
    return pop3.opened(inbox.url, allow_hosts, most)
