"""`serve`, the web side; `up`, the web side and the schedule in one process. Both end cleanly on SIGTERM."""

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from digest.cli.common import Session, stateful
from digest.cli.runs import YES, by_the_clock
from digest.errors import InputError

if TYPE_CHECKING:
    from digest.config import Plan
    from digest.store import Store
    from digest.web.guard import Receive, Scope, Send

HOST = Annotated[str | None, typer.Option(metavar="ADDRESS", help="Where to listen [serve.host].")]
PORT = Annotated[int | None, typer.Option(min=0, max=65535, metavar="N", help="On which port [serve.port]; 0: any.")]


@stateful
def serve(session: Session, host: HOST = None, port: PORT = None) -> int:
    """Serve the pages, the feeds and readers' pages (subscribe, preferences, unsubscribe) until stopped."""
    from digest.cli.reloading import EVERY_S, Reloading

    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    current = Reloading(session)
    with _site(session, host, port) as served:
        while not stopping.wait(EVERY_S):
            if (plan := current.look()) is not None:
                served.take(plan)
    session.say("stopped")
    return 0


@stateful
def up(session: Session, host: HOST = None, port: PORT = None, yes: YES = False) -> int:
    """Serve and run by the schedule, in one process, until stopped."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)  # until the schedule takes over
    try:
        with _site(session, host, port) as served:
            by_the_clock(session, yes=yes, on_plan=served.take)
    except _Stopped:
        pass
    session.say("stopped")
    return 0


class _Stopped(BaseException):
    """Told to stop before the schedule was running. Like KeyboardInterrupt, nothing that mends errors may catch it."""


def _stop(*_: object) -> None:
    raise _Stopped


class _Served:
    """The web side of the plan in force: an app that another may take the place of between two requests."""

    def __init__(self, session: Session, store: "Store", plan: "Plan") -> None:
        self._session, self._store, self._post = session, store, ExitStack()
        self.take(plan)

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """One request."""
        await self._app(scope, receive, send)

    def take(self, plan: "Plan") -> None:
        """Answers as `plan` says from now on; letters begun are sent as they were. Where it listens does not change."""
        from digest.deliver.post import Post
        from digest.deliver.smtp import Relay
        from digest.mailing import envelope
        from digest.web import application

        before, self._post, post = self._post, ExitStack(), None
        if plan.mail is not None and plan.mail.smtp is not None:
            relay = Relay.from_url(plan.mail.smtp, plan.network.allow_hosts)
            post = self._post.enter_context(Post(relay, envelope(plan.mail)))
        _look_out(self._session, plan)
        self._app = application(plan, self._store, post.put if post else None, lambda: datetime.now(UTC))
        before.close()

    def close(self) -> None:
        """Sends what letters wait."""
        self._post.close()


@contextmanager
def _site(session: Session, host: str | None, port: int | None) -> "Iterator[_Served]":
    """The web side, answering while the block runs."""
    from digest.web import Site

    plan = session.plan()
    if plan.serve is None:
        raise InputError(f"{plan.path}: there is no `serve` block; `serve: {{}}` is enough")
    where = replace(plan.serve, host=host or plan.serve.host, port=plan.serve.port if port is None else port)
    with session.store(plan) as store, closing(_Served(session, store, plan)) as served, Site(served, where) as site:
        session.say(f"serving on {site.url} for {plan.masthead.url}; stop with Ctrl-C or SIGTERM")
        yield served


def _look_out(session: Session, plan: "Plan") -> None:
    """Says what would keep readers from joining or leaving."""
    if plan.mail is None or plan.mail.smtp is None:
        session.say("no relay is set (mail.smtp): who subscribes gets no mail to confirm by")
    if not plan.masthead.url.startswith("https://"):
        session.say("`url` is not https://: mail programs offer one-click unsubscribing only with https")
