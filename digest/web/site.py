"""Web: the app behind a socket: one process, one thread of its own, stopped without cutting anybody off."""

import socket
import threading
from types import TracebackType

from uvicorn import Config, Server

from digest.config import Serve
from digest.errors import DigestError
from digest.web import logs
from digest.web.guard import App
from digest.web.patience import Patient

GRACE_S = 10


class Site:
    """A server that runs in a thread while the block does. Its `url` is known once it is entered."""

    def __init__(self, app: App, serve: Serve) -> None:
        """Where to listen and whose word about clients to take is `serve`'s."""
        self._serve = serve
        config = Config(
            app,
            http=Patient,
            access_log=False,  # addresses of pages hold tokens, which are nobody else's to read
            log_config=None,
            lifespan="off",
            ws="none",
            server_header=False,
            proxy_headers=True,
            forwarded_allow_ips=list(serve.proxies),
            limit_concurrency=500,
            timeout_graceful_shutdown=GRACE_S,
        )
        self._server = Server(config)
        self._thread = threading.Thread(target=self._run, name="web")
        self._socket: socket.socket | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        assert self._socket is not None, "the site has not been entered"
        host, port = self._socket.getsockname()[:2]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"

    def stop(self) -> None:
        """Asks it to stop: requests at work are finished. Returns at once."""
        self._server.should_exit = True

    def wait(self) -> None:
        """Returns when it has stopped."""
        self._thread.join()

    def __enter__(self) -> "Site":
        family = socket.AF_INET6 if ":" in self._serve.host else socket.AF_INET
        # Named TCP in so many words: else asyncio leaves Nagle's delay on, and every answer waits 40 ms.
        self._socket = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((self._serve.host, self._serve.port))
            self._socket.listen(1024)
        except OSError as error:
            self._socket.close()
            where = f"{self._serve.host}:{self._serve.port}"
            raise DigestError(f"serve: cannot listen on {where}: {error.strerror or error}") from error
        logs.carry()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()
        self.wait()

    def _run(self) -> None:
        assert self._socket is not None
        self._server.run(sockets=[self._socket])
