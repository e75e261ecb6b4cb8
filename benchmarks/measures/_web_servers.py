"""The two servers that `web.py` compares, each a process of its own: the product's, and Starlette alone.

    python _web_servers.py digest|bare FOLDER     prints the address of the feed, serves until ended

`digest` makes a store with one issue in FOLDER and serves it as `digest serve` does, with a line of log a request;
`bare` answers the bytes in FOLDER/feed.xml from a route.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "render"))

PAPERS = 26  # a feed of about 60 kB
CONFIG = "url: https://papers.example.org\nnewsletters: [{name: daily}]\nserve: {port: 0, per_minute: 0}\n"


@contextmanager
def digest(folder: Path) -> Iterator[str]:
    """The product's server over a new store."""
    import factory

    from digest.config import load
    from digest.operations import feeds
    from digest.store import Store
    from digest.web import Site, application

    (folder / "config.yaml").write_text(CONFIG)
    plan, now = load(folder / "config.yaml", environ={}), datetime(2025, 6, 6, tzinfo=UTC)
    assert plan.serve is not None
    with Store.open(plan.database, plan.home) as store:
        store.issues.save(factory.issue(PAPERS))
        made = feeds.feed(plan, store, "daily/feed.xml", {}, now)
        assert made is not None
        (folder / "feed.xml").write_bytes(made.body)
        with Site(application(plan, store, None, lambda: datetime.now(UTC)), plan.serve) as site:
            yield f"{site.url}/daily/feed.xml"


@contextmanager
def bare(folder: Path) -> Iterator[str]:
    """Starlette and uvicorn with nothing around them."""
    import socket
    import threading

    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route
    from uvicorn import Config, Server

    body, headers = (folder / "feed.xml").read_bytes(), {"ETag": '"the-same"'}

    async def feed(request: Request) -> Response:
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers, media_type="application/rss+xml")

    app: Any = Starlette(routes=[Route("/daily/feed.xml", feed)])
    listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server = Server(Config(app, access_log=False, log_config=None, lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/daily/feed.xml"
    server.should_exit = True
    thread.join()


def main() -> None:
    """Serve until standard input ends."""
    kind, folder = sys.argv[1], Path(sys.argv[2])
    logging.basicConfig(filename=folder / f"{kind}.log", level=logging.WARNING)
    logging.getLogger("digest").setLevel(logging.INFO)
    with {"digest": digest, "bare": bare}[kind](folder) as url:
        print(url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
