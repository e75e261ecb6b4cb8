"""Where an issue goes besides mail and pages: which channels get it, and what each is handed. Joined by pipeline.py.

Knows the plan, the store's deliveries, the render and deliver rooms. What a kind of channel does with its parcel is
`deliver/channels/`.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

from digest import mailing
from digest.config import Plan
from digest.model import Channel, Delivery, Issue, Item, Masthead, Newsletter

if TYPE_CHECKING:
    from digest.deliver.channels import Parcel
    from digest.render import Templates
    from digest.store import Store

RETRY = timedelta(hours=48)
GONE = "the channel is not in the configuration any more"
WAY_OUT = "https://unsubscribe.invalid/"
"""Stands in a list service's mail until its own way out takes the place."""


def recipients(plan: Plan, newsletter: Newsletter, issue: Issue) -> tuple[tuple[str, str], ...]:
    """(address, key) of every channel the issue goes to."""
    from digest.deliver import message

    return tuple(
        (channel.address, message.message_id(issue.id, channel.address, _host(plan))) for channel in newsletter.channels
    )


def everybody(plan: Plan, newsletter: Newsletter, store: "Store", issue: Issue) -> tuple[tuple[str, str], ...]:
    """All an issue goes to, readers and channels, with what each delivery is called."""
    return (*mailing.recipients(plan, newsletter, store, issue), *recipients(plan, newsletter, issue))


def deliver(plan: Plan, newsletter: Newsletter, issue: Issue, store: "Store", now: datetime) -> None:
    """Hands the issue to every channel that is due to get it, each once. What a channel refuses is a state of its
    delivery; one that is configured no more fails for good."""
    from digest.deliver.channels import Means, carry
    from digest.deliver.outbox import attempts_within

    waiting = {each.address for each in store.deliveries.channels(issue.id) if each.state in ("pending", "failed")}
    if not waiting:
        return
    network = plan.network
    means = Means(now=now, contact=plan.masthead.contact, allow_hosts=network.allow_hosts, timeout_s=network.timeout_s)
    most = attempts_within(timedelta(hours=plan.mail.retry_hours) if plan.mail else RETRY)
    there = {channel.address: channel for channel in newsletter.channels}
    for address in sorted(waiting):
        with store.deliveries.outbox(issue.id, address) as outbox:
            if address in there:
                carry(outbox, there[address], _packing(plan, newsletter, issue, there[address]), means, most)
            else:
                outbox.settle(
                    *(replace(each, state="failed", retry_at=None, error=GONE) for each in outbox.claim(1, now))
                )


def _packing(plan: Plan, newsletter: Newsletter, issue: Issue, channel: Channel) -> "Callable[[Delivery], Parcel]":
    """What makes the parcel of a delivery to `channel`."""
    from digest import render
    from digest.deliver.channels import Parcel

    def pack(delivery: Delivery) -> Parcel:
        templates = render.Templates(plan.templates, plan.theme)
        body, text = _body(plan, newsletter, issue, channel, delivery, templates)
        key = delivery.message_id.strip("<>").partition("@")[0]
        subject = render.mail(issue, plan.masthead, templates).subject
        subject = _tame(subject) if channel.kind == "apprise" else subject
        return Parcel(issue_id=issue.id, key=key, subject=subject, body=body, text=text)

    return pack


def _body(
    plan: Plan, newsletter: Newsletter, issue: Issue, channel: Channel, delivery: Delivery, templates: "Templates"
) -> tuple[bytes, str]:
    """The issue as this kind of channel wants it, and the plain text beside HTML."""
    from digest import render
    from digest.deliver.channels.listmonk import inert

    if channel.kind == "webhook":
        return payload(issue, plan.masthead), ""
    if channel.kind == "apprise":
        return chat(issue, plan.masthead, channel.lines).encode(), ""
    if channel.kind in ("maildir", "mbox", "eml"):
        return _message(plan, newsletter, issue, delivery, templates), ""
    if channel.kind == "keila":
        (edition,) = render.editions(issue, plan.masthead, templates, ("md",))
        text = inert(edition.body.decode(), "&#123;&#123;").replace("{%", "&#123;%")
        return f"{text}\n\n[Unsubscribe]({{{{ unsubscribe_link }}}})\n".encode(), ""
    masthead = replace(plan.masthead, unsubscribe=WAY_OUT, preferences="")
    mail = render.mail(issue, masthead, templates)
    html = inert(mail.html, "&#123;&#123;").replace(WAY_OUT, "{{ UnsubscribeURL }}")
    return html.encode(), mail.text.replace(WAY_OUT, "")


def _message(plan: Plan, newsletter: Newsletter, issue: Issue, delivery: Delivery, templates: "Templates") -> bytes:
    """The issue as a message from the newsletter to itself, the same at every try."""
    from digest import render
    from digest.deliver import message

    sender = plan.mail.sender if plan.mail else plan.masthead.contact
    form = message.Form(
        render.mail(issue, plan.masthead, templates), sender, issue.made_at, f"{newsletter.name}.{_host(plan)}"
    )
    return form.message(message.address_of(sender), delivery.message_id)


def payload(issue: Issue, masthead: Masthead) -> bytes:
    """What a webhook gets: the issue as JSON. Text is plain, with what a source wrote in it: escape it where you show
    it. Fields may be added, none goes."""
    values = {
        "type": "issue.published",
        "issue": issue.id,
        "newsletter": issue.newsletter,
        "title": issue.title,
        "date": issue.day.isoformat(),
        "url": f"{masthead.url}/{issue.id}/",
        "candidates": issue.candidates,
        "top": list(issue.top),
        "sections": [
            {
                "topic": section.topic.name,
                "waiting": section.waiting,
                "papers": [_paper(item) for item in section.items],
            }
            for section in issue.sections
        ],
    }
    return json.dumps(values, ensure_ascii=False).encode()


def _paper(item: Item) -> dict[str, Any]:
    paper = item.paper
    return {
        "id": paper.id,
        "title": paper.title,
        "authors": [author.name for author in paper.authors],
        "url": paper.url,
        "summary": item.tldr,
        "why": [reason.words for reason in item.reasons],
        "note": item.note,
        "score": round(item.score, 4),
        "links": [{"kind": link.kind, "url": link.url} for link in paper.links],
    }


def chat(issue: Issue, masthead: Masthead, lines: int) -> str:
    """What a chat gets: the first papers, a line and a link each, and where the rest is. Signs by which services call
    people or open markup lose their meaning: titles are strangers' words."""
    from digest.render.mail import ranking

    items = {item.paper.id: item for item in issue.items}
    said = [
        f"{number}. {_tame(items[name].paper.title)[:200]}\n{items[name].paper.url or ''}".rstrip()
        for number, name in enumerate(ranking(issue)[:lines], 1)
    ]
    rest = len(items) - len(said)
    more = f"and {rest} more: " if rest > 0 else ""
    return "\n".join([*said, f"{more}{masthead.url}/{issue.id}/"])


def _tame(text: str) -> str:
    for sign, harmless in (("@", "\uff20"), ("<", "\u2039"), (">", "\u203a"), ("`", "'"), ("[", "("), ("]", ")")):
        text = text.replace(sign, harmless)
    return " ".join(text.split())


def _host(plan: Plan) -> str:
    sender = plan.mail.sender if plan.mail else plan.masthead.contact
    return (parseaddr(sender)[1].rpartition("@")[2] or "digest.invalid").rstrip(">")
