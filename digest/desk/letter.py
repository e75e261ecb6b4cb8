"""The editor's desk: the mail with which an editor is asked, and the signed link in it that only they have."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING

from digest import mailing
from digest.config import Plan
from digest.model import Approval, Draft, Newsletter
from digest.schedule import zone

if TYPE_CHECKING:
    from digest.store import Store

log = logging.getLogger(__name__)
LINK_LASTS = timedelta(days=14)


def tell(plan: Plan, newsletter: Newsletter, store: "Store", draft: Draft, now: datetime) -> bool:
    """Mails the draft to its editor unless that was done; what no relay took is tried by the next run. Says whether the
    editor knows."""
    if draft.told_at is not None or draft.state != "open":
        return draft.told_at is not None
    if newsletter.approval is None or plan.mail is None or plan.mail.smtp is None:
        return False
    from digest import render
    from digest.deliver import message, smtp
    from digest.render import desk

    editor, sender = parseaddr(newsletter.approval.editor)[1], mailing.envelope(plan.mail)
    mail = desk.letter(
        plan.masthead,
        render.Templates(plan.templates, plan.theme),
        draft,
        store.proposals.list("queued"),
        link=link(plan, draft, now),
        until=until(newsletter, newsletter.approval, draft),
    )
    host = mailing.domain(plan.mail)
    identity = message.message_id(f"draft {draft.uid}", editor, host)
    body = message.build(mail, plan.mail.sender, editor, identity, now, f"desk.{host}")
    with smtp.Relay.from_url(plan.mail.smtp, plan.network.allow_hosts) as relay:
        outcome = relay.send(sender, editor, body, lambda: None)
    if outcome.kind != "accepted":
        log.error("the draft of %s was not mailed to its editor: %s", draft.issue.id, outcome.words)
        return False
    store.drafts.change(draft.issue.id, lambda each: replace(each, told_at=now))
    return True


def link(plan: Plan, draft: Draft, now: datetime) -> str:
    """The address of the draft's page for its editor; "" where no pages are served."""
    if plan.serve is None:
        return ""
    until = max(now, draft.deadline or now) + LINK_LASTS
    return f"{plan.masthead.url}/desk/{mailing.signer(plan).make('desk', draft.uid, until)}"


def until(newsletter: Newsletter, approval: Approval, draft: Draft) -> str:
    """What becomes of a draft that nobody decides on, in a sentence."""
    if draft.deadline is None:
        return "It waits until it is approved, or the next draft takes its place."
    here = draft.deadline.astimezone(zone(newsletter.timezone))
    when = f"{here:%H:%M} on {here.day} {here:%B} ({newsletter.timezone})"
    if approval.otherwise == "send":
        return f"Unless you decide before, it goes out as it is at {when}."
    return f"It should be approved by {when}; until then, and after, it is held."
