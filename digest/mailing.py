"""Who an issue is mailed to, how each message is built, and how fast they go. Joined by pipeline.py and operations.

Knows the plan, the store's readers and the deliver room; how a message looks on the wire is `deliver/message.py`.
"""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import partial
from typing import TYPE_CHECKING, Any

from digest.config import TOKEN, MailPlan, Plan
from digest.model import Counts, Delivery, Issue, Newsletter, Reader
from digest.readers.tokens import Tokens, keys

if TYPE_CHECKING:
    from digest.deliver.message import Form
    from digest.deliver.smtp import Relay
    from digest.store import Store
    from digest.store.readers import Readers

LEFT = ("pending", "unsubscribed", "bounced", "complained")
"""States in which a reader is mailed nothing, whatever else asks for it."""
NOBODY = "0"
"""What signed placeholders name in place of a reader: no text from outside can hold one."""


def recipients(plan: Plan, newsletter: Newsletter, store: "Store", issue: Issue) -> tuple[tuple[str, str], ...]:
    """(address, Message-ID) of everybody the issue goes to; none while no relay is set. Each address once. Who has left
    stays out, even where ``mail.to`` still names them."""
    from digest.deliver import message

    if plan.mail is None or plan.mail.smtp is None:
        return ()
    barred = store.readers.suppressed(plan.mail.to)
    addresses = {}
    for address in plan.mail.to:
        reader = store.readers.get(address)
        if address not in barred and not (reader and reader.state in LEFT):
            addresses[address.casefold()] = address
    for address in store.readers.addresses(newsletter.name, issue.day):
        addresses.setdefault(address.casefold(), address)
    host = domain(plan.mail)
    return tuple((address, message.message_id(issue.id, address, host)) for address in addresses.values())


def builder(
    plan: Plan, newsletter: Newsletter, issue: Issue, now: datetime, store: "Store | None" = None
) -> Callable[[Delivery], bytes]:
    """What turns a delivery into the bytes of its message; all that readers share is encoded once. With a `store`, its
    readers get links of their own where there are pages for them. Raises TemplateError for a broken template."""
    letters = _Letters(plan, newsletter, issue, now, store.readers if store is not None else None)
    letters.form("", own=False)  # a broken template is told before anything is claimed
    return letters.message


def deliver(
    plan: Plan,
    newsletter: Newsletter,
    issue: Issue,
    store: "Store",
    now: datetime,
    on_sent: Callable[[str], None] = lambda _address: None,
) -> None:
    """Mails what is due of an issue, over every relay and as fast as the plan allows."""
    from digest.deliver import send, send_at_once
    from digest.deliver.outbox import attempts_within
    from digest.deliver.smtp import Relay

    mail = plan.mail
    assert mail is not None, "no issue is mailed while no mail is configured"
    build = builder(plan, newsletter, issue, now, store)
    relays = [Relay.from_url(url, plan.network.allow_hosts) for url in mail.relays for _ in range(mail.connections)]
    open_outbox = partial(store.deliveries.outbox, issue.id)
    how: dict[str, Any] = {
        "sender": envelope(mail),
        "pace": pacing(mail, now),
        "most": attempts_within(timedelta(hours=mail.retry_hours)),
    }
    if len(relays) > 1:
        send_at_once(open_outbox, relays, build, now, lambda sent: on_sent(sent.address), **how)
        return
    with open_outbox() as outbox:
        send(outbox, relays[0], build, now, lambda sent: on_sent(sent.address), **how)


def pacing(mail: MailPlan, now: datetime) -> "Callable[[Delivery, Relay], None] | None":
    """What waits before each message so that the plan's limits hold, on the ramp while one is on; None without any."""
    from digest.deliver.pace import Pace, ramped

    limits = [mail.per_minute, mail.domain_per_minute]
    if not any(limits):
        return None
    if mail.warm_up is not None and mail.per_minute is not None:
        ramp, day = mail.warm_up, (now.date() - mail.warm_up.since).days
        share = ramped(mail.per_minute, ramp.start, ramp.days, day) / mail.per_minute
        limits = [limit and max(1, round(limit * share)) for limit in limits]
    by_relay, by_domain = (Pace(limit, 60.0) if limit else None for limit in limits)

    def wait(delivery: Delivery, relay: "Relay") -> None:
        if by_domain is not None:
            by_domain.wait(delivery.address.rpartition("@")[2].casefold())
        if by_relay is not None:
            by_relay.wait((relay.host, relay.port))

    return wait


def signer(plan: Plan) -> Tokens:
    """What signs readers' links: the keys of the config, else the file in home, made on first use."""
    return Tokens((plan.serve.keys if plan.serve is not None else ()) or keys(plan.home))


