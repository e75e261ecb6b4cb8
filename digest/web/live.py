"""Web: feeds and pages as the store now has them, and beside them the folder channel. GET and HEAD alone.

An answer is kept until the store changes: `fresh` looks at its file (a call of the system, for every request), and only
if that changed is the store itself asked whether anything printed did.
"""

import posixpath
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from digest.config import Plan
from digest.model import Edition
from digest.operations import feeds, site
from digest.web import shown
from digest.web.cache import Cache, Headers, Kept, kept
from digest.web.guard import (
    PAGE_POLICY,
    SCRIPT_POLICY,
    STATIC_POLICY,
    XML_POLICY,
    App,
    Receive,
    Scope,
    Send,
    guarded,
)

if TYPE_CHECKING:
    from digest.store import Store

MOST_QUERY = 1_000


class Live:
    """The live site; what it does not know is answered by `files`. The cache belongs to the event loop's thread."""

    def __init__(self, plan: Plan, store: "Store", clock: Callable[[], datetime], files: App) -> None:
        self._plan, self._store, self._clock, self._files = plan, store, clock, files
        self.cache = Cache()
        self._stamp: tuple[int, ...] = ()
        self._version: tuple[int, ...] = ()
        self._day: date | None = None

    def fresh(self, path: str, query: bytes, headers: Headers) -> Kept | None:
        """The kept answer at an address, if nothing can have changed since it was made. Never waits."""
        found = self.cache.get((path, query, shown.opened(path, headers)))
        if found is None or self._stamp != self._store.stamp() or self._day != self._clock().date():
            return None
        return found

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request that nothing kept can answer at once. Raises HTTPException, StoreError."""
        path, query = scope["path"].removeprefix(scope.get("root_path", "")), scope["query_string"]
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        await self._look()
        key = (path, query, shown.opened(path, scope["headers"]))
        found = self.cache.get(key)
        if found is None:
            made = await run_in_threadpool(self._made, *key)
            if isinstance(made, Response):
                await made(scope, receive, send)
                return
            if made is None:
                await self._elsewhere(path, scope, receive, send)
                return
            found = made
            self.cache.put(key, found)
        status, headers, body = found.answer(scope["headers"])
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _look(self) -> None:
        """Forgets what was kept if the store, or the day, is another. The stamp is taken first: what is saved while the
        store is asked makes another one."""
        stamp, day = self._store.stamp(), self._clock().date()
        if stamp == self._stamp and day == self._day:
            return
        version = await run_in_threadpool(self._store.published.version)
        if version != self._version or day != self._day:
            self.cache.clear()
        self._stamp, self._version, self._day = stamp, version, day

    def _made(self, path: str, query: bytes, opened: bool) -> Kept | Response | None:
        """The feed or page at an address; a feed that is `opened` in a browser as a page. Of what stands elsewhere by
        now, where that is. Runs in a thread."""
        if len(query) > MOST_QUERY:
            raise HTTPException(414)
        asked = dict(parse_qsl(query.decode("latin-1"), max_num_fields=20))
        edition = self._edition(path.lstrip("/"), asked)
        if edition is None:
            return None
        if edition.moved:
            return _moved(edition)
        headers = [("Vary", "accept-encoding, sec-fetch-dest" if shown.is_feed(edition) else "accept-encoding")]
        if opened and shown.is_feed(edition):
            style = self._edition("feed.xsl", {})
            edition = shown.shown(edition, style.body) if style else edition
        return kept(edition, [*headers, *self._headers(edition, path)])

    def _edition(self, path: str, asked: dict[str, str]) -> Edition | None:
        asking = (self._plan, self._store, path, asked, self._clock())
        return feeds.feed(*asking) or site.page(*asking)

    def _headers(self, edition: Edition, path: str) -> list[tuple[str, str]]:
        """What the answer needs besides what it is: its policy, and for feeds where they are and who tells of them."""
        media = edition.media_type.partition(";")[0]
        headers = [*guarded(_policy(media, edition.body)), ("Cache-Control", "public, max-age=60")]
        if edition.hub:
            own = self._plan.masthead.url + quote(path, safe="/-._~")
            headers.append(("Link", f'<{edition.hub}>; rel="hub", <{own}>; rel="self"'))
        return headers

    async def _elsewhere(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        """A file of the folder channel; or the same address with a slash, where there is a page."""
        try:
            await self._files(scope, receive, send)
        except HTTPException as error:
            folder = path.rpartition("/")[2]
            if error.status_code != 404 or not folder or "." in folder:
                raise
            if await run_in_threadpool(self._edition, path.lstrip("/") + "/", {}) is None:
                raise
            moved = Response(status_code=308, headers={"Location": f"./{quote(folder)}/"})
            await moved(scope, receive, send)


def _moved(edition: Edition) -> Response:
    """The way to what stands in the place of a page, relative, whatever host we are; kept no longer than a page, for
    what was merged may be split again."""
    folder = posixpath.relpath(edition.moved, posixpath.dirname(edition.path))
    headers = {"Location": quote(folder, safe="/-._~") + ("/" if edition.moved.endswith("/") else "")}
    return Response(status_code=301, headers=headers | {"Cache-Control": "public, max-age=60"})


def _policy(media: str, body: bytes) -> str:
    """What a browser may do with it. Text of others is escaped, so that a tag in a page is ours."""
    if media == "text/html":
        return SCRIPT_POLICY if b"<script" in body else PAGE_POLICY
    return XML_POLICY if media.endswith(("xml", "xsl", "opml")) else STATIC_POLICY
