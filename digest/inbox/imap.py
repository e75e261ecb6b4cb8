"""Inboxes: IMAP (RFC 3501). Unseen messages are read without marking them, then marked seen, or seen and flagged."""

import imaplib
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

from digest.inbox import MOST_BYTES, TIMEOUT_S, InboxError, Letter
from digest.inbox.server import Server, server

_FAILED = (imaplib.IMAP4.error, OSError, EOFError)


class Imap:
    """An open folder."""

    def __init__(self, connection: imaplib.IMAP4, where: Server, most: int) -> None:
        self._connection, self._where, self._most = connection, where, most

    def letters(self) -> Iterator[Letter]:
        """What is unseen, oldest first, by UID."""
        found = self._ask("SEARCH", "UNSEEN", "UNDELETED")
        names = b" ".join(part for part in found if isinstance(part, bytes)).split()
        for name in names[: self._most]:
            parts = self._ask("FETCH", name.decode("ascii"), f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
            bodies = [part[1] for part in parts if isinstance(part, tuple)]
            if bodies:
                yield Letter(name=name.decode("ascii"), body=bodies[0])

    def done(self, letter: Letter, understood: bool) -> None:
        """Sets its flags."""
        self._ask("STORE", letter.name, "+FLAGS.SILENT", r"(\Seen)" if understood else r"(\Seen \Flagged)")

    def _ask(self, *command: str) -> list[bytes | tuple[bytes, bytes]]:
        try:
            status, found = self._connection.uid(*command)
        except _FAILED as error:
            raise _error(self._where, error) from error
        if status != "OK":
            raise _error(self._where, f"{command[0]} answered {status}")
        return [part for part in found if part is not None]


@contextmanager
def opened(url: str, allow_hosts: Collection[str], most: int) -> Iterator[Imap]:
    """The folder that `url` names, until the block ends. Raises InboxError."""
    where = server(url, allow_hosts)
    try:
        connection = _connected(where)
    except _FAILED as error:
        raise _error(where, error) from error
    try:
        try:
            connection.login(where.user, where.password)
            folder = re.sub(r'(["\\])', r"\\\1", where.folder)
            status, said = connection.select(f'"{folder}"')
        except _FAILED as error:
            raise _error(where, error) from error
        if status != "OK":
            raise _error(where, f"there is no folder {where.folder}: {said}")
        yield Imap(connection, where, most)
    finally:
        with suppress(*_FAILED):
            connection.logout()


def _connected(where: Server) -> imaplib.IMAP4:
    if where.tls:
        return imaplib.IMAP4_SSL(where.host, where.port or 993, ssl_context=where.context, timeout=TIMEOUT_S)
    connection = imaplib.IMAP4(where.host, where.port or 143, timeout=TIMEOUT_S)
    try:
        if "STARTTLS" in connection.capabilities:
            connection.starttls(where.context)
        elif not where.plain_allowed:
            raise imaplib.IMAP4.error("it offers no TLS, and plain text is only for network.allow_hosts")
    except _FAILED:
        with suppress(*_FAILED):
            connection.shutdown()
        raise
    return connection


def _error(where: Server, reason: object) -> InboxError:
    return InboxError(f"inbox: {where.host} cannot be read: {where.clean(reason)}")