class _Letters:
    """An issue's messages: one form for each density, with readers' own links or without. Threads may share one."""

    def __init__(
        self, plan: Plan, newsletter: Newsletter, issue: Issue, now: datetime, readers: "Readers | None"
    ) -> None:
        assert plan.mail is not None, "no message is built while no mail is configured"
        self._plan, self._mail, self._newsletter, self._issue, self._now = plan, plan.mail, newsletter, issue, now
        self._ahead = _Ahead(readers) if readers is not None else None
        self._signer = signer(plan) if readers is not None and plan.links.unsubscribe else None
        self._forms: dict[tuple[str, bool], Form] = {}
        self._lock = threading.Lock()

    def message(self, delivery: Delivery) -> bytes:
        """The bytes of one delivery. Raises Unsendable for who has left meanwhile, or is no address."""
        from digest.deliver import Unsendable

        reader = self._ahead.reader(delivery.address) if self._ahead is not None else None
        if reader is not None and reader.state in LEFT:
            raise Unsendable("the reader left before it was sent")
        by_mail = f"{parseaddr(self._plan.masthead.contact)[1]}?subject=unsubscribe"
        address, identifier = delivery.address, delivery.message_id
        if reader is None or self._signer is None:
            return self.form(reader.density if reader else "", own=False).message(
                address, identifier, unsubscribe_mail=by_mail
            )
        own = self._tokens(self._signer, reader.uid)
        return self.form(reader.density, own=True).message(
            address,
            identifier,
            own,
            unsubscribe_url=self._plan.links.unsubscribe.replace(TOKEN, own[0]),
            unsubscribe_mail=by_mail,
        )

    def form(self, density: str, *, own: bool) -> "Form":
        """The issue's message but for its reader, made when it is first asked for."""
        with self._lock:
            key = (density, own)
            if key not in self._forms:
                self._forms[key] = self._made(density, own)
            return self._forms[key]

    def _made(self, density: Any, own: bool) -> "Form":
        from digest import render
        from digest.deliver import message

        plan, newsletter = self._plan, self._newsletter
        theme = replace(plan.theme, density=density) if density else plan.theme
        places: tuple[str, ...] = ()
        masthead = plan.masthead
        if own and self._signer is not None:
            places = self._tokens(self._signer, NOBODY)
            masthead = replace(
                masthead,
                unsubscribe=plan.links.unsubscribe.replace(TOKEN, places[0]),
                preferences=plan.links.preferences.replace(TOKEN, places[1]) or masthead.preferences,
            )
        return message.Form(
            render.mail(self._issue, masthead, render.Templates(plan.templates, theme)),
            self._mail.sender,
            self._now,
            f"{newsletter.name}.{domain(self._mail)}",
            reply_to=self._mail.reply_to or "",
            feedback_id=f"{newsletter.name}:{newsletter.name}:digest",
            placeholder=places,
        )

    @staticmethod
    def _tokens(signing: Tokens, uid: str) -> tuple[str, ...]:
        return signing.make("unsubscribe", uid), signing.make("preferences", uid)


class _Ahead:
    """Readers by address, read a thousand ahead: deliveries are made in the order of addresses, and a question for each
    would cost more than the message. A few such stretches are kept, for senders that are not quite abreast."""

    KEPT = 4

    def __init__(self, readers: "Readers") -> None:
        self._readers = readers
        self._stretches: list[tuple[str, str, dict[str, Reader]]] = []
        self._lock = threading.Lock()

    def reader(self, address: str) -> Reader | None:
        """The reader of this address, if it is one's."""
        from digest.store.readers import fold

        key = fold(address)
        with self._lock:
            for first, last, found in self._stretches:
                if first <= key <= last:
                    return found.get(key)
            found = self._readers.following(address)
            self._stretches = [(key, max(found, default=key), found), *self._stretches[: self.KEPT - 1]]
            return found.get(key)


def envelope(mail: MailPlan) -> str:
    """The bare address that a relay is told the mail comes from."""
    from digest.deliver import message

    return message.address_of(mail.sender)


def domain(mail: MailPlan) -> str:
    """The sender's domain: the right side of Message-IDs."""
    return envelope(mail).partition("@")[2]


def audience(store: "Store", issue: Issue) -> tuple[int, int]:
    """How many an issue goes to, and how many the issue before went to (0 where there was none)."""
    before = store.issues.last(issue.newsletter, before=issue.day)
    return _total(store.deliveries.counts(issue.id)), _total(store.deliveries.counts(before.id)) if before else 0


def far_more(recipients: int, usual: int) -> bool:
    """Whether a sending is so much larger than the newsletter's usual one that a person should say yes first."""
    return usual > 0 and recipients > max(3 * usual, usual + 20)


def _total(counts: Counts) -> int:
    return counts.sent + counts.failed + counts.pending + counts.in_doubt
