"""Topics for the curator: how each stands, what given ones would take, and the hand on those that were discovered."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from digest import nearby, topics
from digest.errors import InputError
from digest.group.rules import Claim, claims
from digest.group.trend import Trend, trend
from digest.model import Candidate, Newsletter, Paper, StandingTopic, TopicRule
from digest.operations.explain import find
from digest.schedule import zone

if TYPE_CHECKING:
    from digest.store import Store

REACH = timedelta(days=28)
"""How far back a topic's days are compared."""
_ONE_PAPER = 0.9  # of all gains of attention: none counts for more than what this part of them stays below


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A topic with its papers and its attention a day; `remembered` is set for a discovered one."""

    name: str
    slug: str
    kind: str
    papers: Trend
    attention: Trend
    days: tuple[tuple[date, int, float], ...]
    remembered: StandingTopic | None = None


def listed(newsletter: Newsletter, store: "Store", now: datetime) -> tuple[Standing, ...]:
    """The newsletter's given topics in order and its discovered ones by name, each over the days of the last four weeks
    on which anything came; "today" is the last such day."""
    from digest.group import headings

    local = zone(newsletter.timezone)
    population = store.papers.population(now - REACH, now)
    past = topics.past(newsletter, store, now.astimezone(local).date())
    topic_of = _placed([one.paper for one in population], past)
    came = Counter((topic_of[one.paper.id], one.first_seen.astimezone(local).date()) for one in population)
    gained = _gains(population, topic_of, lambda at: at.astimezone(local).date())
    days = sorted({one.first_seen.astimezone(local).date() for one in population})
    voted = sorted({day for _, day in gained})
    given = headings.topics([(rule.name, "given", "") for rule in past.rules])
    known: list[tuple[str, str, str, StandingTopic | None]] = [(one.name, one.slug, "given", None) for one in given]
    known += [(one.name, one.slug, "discovered", one) for one in sorted(past.standing, key=lambda one: one.name)]
    return tuple(
        Standing(
            name=name,
            slug=slug,
            kind=kind_,
            papers=trend([came[slug, day] for day in days]),
            attention=trend([gained[slug, day] for day in voted]),
            days=tuple((day, came[slug, day], gained[slug, day]) for day in days),
            remembered=one,
        )
        for name, slug, kind_, one in known
    )


def _placed(papers: Sequence[Paper], past: topics.Past) -> Mapping[str, str]:
    """The slug of the topic of each paper by id: a given one that claims it, else the nearest discovered one."""
    from digest.group import claim, fit
    from digest.group.standing import nearest

    claimed = claim(papers, past.rules, past.space)
    free = [paper for paper in papers if paper.id not in claimed]
    near = nearest(free, past.space or fit(papers), past.standing)
    return claimed | {paper.id: slug for paper, slug in zip(free, near, strict=True)}


def _gains(
    population: Sequence[Candidate], topic_of: Mapping[str, str], day: Callable[[datetime], date]
) -> Mapping[tuple[str, date], float]:
    """What attention of the kind observed on most papers each topic gained on each day. One paper's gain counts
    up to the 90th percentile of all gains (Winsor's mean), so that no single paper makes its topic rise."""
    observed = Counter(kind for one in population for kind in {signal.kind for signal in one.signals})
    kind = min(observed, key=lambda kind: (-observed[kind], kind), default="")
    gains: list[tuple[str, date, float]] = []
    for one in population:
        most: dict[date, float] = {}
        for signal in one.signals:
            if signal.kind == kind:
                most[day(signal.at)] = max(signal.value, most.get(day(signal.at), 0.0))
        reached = 0.0
        for on in sorted(most):
            gains.append((topic_of[one.paper.id], on, max(0.0, most[on] - reached)))
            reached = max(reached, most[on])
    counted = sorted(gain for _, _, gain in gains if gain > 0)
    bound = counted[int(_ONE_PAPER * (len(counted) - 1))] if counted else 0.0
    total: defaultdict[tuple[str, date], float] = defaultdict(float)
    for slug, on, gain in gains:
        total[slug, on] += min(gain, bound)
    return total


def as_json(found: Sequence[Standing]) -> list[dict[str, Any]]:
    """The topics as plain values."""
    return [
        {
            "topic": one.name,
            "slug": one.slug,
            "kind": one.kind,
            "pinned": bool(one.remembered and one.remembered.pinned),
            "first": one.remembered.first.isoformat() if one.remembered else None,
            "last": one.remembered.last.isoformat() if one.remembered else None,
            "papers": _numbers(one.papers),
            "attention": _numbers(one.attention),
            "days": [{"day": day.isoformat(), "papers": came, "attention": gain} for day, came, gain in one.days],
        }
        for one in found
    ]


def _numbers(found: Trend) -> dict[str, Any]:
    return {"today": found.today, "usual": found.usual, "ratio": found.ratio, "direction": found.direction}


def as_lines(found: Sequence[Standing]) -> Iterable[str]:
    """The topics for a person."""
    width = max((len(one.name) for one in found), default=0)
    yield f"{'topic':<{width}}  {'':<10}  papers today (usual)      attention today (usual)"
    for one in found:
        pinned = "pinned" if one.remembered and one.remembered.pinned else one.kind
        yield f"{one.name:<{width}}  {pinned:<10}  {_told(one.papers):<24}  {_told(one.attention)}".rstrip()


def _told(found: Trend) -> str:
    usual = "" if found.usual is None else f" ({found.usual:.0f})"
    up = f" {found.words}" if found.direction in ("rising", "falling", "new") else ""
    return f"{found.today:.0f}{usual}{up}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A paper that a topic takes, its claim, and which other topics want it."""

    paper: Paper
    claim: Claim
    tags: tuple[str, ...]

    @property
    def title(self) -> str:
        """The title with the matching words in brackets."""
        words = sorted({re.escape(word) for word in self.claim.words}, key=lambda word: (-len(word), word))
        return re.sub("|".join(words), lambda found: f"[{found[0]}]", self.paper.title) if words else self.paper.title

    def as_json(self) -> dict[str, Any]:
        """The paper as plain values."""
        claim = self.claim
        return {
            "id": self.paper.id,
            "title": self.paper.title,
            "topic": claim.topic,
            "strength": round(claim.strength, 2),
            "evidence": list(claim.evidence),
            "words": list(claim.words),
            "tags": list(self.tags),
        }


def tried(rules: Sequence[TopicRule], store: "Store", since: datetime, now: datetime) -> tuple[list[Taken], int]:
    """What the topics would take of the papers first seen since then, the strongest claims first; and of how many."""
    from digest.group.examples import likenesses

    papers = [one.paper for one in store.papers.population(since, now)]
    rules = topics.given(rules, store.papers.get)
    taken = []
    for paper, like in zip(papers, likenesses(papers, rules, topics.space(store)), strict=True):
        found = claims(paper, rules, like)
        taken += [Taken(paper=paper, claim=found[0], tags=tuple(one.topic for one in found[1:]))] if found else []
    return sorted(taken, key=lambda one: (-one.claim.strength, one.paper.id)), len(papers)


def changed(newsletter: Newsletter, store: "Store", spelling: str, now: datetime, **facts: Any) -> StandingTopic:
    """Change a discovered topic: its `name`, or whether it is `pinned`. InputError for one that is not there."""
    from digest.group.standing import change

    known = topics.standing(newsletter, store)
    one = _meant(newsletter, known, spelling)
    if "name" in facts:
        _free_name(newsletter, known, one, facts["name"])
    left = change(known, one.slug, **facts)
    store.fitted.put(topics.kept(newsletter, left), now)
    return next(topic for topic in left if topic.slug == one.slug)


def merged(newsletter: Newsletter, store: "Store", gone: str, into: str, now: datetime) -> StandingTopic:
    """Let one discovered topic go into another. InputError where either is not there, or both are one."""
    from digest.group.standing import merge

    known = topics.standing(newsletter, store)
    one, other = _meant(newsletter, known, gone), _meant(newsletter, known, into)
    if one.slug == other.slug:
        raise InputError(f"“{one.name}” cannot be merged into itself")
    left = merge(known, one.slug, other.slug)
    store.fitted.put(topics.kept(newsletter, left), now)
    return next(topic for topic in left if topic.slug == other.slug)


def _meant(newsletter: Newsletter, known: Sequence[StandingTopic], spelling: str) -> StandingTopic:
    """The topic of this slug, or of this name in any case."""
    for topic in known:
        if spelling in (topic.slug, topic.name) or spelling.casefold() == topic.name.casefold():
            return topic
    there = ", ".join(sorted(topic.name for topic in known)) or "none; the first issue finds some"
    raise InputError(f"{newsletter.name} has no discovered topic `{spelling}`; there is {there}")


def _free_name(newsletter: Newsletter, known: Sequence[StandingTopic], own: StandingTopic, name: str) -> None:
    taken = [rule.name for rule in newsletter.topics] + [one.name for one in known if one.slug != own.slug]
    if not name.strip() or len(name) > 60 or any(name.strip().casefold() == other.casefold() for other in taken):
        raise InputError(f"`{name}` cannot be a heading: it is empty, longer than 60 characters, or there already")


def related(store: "Store", spelling: str, most: int, now: datetime) -> list[dict[str, Any]]:
    """The papers nearest to the one meant, as plain values."""
    found = nearby.related(store, find(store, spelling), most, now)
    return [
        {"id": paper.id, "title": paper.title, "url": paper.url, "likeness": round(cosine, 3)}
        for paper, cosine in found
    ]
