"""Joins the topics of digest/group with the store: what is handed to a grouping, what is kept of it, what rises.

Decides nothing about papers. Touch this file when topics should remember something new from issue to issue; how papers
come under headings is digest/group's.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from digest.errors import InputError
from digest.model import Candidate, Decision, Grouping, Newsletter, Paper, Point, StandingTopic, TopicRule
from digest.rank.outlook import Rising
from digest.schedule import zone

if TYPE_CHECKING:
    from digest.group import TopicSpace
    from digest.group.trend import Trend
    from digest.store import Store

SPACE, STANDING = "topic space", "standing topics of"
"""Names of fitted state in the store."""
REACH = 28
"""Days of arrivals that a topic is compared with: four weeks."""
SEED = 1500
"""Papers of recent history, at most, in which the headings of a first issue are looked for."""
_ENOUGH = 300  # papers of history below which the issue's own papers tell more

Find = Callable[[str], Paper | None]
Series = Mapping[str, tuple[Point, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What a grouping is handed: the fitted `space`, the `standing` topics, given `rules` with the texts of their
    examples, and how many papers came a day (`recorded` by slug) since the day after a heading was first printed. A
    `stale` space was made with another model than is now asked for, and is not handed over."""

    space: "TopicSpace | None" = None
    stale: bool = False
    standing: tuple[StandingTopic, ...] = ()
    rules: tuple[TopicRule, ...] = ()
    recorded: Series = field(default_factory=dict)


def past(newsletter: Newsletter, store: "Store", day: date) -> Past:
    """What the store remembers for the newsletter's issue of `day`."""
    topics, since = standing(newsletter, store), day - timedelta(days=REACH - 1)
    fitted = space(store)
    stale = fitted is not None and not fitted.is_of(newsletter.topics_model)
    return Past(
        space=None if stale else fitted,
        stale=stale,
        standing=topics,
        rules=given(newsletter.topics, store.papers.get),
        recorded={
            # The day a heading was found says nothing of what is usual: it was found because much came.
            one.slug: store.issues.arrivals(newsletter.name, one.slug, max(since, one.first + timedelta(days=1)), day)
            for one in topics
        },
    )


def space(store: "Store") -> "TopicSpace | None":
    """The topic space fitted on the store's past, if there is one."""
    from digest.group import TopicSpace

    body = store.fitted.get(SPACE)
    return TopicSpace.from_bytes(body) if body else None


def standing(newsletter: Newsletter, store: "Store") -> tuple[StandingTopic, ...]:
    """The discovered headings that the newsletter's issues go on with."""
    from digest.store.codec import decode

    body = store.fitted.get(f"{STANDING} {newsletter.name}")
    return decode(tuple[StandingTopic, ...], body.decode()) if body else ()


def kept(newsletter: Newsletter, topics: Sequence[StandingTopic]) -> dict[str, bytes]:
    """Standing topics as fitted state of the store."""
    from digest.store.codec import encode

    return {f"{STANDING} {newsletter.name}": encode(tuple(topics)).encode()}


def given(rules: Sequence[TopicRule], find: Find = lambda _id: None) -> tuple[TopicRule, ...]:
    """The rules with their examples looked up: a BibTeX file is replaced by the ids in it, and the texts of examples
    are added where they are known. InputError for a file that cannot be read."""
    return tuple(_with_texts(rule, find) if rule.examples else rule for rule in rules)


def _with_texts(rule: TopicRule, find: Find) -> TopicRule:
    from digest.group.space import text_of

    examples, texts = [], []
    for example in rule.examples:
        if example.endswith(".bib"):
            papers = _references(Path(example), rule.name)
            examples += [key for paper in papers for key in paper.keys]
            texts += [text_of(paper) for paper in papers]
        else:
            examples.append(example)
            texts += [text_of(paper) for paper in [_found(example, find)] if paper]
    return replace(rule, examples=tuple(examples), texts=tuple(texts))


def _found(spelling: str, find: Find) -> Paper | None:
    from digest.normalise import identifiers

    canonical = identifiers.canonical(spelling.strip())
    return find(spelling.strip()) or (find(canonical) if canonical else None)


def _references(path: Path, topic: str) -> list[Paper]:
    """The papers of a BibTeX file."""
    from digest.collect import Unreadable, recognise
    from digest.normalise import read

    try:
        entries = recognise(path.read_bytes(), path.name, "bibtex")
    except (OSError, Unreadable) as error:
        raise InputError(f"{path}: the examples of topic “{topic}” cannot be read: {error}") from error
    return [reading.paper for entry in entries if (reading := read(entry))]


