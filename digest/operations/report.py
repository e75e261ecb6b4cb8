"""A run's report as JSON (what scripts read; docs/commands.md) and as lines for people."""

from dataclasses import asdict
from typing import Any

from digest.model import Collected, Counts, Delivery, IssueLine, Report, SignalLine, SourceLine


def as_json(report: Report) -> dict[str, Any]:
    """The report as plain values. `collected` is left out of a `publish`, `issues` is empty for a `collect`."""
    values: dict[str, Any] = {"now": report.now.isoformat()}
    if report.collected is not None:
        values["collected"] = _collected(report.collected)
    if report.signals:
        values["signals"] = [asdict(line) for line in report.signals]
    values["issues"] = [_issue(line) for line in report.issues]
    return values


def as_lines(report: Report) -> list[str]:
    """The report for a person: what came in, what went out, and what needs a look."""
    lines = []
    if report.collected is not None:
        found = report.collected
        lines.append(
            f"{found.entries} entries: {found.new} new, {found.known} known, {found.merged} merged, "
            f"{found.rejected} rejected"
        )
        lines += [_source_words(source) for source in found.sources]
    lines += [_signal_words(line) for line in report.signals]
    for line in report.issues:
        lines += _issue_words(line)
    if not report.issues and report.collected is None:
        lines.append("nothing is due")
    return lines


def _collected(found: Collected) -> dict[str, Any]:
    return {
        "entries": found.entries,
        "new": found.new,
        "known": found.known,
        "merged": found.merged,
        "rejected": found.rejected,
        "sources": [
            {
                "name": source.name,
                "status": source.status,
                "entries": source.entries,
                "new": source.new,
                "error": source.error,
            }
            for source in found.sources
        ],
    }


def _issue(line: IssueLine) -> dict[str, Any]:
    return {
        "newsletter": line.newsletter,
        "date": line.day.isoformat(),
        "status": line.status,
        "sections": [{"topic": topic, "papers": list(ids)} for topic, ids in line.sections],
        "papers": line.papers,
        "files": list(line.files),
        "deliveries": counts_json(_counted(line)),
        **({"channels": [channel_json(each) for each in line.channels]} if line.channels else {}),
        **({"note": line.note} if line.note else {}),
    }


def _counted(line: IssueLine) -> Counts:
    """Where an issue's mails stand or, where it is mailed to nobody, its deliveries to channels."""
    if line.deliveries != Counts() or not line.channels:
        return line.deliveries
    states = ["pending" if each.state == "sending" else each.state for each in line.channels]
    return Counts(**{state: states.count(state) for state in ("sent", "failed", "pending", "in_doubt")})


def channel_json(delivery: Delivery) -> dict[str, Any]:
    """Where an issue stands with one channel."""
    return {
        "name": delivery.address.removeprefix("channel:"),
        "state": delivery.state,
        "retry_at": delivery.retry_at.isoformat() if delivery.retry_at else None,
        "error": delivery.error,
    }


def counts_json(counts: Counts) -> dict[str, int]:
    """Deliveries by state, as reports name them."""
    return {
        "sent": counts.sent,
        "failed": counts.failed,
        "pending": counts.pending,
        "in_doubt": counts.in_doubt,
    }


def _source_words(source: SourceLine) -> str:
    error = f": {source.error}" if source.error else ""
    return f"  {source.name:<20} {source.status:<8} {source.entries:>5} entries {source.new:>5} new{error}"


def _signal_words(line: SignalLine) -> str:
    error = f": {line.error}" if line.error else ""
    return f"  {line.name:<20} {line.status:<8} {line.asked:>5} papers  {line.found:>5} with something{error}"


def _issue_words(line: IssueLine) -> list[str]:
    head = f"{line.newsletter}/{line.day} {line.status}: {line.papers} papers"
    lines = [head + (f" ({line.note})" if line.note else "")]
    lines += [f"  {topic}: {len(ids)}" for topic, ids in line.sections]
    mails = line.deliveries
    if mails.sent + mails.failed + mails.pending + mails.in_doubt:
        lines.append(
            f"  mail: {mails.sent} sent, {mails.failed} failed, {mails.pending} pending, {mails.in_doubt} in doubt"
        )
    for each in line.channels:
        error = f" ({each.error})" if each.error else ""
        lines.append(f"  {each.address.removeprefix('channel:')}: {each.state.replace('_', ' ')}{error}")
    return lines
