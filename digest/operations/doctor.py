"""Health, for `digest doctor`: what is well, what is worth knowing, and what needs a person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from digest.config import Plan
from digest.model import SourceState
from digest.schedule import due, next_fire

if TYPE_CHECKING:
    from digest.store import Store

BROKEN = ("failed", "stalled")
BROKEN_FOR = timedelta(days=1)
"""How long a source may be broken before a person is asked to look."""
SILENT_FOR = timedelta(days=2)
"""How long no run may have happened before a person is asked to look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at. `state`: ok, note (worth knowing) or problem (needs a person)."""

    area: Literal["config", "store", "source", "schedule", "mail"]
    name: str
    state: Literal["ok", "note", "problem"]
    words: str


def examine(plan: Plan, store: "Store", now: datetime) -> tuple[Finding, ...]:
    """Everything that can be told without sending a mail."""
    states = store.sources.states()
    return (
        _config(plan),
        *(_source(source.name, states.get(source.name), now) for source in plan.sources),
        *_schedule(plan, store, now),
        *_mail(plan, store),
        *_message(plan, store, now),
    )


def sources_json(plan: Plan, store: "Store") -> list[dict[str, Any]]:
    """State, since when, last look, last new id and last error of each source of the config."""
    states = store.sources.states()
    rows = []
    for source in plan.sources:
        state = states.get(source.name)
        rows.append(
            {
                "name": source.name,
                "kind": source.kind,
                "status": state.status if state else None,
                "since": _iso(state.since) if state else None,
                "checked_at": _iso(state.checked_at) if state else None,
                "last_new_at": _iso(state.ids_at) if state else None,
                "failures": state.failures if state else 0,
                "error": state.error if state else None,
            }
        )
    return rows


def _config(plan: Plan) -> Finding:
    if not plan.newsletters:
        return Finding(area="config", name=str(plan.path), state="problem", words="defines no newsletter")
    if not plan.sources:
        return Finding(area="config", name=str(plan.path), state="problem", words="names no source")
    words = f"{len(plan.sources)} sources, {len(plan.newsletters)} newsletters"
    if plan.masthead.url == "https://papers.example.org":
        return Finding(area="config", name=str(plan.path), state="note", words=f"{words}; `url` is still the example's")
    return Finding(area="config", name=str(plan.path), state="ok", words=words)


def _source(name: str, state: SourceState | None, now: datetime) -> Finding:
    if state is None or state.checked_at is None:
        return Finding(area="source", name=name, state="note", words="never asked yet; `digest collect` asks")
    since = f" since {state.since:%Y-%m-%d %H:%M}" if state.since else ""
    error = f": {state.error}" if state.error else ""
    broken = state.status in BROKEN
    lasting = broken and (state.since is None or now - state.since >= BROKEN_FOR)
    level: Literal["ok", "note", "problem"] = "ok"
    if state.status not in ("fresh", "quiet", "waiting"):
        level = "problem" if lasting else "note"
    return Finding(area="source", name=name, state=level, words=f"{state.status}{since}{error}")


def _schedule(plan: Plan, store: "Store", now: datetime) -> list[Finding]:
    runs = store.runs.last(1)
    findings = []
    if not runs:
        findings.append(Finding(area="schedule", name="runs", state="note", words="nothing has run yet"))
    else:
        last = datetime.fromisoformat(str(runs[0]["now"]))
        late = now - last >= SILENT_FOR
        words = f"the last run was at {last:%Y-%m-%d %H:%M} UTC" + ("; is the scheduler running?" if late else "")
        findings.append(Finding(area="schedule", name="runs", state="problem" if late else "ok", words=words))
    for newsletter in plan.newsletters:
        day = store.issues.last_day(newsletter.name)
        following = next_fire(newsletter, now)
        words = f"last issue {day or 'never'}, next {following:%Y-%m-%d %H:%M} UTC" if following else "never due"
        overdue = due(newsletter, day, now)
        state: Literal["ok", "note"] = "note" if overdue else "ok"
        words += "; one is due now" if overdue else ""
        findings.append(Finding(area="schedule", name=newsletter.name, state=state, words=words))
    return findings


def _mail(plan: Plan, store: "Store") -> list[Finding]:
    if plan.mail is None or plan.mail.smtp is None:
        return [Finding(area="mail", name="relay", state="note", words="off: no mail.smtp is set")]
    deliveries = store.deliveries.list()
    doubtful = [each for each in deliveries if each.state == "in_doubt"]
    given_up = [each for each in deliveries if each.state == "failed" and each.retry_at is None]
    findings = [Finding(area="mail", name="relay", state="ok", words="set")]
    if doubtful:
        words = f"{len(doubtful)} may or may not have arrived; `digest deliveries` lists them"
        findings.append(Finding(area="mail", name="in doubt", state="problem", words=words))
    if given_up:
        words = f"{len(given_up)} were refused for good, the last: {given_up[-1].error}"
        findings.append(Finding(area="mail", name="refused", state="problem", words=words))
    return findings


def _message(plan: Plan, store: "Store", now: datetime) -> list[Finding]:
    """Whether the newest issue's mail is as a mail should be on the wire."""
    from digest.operations.lint import lint
    from digest.operations.preview import message_to

    issues = store.issues.list(limit=1)
    known = {newsletter.name: newsletter for newsletter in plan.newsletters}
    if plan.mail is None or not issues or issues[0].newsletter not in known:
        return []
    found = lint(message_to(plan, known[issues[0].newsletter], issues[0], "reader@example.org", now))
    if not found:
        return [Finding(area="mail", name="message", state="ok", words=f"{issues[0].id} keeps every rule")]
    return [Finding(area="mail", name="message", state="problem", words=words) for words in found]


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
