"""Web: the app: which address is which page. What a page does for a reader is `operations/subscriptions.py`."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from digest.config import Plan
from digest.errors import DigestError, InputError, StoreError
from digest.model import Reader
from digest.operations.subscriptions import JOINED, Desk, Letter
from digest.readers.address import checked
from digest.readers.tokens import Purpose
from digest.render import Templates, pages
from digest.web import desk, proposals, returns, words
from digest.web.files import Files
from digest.web.front import Front
from digest.web.guard import App, Guard, drained, fields, foreign
from digest.web.health import Health
from digest.web.limits import Buckets, Limit, client
from digest.web.live import Live
from digest.web.metrics import Watch
from digest.web.votes import Votes

if TYPE_CHECKING:
    from digest.store import Store

log = logging.getLogger(__name__)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def application(
    plan: Plan, store: "Store", post: Callable[[str, bytes], object] | None, clock: Callable[[], datetime]
) -> App:
    """The site of `plan`: readers' pages and the folder channel. `post` takes a letter (address, message) to be sent
    soon, None where no relay is set; `clock` says what time it is."""
    site = _Readers(plan, Desk(plan, store), Templates(plan.templates, plan.theme), post, clock)
    live = Live(plan, store, clock, Files(plan.output))
    watch = Watch(store, live, clock)
    health = Health(plan, store, watch, clock)
    routes = [
        Route("/subscribe", site.subscribe, methods=["GET", "POST"]),
        Route("/confirm/{token}", site.confirm, methods=["GET", "POST"]),
        Route("/preferences/{token}", site.preferences, methods=["GET", "POST"]),
        Route("/unsubscribe/{token}", site.unsubscribe, methods=["GET", "POST"]),
        *health.routes(),
        Votes(site, plan, store).route(),
        *desk.routes(site, store),
        *proposals.routes(site, store),
        *returns.routes(site, store),
        Mount("/", live),
    ]
    handlers = {HTTPException: site.refused, StoreError: site.unable}
    app = Starlette(routes=routes, exception_handlers=handlers)  # type: ignore[arg-type]
    prefix = urlsplit(plan.masthead.url).path
    limit = plan.serve.per_minute if plan.serve else None
    return Front(Guard(app, prefix), live, watch, Buckets(limit) if limit else None, clock, prefix)


@dataclass
class _Readers:
    """The pages of readers. What touches the store runs in a thread, for it may wait."""

    plan: Plan
    desk: Desk
    templates: Templates
    post: Callable[[str, bytes], object] | None
    clock: Callable[[], datetime]
    by_client: Limit = field(default_factory=lambda: Limit(20, HOUR))
    by_address: Limit = field(default_factory=lambda: Limit(3, DAY))
    changes: Limit = field(default_factory=lambda: Limit(120, HOUR))

    async def subscribe(self, request: Request) -> Response:
        """GET: the form. POST: the same answer to everybody, whatever is known of the address; a mail says the rest."""
        if request.method != "POST":
            return self.page(pages.subscribe(self.plan.masthead, self.plan.newsletters, self.templates))
        form = await self.form(request, self.by_client)
        asked, names = form.get("address", [""])[0], [letter.name for letter in self.plan.newsletters]
        chosen = [name for name in names if name in form.get("newsletter", names[:1] if len(names) == 1 else [])]
        error = "" if chosen else words.CHOOSE
        try:
            address = checked(asked[:300])
        except InputError:
            error, address = words.NO_ADDRESS, ""
        if error:
            again = pages.subscribe(
                self.plan.masthead, self.plan.newsletters, self.templates, address=asked, chosen=chosen, error=error
            )
            return self.page(again, 422)
        after = None
        if not form.get("website", [""])[0] and self.by_address.allows(address.casefold(), self.clock()):
            after = BackgroundTask(self.asked, address, chosen, _where(request))
        return self.page(self.said(words.LOOK_AT_YOUR_MAIL), after=after)

    async def confirm(self, request: Request) -> Response:
        """GET: a button. POST: the reader is active, and welcomed."""
        reader = await self.holder("confirm", request)
        if reader is None:
            return self.page(self.said(words.OVER), 404)
        if request.method != "POST":
            return self.page(self.said(words.CONFIRM))
        await self.form(request, self.changes)
        letter = await run_in_threadpool(self.desk.confirm, reader, _where(request), self.clock())
        link = f"../preferences/{self.desk.token('preferences', reader)}"
        return self.page(self.said(words.confirmed(link)), after=BackgroundTask(self.mail, letter))

    async def preferences(self, request: Request) -> Response:
        """GET: the form. POST: what it says is kept."""
        reader = await self.holder("preferences", request)
        if reader is None:
            return self.page(self.said(words.OVER), 404)
        if reader.state not in JOINED:
            return self.page(self.said(words.not_joined(self.again(reader))))
        error, saved = "", False
        if request.method == "POST":
            form = await self.form(request, self.changes)
            wanted, error = self.wanted(form)
            if not error:
                reader = await run_in_threadpool(self.desk.prefer, reader, wanted, _where(request), self.clock())
                saved = True
        leave = f"../unsubscribe/{self.desk.token('unsubscribe', reader)}"
        shown = pages.preferences(
            *(self.plan.masthead, self.plan.newsletters, self.templates, reader),
            leave=leave,
            today=self.clock().date(),
            error=error,
            saved=saved,
        )
        return self.page(shown, 422 if error else 200)

    async def unsubscribe(self, request: Request) -> Response:
        """GET: a button. POST, from the button or a mail program (RFC 8058): it is done at once, without a question."""
        good, reader = await self.find("unsubscribe", request)
        if not good:
            return self.page(self.said(words.OVER), 404)
        gone = reader is None or reader.state == "unsubscribed"
        if request.method == "POST":
            await drained(request)
            if reader is not None:
                await run_in_threadpool(self.desk.leave, reader, _where(request), self.clock())
            gone = True
        if gone or reader is None:
            return self.page(self.said(words.gone(self.again(reader) if reader is not None else "")))
        instead = f"../preferences/{self.desk.token('preferences', reader)}" if reader.state in JOINED else ""
        return self.page(pages.unsubscribe(self.plan.masthead, self.templates, reader.address, instead))

    def wanted(self, form: dict[str, list[str]]) -> tuple[Reader, str]:
        """What the form of preferences says, and what is wrong with it ("" for nothing)."""
        names = [letter.name for letter in self.plan.newsletters]
        chosen = tuple(name for name in names if name in form.get("newsletter", [])) or (
            tuple(names) if len(names) == 1 else ()
        )
        density, until = form.get("density", [""])[0], form.get("until", [""])[0].strip()
        wanted = Reader(address="", newsletters=chosen)
        if not chosen:
            return wanted, words.CHOOSE_OR_LEAVE
        if density not in dict(pages.DENSITIES):
            return wanted, words.NO_DENSITY
        try:
            day = date.fromisoformat(until) if until else None
        except ValueError:
            return wanted, words.NO_DAY
        past = day is not None and day <= self.clock().date()
        return (
            Reader(address="", newsletters=chosen, density=density, paused_until=None if past else day),  # type: ignore[arg-type]
            "",
        )

    async def form(self, request: Request, limit: Limit) -> dict[str, list[str]]:
        """The fields of a form sent from one of our pages, by a client within its limit."""
        if foreign(request.headers, urlsplit(self.plan.masthead.url).netloc):
            raise HTTPException(403)
        if not limit.allows(client(request.client.host if request.client else ""), self.clock()):
            raise HTTPException(429, headers={"Retry-After": "3600"})
        return await fields(request) if int(request.headers.get("content-length", "1") or 0) else {}

    async def find(self, purpose: Purpose, request: Request) -> tuple[bool, Reader | None]:
        """Whether the address holds a good token, and whose."""
        return await run_in_threadpool(self.desk.find, purpose, request.path_params["token"], self.clock())

    async def holder(self, purpose: Purpose, request: Request) -> Reader | None:
        """Whose the token in the address is, if it is good and its reader still there."""
        return (await self.find(purpose, request))[1]

    def again(self, reader: Reader) -> str:
        """Where a button lets who has left come back: the page just shown is its own proof that they may."""
        return f"../confirm/{self.desk.token('confirm', reader, self.clock() + DAY)}"

    def asked(self, address: str, chosen: list[str], where: str) -> None:
        """What follows the answer to the form, so that the answer takes as long for everybody."""
        try:
            self.mail(self.desk.ask(address, chosen, where, self.clock()))
        except DigestError as error:
            log.error("a request to subscribe was lost: %s", error)

    def mail(self, letter: Letter | None) -> None:
        """Hands a letter to the post."""
        if letter is not None and self.post is not None:
            self.post(letter.address, letter.message)

    def said(self, told: pages.Words) -> pages.Page:
        """A page of few words."""
        return pages.message(self.plan.masthead, self.templates, told)

    def page(self, page: pages.Page, status: int = 200, after: BackgroundTask | None = None) -> Response:
        """A page as an answer: its own policy, kept by nobody, in no index."""
        headers = {
            "Content-Security-Policy": page.policy,
            "Cache-Control": "no-store",
            "X-Robots-Tag": "noindex",
        }
        return Response(page.body, status, headers, "text/html; charset=utf-8", after)

    async def refused(self, _request: Request, error: HTTPException) -> Response:
        """A page for what cannot be had."""
        home = f"{urlsplit(self.plan.masthead.url).path}/"
        answer = self.page(self.said(words.refused(error.status_code, home)), error.status_code)
        answer.headers.update(error.headers or {})
        return answer

    async def unable(self, _request: Request, error: StoreError) -> Response:
        """A page for when the store cannot be used; nothing was changed."""
        log.error("%s", error)
        return self.page(self.said(words.UNABLE), 503)


def _where(request: Request) -> str:
    return f"from {request.client.host if request.client else 'an unknown place'}"
