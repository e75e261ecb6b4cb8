"""Who an issue is mailed to, and how each one's message is built. Joined by pipeline.py and operations.

Knows the plan, the store's readers and the deliver room; how a message looks on the wire is `deliver/message.py`.
"""

from collections.abc import Callable
from datetime import datetime
from email.utils import parseaddr
from typing import TYPE_CHECKING

from digest.config import MailPlan, Plan
from digest.model import Counts, Delivery, Issue, Mail, Newsletter

if TYPE_CHECKING:
    from digest.store import Store


def recipients(plan: Plan, newsletter: Newsletter, store: "Store", issue: Issue) -> tuple[tuple[str, str], ...]:
    """(address, Message-ID) of everybody the issue goes to; none while no relay is set. Each address once."""
    from digest.deliver import message

    if plan.mail is None or plan.mail.smtp is None:
        return ()
    addresses = {address.casefold(): address for address in plan.mail.to}
    for reader in store.readers.active(newsletter.name):
        addresses.setdefault(reader.address.casefold(), reader.address)
    host = domain(plan.mail)
    return tuple((address, message.message_id(issue.id, address, host)) for address in addresses.values())


def builder(plan: Plan, newsletter: Newsletter, mail: Mail, now: datetime) -> Callable[[Delivery], bytes]:
    """What turns a delivery into the bytes of its message; all that readers share is encoded once."""
    from digest.deliver import message

    settings = plan.mail
    assert settings is not None, "no message is built while no mail is configured"
    form = message.Form(
        mail,
        settings.sender,
        now,
        f"{newsletter.name}.{domain(settings)}",
        reply_to=settings.reply_to or "",
        feedback_id=f"{newsletter.name}:{newsletter.name}:digest",
    )
    contact = parseaddr(plan.masthead.contact)[1]
    return lambda delivery: form.message(delivery.address, delivery.message_id, unsubscribe_mail=f"{contact}?subject=unsubscribe")


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
