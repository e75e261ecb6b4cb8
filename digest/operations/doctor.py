"""Health, for `digest doctor`: what is well, what is worth knowing, and what needs a person."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from digest.config import Plan
from digest.operations import desk_health, language_model, signals, sources, wear
from digest.operations.finding import Finding
from digest.schedule import due, next_fire

if TYPE_CHECKING:
    from digest.store import Store

BROKEN_FOR = timedelta(days=1)
"""How long a source may be broken before a person is asked to look."""
SILENT_FOR = timedelta(days=2)
"""How long no run may have happened before a person is asked to look."""


def examine(plan: Plan, store: "Store", now: datetime) -> tuple[Finding, ...]:
    """Everything that can be told without sending a mail."""
    return (
        _config(plan),
        *(_source(row, now) for row in sources.rows(plan, store, now)),
        *(_signal(row) for row in signals.rows(plan, store, now)),
        *_schedule(plan, store, now),
        *_mail(plan, store),
        *_message(plan, store, now),
        *_doubts(store),
        *desk_health.examine(plan, store, now),
        *language_model.examine(plan, store),
        *wear.examine(plan, store, now),
    )


def _config(plan: Plan) -> Finding:
    if not plan.newsletters:
        return Finding(area="config", name=str(plan.path), state="problem", words="defines no newsletter")
    if not plan.sources:
        return Finding(area="config", name=str(plan.path), state="problem", words="names no source")
    words = f"{len(plan.sources)} sources, {len(plan.newsletters)} newsletters"
    if plan.masthead.url == "https://papers.example.org":
        return Finding(area="config", name=str(plan.path), state="note", words=f"{words}; `url` is still the example's")
    return Finding(area="config", name=str(plan.path), state="ok", words=words)


def _source(row: dict[str, Any], now: datetime) -> Finding:
    """One source: a problem where it is retired, or broken for longer than a day."""
    name, status = row["name"], row["status"]
    if status is None:
        return Finding(area="source", name=name, state="note", words="never asked yet; `digest collect` asks")
    since = row["broken_since"] or row["since"]
    lasting = row["broken_since"] is not None and now - datetime.fromisoformat(since) >= BROKEN_FOR
    level: Literal["ok", "note", "problem"] = "ok" if status in ("fresh", "quiet", "waiting") else "note"
    words = f"{status} since {since[:16].replace('T', ' ')}" + (f": {row['error']}" if row["error"] else "")
    words = "; ".join([words, *sources.notes(row, now)])
    return Finding(area="source", name=name, state="problem" if lasting else level, words=words)


def _signal(row: dict[str, Any]) -> Finding:
    """One source of signals. None ever needs a person: without it scores have less to go on, and that is all."""
    well = row["status"] in ("fresh", "quiet")
    return Finding(area="signal", name=row["name"], state="ok" if well else "note", words=signals.words(row))


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


def _doubts(store: "Store") -> list[Finding]:
    """Pairs that may be one paper. Nothing is wrong while they wait: both papers stand, each by itself."""
    waiting = len(store.doubts.list())
    if not waiting:
        return []
    said = "1 pair may be one paper and waits" if waiting == 1 else f"{waiting} pairs may be one paper and wait"
    words = f"{said} for a person's word; `digest explain --perhaps`"
    return [Finding(area="store", name="doubts", state="note", words=words)]


def _mail(plan: Plan, store: "Store") -> list[Finding]:
    if plan.mail is None or plan.mail.smtp is None:
        return [Finding(area="mail", name="relay", state="note", words="off: no mail.smtp is set")]
    deliveries = [each for each in store.deliveries.list() if not each.address.startswith("channel:")]
    doubtful = [each for each in deliveries if each.state == "in_doubt"]
    again = [each for each in deliveries if each.state == "failed" and each.retry_at is not None]
    given_up = [each for each in deliveries if each.state == "failed" and each.retry_at is None]
    left = ("the reader ", "the address ")  # who went, paused, or came back
    given_up = [each for each in given_up if not (each.error or "").startswith(left)]
    findings = [Finding(area="mail", name="relay", state="ok", words="set")]
    if store.deliveries.paused():
        words = "sending is paused; `digest deliveries --resume` ends that"
        findings.append(Finding(area="mail", name="paused", state="note", words=words))
    if doubtful:
        words = f"{len(doubtful)} may or may not have arrived; `digest deliveries` lists them"
        findings.append(Finding(area="mail", name="in doubt", state="problem", words=words))
    if again:
        words = f"{len(again)} did not go out and will be tried again, the last: {again[-1].error}"
        findings.append(Finding(area="mail", name="waiting", state="note", words=words))
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
