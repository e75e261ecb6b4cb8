"""`serve`, the web side; `up`, the web side and the schedule in one process. Both end cleanly on SIGTERM."""

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from digest.cli.common import Session, stateful
from digest.cli.runs import YES, by_the_clock
from digest.errors import InputError

if TYPE_CHECKING:
    from digest.config import Plan
    from digest.web import Site

HOST = Annotated[str | None, typer.Option(metavar="ADDRESS", help="Where to listen [serve.host].")]
PORT = Annotated[int | None, typer.Option(min=0, max=65535, metavar="N", help="On which port [serve.port]; 0: any.")]


@stateful
def serve(session: Session, host: HOST = None, port: PORT = None) -> int:
    """Serve the pages, the feeds and readers' pages (subscribe, preferences, unsubscribe) until stopped."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    with _site(session, host, port):
        stopping.wait()
    session.say("stopped")
    return 0


@stateful
def up(session: Session, host: HOST = None, port: PORT = None, yes: YES = False) -> int:
    """Serve and run by the schedule, in one process, until stopped."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)  # until the schedule takes over
    try:
        with _site(session, host, port):
            by_the_clock(session, yes=yes)
    except _Stopped:
        pass
    session.say("stopped")
    return 0


class _Stopped(BaseException):
    """Told to stop before the schedule was running. Like KeyboardInterrupt, nothing that mends errors may catch it."""


def _stop(*_: object) -> None:
    raise _Stopped


@contextmanager
def _site(session: Session, host: str | None, port: int | None) -> "Iterator[Site]":
    """The web side, answering while the block runs."""
    from digest.deliver.post import Post
    from digest.deliver.smtp import Relay
    from digest.mailing import envelope
    from digest.web import Site, application

    plan = session.plan()
    if plan.serve is None:
        raise InputError(f"{plan.path}: there is no `serve` block; `serve: {{}}` is enough")
    where = replace(plan.serve, host=host or plan.serve.host, port=plan.serve.port if port is None else port)
    with ExitStack() as stack:
        store = stack.enter_context(session.store(plan))
        post = None
        if plan.mail is not None and plan.mail.smtp is not None:
            relay = Relay.from_url(plan.mail.smtp, plan.network.allow_hosts)
            post = stack.enter_context(Post(relay, envelope(plan.mail)))
        _look_out(session, plan)
        app = application(plan, store, post.put if post is not None else None, lambda: datetime.now(UTC))
        site = stack.enter_context(Site(app, where))
        session.say(f"serving on {site.url} for {plan.masthead.url}; stop with Ctrl-C or SIGTERM")
        yield site


def _look_out(session: Session, plan: "Plan") -> None:
    """Says what would keep readers from joining or leaving."""
    if plan.mail is None or plan.mail.smtp is None:
        session.say("no relay is set (mail.smtp): who subscribes gets no mail to confirm by")
    if not plan.masthead.url.startswith("https://"):
        session.say("`url` is not https://: mail programs offer one-click unsubscribing only with https")
