"""A raw HTTP server in the test's own loop: it answers with any bytes, and notes every connection and request."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Answer = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Request:
    target: str
    headers: dict[str, str]
    at: float


@dataclass
class Server:
    """`answer` decides on each request; `connections` counts what was accepted, asked or not."""

    answer: Callable[[Request], Answer]
    port: int = 0
    connections: int = 0
    requests: list[Request] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode("latin-1").split("\r\n")
                headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
                request = Request(lines[0].split()[1], headers, time.monotonic())
                self.requests.append(request)
                answer = self.answer(request)
                if isinstance(answer, bytes):
                    writer.write(answer)
                    await writer.drain()
                else:
                    await answer(writer)
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def reply(status: int = 200, body: bytes = b"hello", **headers: str) -> bytes:
    """An HTTP/1.1 answer; header names with underscores for hyphens."""
    fields = {"Content_Type": "text/plain", "Content_Length": str(len(body)), **headers}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} Status\r\n{head}\r\n".encode("latin-1") + body


@asynccontextmanager
async def serving(answer: Callable[[Request], Answer]) -> AsyncIterator[Server]:
    server = Server(answer)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
