"""Group: headings that stay from day to day. Touched when a heading changes its name too soon, or lives too long.

Standing topics are anchors: their words count as `_WEIGHT` papers in the mixture that places today's papers, so a paper
goes where its like went yesterday. Fresh clusters are matched with them (Hungarian method on the cosine of their
profiles); one unlike all of them becomes a newcomer. Two that have grown alike are merged, one that has drifted from
its words gives way, one long unprinted is forgotten; each of these is a decision.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from digest.group import cluster, space
from digest.model import Decision, Paper, StandingTopic
from digest.text.vectors import unit

if TYPE_CHECKING:
    from digest.text.vectors import Floats

MATCHED = 0.8  # cosine of profiles from which a fresh cluster is a standing topic (measured: docs/topics.md)
NEW = 0.65  # below it a fresh cluster is like none
MERGED = 0.95  # from which two standing topics are one
DRIFTED = 0.5  # below it a topic's papers of today are no longer what its words say
_WEIGHT = 10.0
_KEPT = timedelta(days=14)
_LEARNT = 0.15  # how much of a profile is renewed by a day


@dataclass(frozen=True, slots=True)
class Placement:
    """The place of each paper in `origins`: a standing topic, or None for a newcomer."""

    labels: list[int]
    origins: tuple[StandingTopic | None, ...]


def place(
    rows: "Floats",
    shares: Any,
    fitted: space.TopicSpace,
    topics: Sequence[StandingTopic],
    fresh: Sequence[int],
    most: int,
) -> Placement:
    """Where papers with these `rows` (papers, dimensions) and `shares` (papers, terms) belong: among the standing
    `topics` and those of the `fresh` clusters (a label a paper) that are like none of them, `most` in all."""
    import numpy as np

    groups = [[n for n, label in enumerate(fresh) if label == one] for one in sorted(set(fresh))]
    profiles = [space.profile(shares[group], fitted) for group in groups]
    fresh_rows = space.spread_out(profiles, fitted)
    known = space.spread_out([topic.words for topic in topics], fitted)
    newcomers = _newcomers(unit(fresh_rows @ fitted.axes.T), unit(known @ fitted.axes.T), most - len(topics))
    origins: list[StandingTopic | None] = [*topics, *(None for _ in newcomers)]
    anchors = np.vstack([known, fresh_rows[newcomers]]) if newcomers else known
    members = cluster.anchored(shares, anchors * _WEIGHT, cluster.sensed(rows, len(fitted.axes)))
    return Placement([int(label) for label in members.argmax(axis=1)], tuple(origins))


def nearest(papers: Sequence[Paper], fitted: space.TopicSpace, topics: Sequence[StandingTopic]) -> list[str]:
    """The slug of the standing topic that each paper would be placed under if there were no others; "" for a paper
    without a known word, and where there are no topics."""
    texts = [space.text_of(paper) for paper in papers]
    if not topics or not texts:
        return [""] * len(texts)
    shares = fitted.shares(texts)
    members = cluster.anchored(shares, space.spread_out([topic.words for topic in topics], fitted) * _WEIGHT)
    known = shares.sum(axis=1) > 0
    return [topics[int(n)].slug if any_ else "" for n, any_ in zip(members.argmax(axis=1), known, strict=True)]


def _newcomers(fresh: "Floats", standing: "Floats", most: int) -> list[int]:
    """The fresh clusters (rows) that no standing topic is matched with nor like, at most so many, the strangest."""
    from scipy.optimize import linear_sum_assignment

    cosines = fresh @ standing.T
    rows, columns = linear_sum_assignment(-cosines)
    matched = {int(r) for r, c in zip(rows, columns, strict=True) if cosines[r, c] >= MATCHED}
    nearest = [float(row.max(initial=-1.0)) for row in cosines]
    strange = [row for row in range(len(fresh)) if row not in matched and nearest[row] < NEW]
    return sorted(strange, key=lambda row: (nearest[row], row))[: max(0, most)]


def current(
    topics: Sequence[StandingTopic], fitted: space.TopicSpace, now: datetime
) -> tuple[list[StandingTopic], list[Decision]]:
    """The standing topics that still count, the longest standing first, and what was decided of the others: those long
    unprinted are forgotten, the younger of two that have grown alike is merged."""
    kept: list[StandingTopic] = []
    decisions = []
    ordered = sorted(topics, key=lambda topic: (not topic.pinned, topic.first, topic.slug))
    spread = unit(space.spread_out([one.words for one in ordered], fitted) @ fitted.axes.T)
    rows = dict(zip((one.slug for one in ordered), spread, strict=True))
    for topic in ordered:
        if not topic.pinned and now.date() - topic.last > _KEPT:
            why = f"nothing printed under “{topic.name}” since {topic.last}"
            decisions.append(decision(topic.slug, "forgotten", why, now))
            continue
        cosines = [float(rows[other.slug] @ rows[topic.slug]) for other in kept]
        if kept and max(cosines) >= MERGED and not topic.pinned:
            other = kept[cosines.index(max(cosines))]
            why = f"“{topic.name}” has grown like “{other.name}” (cosine {max(cosines):.2f})"
            decisions.append(decision(topic.slug, "merged", why, now, other.slug))
            continue
        kept.append(topic)
    return kept, decisions


def remembered(
    origin: StandingTopic | None, slug: str, name: str, words: tuple[tuple[str, float], ...], day: date
) -> StandingTopic:
    """The standing topic after a day on which it was printed with papers whose profile is `words`."""
    if origin is None:
        return StandingTopic(slug=slug, name=name, words=words, first=day, last=day)
    mixed = {term: share * (1 - _LEARNT) for term, share in origin.words}
    for term, share in words:
        mixed[term] = mixed.get(term, 0.0) + share * _LEARNT
    leading = sorted(mixed.items(), key=lambda pair: (-pair[1], pair[0]))[: max(200, len(words))]
    return replace(origin, words=tuple((term, round(share, 6)) for term, share in leading), last=day)


def drifted(origin: StandingTopic, words: tuple[tuple[str, float], ...], fitted: space.TopicSpace) -> float | None:
    """The cosine of a topic's words and its papers' profile of today where they no longer belong together."""
    rows = unit(space.spread_out([origin.words, words], fitted) @ fitted.axes.T)
    cosine = float(rows[0] @ rows[1])
    return cosine if cosine < DRIFTED and not origin.pinned else None


def decision(slug: str, verdict: str, why: str, now: datetime, of: str | None = None) -> Decision:
    """What was decided of a topic; its subject is ``topic:SLUG``."""
    return Decision(subject=f"topic:{slug}", stage="group", verdict=verdict, reason=why, at=now, of=of)


def change(topics: Sequence[StandingTopic], slug: str, **facts: Any) -> tuple[StandingTopic, ...]:
    """The topics with other facts for the one of `slug`: ``name="…"`` renames it (its slug stays),
    ``pinned=True`` keeps it for good. KeyError if there is none such."""
    if all(topic.slug != slug for topic in topics):
        raise KeyError(slug)
    return tuple(replace(topic, **facts) if topic.slug == slug else topic for topic in topics)


def merge(topics: Sequence[StandingTopic], slug: str, into: str) -> tuple[StandingTopic, ...]:
    """The topics with `slug` gone into the one of slug `into`, which takes half its words from it. KeyError if either
    is missing or both are one."""
    by_slug = {topic.slug: topic for topic in topics}
    gone = by_slug.pop(slug)
    target = by_slug[into]
    words: dict[str, float] = {}
    for term, share in (*target.words, *gone.words):
        words[term] = words.get(term, 0.0) + share / 2
    leading = tuple(sorted(words.items(), key=lambda pair: (-pair[1], pair[0]))[:200])
    merged = replace(target, words=leading, first=min(gone.first, target.first), last=max(gone.last, target.last))
    return tuple(merged if topic.slug == into else topic for topic in topics if topic.slug != slug)
