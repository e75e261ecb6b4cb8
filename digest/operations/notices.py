"""Telling the operator, by a mail to `contact`, a webhook, or both: a source that stays broken, what `doctor` found."""

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from email.utils import parseaddr
from html import escape
from typing import TYPE_CHECKING

from digest import mailing
from digest.config import Plan
from digest.model import Mail, Source, SourceState

if TYPE_CHECKING:
    from digest.store import Store

log = logging.getLogger(__name__)


def outages(plan: Plan, states: Sequence[SourceState], now: datetime) -> tuple[SourceState, ...]:
    """Sources broken for longer than `notify.after_hours`, and those retired (410), of which nobody was told yet."""
    return tuple(
        state
        for state in states
        if state.broken_since
        and not state.noticed_at
        and (now - state.broken_since >= plan.notify.after or "gone_days" in state.memory)
    )


def tell(plan: Plan, sources: Sequence[Source], store: "Store", now: datetime) -> tuple[str, ...]:
    """Tell of each outage that is due, in one notice: the names. What reached nobody is told by the next run."""
    states = store.sources.states([source.name for source in sources])
    due = outages(plan, tuple(states.values()), now)
    if not due:
        return ()
    subject, text = words(plan, due)
    if not spread(plan, subject, text, now, due):
        return ()
    store.sources.put(replace(state, noticed_at=now) for state in due)
    return tuple(state.name for state in due)


def words(plan: Plan, due: Sequence[SourceState]) -> tuple[str, str]:
    """Subject and text of a notice."""
    names = ", ".join(state.name for state in due)
    said = [
        f"{s.name}: {s.status}, broken since {s.broken_since:%Y-%m-%d %H:%M} UTC\n  {s.error or 'no reason known'}"
        for s in due
    ]
    head = f"{plan.masthead.title}: nothing usable has come from {'this source' if len(due) == 1 else 'these sources'}"
    tail = "Each outage is told once. What can be regained is fetched when a source answers; `digest doctor` says so."
    return f"Broken source: {names}"[:200], "\n\n".join([f"{head}.", *said, tail]) + "\n"


def spread(plan: Plan, subject: str, text: str, now: datetime, due: Sequence[SourceState] = ()) -> bool:
    """Send a notice wherever `notify` says; whether it reached anybody. `due`: the sources it is about."""
    mailed, posted = _mailed(plan, subject, text, now), _posted(plan, subject, text, due)
    return mailed or posted


def _mailed(plan: Plan, subject: str, text: str, now: datetime) -> bool:
    """Whether the relay took the mail to `contact`."""
    from digest.deliver import message, smtp

    if not plan.notify.mail or plan.mail is None or plan.mail.smtp is None:
        return False
    contact, sender = parseaddr(plan.masthead.contact)[1], mailing.envelope(plan.mail)
    host = mailing.domain(plan.mail)
    mail = Mail(subject=subject, text=text, html=f"<pre>{escape(text)}</pre>")
    name = message.message_id(f"notice/{now.isoformat()}", contact, host)
    built = message.build(mail, plan.mail.sender, contact, name, now, f"notices.{host}")
    with smtp.Relay.from_url(plan.mail.smtp, plan.network.allow_hosts) as relay:
        outcome = relay.send(sender, contact, built, lambda: None)
    if outcome.kind != "accepted":
        log.error("the notice to %s was not mailed: %s", contact, outcome.words)
    return outcome.kind == "accepted"


def _posted(plan: Plan, subject: str, text: str, due: Sequence[SourceState]) -> bool:
    """Whether the webhook took the notice: `text` is what chat services show, `sources` is for programs."""
    from digest.net import Client, FetchError

    if plan.notify.webhook is None:
        return False
    rows = [
        {"name": s.name, "status": s.status, "since": s.broken_since and s.broken_since.isoformat(), "error": s.error}
        for s in due
    ]
    body = json.dumps({"text": f"{subject}\n\n{text}", "sources": rows}, ensure_ascii=False).encode()

    async def post(url: str) -> None:
        async with Client(plan.masthead.contact, plan.network.allow_hosts, timeout_s=plan.network.timeout_s) as client:
            await client.post(url, body, {"Content-Type": "application/json"})

    try:
        asyncio.run(post(plan.notify.webhook))
    except FetchError as error:
        if error.status and 200 <= error.status < 300:  # taken, without an answer to read
            return True
        log.error("the notice was not posted: %s", _without(plan.notify.webhook, error.message))
        return False
    return True


def _without(secret: str, said: str) -> str:
    return said.replace(secret, "the webhook")
