"""Servers on loopback for channels: a receiver that says what a test asks of it, and one that speaks listmonk's and
Keila's APIs as far as drafts go."""

import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, bytes]


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """Records requests; `answer` says what to reply: a status and a body, or None to close without a word."""

    answer: Callable[[Request], Answer | None] = lambda _request: (200, b"{}")
    delay_s: float = 0.0
    location: str = ""
    content_type: str = "application/json"
    requests: list[Request] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def posts(self) -> list[Request]:
        return [request for request in self.requests if request.method == "POST"]

    def __enter__(self) -> "Receiver":
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                asked = Request(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
                receiver.requests.append(asked)
                time.sleep(receiver.delay_s)
                answer = receiver.answer(asked)
                if answer is None:
                    self.close_connection = True
                    self.connection.close()
                    return
                self.send_response(answer[0])
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.send_header("Content-Type", receiver.content_type)
                self.send_header("Content-Length", str(len(answer[1])))
                self.end_headers()
                self.wfile.write(answer[1])

            do_GET = do_POST

            def log_message(self, *_: object) -> None:
                pass

            def handle(self) -> None:
                with suppress(ConnectionError, ValueError):
                    super().handle()

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class Campaigns(Receiver):
    """listmonk (``/api/campaigns``) and Keila (``/api/v1/campaigns``): logins, lists of drafts, new drafts. With
    `lose` the next draft is made and the connection closed without an answer."""

    def __init__(self) -> None:
        super().__init__(answer=self.campaigns)
        self.drafts: list[dict[str, Any]] = []
        self.lose = False
        self.status = 0

    def campaigns(self, request: Request) -> Answer | None:
        parts = urlsplit(request.path)
        login = request.headers.get("authorization", "")
        if login not in ("Basic YXBpOnRva2VuLTEyMw==", "Bearer token-123"):
            return 403, b'{"message": "invalid session"}'
        if self.status:
            return self.status, b"{}"
        if request.method == "POST":
            given = request.json
            self.drafts.append(given.get("data", given) if parts.path == "/api/v1/campaigns" else given)
            if self.lose:
                self.lose = False
                return None
            return 200, json.dumps({"data": {"id": len(self.drafts), "status": "draft"}}).encode()
        if parts.path == "/api/v1/campaigns":
            return 200, json.dumps({"data": self.drafts, "meta": {"page": 0, "count": len(self.drafts)}}).encode()
        wanted = set(parse_qs(parts.query).get("tags", []))
        found = [draft for draft in self.drafts if wanted <= set(draft["tags"])]
        return 200, json.dumps({"data": {"results": found, "total": len(found)}}).encode()
