"""The stored past replayed, for `digest backtest`: would these weights have put first what was picked afterwards?

At each hour of a newsletter's schedule the papers new since the hour before are put in order from what was known then;
the orders are compared with what became of the papers within a week.
"""

import math
import random
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from statistics import fmean
from typing import TYPE_CHECKING, Any, Literal

from digest import foresight
from digest.config import Plan
from digest.errors import DigestError
from digest.model import Candidate, Newsletter
from digest.rank import Example, Forecast, rank
from digest.schedule import fires, zone

if TYPE_CHECKING:
    from digest.rank.forecast import Forecaster
    from digest.store import Store

Against = Literal["picks", "votes"]
Say = Callable[[str], None]
WEEK, DAY = timedelta(days=7), timedelta(days=1)
POPULATION = timedelta(days=30)
PRECISION, RECALL, NDCG = 10, 20, 10
"""How far down an order each measure looks."""
BEST = 0.1
"""The share of papers, those with the most votes a week later, that an order should have put first."""
SHUFFLES = 20
PEERS = ("newest first", "most votes", "random")
Measures = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """How one order did: means over the hours replayed, each 0 to 1."""

    order: str
    precision: float
    recall: float
    ndcg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """What replaying came to. `hours` were replayed (those after which nothing was wanted are left out), with `papers`
    new papers in all, `wanted` of them picked (or best voted) later; `forecasts` were learnt and trusted on the way."""

    newsletter: str
    since: date
    until: date
    against: Against
    hours: int
    papers: int
    wanted: int
    forecasts: int
    rows: tuple[Row, ...]

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return {**asdict(self), "since": self.since.isoformat(), "until": self.until.isoformat()}


@dataclass(frozen=True, slots=True)
class _Hour:
    """One hour of the schedule: the new papers as they stood, those they are compared with, and what each was worth."""

    at: datetime
    new: tuple[Candidate, ...]
    population: tuple[Candidate, ...]
    gains: Mapping[str, float]
    wanted: frozenset[str]


def replay(
    plan: Plan,
    newsletter: Newsletter,
    store: "Store",
    since: date,
    until: date,
    weights: Sequence[tuple[str, Mapping[str, float]]],
    against: Against,
    say: Say,
) -> Backtest:
    """Every order's measures over the schedule's hours from `since` to `until` (local days, both included).

    Orders are those by the newsletter's own weights, by `weights` (name, what they set), newest-first, most-votes and
    random. Raises DigestError where there is nothing to replay.
    """
    start, end = (datetime.combine(day, time(), zone(newsletter.timezone)) for day in (since, until + DAY))
    foreseeing = _Foreseeing(plan, store, start, end, say) if newsletter.forecast else None
    tried = [("current weights", newsletter.weights), *((name, {**newsletter.weights, **w}) for name, w in weights)]
    found: dict[str, list[Measures]] = {}
    sizes: list[tuple[int, int]] = []
    for hour in _hours(plan, newsletter, store, start, end, against):
        forecast = foreseeing.at(hour) if foreseeing else {}
        orders = _peers(hour)
        for name, own in tried:
            scored = rank(hour.new, hour.population, own, newsletter.half_life_days, hour.at, forecast)
            orders[name] = [[each.paper_id for each in scored]]
        for name, several in orders.items():
            found.setdefault(name, []).append(_mean([measure(order, hour.gains, hour.wanted) for order in several]))
        sizes.append((len(hour.new), len(hour.wanted)))
    if not sizes:
        raise DigestError(f"nothing to replay from {since} to {until}: no new papers of which any was wanted later")
    means = {name: _mean(found[name]) for name in (*(name for name, _ in tried), *PEERS)}
    return Backtest(
        newsletter=newsletter.name,
        since=since,
        until=until,
        against=against,
        hours=len(sizes),
        papers=sum(new for new, _ in sizes),
        wanted=sum(wanted for _, wanted in sizes),
        forecasts=foreseeing.trusted if foreseeing else 0,
        rows=tuple(Row(order=n, precision=p, recall=r, ndcg=g) for n, (p, r, g) in means.items()),
    )


def measure(order: Sequence[str], gains: Mapping[str, float], wanted: frozenset[str]) -> Measures:
    """(precision, recall, NDCG) of one order, each 0..1. Gains are discounted by the logarithm of the place (Järvelin
    and Kekäläinen 2002) and compared with the best order there is. `wanted` must not be empty."""
    precision = sum(name in wanted for name in order[:PRECISION]) / PRECISION
    recall = sum(name in wanted for name in order[:RECALL]) / len(wanted)
    best = sorted(gains.values(), reverse=True)[:NDCG]
    reached = _discounted([gains.get(name, 0.0) for name in order[:NDCG]])
    return precision, recall, reached / _discounted(best)


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, start=1))


def _mean(values: Sequence[Measures]) -> Measures:
    precision, recall, ndcg = zip(*values, strict=True)
    return fmean(precision), fmean(recall), fmean(ndcg)


