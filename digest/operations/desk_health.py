"""Health of the desk, the channels and the inbox, for `digest doctor`. Looks into no message, and sends nothing."""

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from digest.config import Plan
from digest.operations.finding import Finding

if TYPE_CHECKING:
    from digest.store import Store


def examine(plan: Plan, store: "Store", now: datetime) -> list[Finding]:
    """Drafts that wait, proposals, deliveries to channels that need a person, and whether the inbox can be opened."""
    return [*_drafts(plan, store, now), *_proposals(store), *_channels(plan, store), *_inbox(plan)]


def _drafts(plan: Plan, store: "Store", now: datetime) -> list[Finding]:
    findings = []
    for draft in store.drafts.list():
        late = draft.deadline is not None and now >= draft.deadline
        untold = draft.told_at is None and plan.mail is not None and plan.mail.smtp is not None
        words = "waits for its editor" + (", who could not be written to" if untold else "")
        words += ", past its hour" if late else ""
        state: Literal["note", "problem"] = "problem" if late or untold else "note"
        findings.append(Finding(area="desk", name=draft.issue.id, state=state, words=words))
    return findings


def _proposals(store: "Store") -> list[Finding]:
    waiting = len(store.proposals.list("queued"))
    if not waiting:
        return []
    return [Finding(area="desk", name="proposals", state="note", words=f"{waiting} wait; `digest proposals list`")]


def _channels(plan: Plan, store: "Store") -> list[Finding]:
    """The newest issue's deliveries of each channel there is."""
    findings = []
    for newsletter in plan.newsletters:
        day = store.issues.last_day(newsletter.name)
        found = {each.address: each for each in store.deliveries.channels(f"{newsletter.name}/{day}")} if day else {}
        for channel in newsletter.channels:
            last = found.get(channel.address)
            ended = last is not None and (last.state == "in_doubt" or (last.state == "failed" and not last.retry_at))
            told = f"{last.state.replace('_', ' ')}: {last.error}" if last and last.error else "no issue yet"
            words = told if last is None or last.error else last.state
            name = f"{newsletter.name}, {channel.name}"
            findings.append(Finding(area="channel", name=name, state="problem" if ended else "ok", words=words))
    return findings


def _inbox(plan: Plan) -> list[Finding]:
    if plan.inbox is None or not (plan.inbox.url or plan.inbox.path):
        return []
    from digest.inbox import InboxError, opened

    try:
        with opened(plan.inbox, plan.network.allow_hosts, 1):
            return [Finding(area="inbox", name="inbox", state="ok", words="can be read")]
    except InboxError as error:
        return [Finding(area="inbox", name="inbox", state="problem", words=str(error))]
