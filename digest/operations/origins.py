"""Where a paper comes from, for `digest explain`: its entries, why each was taken for it, and who said which field."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from digest import dedupe
from digest.model import Account

if TYPE_CHECKING:
    from digest.store import History

_FIGURES = ("probability", "margin")
MOST = 60
"""How much of a value a line shows."""


def as_json(found: "History") -> dict[str, Any]:
    """`entries` (where no key decided with `margin` and `terms`, in log-odds), `fields` ([value, sources] each),
    `merged` and `doubts` as plain values."""
    told = accounts(found)
    fields = dedupe.provenance(found.paper, told)
    return {
        "entries": [_entry(one) for one in told],
        "fields": {name: [[value, list(sources)] for value, sources in said] for name, said in fields.items()},
        "merged": [{"id": one.gone, "at": one.at.isoformat(), "reason": one.reason} for one in found.merged],
        "doubts": [
            {
                "with": doubt.other if doubt.one == found.paper.id else doubt.one,
                "verdict": doubt.verdict,
                "at": doubt.at.isoformat(),
                "reason": doubt.decision.reason,
                "numbers": dict(doubt.decision.numbers),
            }
            for doubt in found.doubts
        ],
    }


def as_lines(found: "History") -> list[str]:
    """The same for a person."""
    told = accounts(found)
    lines = ["made of"]
    for one in told:
        lines.append(
            f"  {one.at:%Y-%m-%d %H:%M}  {one.source or 'an import'}: {one.paper.id}: {one.reason or 'first told'}"
        )
        lines += [f"      {name:<34} {value:+.4g}" for name, value in one.numbers]
    lines += [f"  {one.at:%Y-%m-%d %H:%M}  {one.gone} became part of it: {one.reason}" for one in found.merged]
    if len(told) > 1:
        lines.append("fields")
        for name, said in dedupe.provenance(found.paper, told).items():
            lines += [f"  {name:<13} {_short(value)}  ({', '.join(who) or 'joined'})" for value, who in said]
    for doubt in found.doubts:
        other = doubt.other if doubt.one == found.paper.id else doubt.one
        lines.append(f"{doubt.verdict} {'one paper with' if doubt.verdict == 'perhaps' else 'from'} {other}: "
                     f"{doubt.decision.reason}")  # fmt: skip
    return lines


def accounts(found: "History") -> Sequence[Account]:
    """What single entries said of the paper; where one source alone did, the paper as that one's."""
    if found.accounts:
        return found.accounts
    first = found.sightings[0] if found.sightings else None
    source, guid = (first.source, first.guid) if first else ("", "")
    return [Account(paper_id=found.paper.id, source=source, paper=found.paper, at=found.first_seen, guid=guid)]


def _entry(one: Account) -> dict[str, Any]:
    numbers = dict(one.numbers)
    return {
        "source": one.source,
        "guid": one.guid,
        "id": one.paper.id,
        "keys": list(one.paper.keys),
        "title": one.paper.title,
        "at": one.at.isoformat(),
        "reason": one.reason or "first told",
        **{name: numbers[name] for name in _FIGURES if name in numbers},
        "terms": {name: value for name, value in one.numbers if name not in _FIGURES},
    }


def _short(value: str) -> str:
    said = " ".join(value.split())
    return said if len(said) <= MOST else f"{said[: MOST - 1]}…"
