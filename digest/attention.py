"""Joins sources of signals with the store: which papers each is asked about, what is kept of its answers.

Runs after the sources of papers were collected and saved, in its own transaction and within its own time: whatever
happens here, no paper is lost and no issue waits for long. What a service answers is read in collect/signals/.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from digest import pipeline, plugins, summarise
from digest.collect.signals import KINDS
from digest.collect.signals.listening import completed, due, listen, resting
from digest.config import Plan
from digest.model import Candidate, Heard, Question, SignalLine, SignalSource, SourceState

if TYPE_CHECKING:
    from digest.collect.signals.kind import Kind
    from digest.store import Store

VOTES = SignalSource(name="readers", kind="votes", every=timedelta(hours=6), reach=timedelta(days=60))
PICKS = SignalSource(name="curator", kind="picks")
"""What is known here without asking anybody."""


def sources(plan: Plan) -> tuple[SignalSource, ...]:
    """The plan's sources of signals, complete with what their kinds usually take."""
    KINDS.update({source.kind: plugins.load(source.kind)() for source in plan.signals if ":" in source.kind})
    return tuple(map(completed, plan.signals))


def observe(plan: Plan, store: "Store", now: datetime) -> tuple[SignalLine, ...]:
    """Asks every source of signals about the papers that are due and keeps what it says: a line for each."""
    states, asks, passed = store.attention.states(), [], {}
    for source in sources(plan):
        rests = source.name in states and resting(states[source.name], now)
        questions, unasked = ([], []) if rests else _questions(store, source, now)
        passed[source.name] = unasked
        if questions:
            asks.append((source, questions))
    heard = asyncio.run(_listen(plan, asks, states, now)) if asks else ()
    kept = [_with(each, passed[each.source.name]) for each in heard]
    kept += _idle(plan, heard, passed, states, now)
    store.attention.save([*kept, *_own(plan, store, states, now)], now)
    answered = {each.source.name: each for each in heard}
    return tuple(_line(source, answered.get(source.name), states) for source in plan.signals)


def waiting(store: "Store", source: SignalSource, now: datetime) -> list[str]:
    """Ids of the papers that a source may be asked about now, the most urgent first, then the newest."""
    times = store.attention.times(source.name, now - source.reach, now)
    urgent = [(due(source, first, at, now), paper_id) for paper_id, first, at in times]
    return [paper_id for urgency, paper_id in sorted(urgent, key=lambda each: -each[0]) if urgency >= 1]


def _questions(store: "Store", source: SignalSource, now: datetime) -> tuple[list[Question], list[str]]:
    """What to ask a source, and ids of papers that it cannot be asked about (yet: a link may come later)."""
    kind, wanted, passed = KINDS[source.kind], [], []
    for question in store.attention.questions(source.name, waiting(store, source, now)):
        asked = _complete(question, kind, now)
        if asked is None:
            passed.append(question.paper.id)
            continue
        wanted.append(asked)
        if len(wanted) == source.most:
            break
    return wanted, passed


def _complete(question: Question, kind: "Kind", now: datetime) -> Question | None:
    """The question with all its kind needs; None where there is nothing to ask about. A repository counts where it is
    certain to be the paper's own, as its badge is."""
    if not kind.wants(question.paper):
        return None
    if not kind.code:
        return question
    facts = summarise.facts(Candidate(paper=question.paper, first_seen=question.first_seen), now)
    code = next((fact.url for fact in facts if fact.kind == "code" and fact.url), "")
    return replace(question, code=code) if code else None


async def _listen(
    plan: Plan,
    asks: Sequence[tuple[SignalSource, Sequence[Question]]],
    states: Mapping[str, SourceState],
    now: datetime,
) -> tuple[Heard, ...]:
    async with pipeline.client(plan) as client:
        return await listen(asks, states, client, now, plan.network.signals_limit_s)


def _with(heard: Heard, passed: Sequence[str]) -> Heard:
    return replace(heard, values={key: {} for key in passed} | dict(heard.values))


def _idle(
    plan: Plan,
    heard: Sequence[Heard],
    passed: Mapping[str, Sequence[str]],
    states: Mapping[str, SourceState],
    now: datetime,
) -> list[Heard]:
    """Sources that nothing was asked of, with the papers that they cannot be asked about."""
    asked = {each.source.name for each in heard}
    return [
        Heard(
            source=source,
            values={key: {} for key in passed[source.name]},
            state=states.get(source.name) or SourceState(name=source.name, since=now),
        )
        for source in plan.signals
        if source.name not in asked and passed[source.name]
    ]


def _own(plan: Plan, store: "Store", states: Mapping[str, SourceState], now: datetime) -> list[Heard]:
    """Readers' votes on what could be voted on, and the curator's picks: what changed, and votes anew now and then, so
    that it is seen where they stopped growing."""
    letters = [newsletter.name for newsletter in plan.newsletters if newsletter.votes]
    counts = store.votes.counts(now)
    shown = store.votes.printed(letters, now - VOTES.reach) | counts.keys()
    votes = dict.fromkeys(shown, 0.0)
    votes |= {paper_id: float(max(0, count.more - count.less)) for paper_id, count in counts.items()}
    known = store.attention.heard(VOTES.name)
    soon = set(waiting(store, VOTES, now)) if votes else set()
    said = {i: {"votes": n} for i, n in votes.items() if i in soon or known.get(i, {}).get("votes") != n}
    picked, before = store.hand.current().picks, store.attention.heard(PICKS.name)
    now_picked = {i: {"picks": 1.0} for i in picked if before.get(i) != {"picks": 1.0}}
    gone = {i: {"picks": 0.0} for i, was in before.items() if was.get("picks") and i not in picked}
    found = [(VOTES, said), (PICKS, now_picked | gone)]
    return [
        Heard(source=source, values=values, state=_fresh(states, source.name, now))
        for source, values in found
        if values
    ]


def _fresh(states: Mapping[str, SourceState], name: str, now: datetime) -> SourceState:
    state = states.get(name) or SourceState(name=name, since=now)
    return replace(state, status="fresh", checked_at=now)


def _line(source: SignalSource, heard: Heard | None, states: Mapping[str, SourceState]) -> SignalLine:
    if heard is None:
        state = states.get(source.name)
        failed = state is not None and state.status == "failed"
        return SignalLine(
            name=source.name, status="failed" if failed else "quiet", error=state.error if state and failed else None
        )
    found = sum(any(values.values()) for values in heard.values.values())
    return SignalLine(
        name=source.name, status=heard.state.status, asked=len(heard.values), found=found, error=heard.state.error
    )
