"""Render, feeds: what a feed says to another digest: ids, topics, scores, attention. docs/feeds.md describes it.

In JSON Feed it stands under `_digest`, in RSS and Atom as elements of a namespace of their own, with the same names.
Touched when other digests must learn something more; names that stand here never change their meaning.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from digest.model import Signal
from digest.render import safe
from digest.render.layout import rfc3339
from digest.render.view import Card, View

NAMESPACE = "urn:trending-papers-digest:feed:1"
TOPICS = f"{NAMESPACE}:topic"
"""The scheme of categories that are topics."""
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_TEXT, _LONG, _MANY = 300, 20_000, 500


def paper(shown: Card, issue: str, signals: Sequence[Signal], names: Mapping[str, str]) -> Mapping[str, Any]:
    """All that a digest needs to take over a paper. Scores and terms are those of the printing in `issue`; `signals`
    (oldest first) tell the last observation of each kind; `names` are those of topics by slug."""
    item, found = shown.item, shown.item.paper
    return {
        "id": safe.clean(found.id, _TEXT),
        "keys": list(dict.fromkeys(safe.clean(key, _TEXT) for key in (found.id, *found.keys) if key))[:40],
        "issue": issue,
        "score": _number(item.score),
        "topic": {
            "name": shown.topic,
            "slug": safe.clean(shown.heading.slug, _TEXT),
            "kind": shown.heading.kind,
        },
        "tags": [names.get(tag) or safe.clean(tag, _TEXT) for tag in item.tags],
        "terms": [
            {
                "name": safe.clean(term.name, _TEXT),
                "value": _number(term.value),
                "level": _number(term.level),
                "weight": _number(term.weight),
                "points": _number(term.points),
            }
            for term in item.terms
        ],
        "signals": _signals(signals),
        "announcement": safe.clean(item.announcement, 20),
        "first_seen": rfc3339(item.first_seen),
        **_facts(shown),
    }


def issue(shown: View) -> Mapping[str, Any]:
    """Which papers an issue prints, so that nobody takes the issue itself for one."""
    return {"issue": shown.url, "day": shown.day.isoformat(), "papers": [card.id for card in shown.cards]}


def _facts(shown: Card) -> Mapping[str, Any]:
    """What the formats have no place for, or only a shortened one; what is not known is left out."""
    found = shown.item.paper
    places = [
        {"name": safe.clean(author.name, _TEXT), "affiliation": safe.clean(author.affiliation, _TEXT)}
        for author in found.authors[:_MANY]
        if author.affiliation
    ]
    facts: dict[str, Any] = {
        "title": safe.clean(found.title, 1_000) if len(found.title) > _TEXT else "",
        "abstract": safe.clean(found.abstract, _LONG),
        "version": found.version,
        "updated": rfc3339(found.updated) if found.updated else "",
        "venue": safe.clean(found.venue or "", _TEXT),
        "comment": safe.clean(found.comment or "", _TEXT),
        "organisation": safe.clean(found.organisation or "", _TEXT),
        "language": safe.clean(found.language or "", 20),
        "affiliations": places,
        "links": [
            {"kind": safe.clean(link.kind, 20), "url": address}
            for link in found.links[:40]
            if (address := safe.url(link.url))
        ],
    }
    return {name: value for name, value in facts.items() if value}


def _signals(found: Sequence[Signal]) -> list[dict[str, Any]]:
    """The last observation of each kind, in order of kinds."""
    last = {signal.kind: signal for signal in found}
    return [
        {"kind": safe.clean(kind, 40), "value": _number(last[kind].value), "at": rfc3339(last[kind].at)}
        for kind in sorted(last)
    ]


def _number(value: float) -> float:
    """Six decimals: more is noise, and would make feeds differ for nothing."""
    return round(value, 6) if abs(value) < 1e15 else 0.0
