"""One shot: sources to editions with no store, for `digest render`."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from digest import assembly, dedupe, mailing, normalise, pipeline
from digest.config import MailPlan, Plan
from digest.model import Answer, Candidate, Delivery, Edition, Issue, Known, Newsletter, Resolved, Source

READER = "reader@example.org"
"""Whom the one message made without readers is addressed to."""


def answers(plan: Plan, sources: Sequence[Source], now: datetime, on_done: Callable[[str], None]) -> tuple[Answer, ...]:
    """What each source holds; a source of no known kind is an answer with an error."""
    return asyncio.run(pipeline.ask(plan, sources, {}, now, on_done))


def compose(plan: Plan, found: Sequence[Answer], now: datetime, limit: int | None) -> Issue | None:
    """An issue of every paper found (or the best `limit`); None when there is none."""
    entries = tuple(entry for answer in found for entry in answer.entries)
    readings = tuple(normalise.read(entry) for entry in entries)
    resolved = dedupe.resolve(entries, readings, Known(by_key={}, papers={}), now)
    candidates = _candidates(resolved, now)
    if not candidates:
        return None
    newsletter = _unlimited(plan, limit or len(candidates))
    material = assembly.material_of(newsletter, candidates, now)
    return pipeline.make(newsletter, material, now).issue


def editions(plan: Plan, issue: Issue, formats: Sequence[str], now: datetime) -> tuple[Edition, ...]:
    """The issue in each of `formats`, complete as if published."""
    from digest import render
    from digest.deliver import message

    templates = render.Templates(plan.templates, plan.theme)
    made = render.editions(issue, plan.masthead, templates, [name for name in formats if name != "eml"])
    if "eml" not in formats:
        return made
    mail = plan.mail or MailPlan(sender="Papers today <digest@example.org>", reply_to=None, to=(), smtp=None)
    newsletter = _unlimited(plan, 1)
    build = mailing.builder(replace(plan, mail=mail), newsletter, issue, now)
    address = mail.to[0] if mail.to else READER
    domain = mailing.domain(mail)
    body = build(Delivery(issue=issue.id, address=address, message_id=message.message_id(issue.id, address, domain)))
    return (*made, Edition(path="issue.eml", media_type="message/rfc822", body=body))


def _candidates(resolved: Resolved, now: datetime) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            paper=paper,
            first_seen=now,
            sightings=tuple(seen for seen in resolved.sightings if seen.paper_id == paper.id),
            signals=tuple(signal for signal in resolved.signals if signal.paper_id == paper.id),
        )
        for paper in resolved.new
    )


def _unlimited(plan: Plan, limit: int) -> Newsletter:
    """The config's first newsletter without what limits an issue."""
    newsletter = (
        plan.newsletters[0]
        if plan.newsletters
        else Newsletter(name="daily", title=plan.masthead.title, schedule="0 7 * * *", timezone="UTC")
    )
    topics = tuple(replace(topic, limit=None) for topic in newsletter.topics)
    return replace(
        newsletter, limit=limit, floor=None, topics=topics, section_max=max(newsletter.section_max, limit), sources=()
    )
