"""Building an `Issue` from what the stages said of its candidates. Joined by pipeline.py.

Decides nothing about papers: counts, sums up and puts together. What an issue must carry to its readers is added here
and in digest/model/issues.py.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import TYPE_CHECKING

from digest import foresight, summarise
from digest.model import (
    Candidate,
    Coverage,
    Grouping,
    Hand,
    Issue,
    Item,
    Newsletter,
    Point,
    Scored,
    Section,
    Selection,
    SourceState,
    StandingTopic,
)
from digest.schedule import zone

if TYPE_CHECKING:
    from digest.group import TopicSpace
    from digest.rank import Forecast
    from digest.store import Store

FORTNIGHT = 14
"""Days of a topic's chart."""
SPACE, STANDING = "topic space", "standing topics of"
"""Names of fitted state in the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """All an issue is composed from. `since` is the start of the window, `last` when the issue before was made."""

    candidates: tuple[Candidate, ...]
    population: tuple[Candidate, ...]
    hand: Hand
    states: tuple[SourceState, ...]
    since: datetime
    last: datetime | None
    space: "TopicSpace | None" = None
    standing: tuple[StandingTopic, ...] = ()
    forecast: Mapping[str, "Forecast"] = field(default_factory=dict)


def gather(newsletter: Newsletter, store: "Store", now: datetime, reach: timedelta) -> Material:
    """The candidates of an issue made at `now`, and the past they are compared with."""
    last, names = store.issues.last(newsletter.name), newsletter.sources
    since = _window_start(newsletter, last.day if last else None, now)
    states = store.sources.states(names or None)
    hand = store.hand.current()
    found = store.papers.candidates(newsletter.name, since, now, names)
    found += store.papers.picked(newsletter.name, hand.picks, now)
    candidates = {candidate.paper.id: candidate for candidate in found}
    return Material(
        candidates=tuple(candidates.values()),
        population=store.papers.population(now - reach, now),
        hand=hand,
        states=tuple(states.values()),
        since=since,
        last=last.made_at if last else None,
        space=_space(store),
        standing=_standing(newsletter, store),
        forecast=foresight.foreseen(store, (c.paper for c in candidates.values())) if newsletter.forecast else {},
    )


def _space(store: "Store") -> "TopicSpace | None":
    """The topic space fitted on the store's past, if there is one."""
    from digest.group import TopicSpace

    body = store.fitted.get(SPACE)
    return None if body is None else TopicSpace.from_bytes(body)


def _standing(newsletter: Newsletter, store: "Store") -> tuple[StandingTopic, ...]:
    from digest.store.codec import decode

    body = store.fitted.get(f"{STANDING} {newsletter.name}")
    return decode(tuple[StandingTopic, ...], body.decode()) if body else ()


def material_of(candidates: Sequence[Candidate], now: datetime) -> Material:
    """What a one-shot render is composed from: its input and no past."""
    return Material(
        candidates=tuple(candidates), population=tuple(candidates), hand=Hand(), states=(), since=now, last=None
    )


def grouped(newsletter: Newsletter, material: Material, now: datetime) -> tuple[Grouping, dict[str, bytes]]:
    """Every candidate under one topic, in the space fitted on the past; and the state to go on with tomorrow."""
    from digest.group import bounds, fit, group
    from digest.group.space import outgrown
    from digest.store.codec import encode

    papers = [candidate.paper for candidate in material.candidates]
    least, most = bounds(newsletter.section_min, newsletter.section_max, len(papers), newsletter.limit)
    space, fitted = material.space, {}
    if outgrown(space, len(material.population)):
        space = fit([candidate.paper for candidate in material.population])
        fitted[SPACE] = space.to_bytes()
    grouping = group(
        papers, newsletter.topics, minimum=least, maximum=most, now=now, space=space, standing=material.standing
    )
    fitted[f"{STANDING} {newsletter.name}"] = encode(grouping.standing).encode()
    return grouping, fitted


