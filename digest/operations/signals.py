"""How sources of signals are: what each is asked, what it found, for `digest signals` and `digest doctor`."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from digest import attention
from digest.config import Plan

if TYPE_CHECKING:
    from digest.store import Store

OWN = (attention.VOTES, attention.PICKS)


def rows(plan: Plan, store: "Store", now: datetime) -> list[dict[str, Any]]:
    """One a source of signals, in the order of the config, then what is known without asking anybody, where there is
    any: state and since when, of how many papers it was asked, of how many it said something, how many are due now."""
    states, counts = store.attention.states(), store.attention.counts()
    own = tuple(source for source in OWN if source.name in states)
    found = []
    for source in (*attention.sources(plan), *own):
        state, (asked, known) = states.get(source.name), counts.get(source.name, (0, 0))
        found.append(
            {
                "name": source.name,
                "kind": source.kind,
                "status": state.status if state else None,
                "since": state.since.isoformat() if state and state.since else None,
                "asked_at": state.checked_at.isoformat() if state and state.checked_at else None,
                "error": state.error if state else None,
                "papers": asked,
                "known": known,
                "due": 0 if source in own else len(attention.waiting(store, source, now)),
                "until_days": source.reach.total_seconds() / 86_400,
                "every_hours": source.every.total_seconds() / 3_600,
                "address": source.url or source.base_url,
            }
        )
    return found


def words(row: dict[str, Any]) -> str:
    """One source of signals for a person."""
    if row["status"] is None:
        return f"never asked yet; {row['due']} papers are due"
    error = f": {row['error']}" if row["error"] else ""
    since = f" since {row['since'][:16].replace('T', ' ')}" if row["since"] else ""
    return f"{row['status']}{since}{error}; {row['papers']} papers asked about, {row['known']} known, {row['due']} due"


def latest(store: "Store", now: datetime, limit: int) -> list[dict[str, Any]]:
    """What was last found above 0, the newest first: paper, title, kind, value, source and when."""
    return [
        {
            "paper": signal.paper_id,
            "title": title,
            "kind": signal.kind,
            "value": signal.value,
            "source": signal.source,
            "at": signal.at.isoformat(),
        }
        for signal, title in store.attention.latest(now, limit)
    ]
