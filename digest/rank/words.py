"""The rank room: what is said of a term, plain and exact, with numbers; nothing that few papers cannot carry.

Touch it to change a wording. Numbers stay whole, a thin space stands before %, nothing is claimed beyond the data.
"""

from collections.abc import Sequence, Set
from datetime import timedelta

from digest.model import Candidate
from digest.rank.standing import DAY, Standing

ENOUGH = 20  # comparable papers below which no percentage is stated
LINKS = {"code": "code linked", "project": "with a project page"}
YES = {"author": "an author takes part in the discussion", "picks": "picked by the curator"}
THIN = "\u2009"
_NOUNS = {
    "upvotes": ("vote", "votes"),
    "votes": ("reader's vote", "readers' votes"),
    "likes": ("like", "likes"),
    "comments": ("comment", "comments"),
    "points": ("point", "points"),
    "mentions": ("mention", "mentions"),
    "citations": ("citation", "citations"),
    "downloads": ("download", "downloads"),
}


def count(kind: str, value: float) -> str:
    """ "38 votes", "code with 412 stars", "1 comment"; an unknown kind is named as it is."""
    number = f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"
    if kind == "stars":
        return f"code with {number} {'star' if value == 1 else 'stars'}"
    one, many = _NOUNS.get(kind, (kind, kind))
    return f"{number} {one if value == 1 else many}"


def span(age: timedelta) -> str:
    """ "in a day", "in 7 hours", "in 3 days", "in 5 weeks" """
    hours = round(age / timedelta(hours=1))
    if hours < 18:
        return "in an hour" if hours <= 1 else f"in {hours} hours"
    days = round(age / DAY)
    if days <= 1:
        return "in a day"
    return f"in {days} days" if days < 21 else f"in {round(days / 7)} weeks"


def level(kind: str, found: Standing) -> str:
    """ "38 votes in a day (more than 98 % of papers this old)"; "" where there is nothing to say."""
    if found.value <= 0:
        return ""
    said = count(kind, found.value)
    if kind != "stars":
        said += " " + span(found.age)
    return said + _share(found)


def _share(found: Standing) -> str:
    if found.peers < ENOUGH or found.below * 2 < found.peers:
        return ""
    if found.below == found.peers:
        return f" (more than all {found.peers} papers this old)"
    return f" (more than {100 * found.below // found.peers}{THIN}% of papers this old)"


def growth(kind: str, found: Standing) -> str:
    """ "rising 3x since yesterday", "from 0 to 12 votes in 8 hours"; "" where it hardly grew."""
    if found.value - found.before < 3 or found.value < 1.5 * found.before:
        return ""
    since = "since yesterday" if 18 <= found.gap / timedelta(hours=1) <= 36 else span(found.gap)
    if found.before < 1:
        return f"from {found.before:.0f} to {count(kind, found.value).removeprefix('code with ')} {since}"
    times = found.value / found.before
    said = f"{times:.0f}x" if times >= 9.95 or round(times, 1) == round(times) else f"{times:.1f}x"
    what = "" if kind in ("upvotes", "votes") else f"{_NOUNS.get(kind, ('', kind))[1]} "
    return f"{what}rising {said} {since}"


def sources(number: int) -> str:
    """ "seen in 3 sources" """
    return f"seen in {number} sources"


def new(seen: timedelta, late: timedelta) -> str:
    """ "new today" within a day of the first sighting, honest about papers that are older than that; else "" """
    if seen >= DAY:
        return ""
    return "new today" if late < 7 * DAY else f"first seen today, published {late // DAY} days before"


def no_votes(candidate: Candidate, kinds: Set[str]) -> str:
    """ "no votes yet" where votes were counted and are 0, "no votes seen yet" where others' votes are known."""
    votes = [s.value for s in candidate.signals if s.kind == "upvotes"]
    if votes:
        return "" if max(votes) > 0 else "no votes yet"
    return "no votes seen yet" if "upvotes" in kinds else ""


def forecast(probability: float, usual: float, terms: Sequence[str], picks: int) -> tuple[str, ...]:
    """ "forecast 24 % (usual 6 %)", "words your community picked before: …", "by an author picked 7 times before" """
    said = [f"forecast {_percent(probability)} to be picked (usual {_percent(usual)})"]
    if terms:
        said.append("words your community picked before: " + ", ".join(f"“{term}”" for term in terms))
    if picks:
        said.append(f"by an author picked {'once' if picks == 1 else f'{picks} times'} before")
    return tuple(said)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}{THIN}%" if share >= 0.01 else f"{100 * share:.1f}{THIN}%"
