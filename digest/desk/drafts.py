"""The editor's desk: drafts made, released or left waiting. Called by a run, once a newsletter that wants approval.

A draft is composed as an issue is, and becomes one by a single save once it is approved, or its hour has come: until
then nothing counts as printed.
"""

from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from digest import assembly, channels, pipeline, retelling
from digest.config import Plan
from digest.desk import acts, edit
from digest.model import Draft, Issue, Newsletter, RunnerUp
from digest.schedule import zone
from digest.select.sections import ALSO_NEW

if TYPE_CHECKING:
    from digest.store import Store

RUNNERS_UP = 20
NOBODY = "nobody: its hour came"


def today(plan: Plan, newsletter: Newsletter, store: "Store", now: datetime) -> Draft | None:
    """The draft of the day of `now`, whatever became of it, made if there is none; None where there is nothing to
    print."""
    return store.drafts.get(pipeline.issue_id(newsletter, now)) or _compose(plan, newsletter, store, now)


def ready(newsletter: Newsletter, draft: Draft, now: datetime) -> bool:
    """Whether a draft may go out: it is approved, or nobody decided by its hour and it then goes out as it is."""
    if draft.state != "open":
        return draft.state in ("approved", "released")
    late = draft.deadline is not None and now >= draft.deadline
    return late and (newsletter.approval is None or newsletter.approval.otherwise == "send")


def released(plan: Plan, newsletter: Newsletter, store: "Store", draft: Draft, now: datetime) -> Issue | None:
    """The issue that a draft comes to, saved once with all that belongs to it; None where every paper was left out.
    What the editor dropped is left out of later issues as well. May be called again after a crash."""
    draft, _ = acts.approve(store, draft.issue.id, NOBODY, now)
    saved = store.issues.get(draft.issue.id)
    if saved is None:
        wanted = edit.edited(draft)
        ids = [item.paper.id for item in wanted.items]
        issue = edit.without(wanted, store.issues.printed(newsletter.name, ids) | store.life.withdrawn(ids))
        if not issue.items:
            store.save_decisions(edit.decisions(draft))
            store.drafts.change(draft.issue.id, lambda each: replace(each, state="empty"))
            return None
        saved = store.issues.save(
            issue,
            decisions=edit.decisions(draft),
            recipients=channels.everybody(plan, newsletter, store, issue),
            arrivals=draft.arrivals,
            fitted={name: b64decode(body) for name, body in draft.fitted.items()},
        )
    for name in draft.edits.dropped:
        store.hand.skip(name, now)
    store.drafts.change(draft.issue.id, lambda each: replace(each, state="released"))
    return saved


def deadline(newsletter: Newsletter, now: datetime) -> datetime | None:
    """When a draft made at `now` is decided on, if nobody does: the next time it is `approve_by` in its time zone."""
    if newsletter.approval is None or newsletter.approval.by is None:
        return None
    here = now.astimezone(zone(newsletter.timezone))
    day = here.date() if here.time() < newsletter.approval.by else here.date() + timedelta(days=1)
    return datetime.combine(day, newsletter.approval.by, here.tzinfo).astimezone(now.tzinfo)


def _compose(plan: Plan, newsletter: Newsletter, store: "Store", now: datetime) -> Draft | None:
    material = assembly.gather(newsletter, store, now, pipeline.POPULATION)
    made = pipeline.make(newsletter, material, now)
    if not made.issue.items:
        store.save_decisions(made.decisions)
        return None
    issue, told = retelling.retold(plan, newsletter, made.issue, store, now)
    draft = Draft(
        issue=issue,
        runners_up=_runners_up(newsletter, material, made, now),
        deadline=deadline(newsletter, now),
        decisions=(*made.decisions, *told),
        arrivals=made.arrivals,
        fitted={name: b64encode(body).decode() for name, body in made.fitted.items()},
    )
    return store.drafts.keep(draft, made.scored)


def _runners_up(
    newsletter: Newsletter, material: assembly.Material, made: assembly.Made, now: datetime
) -> tuple[RunnerUp, ...]:
    """The best that wait, complete, so that any of them can be printed as it stands."""
    topics = {topic.slug: topic for topic in made.grouping.topics}
    candidates = {candidate.paper.id: candidate for candidate in material.candidates}
    scores = {score.paper_id: score for score in made.scored}
    waiting = [each for each in made.decisions if each.stage == "select" and each.verdict == "waiting"]
    return tuple(
        RunnerUp(
            item=assembly.item(
                newsletter, candidates[one.subject], scores[one.subject], made.grouping, material.hand, now
            ),
            topic=topics.get(made.grouping.topic_of.get(one.subject, ""), ALSO_NEW),
            why=one.reason,
        )
        for one in sorted(waiting, key=lambda each: -scores[each.subject].total)[:RUNNERS_UP]
    )