def grouped(
    newsletter: Newsletter, candidates: Sequence[Candidate], population: Sequence[Candidate], past: Past, now: datetime
) -> tuple[Grouping, dict[str, bytes]]:
    """Every candidate under one topic, in the space fitted on the past; and the state to go on with tomorrow."""
    from digest.group import bounds, fit, group
    from digest.group.space import outgrown

    papers = [candidate.paper for candidate in candidates]
    space, fitted = past.space, {}
    if outgrown(space, len(population)):
        space = fit([candidate.paper for candidate in population], newsletter.topics_model)
        fitted[SPACE] = space.to_bytes()
    elif past.stale:
        fitted[SPACE] = b""  # too few papers for a new one yet, and rows of two models are never mixed
    before = past.standing
    found: tuple[Decision, ...] = ()
    if not before and space is not None:
        before, found = _seeded(newsletter, candidates, population, replace(past, space=space), now)
    least, most = bounds(newsletter.section_min, newsletter.section_max, len(papers), newsletter.limit)
    model = newsletter.topics_model
    grouping = group(
        papers, past.rules, minimum=least, maximum=most, now=now, space=space, standing=before, model=model
    )
    return replace(grouping, decisions=(*found, *grouping.decisions)), fitted | kept(newsletter, grouping.standing)


def _seeded(
    newsletter: Newsletter, candidates: Sequence[Candidate], population: Sequence[Candidate], past: Past, now: datetime
) -> tuple[tuple[StandingTopic, ...], tuple[Decision, ...]]:
    """Headings for a first issue, found in the newest papers that came before its own, and the decisions on them;
    none where these are few. One thin day is no ground for names that are to stay."""
    from digest.group import bounds, group

    own = {candidate.paper.id for candidate in candidates}
    earlier = [candidate for candidate in population if candidate.paper.id not in own]
    if len(earlier) < _ENOUGH:
        return (), ()
    newest = sorted(earlier, key=lambda one: (one.first_seen, one.paper.id))[-SEED:]
    least, most = bounds(newsletter.section_min, newsletter.section_max, len(newest), newsletter.limit)
    papers = [candidate.paper for candidate in newest]
    found = group(papers, past.rules, minimum=least, maximum=most, now=now, space=past.space)
    return found.standing, tuple(one for one in found.decisions if one.subject.startswith("topic:"))


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Papers a day by topic slug, the last being today's, the days on which anything came at all (others say nothing
    of what is usual), and how many candidates of each topic are new since the issue before."""

    newcomers: Mapping[str, int]
    series: Series
    collected: frozenset[date]

    def usual(self, slug: str) -> float | None:
        """The usual number a day before today; None below three days."""
        from digest.group.trend import usual_a_day

        before = [point.value for point in self.series.get(slug, ())[:-1] if point.day in self.collected]
        return usual_a_day(before) if len(before) >= 3 else None

    def trend(self, slug: str) -> "tuple[Trend, str]":
        """How a topic stands, and over what time: the last seven days against the weeks before where four weeks are
        known, else today against the days before."""
        from digest.group.trend import trend

        points = self.series.get(slug, ())
        if len(points) >= REACH:
            weeks = [points[at - 7 : at or None] for at in (-21, -14, -7, 0)]
            return trend([sum(point.value for point in week) for week in weeks]), "this week"
        before = [point.value for point in points[:-1] if point.day in self.collected]
        return trend([*before, *(point.value for point in points[-1:])]), "today"

    def rising(self, grouping: Grouping) -> dict[str, Rising]:
        """For each paper under a topic that rises: by how much, in words too."""
        up: dict[str, Rising] = {}
        for topic in grouping.topics:
            found, when = self.trend(topic.slug)
            if found.direction == "rising" and found.ratio:
                up[topic.slug] = Rising(ratio=found.ratio, words=f"topic “{topic.name}” up {found.times} {when}")
        return {id_: up[slug] for id_, slug in grouping.topic_of.items() if slug in up}


def arrivals(
    newsletter: Newsletter,
    population: Sequence[Candidate],
    grouping: Grouping,
    past: Past,
    newcomers: Mapping[str, int],
    day: date,
) -> Arrivals:
    """For each topic with a past, papers a day up to `day`: for given ones all that were first seen on each of the last
    28 days, from the store's first day on; for discovered ones what their issues recorded, and today's `newcomers`."""
    local = zone(newsletter.timezone)
    collected = {one.first_seen.astimezone(local).date() for one in population}
    first = max(min(collected, default=day), day - timedelta(days=REACH - 1))
    days = [first + timedelta(days=on) for on in range((day - first).days + 1)]
    topic_of = {**_claimed(population, grouping, past), **grouping.topic_of}
    counts = Counter((topic_of.get(one.paper.id, ""), one.first_seen.astimezone(local).date()) for one in population)
    made: dict[str, tuple[Point, ...]] = {}
    for topic in grouping.topics:
        if topic.kind == "given":
            made[topic.slug] = tuple(Point(day=known, value=float(counts[topic.slug, known])) for known in days)
        elif recorded := past.recorded.get(topic.slug):
            made[topic.slug] = (*recorded, Point(day=day, value=float(newcomers.get(topic.slug, 0))))
    long = {slug: points for slug, points in made.items() if len(points) >= 3}
    return Arrivals(newcomers, long, frozenset(collected))


def _claimed(population: Sequence[Candidate], grouping: Grouping, past: Past) -> Mapping[str, str]:
    """The given topic of every paper of the population that is no candidate."""
    from digest.group import claim

    return claim([one.paper for one in population if one.paper.id not in grouping.topic_of], past.rules, past.space)