def issue(
    newsletter: Newsletter,
    day: date,
    material: Material,
    grouping: Grouping,
    scored: Sequence[Scored],
    selection: Selection,
    now: datetime,
) -> Issue:
    """The issue as readers will get it, complete and without markup."""
    scores = {score.paper_id: score for score in scored}
    arrivals = _arrivals(newsletter, material, grouping, day)
    items = {
        candidate.paper.id: _item(newsletter, candidate, scores[candidate.paper.id], grouping, material.hand, now)
        for candidate in material.candidates
        if any(candidate.paper.id in ids for _, ids, _ in selection.sections)
    }
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
                arrivals=arrivals.get(topic.slug, ()),
                today=_newcomers(material, grouping, topic.slug),
                usual=_usual(arrivals.get(topic.slug, ())),
            )
            for topic, ids, waiting in selection.sections
        ),
        candidates=len(material.candidates),
        coverage=_coverage(material),
        introduction=newsletter.introduction,
    )


def _window_start(newsletter: Newsletter, last: date | None, now: datetime) -> datetime:
    """The window's start: `window_days` back, or the day of the last issue where days were missed since."""
    since = now - timedelta(days=newsletter.window_days)
    if last is None:
        return since
    return min(since, datetime.combine(last, time(), zone(newsletter.timezone)).astimezone(now.tzinfo))


def _item(
    newsletter: Newsletter, candidate: Candidate, score: Scored, grouping: Grouping, hand: Hand, now: datetime
) -> Item:
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


def _usual(series: Sequence[Point]) -> float | None:
    """The usual number a day: the median of the days before; None below three of them."""
    return median(point.value for point in series[:-1]) if len(series) > 3 else None


def _newcomers(material: Material, grouping: Grouping, slug: str) -> int:
    """How many of a topic's candidates came since the issue before (all of them for the first)."""
    return sum(
        1
        for candidate in material.candidates
        if grouping.topic_of.get(candidate.paper.id) == slug
        and (material.last is None or candidate.first_seen > material.last)
    )


def _arrivals(
    newsletter: Newsletter, material: Material, grouping: Grouping, day: date
) -> Mapping[str, tuple[Point, ...]]:
    """For each topic, papers first seen on each of the last fourteen days, from the store's first day on."""
    zone_ = zone(newsletter.timezone)
    topic_of = _topics_of_past(newsletter, material, grouping)
    counts: Counter[tuple[str, date]] = Counter()
    for candidate in material.population:
        counts[topic_of.get(candidate.paper.id, ""), candidate.first_seen.astimezone(zone_).date()] += 1
    first = min((known for _, known in counts), default=day)
    days = [day - timedelta(days=back) for back in range(FORTNIGHT - 1, -1, -1)]
    days = [known for known in days if known >= first]
    if len(days) < 3:
        return {}
    slugs = {topic.slug for topic in grouping.topics}
    return {slug: tuple(Point(day=known, value=float(counts[slug, known])) for known in days) for slug in slugs}


def _topics_of_past(newsletter: Newsletter, material: Material, grouping: Grouping) -> Mapping[str, str]:
    """The topic of every paper of the population: the grouping's where it is a candidate, else what the rules say."""
    from digest.group import claim

    past = [candidate.paper for candidate in material.population if candidate.paper.id not in grouping.topic_of]
    return {**claim(past, newsletter.topics), **grouping.topic_of}


def _coverage(material: Material) -> tuple[Coverage, ...]:
    """What each source brought since the issue before, and how it is."""
    entries: Counter[str] = Counter()
    new: Counter[str] = Counter()
    for candidate in material.population:
        fresh = [seen for seen in candidate.sightings if material.last is None or seen.at > material.last]
        entries.update(seen.source for seen in fresh)
        if fresh and (material.last is None or candidate.first_seen > material.last):
            new[min(fresh, key=lambda seen: seen.at).source] += 1
    return tuple(
        Coverage(
            source=state.name,
            status=state.status,
            entries=entries[state.name],
            new=new[state.name],
            since=state.since,
            error=state.error,
        )
        for state in material.states
    )
