"""Building an `Issue` from what the stages said of its candidates. Joined by pipeline.py.

Decides nothing about papers: counts, sums up and puts together. What an issue must carry to its readers is added here
and in digest/model/issues.py.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from digest import foresight, later, summarise, topics
from digest.coverage import coverage
from digest.model import (
    Candidate,
    Decision,
    Grouping,
    Hand,
    Issue,
    Item,
    Newsletter,
    Scored,
    Section,
    Selection,
    SourceState,
    Update,
)
from digest.schedule import local_day, zone

if TYPE_CHECKING:
    from digest.rank import Forecast
    from digest.store import Store

FORTNIGHT = 14
"""Days of a topic's chart."""
ALSO = 50
"""How many of the papers that wait under a heading are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """All an issue is composed from. `since` is the start of the window, `last` when the issue before was made."""

    candidates: tuple[Candidate, ...]
    population: tuple[Candidate, ...]
    hand: Hand
    states: tuple[SourceState, ...]
    since: datetime
    last: datetime | None
    past: topics.Past = field(default_factory=topics.Past)
    forecast: Mapping[str, "Forecast"] = field(default_factory=dict)
    left: tuple[Decision, ...] = ()
    updates: tuple[Update, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A composed issue and what it was chosen from: under which topic, how every candidate stood, what was decided of
    each, how many came new under each topic, printed or not, and the state to go on with."""

    issue: Issue
    grouping: Grouping
    scored: Sequence[Scored]
    decisions: tuple[Decision, ...]
    arrivals: Mapping[str, int]
    fitted: Mapping[str, bytes]


def gather(newsletter: Newsletter, store: "Store", now: datetime, reach: timedelta) -> Material:
    """The candidates of an issue made at `now`, and the past they are compared with."""
    last, names = store.issues.last(newsletter.name), newsletter.sources
    since = _window_start(newsletter, last.day if last else None, now)
    states = store.sources.states(names or None)
    hand = store.hand.current()
    found = store.papers.candidates(newsletter.name, since, now, names)
    found += store.papers.picked(newsletter.name, hand.picks, now)
    chosen, left = later.standing(store, found, now)
    candidates = {candidate.paper.id: candidate for candidate in chosen}
    return Material(
        left=left,
        updates=later.updates(newsletter, store, last.made_at if last else None, now),
        candidates=tuple(candidates.values()),
        population=store.papers.population(now - reach, now),
        hand=hand,
        states=tuple(states.values()),
        since=since,
        last=last.made_at if last else None,
        past=topics.past(newsletter, store, local_day(newsletter, now)),
        forecast=foresight.foreseen(store, (c.paper for c in candidates.values())) if newsletter.forecast else {},
    )


def material_of(newsletter: Newsletter, candidates: Sequence[Candidate], now: datetime) -> Material:
    """What a one-shot render is composed from: its input and no past."""
    found = tuple(candidates)
    past = topics.Past(rules=topics.given(newsletter.topics))
    return Material(candidates=found, population=found, hand=Hand(), states=(), since=now, last=None, past=past)


def issue(
    newsletter: Newsletter,
    day: date,
    material: Material,
    grouping: Grouping,
    scored: Sequence[Scored],
    selection: Selection,
    now: datetime,
    arrivals: topics.Arrivals,
) -> Issue:
    """The issue as readers will get it, complete and without markup."""
    scores = {score.paper_id: score for score in scored}
    also = _also(material, grouping, selection)
    printed = {id_ for _, ids, _ in selection.sections for id_ in ids}
    chosen = [candidate for candidate in material.candidates if candidate.paper.id in printed]
    items = {one.paper.id: item(newsletter, one, scores[one.paper.id], grouping, material.hand, now) for one in chosen}
    return Issue(
        newsletter=newsletter.name,
        title=newsletter.title,
        day=day,
        made_at=now,
        window_start=material.since,
        language=newsletter.language,
        top=selection.top,
        sections=tuple(
            Section(
                topic=topic,
                items=tuple(items[id_] for id_ in ids),
                waiting=waiting,
                arrivals=arrivals.series.get(topic.slug, ())[-FORTNIGHT:],
                today=arrivals.newcomers.get(topic.slug, 0),
                usual=arrivals.usual(topic.slug),
                also=tuple(also[topic.slug][:ALSO]),
            )
            for topic, ids, waiting in selection.sections
        ),
        candidates=len(material.candidates),
        coverage=coverage(material.states, material.population, material.last),
        introduction=newsletter.introduction,
        updated=later.section(newsletter, material.updates, printed),
    )


def _window_start(newsletter: Newsletter, last: date | None, now: datetime) -> datetime:
    """The window's start: `window_days` back, or the day of the last issue where days were missed since."""
    since = now - timedelta(days=newsletter.window_days)
    if last is None:
        return since
    return min(since, datetime.combine(last, time(), zone(newsletter.timezone)).astimezone(now.tzinfo))


def item(
    newsletter: Newsletter, candidate: Candidate, score: Scored, grouping: Grouping, hand: Hand, now: datetime
) -> Item:
    """A paper as an issue of `newsletter` prints it."""
    paper = candidate.paper
    latest = max(candidate.sightings, key=lambda sighting: sighting.at, default=None)
    return Item(
        paper=paper,
        score=score.total,
        terms=score.terms,
        reasons=score.reasons,
        tldr=summarise.tldr(paper, newsletter.tldr_words, newsletter.tldr_subject),
        facts=summarise.facts(candidate, now),
        attention=summarise.attention(candidate),
        sources=tuple(dict.fromkeys(sighting.source for sighting in candidate.sightings)),
        announcement=latest.announcement if latest else "new",
        first_seen=candidate.first_seen,
        tags=grouping.tags.get(paper.id, ()),
        note=hand.picks.get(paper.id, ""),
    )


def _also(material: Material, grouping: Grouping, selection: Selection) -> Mapping[str, list[tuple[str, str]]]:
    """Title and link of what waits under each heading, best first; of topics without a section with the rest."""
    papers = {candidate.paper.id: candidate.paper for candidate in material.candidates}
    printed = {topic.slug for topic, _, _ in selection.sections}
    rest = next((topic.slug for topic, _, _ in selection.sections if topic.kind == "other"), "")
    also: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for decision in selection.decisions:
        if decision.verdict == "waiting":
            paper, slug = papers[decision.subject], grouping.topic_of.get(decision.subject, rest)
            also[slug if slug in printed else rest].append((paper.title, paper.url or ""))
    return also


def arrivals(newsletter: Newsletter, material: Material, grouping: Grouping, day: date) -> topics.Arrivals:
    """How many papers came a day under each heading."""
    new = _newcomers(material, grouping)
    return topics.arrivals(newsletter, material.population, grouping, material.past, new, day)


def _newcomers(material: Material, grouping: Grouping) -> Counter[str]:
    """How many candidates of each topic came since the issue before (all of them for the first)."""
    last = material.last
    came = (one.paper.id for one in material.candidates if last is None or one.first_seen > last)
    return Counter(grouping.topic_of[id_] for id_ in came if id_ in grouping.topic_of)
