"""Operations: what years of running need: a copy to keep elsewhere, and back; letting old things go."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digest.config import Plan
from digest.errors import InputError
from digest.operations.run import LOCK_WAIT_S
from digest.readers.tokens import FILE as KEY
from digest.store.prune import KINDS, STEP

if TYPE_CHECKING:
    from digest.store import Store

SHORTEST = timedelta(days=30)
"""What is younger is never pruned: issues, ranking and topics look back that far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """One kind of thing that is old: its name in `KINDS`, what it is, and how many would go or went."""

    kind: str
    words: str
    count: int


def save(plan: Plan, store: "Store", to: Path, version: str, now: datetime) -> int:
    """Writes a backup of `store` and of the key of signed links to `to`, while others work: bytes written. Raises
    StoreError."""
    store.backup(to, _others(plan), {"made": now.isoformat(timespec="seconds"), "digest": version})
    return to.stat().st_size


def bring_back(plan: Plan, archive: Path, on_wait: Callable[[], None]) -> Mapping[str, Any]:
    """Puts a backup in the place of the plan's store. Returns what the backup says of itself. Raises InputError and
    StoreError, nothing being changed."""
    from digest.store import Store

    return Store.restore(plan.database, plan.home, archive, _others(plan), LOCK_WAIT_S, on_wait)


def _others(plan: Plan) -> dict[str, Path]:
    return {KEY: plan.home / KEY}


def span(text: str) -> timedelta:
    """``400d``, ``60w`` or ``2y`` as a time. Raises InputError."""
    found = re.fullmatch(r"\s*(\d{1,5})\s*([dwy])\s*", text)
    days = int(found[1]) * {"d": 1, "w": 7, "y": 365}[found[2]] if found else 0
    if found is None:
        raise InputError(f"--keep {text}: must be a number of days, weeks or years, as in 400d, 60w or 2y")
    if timedelta(days=days) < SHORTEST:
        raise InputError(f"--keep {text}: must be at least {SHORTEST.days}d, for that far issues and ranking look back")
    return timedelta(days=days)


def would_go(store: "Store", before: datetime) -> tuple[Going, ...]:
    """What a pruning would let go of."""
    found = store.pruning.counts(before)
    return tuple(Going(kind=name, words=kind.words, count=found[name]) for name, kind in KINDS.items())


def steps(going: Sequence[Going]) -> int:
    """In how many steps these go."""
    return sum(-(-each.count // STEP) for each in going)


def prune(store: "Store", before: datetime, on_step: Callable[[str], None]) -> tuple[Going, ...]:
    """Lets go of everything older than `before` that may go; `on_step` is told the kind
    after each of its `steps`."""
    gone = dict.fromkeys(KINDS, 0)
    for kind, count in _steps(store, before):
        gone[kind] += count
        on_step(kind)
    return tuple(Going(kind=name, words=kind.words, count=gone[name]) for name, kind in KINDS.items())


def _steps(store: "Store", before: datetime) -> Iterator[tuple[str, int]]:
    with store.lock("run", LOCK_WAIT_S):
        yield from store.pruning.prune(before)
