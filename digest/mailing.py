"""Who an issue is mailed to, and how fast it goes. Joined by pipeline.py and operations; letters.py builds messages.

Knows the plan, the store's readers and the deliver room; how a message looks on the wire is `deliver/message.py`.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from digest.config import MailPlan, Plan
from digest.letters import LEFT, Letters, domain, envelope, signer
from digest.model import Correction, Counts, Delivery, Issue, Newsletter
from digest.readers.tokens import keys
from digest.readers.verp import Paths

if TYPE_CHECKING:
    from digest.deliver.smtp import Relay
    from digest.store import Store

__all__ = [
    "audience",
    "builder",
    "deliver",
    "domain",
    "envelope",
    "far_more",
    "pacing",
    "paths",
    "recipients",
    "signer",
]


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
    plan: Plan,
    newsletter: Newsletter,
    issue: Issue,
    now: datetime,
    store: "Store | None" = None,
    correction: Correction | None = None,
) -> Callable[[Delivery], bytes]:
    """What turns a delivery into the bytes of its message; all that readers share is encoded once. With a `store`, its
    readers get links of their own where there are pages for them. Raises TemplateError for a broken template."""
    letters = Letters(plan, newsletter, issue, now, store.readers if store is not None else None, correction)
    letters.form("", own=False)  # a broken template is told before anything is claimed
    return letters.message


def deliver(
    plan: Plan,
    newsletter: Newsletter,
    issue: Issue,
    store: "Store",
    now: datetime,
    on_sent: Callable[[str], None] = lambda _address: None,
    correction: Correction | None = None,
) -> None:
    """Mails what is due of an issue, or of a correction of it, over every relay and as fast as the plan allows."""
    from digest.deliver import send, send_at_once
    from digest.deliver.outbox import attempts_within
    from digest.deliver.smtp import Relay

    mail = plan.mail
    assert mail is not None, "no issue is mailed while no mail is configured"
    build = builder(plan, newsletter, issue, now, store, correction)
    relays = [Relay.from_url(url, plan.network.allow_hosts) for url in mail.relays for _ in range(mail.connections)]
    open_outbox = partial(store.deliveries.outbox, correction.id if correction else issue.id)
    how: dict[str, Any] = {
        "sender": return_path(plan),
        "pace": pacing(mail, now),
        "most": attempts_within(timedelta(hours=mail.retry_hours)),
    }
    if len(relays) > 1:
        send_at_once(open_outbox, relays, build, now, lambda sent: on_sent(sent.address), **how)
        return
    with open_outbox() as outbox:
        send(outbox, relays[0], build, now, lambda sent: on_sent(sent.address), **how)


def return_path(plan: Plan) -> "str | Callable[[Delivery], str]":
    """What a relay is told the mail comes from, and refusals go back to: the sender, or with ``mail.bounces`` a path of
    each recipient's own."""
    mail = plan.mail
    assert mail is not None, "nothing is sent while no mail is configured"
    if mail.bounces is None:
        return envelope(mail)
    made, bounces = paths(plan), mail.bounces
    return lambda delivery: made.make(bounces, delivery.address)


def paths(plan: Plan) -> Paths:
    """What makes and reads return paths: signed with the keys of readers' links."""
    return Paths((plan.serve.keys if plan.serve is not None else ()) or keys(plan.home))


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


def audience(store: "Store", issue: Issue) -> tuple[int, int]:
    """How many an issue goes to, and how many the issue before went to (0 where there was none)."""
    before = store.issues.last(issue.newsletter, before=issue.day)
    return _total(store.deliveries.counts(issue.id)), _total(store.deliveries.counts(before.id)) if before else 0


def far_more(recipients: int, usual: int) -> bool:
    """Whether a sending is so much larger than the newsletter's usual one that a person should say yes first."""
    return usual > 0 and recipients > max(3 * usual, usual + 20)


def _total(counts: Counts) -> int:
    return counts.sent + counts.failed + counts.pending + counts.in_doubt