def _hours(
    plan: Plan, newsletter: Newsletter, store: "Store", start: datetime, end: datetime, against: Against
) -> Iterator[_Hour]:
    """The hours that had new papers of which any was wanted within a week, as things stood then."""
    everyone = store.papers.population(start - POPULATION - WEEK, end + WEEK)
    picked = store.picks.when(plan.forecast.pickers) if against == "picks" else {}
    seen = [candidate.first_seen for candidate in everyone]
    before = start - DAY
    for at in fires(newsletter.schedule, newsletter.timezone, before, end):
        if start <= at < end:
            known = everyone[bisect_right(seen, at - POPULATION) : bisect_right(seen, at)]
            new = [c for c in known if c.first_seen > before and _takes(newsletter, c, at)]
            new = [c for c in new if c.paper.id not in picked or picked[c.paper.id] > at]
            gains = _gains(new, picked, at) if against == "picks" else _votes_gained(new, at)
            best = sorted(gains, key=lambda name: (-gains[name], name))
            wanted = best if against == "picks" else best[: max(1, round(BEST * len(new)))]
            if wanted and len(wanted) < len(new):
                then = tuple(_as_of(c, at) for c in known)
                names = {c.paper.id for c in new}
                yield _Hour(at, tuple(c for c in then if c.paper.id in names), then, gains, frozenset(wanted))
        before = at


def _takes(newsletter: Newsletter, candidate: Candidate, at: datetime) -> bool:
    return not newsletter.sources or any(s.source in newsletter.sources and s.at <= at for s in candidate.sightings)


def _as_of(candidate: Candidate, at: datetime) -> Candidate:
    """The candidate with what had been observed by then. Of its links those that its own text names: the lists that
    picked it may have added others since."""
    paper = candidate.paper
    text = f"{paper.abstract} {paper.comment or ''}".casefold()
    links = tuple(link for link in paper.links if _bare(link.url) in text)
    return replace(
        candidate,
        paper=replace(paper, links=links),
        sightings=tuple(s for s in candidate.sightings if s.at <= at),
        signals=tuple(s for s in candidate.signals if s.at <= at),
    )


def _bare(url: str) -> str:
    """An address as text may name it."""
    return url.casefold().partition("://")[2].removeprefix("www.").rstrip("/")


def _gains(new: Sequence[Candidate], picked: Mapping[str, datetime], at: datetime) -> dict[str, float]:
    """1 for each paper that was picked within a week."""
    return {c.paper.id: 1.0 for c in new if c.paper.id in picked and picked[c.paper.id] <= at + WEEK}


def _votes_gained(new: Sequence[Candidate], at: datetime) -> dict[str, float]:
    """log2(1 + votes) of each paper that had votes a week later."""
    votes = {c.paper.id: _votes(_as_of(c, at + WEEK)) for c in new}
    return {name: math.log2(1 + value) for name, value in votes.items() if value > 0}


def _votes(candidate: Candidate) -> float:
    """The votes last counted, by whatever source counted most."""
    last = {signal.source: signal.value for signal in candidate.signals if signal.kind == "upvotes"}
    return max(last.values(), default=0.0)


def _peers(hour: _Hour) -> dict[str, list[list[str]]]:
    """Orders that need no program; ties fall by chance, the same in every call."""
    chance = {c.paper.id: sha256(f"{hour.at}{c.paper.id}".encode()).digest() for c in hour.new}
    shuffled = sorted(hour.new, key=lambda c: chance[c.paper.id])
    newest = sorted(shuffled, key=lambda c: c.paper.published or c.first_seen, reverse=True)
    voted = sorted(shuffled, key=_votes, reverse=True)
    names = [c.paper.id for c in shuffled]
    shuffles = [random.Random(seed).sample(names, len(names)) for seed in range(SHUFFLES)]  # noqa: S311 - no secret
    orders = [[[c.paper.id for c in newest]], [[c.paper.id for c in voted]], shuffles]
    return dict(zip(PEERS, orders, strict=True))


class _Foreseeing:
    """Forecasts as a run would have had them: learnt from what was known, anew when they were old enough."""

    def __init__(self, plan: Plan, store: "Store", first: datetime, last: datetime, say: Say) -> None:
        self._plan, self._say = plan.forecast, say
        self._past: list[Example] = foresight.examples(plan.forecast, store, first - foresight.REACH, last)
        self._made: Forecaster | None = None
        self._learnt: datetime | None = None
        self.trusted = 0

    def at(self, hour: _Hour) -> Mapping[str, Forecast]:
        """Forecasts for the hour's new papers, none while nothing is trusted."""
        if self._learnt is None or hour.at - self._learnt >= timedelta(days=self._plan.retrain_days):
            self._learn(hour.at)
        return self._made.forecast([c.paper for c in hour.new]) if self._made else {}

    def _learn(self, at: datetime) -> None:
        from digest.rank.forecast import train

        until = (at - foresight.SETTLING).astimezone(UTC).date()
        known = [example for example in self._past if example.day <= until]
        self._say(f"learning what had been picked by {at:%Y-%m-%d}, from {len(known)} papers")
        made = train(known, at.astimezone(UTC).date(), authors=self._plan.authors)
        self._made = made if made and made.check.trusted else None
        self._learnt = at
        self.trusted += self._made is not None
