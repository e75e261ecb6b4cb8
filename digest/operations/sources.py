"""How each source is, for `digest doctor`: state, since when, last new id, next poll, parts, what was regained."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from digest.collect import parts
from digest.config import Plan
from digest.model import SourceState
from digest.schedule import fires

if TYPE_CHECKING:
    from digest.store import Store

TOLD_FOR = timedelta(days=7)
"""How long what was regained is spoken of."""
_HEAD = ("source", "state", "since", "last new", "newest", "next look")


def rows(plan: Plan, store: "Store", now: datetime) -> list[dict[str, Any]]:
    """Each source of the config as JSON values, in its order; the keys are in docs/commands.md."""
    states = store.sources.states()
    following = next(fires(plan.collect, "UTC", now, now + timedelta(days=366)), None)
    return [
        {"name": source.name, "kind": source.kind, **_state(states.get(source.name) or SourceState(name=""), following)}
        for source in plan.sources
    ]


def _state(state: SourceState, following: datetime | None) -> dict[str, Any]:
    retired = state.memory.get("rest_until")
    asked_again = datetime.fromisoformat(retired) if isinstance(retired, str) else following
    moved = [known.moved_to for known in state.validators if known.moved_to]
    return {
        "status": state.status if state.checked_at else None,
        "since": _iso(state.since),
        "broken_since": _iso(state.broken_since),
        "noticed_at": _iso(state.noticed_at),
        "checked_at": _iso(state.checked_at),
        "last_new_at": _iso(state.ids_at),
        "last_new_id": state.batch[0] if state.batch else None,
        "next_at": _iso(max(filter(None, (asked_again, following)), default=None)),
        "failures": state.failures,
        "error": state.error,
        "moved_to": moved[0] if moved else None,
        "parts": [
            {"name": p.name, "status": p.status, "day": p.day.isoformat() if p.day else None, "papers": p.papers}
            for p in parts(state)
        ],
        "regained": list(state.memory.get("regained", ())),
    }


def notes(row: dict[str, Any], now: datetime) -> list[str]:
    """What else a person should know of a source: another address, parts that are behind, gaps lately filled."""
    told = [f"it moved for good to {row['moved_to']}: write that into the config"] if row["moved_to"] else []
    behind = [f"{p['name']} {p['status']}, whole up to {p['day']}" for p in row["parts"] if p["status"] not in _CALM]
    told += ["; ".join(behind)] if behind and len(behind) < len(row["parts"]) else []
    for gap in row["regained"]:
        if now - datetime.fromisoformat(gap["on"]) < TOLD_FOR:
            days = gap["days"][0] if len(gap["days"]) == 1 else f"{gap['days'][0]} to {gap['days'][-1]}"
            told.append(f"{gap['category']} missed {days}: {gap['papers']} papers regained on {gap['on'][:10]}")
    return told


_CALM = ("fresh", "quiet", "waiting")


def table(found: Sequence[dict[str, Any]]) -> list[str]:
    """The sources as lines of a table, each with its parts in a line below."""
    cells = [_HEAD, *(_cells(row) for row in found)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(_HEAD))]
    lines = []
    for place, line in enumerate(cells):
        lines.append("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
        if place and found[place - 1]["parts"]:
            told = (f"{p['name']} {p['papers']} {p['status']}" for p in found[place - 1]["parts"])
            lines.append("  " + ", ".join(told))
    return lines


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    newest = str(row["last_new_id"] or "-")
    moments = (_short(row["since"]), _short(row["last_new_at"]), newest[-40:], _short(row["next_at"]))
    return (row["name"], row["status"] or "never asked", *moments)


def _short(moment: str | None) -> str:
    """``2026-02-05 09:00`` of an ISO time."""
    return moment[:16].replace("T", " ") if moment else "-"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
