"""The rank room: the formula. A score is a sum of terms, each weight · (level - neutral) · decay, and says so.

    decay  = 2^(-days since first seen / half-life) · (1 + 2^(-days from publication to first sight / half-life)) / 2
    points = weight · (level - neutral) · decay          (neutral 0.25 for compared signals, 0 for plain facts)
    of compared signals the first half-life is twice as long

docs/ranking.md derives it and names its sources. Touch this file to change what a standing is worth.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from digest.model import Candidate, Reason, Scored, Term
from digest.rank import words
from digest.rank.outlook import Forecast, Rising
from digest.rank.standing import DAY, NEUTRAL, Population, elapsed, origin, series, standings

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "fresh": 0.6,  # every paper's own; low enough that an older one which rises passes a new one without votes
        "upvotes": 0.65,  # low enough that the worst of the day cannot buy its way up with votes alone
        "votes": 0.6,  # of our own readers
        "points": 0.4,
        "likes": 0.3,
        "comments": 0.4,
        "stars": 0.6,
        "mentions": 0.6,
        "citations": 0.4,
        "sources": 0.4,
        "code": 0.1,
        "project": 0.05,
        "author": 0.1,
        "picks": 0.2,
        "topic": 0.1,
        "forecast": 1.0,
        "other": 0.4,  # any kind of signal not named here
    }
)
CAP = 1.0  # no weight counts for more, whatever the configuration says
GROWTH = 1 / 2  # the share of a signal's weight that its growth has; its level has the rest
LASTING = 2.0  # times as long as newness, attention keeps its worth: it was observed later than the paper was seen
MOST = 0.5  # of its weight is the most that a signal earns by level and growth together
YES = ("author", "picks")  # signals that are there or not: plain facts, nothing to compare


_Said = tuple[Term, tuple[str, ...]]  # a term and what is said of it


@dataclass(frozen=True, slots=True)
class _Context:
    population: Population
    weights: Mapping[str, float]
    half_life_days: float
    now: datetime
    forecast: Mapping[str, Forecast]
    topics: Mapping[str, Rising]


def rank(
    candidates: Sequence[Candidate],
    population: Sequence[Candidate],
    weights: Mapping[str, float],
    half_life_days: float,
    now: datetime,
    forecast: Mapping[str, Forecast] | None = None,
    topics: Mapping[str, Rising] | None = None,
) -> tuple[Scored, ...]:
    """Every candidate scored, best first, ties by paper id. `weights` overrides WEIGHTS name by name (0: off).

    `population` is whose attention the candidates' is compared with; the candidates themselves are always part of
    it. `forecast` holds forecasts by paper id, `topics` how a paper's topic rises. What a paper lacks adds no term.
    total = sum of the terms' points.
    """
    everyone = {c.paper.id: c for c in (*population, *candidates)}
    context = _Context(Population(everyone.values()), weights, half_life_days, now, forecast or {}, topics or {})
    scored = [_score(candidate, context) for candidate in candidates]
    return tuple(sorted(scored, key=lambda s: (-s.total, s.paper_id)))


def weight(name: str, weights: Mapping[str, float]) -> float:
    """What `name` counts for, 0..CAP: the most that all terms of one signal can move a score by."""
    default = WEIGHTS.get(name, weights.get("other", WEIGHTS["other"]))
    return min(max(weights.get(name, default), 0.0), CAP)


def decay(candidate: Candidate, half_life_days: float, now: datetime, lasting: float = 1.0) -> float:
    """In 0..1, by whole days: halves each half-life, times `lasting`, after the first sighting; found late costs at
    most half.

    Whole days, so that the hour of an announcement decides nothing. Exponential decay as in any half-life.
    """
    seen = max(0, elapsed(candidate.first_seen, now) // DAY)
    late = elapsed(origin(candidate), candidate.first_seen) // DAY
    half_life = max(half_life_days, 1e-3)
    return math.pow(2.0, -seen / (half_life * lasting)) * (1.0 + math.pow(2.0, -late / half_life)) / 2.0


def _score(candidate: Candidate, context: _Context) -> Scored:
    factor = decay(candidate, context.half_life_days, context.now)
    lasting = decay(candidate, context.half_life_days, context.now, LASTING)
    pairs = [*_attention(candidate, lasting, context), *_facts(candidate, factor, context)]
    pairs += [*_foreseen(candidate, factor, context), *_risen(candidate, factor, context)]
    terms = tuple(sorted((term for term, _ in pairs), key=lambda t: t.name))
    said = _reasons(pairs)
    missing = words.no_votes(candidate, context.population.kinds)
    if missing:
        said.append(Reason(kind="unvoted", words=missing))
    return Scored(
        paper_id=candidate.paper.id, total=math.fsum(t.points for t in terms), terms=terms, reasons=tuple(said)
    )


def _reasons(pairs: Sequence[_Said]) -> list[Reason]:
    """What was said of the terms, weightiest first; freshness, which all of a day share, after the rest."""
    ordered = sorted(pairs, key=lambda pair: (pair[0].name == "fresh", -pair[0].points, pair[0].name))
    found = [Reason(kind=term.name, words=text) for term, texts in ordered for text in texts if text]
    starred = any(reason.kind == "stars" for reason in found)  # "code with 9 stars" says that there is code
    return [reason for reason in found if not (starred and reason.kind == "code")]


def _attention(candidate: Candidate, factor: float, context: _Context) -> Iterable[_Said]:
    """A term for the level and one for the growth of each kind of signal observed."""
    stand = standings(candidate, context.population)
    for (measure, kind), found in stand.items():
        worth = weight(kind, context.weights)
        if kind in YES or worth <= 0:
            continue
        if measure == "growth":
            level = min(found.level, _left(stand["level", kind].level))
            term = _term(f"{kind} growth", found.value, level, worth * GROWTH, factor, NEUTRAL)
            yield term, (words.growth(kind, found),)
        else:
            term = _term(kind, found.value, found.level, worth * (1.0 - GROWTH), factor, NEUTRAL)
            yield term, (words.level(kind, found),)


def _left(level: float) -> float:
    """The highest standing that a growth may have beside a level: the two together earn no more than MOST."""
    earned = (1.0 - GROWTH) * (level - NEUTRAL)
    return NEUTRAL + max(0.0, MOST - max(0.0, earned)) / GROWTH


def _foreseen(candidate: Candidate, factor: float, context: _Context) -> Iterable[_Said]:
    """A term for the forecast: its level is the odds against the usual odds, 0.5 where they are the same."""
    found, worth = context.forecast.get(candidate.paper.id), weight("forecast", context.weights)
    if found is not None and worth > 0:
        mine, usual = found.probability * (1 - found.usual), found.usual * (1 - found.probability)
        level = mine / (mine + usual) if mine + usual > 0 else 0.5
        yield _term("forecast", found.probability, level, worth, factor, NEUTRAL), found.reasons


def _risen(candidate: Candidate, factor: float, context: _Context) -> Iterable[_Said]:
    """A term for a topic that rises: its level is the share of the topic's papers beyond the usual number."""
    found, worth = context.topics.get(candidate.paper.id), weight("topic", context.weights)
    if found is not None and worth > 0:
        yield _term("topic", found.ratio, max(0.0, 1.0 - 1.0 / found.ratio), worth, factor, 0.0), (found.words,)


