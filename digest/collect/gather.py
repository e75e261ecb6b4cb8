"""Asks all sources at once, each within its time; a source that fails is an answer too. Room `collect`.

Touched when something has to happen for every source whatever its kind.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from digest.collect.errors import Unreadable
from digest.collect.health import settle
from digest.collect.kinds import KINDS, file
from digest.model import Answer, Source, SourceState
from digest.net import Client, FetchError

LIMIT_S = 1800.0  # for one source: a repair may page for minutes at one request in three seconds
_GONE_FIRST = timedelta(days=1)
_RESTING = ("rest_until", "gone_days")  # what is remembered of a retired source


async def gather(
    sources: Sequence[Source],
    states: Mapping[str, SourceState],
    client: Client,
    now: datetime,
    on_done: Callable[[Answer], None] | None = None,
    limit_s: float = LIMIT_S,
) -> tuple[Answer, ...]:
    """One answer for each source, in the order given; `on_done` is called with each as it comes.

    Never raises for a source: what went wrong is its state's status and error.
    """

    async def ask(source: Source) -> Answer:
        answer = await _answer(source, states.get(source.name) or SourceState(name=source.name), client, now, limit_s)
        if on_done:
            on_done(answer)
        return answer

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(ask(source)) for source in sources]
    return tuple(task.result() for task in tasks)


async def _answer(source: Source, state: SourceState, client: Client, now: datetime, limit_s: float) -> Answer:
    if source.kind not in KINDS:
        return settle(source, state, now, "failed", error=f"there is no kind of source named {source.kind!r}")
    if _retired(state, now):
        return settle(source, state, now, "failed", error=state.error)
    awake = replace(state, memory={k: v for k, v in state.memory.items() if k not in _RESTING})
    try:
        async with asyncio.timeout(limit_s):
            ask = file.ask if "path" in source.options and source.kind != "auto" else KINDS[source.kind]
            answer = await ask(source, awake, client, now)
    except TimeoutError:
        return settle(source, state, now, "failed", error=f"no complete answer within {limit_s:.0f} s")
    except OSError as error:  # a file that is not there, or may not be read
        return settle(source, state, now, "failed", error=f"{error.strerror or error}: {error.filename}")
    except Unreadable as error:
        return _damaged(source, state, now, error)
    except FetchError as error:
        return _unanswered(source, state, now, error)
    return answer


def _retired(state: SourceState, now: datetime) -> bool:
    """Whether a source that is gone is not to be looked at yet. These are days of the calendar, so they are counted by
    `now`, unlike waits: a server's Retry-After runs on the real clock, in `net`."""
    until, days = state.memory.get("rest_until"), state.memory.get("gone_days")
    if not isinstance(until, str) or not days:
        return False
    left = datetime.fromisoformat(until) - now
    return timedelta() < left <= timedelta(days=float(days))  # more is left only where the clock went back


def _damaged(source: Source, state: SourceState, now: datetime, error: Unreadable) -> Answer:
    """What stood whole is used; the validators stay as they were, so that the answer is asked for again."""
    return settle(
        source, state, now, "partial" if error.entries else "failed", entries=error.entries, error=error.reason
    )


def _unanswered(source: Source, state: SourceState, now: datetime, error: FetchError) -> Answer:
    """A source that is gone (410) is retired: asked again after one day, then two, four, … in case it was a slip."""
    memory = dict(state.memory)
    words = error.message
    if error.gone:
        days = 2 * float(memory.get("gone_days", _GONE_FIRST.days / 2))
        memory |= {"gone_days": days, "rest_until": (now + timedelta(days=days)).isoformat()}
        words += f": retired, remove it or mend its address; asked again after {now + timedelta(days=days):%Y-%m-%d}"
    return settle(source, state, now, "failed", error=words, memory=memory)
