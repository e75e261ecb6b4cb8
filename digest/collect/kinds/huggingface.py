"""Kind `huggingface`: Hugging Face Daily Papers by day. Room `collect`.

Lists of recent days are read again each time, because papers are added late and votes grow. Options: `base_url`,
`days` (how many days back a list is read again, default 7).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from digest.collect import asking, filling, health
from digest.collect.errors import Unreadable
from digest.model import Answer, Entry, Source, SourceState, Validator
from digest.net import Client, FetchError

BASE_URL = "https://huggingface.co"
DAYS = 7
_PAGE, _PAGES, _LONGEST = 100, 10, 60  # items a page, pages a day, days read back after a long absence
_DAY = timedelta(days=1)


@dataclass(slots=True)
class Lists:
    """What the days' lists gave so far."""

    entries: list[Entry] = field(default_factory=list)
    validators: list[Validator] = field(default_factory=list)
    ids: dict[str, list[str]] = field(default_factory=dict)
    answered: int = 0

    def add(self, day: date, entries: Sequence[Entry]) -> None:
        """Note entries that the list of a day gave."""
        self.entries += entries
        if entries:
            self.ids.setdefault(day.isoformat(), []).extend(health.entry_ids(entries))


async def ask(source: Source, state: SourceState, client: Client, now: datetime) -> Answer:
    """Today's list and those of recent days. Raises FetchError or Unreadable if not one list could be read."""
    known: dict[str, list[str]] = dict(state.memory.get("ids", {}))
    got, error = Lists(), None
    for day in days(state, now, int(source.options.get("days", DAYS))):
        try:
            await read_day(source, state, client, now, day, got)
        except Unreadable as failure:
            got.add(day, failure.entries)
            error = error or f"the list of {day}: {failure}"
        except FetchError as failure:
            if not got.answered:
                raise
            error = error or f"the list of {day}: {failure}"
            break
    if not got.answered and not got.entries:
        raise Unreadable(error or "no list to read")
    seen = {paper for ids in known.values() for paper in ids}
    new = [paper for ids in got.ids.values() for paper in ids if paper not in seen]
    return _answer(source, state, now, got, known | got.ids, new, error)


def days(state: SourceState, now: datetime, count: int) -> Sequence[date]:
    """The days to read, newest first: today, the last `count` and any since the last answer, but none before the
    first day this source was ever asked for."""
    today = now.date()
    first = date.fromisoformat(state.memory.get("first_day", today.isoformat()))
    last = state.memory.get("last_day")
    since = min(today - _DAY * (count - 1), date.fromisoformat(last) if last else today)
    start = max(first, since, today - _DAY * _LONGEST)
    return [today - _DAY * n for n in range((today - start).days + 1)]


async def read_day(source: Source, state: SourceState, client: Client, now: datetime, day: date, got: Lists) -> None:
    """Adds the list of a day, page by page, to what was got. Raises FetchError, Unreadable."""
    base = str(source.options.get("base_url", BASE_URL)).rstrip("/")
    for page in range(_PAGES):
        url = f"{base}/api/daily_papers?date={day}&limit={_PAGE}" + (f"&p={page}" if page else "")
        response = await asking.fetch(client, state, url, now, accept="application/json")
        entries: Sequence[Entry] = ()
        if not response.not_modified:
            entries = await asking.read(response.body, source.name, "huggingface", url)
        got.answered += 1
        got.validators.append(response.validator)
        got.add(day, entries)
        if len(entries) < _PAGE:
            return


def _answer(
    source: Source,
    state: SourceState,
    now: datetime,
    got: Lists,
    ids: dict[str, list[str]],
    new: list[str],
    error: str | None,
) -> Answer:
    arrivals = health.remembered(state.memory.get("arrivals", ()), now, bool(new))
    status = "fresh" if new else health.overdue(arrivals, now, daily=True)
    complete = {} if error else {"last_day": now.date().isoformat()}
    keep = sorted(ids)[-_LONGEST:]
    counts = filling.noted(state.memory.get("counts", {}), now, len(set(ids.get(now.date().isoformat(), ()))))
    short = None if error else filling.lacking(counts, now)
    return health.settle(
        source,
        state,
        now,
        "partial" if error or short else status,
        entries=got.entries,
        ids=got.ids.get(now.date().isoformat(), ()),
        error=error or short or (None if status in ("fresh", "quiet") else health.late(arrivals)),
        validators=got.validators,
        memory={
            "first_day": now.date().isoformat(),
            **state.memory,
            **complete,
            "arrivals": arrivals,
            "counts": counts,
            "ids": {day: ids[day] for day in keep},
        },
        arrived=bool(new),
    )
