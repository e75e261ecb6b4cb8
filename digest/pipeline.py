"""The whole program: collect(), compose(), publish(), each a straight list of stage calls. Read this first.

The only room that knows every stage and the store. It decides nothing itself: stages decide, the store remembers, and
this hands each what it needs. Building an `Issue` from what the stages said is assembly.py's.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from digest import assembly, channels, dedupe, later, mailing, normalise, plugins, recognition, retelling, topics
from digest.config import Plan
from digest.model import Answer, Collected, Issue, Newsletter, Source, SourceLine, SourceState
from digest.schedule import local_day

if TYPE_CHECKING:
    from digest.net import Client
    from digest.store import Store

POPULATION = timedelta(days=30)
"""How far back papers are taken to tell what is usual attention for an age."""

Progress = Callable[[str], None]


def collect(
    plan: Plan, sources: Sequence[Source], store: "Store", now: datetime, on_done: Progress = lambda _name: None
) -> Collected:
    """Ask every source, understand what it announces, and save what is new and known; a failed source is a line."""
    states = store.sources.states([source.name for source in sources])
    answers = asyncio.run(ask(plan, sources, states, now, on_done))
    entries = tuple(entry for answer in answers for entry in answer.entries)
    readings = tuple(normalise.read(entry) for entry in entries)
    known = recognition.past(store, readings, now)
    resolved = dedupe.lived(known, dedupe.resolve(entries, readings, known, now), now)
    recognition.keep(store, answers, resolved, now)
    return _collected(answers, resolved.outcomes)


def compose(plan: Plan, newsletter: Newsletter, store: "Store", now: datetime) -> Issue | None:
    """The newsletter's issue of the day of `now`: the saved one if it exists, else made and saved; None if empty."""
    saved = store.issues.get(issue_id(newsletter, now))
    if saved is not None:
        return saved
    material = assembly.gather(newsletter, store, now, POPULATION)
    made = make(newsletter, material, now)
    if not made.issue.items:
        store.save_decisions(made.decisions)
        return None
    issue, told = retelling.retold(plan, newsletter, made.issue, store, now)
    return store.issues.save(
        issue,
        decisions=(*made.decisions, *told),
        recipients=channels.everybody(plan, newsletter, store, made.issue),
        scored=made.scored,
        arrivals=made.arrivals,
        fitted=made.fitted,
    )


def make(newsletter: Newsletter, material: assembly.Material, now: datetime) -> assembly.Made:
    """Group, rank, select and summarise: the issue that `material` comes to."""
    from digest.rank import rank
    from digest.select import select

    papers = {candidate.paper.id: candidate.paper for candidate in material.candidates}
    day, past = local_day(newsletter, now), material.past
    grouping, fitted = topics.grouped(newsletter, material.candidates, material.population, past, now)
    arrivals = assembly.arrivals(newsletter, material, grouping, day)
    scored = rank(
        material.candidates,
        material.population,
        newsletter.weights,
        newsletter.half_life_days,
        now,
        material.forecast,
        arrivals.rising(grouping),
    )
    selection = select(
        scored,
        grouping,
        papers,
        material.hand,
        limit=newsletter.limit,
        top=newsletter.top,
        floor=newsletter.floor,
        now=now,
        rules=newsletter.topics,
        overlooked=newsletter.overlooked,
        same_authors=newsletter.same_authors,
        diversity=newsletter.diversity,
    )
    issue = assembly.issue(newsletter, day, material, grouping, scored, selection, now, arrivals)
    return assembly.Made(
        issue=issue,
        grouping=grouping,
        scored=scored,
        decisions=(*material.left, *grouping.decisions, *selection.decisions),
        arrivals=arrivals.newcomers,
        fitted=fitted,
    )


def publish(
    plan: Plan,
    newsletter: Newsletter,
    issue: Issue,
    store: "Store",
    now: datetime,
    *,
    may_send: Callable[[int, int], bool] = lambda _recipients, _usual: False,
    on_sent: Progress = lambda _address: None,
) -> tuple[tuple[Path, ...], bool]:
    """Write the issue's pages and feeds, and mail what is still to be mailed: (files, whether mail is held back)."""
    from digest.operations import site_build

    site_build.build(plan, store, now)
    files = site_build.files_of(issue, plan.output)
    issue = later.sendable(issue)
    if plan.mail is not None and plan.mail.smtp is not None:
        readers, usual = mailing.audience(store, issue)
        if mailing.far_more(readers, usual) and not may_send(readers, usual):
            return files, True
        if issue.id in store.deliveries.unfinished(now):  # an hour with nothing to mail builds no message
            mailing.deliver(plan, newsletter, issue, store, now, on_sent)
    channels.deliver(plan, newsletter, issue, store, now)
    return files, False


def issue_id(newsletter: Newsletter, now: datetime) -> str:
    """The id of the newsletter's issue of the day of `now`."""
    return f"{newsletter.name}/{local_day(newsletter, now).isoformat()}"


async def ask(
    plan: Plan, sources: Sequence[Source], states: Mapping[str, SourceState], now: datetime, on_done: Progress
) -> tuple[Answer, ...]:
    """Ask every source as politely as the plan says: one answer each, in the order given."""
    from digest.collect import gather
    from digest.collect.kinds import KINDS

    KINDS.update({source.kind: plugins.load(source.kind) for source in sources if ":" in source.kind})
    limit_s = plan.network.source_limit_s
    async with client(plan) as asking:
        return await gather(sources, states, asking, now, lambda one: on_done(one.source.name), limit_s)


def client(plan: Plan) -> "Client":
    """Whoever asks sources, as politely as the plan says."""
    from digest.net import Client

    network = plan.network
    return Client(
        plan.masthead.contact,
        network.allow_hosts,
        gap_s=network.gap_s,
        timeout_s=network.timeout_s,
        max_bytes=network.max_bytes,
    )


def _collected(answers: Sequence[Answer], outcomes: Sequence[str]) -> Collected:
    """The report of a collect: each outcome counted, each source in a line of its own."""
    lines, start = [], 0
    for answer in answers:
        own = outcomes[start : start + len(answer.entries)]
        start += len(answer.entries)
        lines.append(
            SourceLine(
                name=answer.source.name,
                status=answer.state.status,
                entries=len(own),
                new=own.count("new"),
                error=answer.state.error,
            )
        )
    counted = {outcome: list(outcomes).count(outcome) for outcome in ("new", "known", "merged", "rejected")}
    return Collected(entries=len(outcomes), sources=tuple(lines), **counted)
