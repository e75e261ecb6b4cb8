"""Joins the forecast of digest/rank with the store: what it is learnt from, when it is learnt anew, what it says.

Learning comes after the issues of a run, so that none waits for it: the first forecast serves the next morning. Touch
this file to change when a forecast is made and tried; how one is made is digest/rank/forecast.py's.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from digest.config import ForecastPlan
from digest.model import Paper
from digest.rank.outlook import LEAST_PICKS, Check, Example, Forecast

if TYPE_CHECKING:
    from digest.store import Store

STATE, NOTES = "forecast", "forecast notes"
"""Names of fitted state in the store."""
REACH = timedelta(days=400)
"""How far back papers are learnt from."""
SETTLING = timedelta(days=2)
"""Picks of newer papers are still coming: they are neither learnt from nor tried on."""
TRIED_EVERY = timedelta(days=7)
"""How often a forecast is tried on the days since its training; one that fails is learnt anew as often."""
AGAIN = timedelta(days=1)
"""After which learning is tried again where there was too little to learn from."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Notes:
    """When the forecast in the store was learnt and last tried, and how it did (None: too little to learn from)."""

    asked: list[Any]
    learnt: datetime
    tried: datetime
    check: Check | None

    @property
    def trusted(self) -> bool:
        """Whether it beat newest-first when it was last tried."""
        return self.check is not None and self.check.trusted

    def dump(self) -> bytes:
        """The notes as JSON; `load` reads them."""
        check = asdict(self.check) if self.check else None
        told = {"asked": self.asked, "learnt": self.learnt.isoformat(), "tried": self.tried.isoformat(), "check": check}
        return json.dumps(told).encode()

    @classmethod
    def load(cls, body: bytes | None) -> "Notes | None":
        """What `dump` wrote; None where nothing was kept."""
        if body is None:
            return None
        told = json.loads(body)
        check = Check(**told["check"]) if told["check"] else None
        learnt, tried = (datetime.fromisoformat(told[name]) for name in ("learnt", "tried"))
        return cls(told["asked"], learnt, tried, check)


def notes(store: "Store") -> Notes | None:
    """What is known of the forecast in the store, if one was ever learnt."""
    return Notes.load(store.fitted.get(NOTES))


def foreseen(store: "Store", papers: Iterable[Paper]) -> dict[str, Forecast]:
    """Forecasts by paper id while the forecast in the store is trusted, else none."""
    found = notes(store)
    body = store.fitted.get(STATE) if found and found.trusted else None
    if not body:
        return {}
    from digest.rank.state import foresee

    return foresee(body, list(papers))


def keep_up(plan: ForecastPlan, store: "Store", now: datetime, say: Say, *, anew: bool = False) -> None:
    """Learns the forecast anew when it is old enough (or `anew`: more of the past is known) and enough was picked;
    between that, tries it once a week."""
    if not plan.use:
        return
    asked: list[Any] = [plan.authors, list(plan.pickers) if isinstance(plan.pickers, tuple) else plan.pickers]
    found = notes(store)
    if anew or found is None or found.asked != asked or now - found.learnt >= _lasting(found, plan):
        if store.picks.count(now - REACH, plan.pickers) >= LEAST_PICKS:
            _learn(plan, store, now, asked, say)
    elif found.check is not None and now - found.tried >= TRIED_EVERY:
        _try(plan, store, now, found, say)


def examples(plan: ForecastPlan, store: "Store", since: datetime, until: datetime) -> list[Example]:
    """Papers announced from `since` to `until`, each with the day (UTC) it was announced and the day it was picked."""
    return [
        Example(paper=one.paper, day=_day(one.at), picked_on=_day(one.picked_at) if one.picked_at else None)
        for one in store.picks.announced(since, until, plan.pickers)
    ]


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()


def _lasting(found: Notes, plan: ForecastPlan) -> timedelta:
    """The age at which what was learnt is learnt anew: soon where it was nothing, or nothing to be trusted."""
    whole = timedelta(days=plan.retrain_days)
    if found.check is None:
        return AGAIN
    return whole if found.trusted else min(whole, TRIED_EVERY)


def _learn(plan: ForecastPlan, store: "Store", now: datetime, asked: list[Any], say: Say) -> None:
    from digest.rank.forecast import train
    from digest.rank.state import dump

    until = now - SETTLING
    past = examples(plan, store, now - REACH, until)
    picks = sum(example.picked_on is not None for example in past)
    say(f"learning what is picked, from {len(past)} papers and {picks} picks")
    made = train(past, _day(now), authors=plan.authors)
    found = Notes(asked, now, now, made.check if made else None)
    store.fitted.put({STATE: dump(made) if made else b"", NOTES: found.dump()}, now)
    say(f"forecast: {_words(found)}")


def _try(plan: ForecastPlan, store: "Store", now: datetime, found: Notes, say: Say) -> None:
    """Tries the forecast on papers announced since it was learnt; on too few days, what its training found stands."""
    from digest.rank.forecast import assess
    from digest.rank.outlook import DAYS
    from digest.rank.state import load

    made = load(store.fitted.get(STATE) or b"")
    check = assess(made, examples(plan, store, found.learnt, now - SETTLING)) if made else None
    kept = check if check is None or check.days >= DAYS else found.check
    again = Notes(found.asked, found.learnt, now, kept)
    store.fitted.put({NOTES: again.dump()}, now)
    say(f"forecast: {_words(again)}")


def _words(found: Notes) -> str:
    """How the forecast stands, for a person."""
    if found.check is None:
        return "too little was picked to learn from"
    said = f"{found.check.auc:.2f} of pairs in the right order on {found.check.days} later days"
    newest = f"newest-first {found.check.newest:.2f}"
    return f"{said} ({newest}): {'used' if found.trusted else 'not used'}"
