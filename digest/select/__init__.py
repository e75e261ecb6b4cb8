"""The select room: scored papers -> what an issue prints, and a decision on every paper that it does not.

Pure. `choose` fills the issue, `sections` puts the chosen under headings, `likeness` says what is too alike. Touch
this file to change the order of the steps.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from digest.model import Grouping, Hand, Paper, Scored, Selection, TopicRule
from digest.select.choose import AUTHORS, LIKENESS, Limits, choose
from digest.select.sections import arrange

__all__ = ["select"]


def select(
    scored: Sequence[Scored],
    grouping: Grouping,
    papers: Mapping[str, Paper],
    hand: Hand,
    *,
    limit: int,
    top: int,
    floor: float | None,
    now: datetime,
    rules: Sequence[TopicRule],
    overlooked: float = 0.0,
    same_authors: int = AUTHORS,
    diversity: float = LIKENESS,
) -> Selection:
    """What the issue prints of `scored` (best first): the curator's picks, then the best that differ.

    Prints exactly `limit` papers when that many may be printed: neither skipped, nor under `floor` (None: off), nor
    over the limit of their given topic (a rule's `limit`). At most `same_authors` papers of one group of authors while
    others are left. A paper of the very same words as one chosen before loses `diversity` points. Picks are bound by
    `limit` alone; a paper both picked and skipped is skipped. Sections: given topics in the order of `rules`,
    discovered ones by their best paper, the rest last. `overlooked` is the share (0..1) of `limit` kept for promising
    papers without attention. `papers` must hold every id of `scored`.
    Every id of `scored` gets exactly one decision: printed, waiting or skipped.
    """
    limit, room = max(limit, 0), round(limit * min(max(overlooked, 0.0), 1.0))
    limits = Limits(
        limit=limit,
        floor=floor,
        topics=_topic_limits(grouping, rules),
        overlooked=room,
        authors=same_authors,
        diversity=diversity,
    )
    chosen = choose(scored, grouping, papers, hand, limits)
    sections = arrange(chosen.ids, scored, grouping, papers, hand, limits.topics, rules)
    heading = {paper_id: topic.name for topic, ids, _ in sections for paper_id in ids}
    return Selection(top=chosen.ids[: max(top, 0)], sections=sections, decisions=chosen.decisions(heading, now))


def _topic_limits(grouping: Grouping, rules: Sequence[TopicRule]) -> dict[str, int]:
    """The limit of each given topic that has one, by slug."""
    named = {rule.name: rule.limit for rule in rules if rule.limit is not None}
    return {t.slug: named[t.name] for t in grouping.topics if t.kind == "given" and t.name in named}