def _facts(candidate: Candidate, factor: float, context: _Context) -> Iterable[_Said]:
    """The terms that need no comparison: freshness, sources, code and project pages."""
    kinds = {link.kind for link in candidate.paper.links}
    sources = len({s.source for s in candidate.sightings})
    seen = elapsed(candidate.first_seen, context.now)
    new = words.new(seen, elapsed(origin(candidate), candidate.first_seen))
    # A paper announced only as another version is known to the world, if not to us: it has nothing of the new.
    announced = [s.announcement in ("new", "cross") for s in candidate.sightings]
    facts = [("fresh", 1.0, 1.0, new)] if any(announced) or not announced else []
    if sources > 1:
        facts.append(("sources", float(sources), 1.0 - 0.5 ** (sources - 1), words.sources(sources)))
    facts += [(kind, 1.0, 1.0, text) for kind, text in words.LINKS.items() if kind in kinds]
    last = {kind: observed[-1].value for (kind, _), observed in series(candidate).items() if kind in YES}
    facts += [(kind, 1.0, 1.0, words.YES[kind]) for kind in YES if last.get(kind)]
    for name, value, level, text in facts:
        worth = weight(name, context.weights)
        if worth > 0:
            yield _term(name, value, level, worth, factor, 0.0), (text,)


def _term(name: str, value: float, level: float, worth: float, factor: float, neutral: float) -> Term:
    return Term(name=name, value=value, level=level, weight=worth, points=worth * (level - neutral) * factor)
