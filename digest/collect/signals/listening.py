"""Asks all sources of signals at once, within a common time; one that fails is a line and nothing more. Room `collect`.

Touched when something has to hold for every source of signals whatever its kind.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from digest.collect.errors import Unreadable
from digest.collect.signals import KINDS
from digest.collect.signals.kind import Asked
from digest.model import Heard, Question, SignalSource, SourceState, Status
from digest.net import Client, FetchError

REST, LONGEST_REST = timedelta(hours=1), timedelta(days=1)
"""How long a source that failed is left alone, doubled with each failure, at most."""
SLOWING = 4  # a paper is asked about again after a fourth of its age, but no sooner than `every`


def completed(source: SignalSource) -> SignalSource:
    """The source with what its kind usually takes where it says nothing itself."""
    kind = KINDS[source.kind]
    return replace(
        source,
        base_url=source.base_url or kind.base_url,
        reach=source.reach or kind.reach,
        every=source.every or kind.every,
        most=source.most or kind.most,
    )


def due(source: SignalSource, first_seen: datetime, asked_at: datetime | None, now: datetime) -> float:
    """How urgent it is to ask about a paper: below 1 it is too early; infinite where it was never asked about."""
    if asked_at is None:
        return float("inf")
    pause = max(source.every, (asked_at - first_seen) / SLOWING)
    return (now - asked_at) / pause


def resting(state: SourceState, now: datetime) -> bool:
    """Whether a source that failed is to be left alone still."""
    until = state.memory.get("rest_until")
    left = datetime.fromisoformat(until) - now if isinstance(until, str) else timedelta()
    return timedelta() < left <= LONGEST_REST  # more is left only where the clock went back


async def listen(
    asks: Sequence[tuple[SignalSource, Sequence[Question]]],
    states: Mapping[str, SourceState],
    client: Client,
    now: datetime,
    limit_s: float,
) -> tuple[Heard, ...]:
    """What each source says of its papers, in the order given. Never raises for a source: what it said before it failed
    counts, and what went wrong is its state's."""

    async def one(source: SignalSource, questions: Sequence[Question]) -> Heard:
        state = states.get(source.name) or SourceState(name=source.name)
        return await _heard(source, questions, state, client, now, limit_s)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(source, questions)) for source, questions in asks]
    return tuple(task.result() for task in tasks)


async def _heard(
    source: SignalSource,
    questions: Sequence[Question],
    state: SourceState,
    client: Client,
    now: datetime,
    limit_s: float,
) -> Heard:
    memory = {key: value for key, value in state.memory.items() if key != "rest_until"}
    found: dict[str, Mapping[str, float]] = {}
    error = None
    try:
        async with asyncio.timeout(limit_s):
            async for batch in KINDS[source.kind].ask(Asked(source, questions, client, now, memory)):
                found.update(batch)
    except TimeoutError:
        error = f"no complete answer within {limit_s:.0f} s"
    except Unreadable as failure:
        error = failure.reason
    except FetchError as failure:
        error = failure.message
    status: Status = "fresh" if error is None else "partial" if found else "failed"
    return Heard(source=source, values=found, state=_settled(replace(state, memory=memory), now, status, error))


def _settled(state: SourceState, now: datetime, status: Status, error: str | None) -> SourceState:
    failures = 0 if error is None else state.failures + 1
    memory = dict(state.memory)
    if failures:
        rest = min(REST * 2 ** min(failures - 1, 10), LONGEST_REST)
        memory["rest_until"] = (now + rest).isoformat()
    return replace(
        state,
        status=status,
        since=state.since if state.since and state.status == status else now,
        checked_at=now,
        error=error[:500] if error else None,
        failures=failures,
        memory=memory,
        broken_since=(state.broken_since or now) if error else None,
    )
