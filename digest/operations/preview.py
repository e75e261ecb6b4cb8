"""The next issue before it is made, and a test mail: both from the store, neither leaves a trace in it."""

from datetime import datetime
from typing import TYPE_CHECKING

from digest import assembly, mailing, pipeline
from digest.config import Plan
from digest.errors import DigestError
from digest.model import Delivery, Issue, Mail, Newsletter

if TYPE_CHECKING:
    from digest.store import Store


def next_issue(newsletter: Newsletter, store: "Store", now: datetime) -> Issue:
    """The issue that would be made at `now`; not saved."""
    material = assembly.gather(newsletter, store, now, pipeline.POPULATION)
    issue = pipeline.make(newsletter, material, now).issue
    if not issue.items:
        raise DigestError(f"{newsletter.name} would print nothing; `digest collect` asks the sources for papers")
    return issue


def latest_or_next(newsletter: Newsletter, store: "Store", now: datetime) -> Issue:
    """The newest saved issue, or the next one where none was made yet."""
    return store.issues.last(newsletter.name) or next_issue(newsletter, store, now)


def mail_of(plan: Plan, issue: Issue) -> Mail:
    """The issue as a mail to nobody in particular."""
    from digest import render

    return render.mail(issue, plan.masthead, render.Templates(plan.templates, plan.theme))


def gallery_of(plan: Plan, issue: Issue) -> bytes:
    """A page that shows the issue's mail at two widths, light and dark, beside its text."""
    from digest import render

    return render.gallery(mail_of(plan, issue), render.Templates(plan.templates, plan.theme))


def message_to(plan: Plan, newsletter: Newsletter, issue: Issue, address: str, now: datetime) -> bytes:
    """The complete message of the issue to `address`, with a Message-ID of its own for the moment of the test."""
    from digest.deliver import message

    assert plan.mail is not None, "no message is built while no mail is configured"
    domain = mailing.domain(plan.mail)
    identifier = message.message_id(f"{issue.id} test {now.isoformat()}", address, domain)
    build = mailing.builder(plan, newsletter, issue, now)
    return build(Delivery(issue=issue.id, address=address, message_id=identifier))


def send_test(plan: Plan, body: bytes, address: str) -> str | None:
    """Hand a message to the relay for `address`, recording nothing; the refusal's words, or None when it was taken."""
    from digest.deliver import smtp

    assert plan.mail is not None, "no message is sent while no mail is configured"
    assert plan.mail.smtp is not None, "no message is sent while no relay is configured"
    with smtp.Relay.from_url(plan.mail.smtp, plan.network.allow_hosts) as relay:
        outcome = relay.send(mailing.envelope(plan.mail), address, body, lambda: None)
    return None if outcome.kind == "accepted" else outcome.words or outcome.kind
