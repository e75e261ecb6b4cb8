"""A real SMTP server on loopback for the deliver room's tests, with the misbehaviour a test asks for."""

import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Server:
    """Counts what it was sent. Set `mail`, `rcpt` or `data` to answer otherwise: a function of the address (for `data`
    of the recipient) to a reply, None for the usual one. The reply "DROP" closes the connection without a word."""

    def __init__(self, **options: Any) -> None:
        self.received: list[tuple[str, bytes]] = []
        self.connections = 0
        self.mail: Callable[[str], str | None] = lambda _: None
        self.rcpt: Callable[[str], str | None] = lambda _: None
        self.data: Callable[[str], str | None] = lambda _: None
        self.took: Callable[[str], None] = lambda _: None
        self.keep_before_drop = False
        self.delay_s = 0.0
        self._lock = threading.Lock()
        self._controller = Controller(self, hostname="127.0.0.1", port=0, **options)

    @property
    def ids(self) -> Counter[str]:
        """How often each Message-ID arrived."""
        return Counter(_identity(body) for _, body in self.received)

    @property
    def port(self) -> int:
        return self._controller.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]

    def __enter__(self) -> "Server":
        # the controller's own start would ask the port it was given, which is 0 here
        self._controller._trigger_server = self._greeted  # type: ignore[method-assign]
        self._controller.start()
        return self

    def _greeted(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port), 10) as connection:
            connection.recv(100)

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    async def handle_EHLO(self, server: SMTP, session: Session, envelope: Envelope, hostname: str, said: list[str]):
        self.connections += 1
        session.host_name = hostname
        return said

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]):
        reply = self.mail(address)
        if reply == "DROP":
            return _drop(server)
        if reply is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return reply or "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]):
        reply = self.rcpt(address)
        if reply == "DROP":
            return _drop(server)
        if reply is None:
            envelope.rcpt_tos.append(address)
        return reply or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope):
        reply = self.data(envelope.rcpt_tos[0])
        if reply is None or (reply == "DROP" and self.keep_before_drop):
            with self._lock:
                body = bytes(envelope.content or b"")
                self.received += [(address, body) for address in envelope.rcpt_tos]
                self.took(_identity(body))
        if reply == "DROP":
            return _drop(server)
        time.sleep(self.delay_s)
        return reply or "250 queued"


def _identity(body: bytes) -> str:
    return str(message_from_bytes(body, policy=default)["Message-ID"])


def _drop(server: SMTP) -> str:
    server.transport.close()
    return "250 nobody hears this"


def serve(record: Path) -> None:
    """Runs a server until standard input ends; says its port; appends each Message-ID it took responsibility for."""
    with Server() as running, record.open("a") as file:
        running.took = lambda identity: print(identity, file=file, flush=True)
        print(running.port, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
