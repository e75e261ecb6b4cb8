"""Inboxes: POP3 (RFC 1939), which knows no marks: what was understood is deleted when the connection is ended well.

What was not stays; it is looked at again by every reading, up to the newest so many.
"""

import poplib
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

from digest.inbox import MOST_BYTES, TIMEOUT_S, InboxError, Letter
from digest.inbox.server import Server, server

_FAILED = (poplib.error_proto, OSError, EOFError)


class Pop3:
    """An open mailbox."""

    def __init__(self, connection: poplib.POP3, where: Server, most: int) -> None:
        self._connection, self._where, self._most = connection, where, most

    def letters(self) -> Iterator[Letter]:
        """Every message of a sensible size, newest last."""
        try:
            _, sizes, _ = self._connection.list()
            for line in sizes[-self._most :]:
                number, size = line.decode("ascii", "replace").split()[:2]
                if int(size) <= MOST_BYTES:
                    lines = self._connection.retr(int(number))[1]
                    yield Letter(name=number, body=b"\r\n".join(lines) + b"\r\n")
        except (*_FAILED, ValueError) as error:
            raise _error(self._where, error) from error

    def done(self, letter: Letter, understood: bool) -> None:
        """Deletes what was understood."""
        if understood:
            try:
                self._connection.dele(int(letter.name))
            except _FAILED as error:
                raise _error(self._where, error) from error


@contextmanager
def opened(url: str, allow_hosts: Collection[str], most: int) -> Iterator[Pop3]:
    """The mailbox that `url` names, until the block ends. Raises InboxError."""
    where = server(url, allow_hosts)
    try:
        connection = _connected(where)
    except _FAILED as error:
        raise _error(where, error) from error
    try:
        try:
            connection.user(where.user)
            connection.pass_(where.password)
        except _FAILED as error:
            raise _error(where, error) from error
        yield Pop3(connection, where, most)
    finally:
        with suppress(*_FAILED):
            connection.quit()  # only now are messages deleted


def _connected(where: Server) -> poplib.POP3:
    if where.tls:
        return poplib.POP3_SSL(where.host, where.port or 995, timeout=TIMEOUT_S, context=where.context)
    connection = poplib.POP3(where.host, where.port or 110, timeout=TIMEOUT_S)
    try:
        if "STLS" in connection.capa():
            connection.stls(where.context)
        elif not where.plain_allowed:
            raise poplib.error_proto("it offers no TLS, and plain text is only for network.allow_hosts")
    except _FAILED:
        with suppress(*_FAILED):
            connection.close()
        raise
    return connection


def _error(where: Server, reason: object) -> InboxError:
    return InboxError(f"inbox: {where.host} cannot be read: {where.clean(reason)}")
