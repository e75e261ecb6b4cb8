"""Benchmark helper: a bare SMTP server on loopback that takes everything and writes down each Message-ID.

    with Sink(FILE) as port: …

It runs as a process of its own, so that it costs the sender nothing but its share of the machine.
"""

import re
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import BinaryIO


class Sink:
    """The running server; `record` gets a line with the Message-ID of each message just before it is accepted."""

    def __init__(self, record: Path) -> None:
        self._record = record

    def __enter__(self) -> int:
        command = [sys.executable, __file__, str(self._record)]
        self._server = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self._server.stdout
        return int(self._server.stdout.readline())

    def __exit__(self, *_: object) -> None:
        self._server.kill()
        self._server.wait()


def serve(record: Path) -> None:
    """Listens for ever, a thread a connection; says its port first."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    print(listener.getsockname()[1], flush=True)
    with record.open("ab", buffering=0) as file:
        while True:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=_session, args=(connection, file), daemon=True).start()


def _session(connection: socket.socket, record: BinaryIO) -> None:
    lines = connection.makefile("rb", buffering=1 << 16)
    try:
        connection.sendall(b"220 sink\r\n")
        while line := lines.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                connection.sendall(b"354 go on\r\n")
                if not _message(lines, record):
                    return
            connection.sendall(b"221 bye\r\n" if verb == b"QUIT" else b"250 sink\r\n")
    except OSError:
        pass  # the sender was killed
    finally:
        connection.close()


def _message(lines: BinaryIO, record: BinaryIO) -> bool:
    """Reads one message; False where the sender vanished before its end."""
    identity = b""
    while (line := lines.readline()) != b".\r\n":
        if not line:
            return False
        if not identity and (found := re.match(rb"(?i)message-id:\s*(\S+)", line)):
            identity = found[1]
    record.write(identity + b"\n")
    return True


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
