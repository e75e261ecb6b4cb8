"""The editor's desk: a draft and what was decided of it, as the issue they come to. Pure.

The draft itself never changes: every decision is applied to it anew, so that any of them can be taken back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from digest.model import Decision, Draft, Edits, Issue, Item, RunnerUp, Section

LEFT_OUT = "left out by the editor"


def edited(draft: Draft) -> Issue:
    """The issue as the editor decided: without what was dropped, with what was pinned under its own heading, in the
    order wanted (within headings, and for the top of the day), with notes. A heading without papers goes."""
    edits, issue = draft.edits, draft.issue
    pins = [
        one for one in draft.runners_up if one.item.paper.id in edits.pinned and one.item.paper.id not in edits.dropped
    ]
    rank = {name: place for place, name in enumerate(edits.order)}
    sections = [_section(section, pins, edits, rank) for section in _with_headings(issue.sections, pins)]
    printed = {item.paper.id: item.score for section in sections for item in section.items}
    best = sorted(printed, key=lambda name: -printed[name])
    first = dict.fromkeys(name for name in (*edits.order, *issue.top, *best) if name in printed)
    return replace(
        issue,
        sections=tuple(section for section in sections if section.items),
        top=tuple(first)[: len(issue.top)],
        introduction=issue.introduction if edits.introduction is None else edits.introduction,
    )


def without(issue: Issue, printed: frozenset[str]) -> Issue:
    """The issue without papers that another one printed meanwhile."""
    sections = (
        replace(section, items=tuple(item for item in section.items if item.paper.id not in printed))
        for section in issue.sections
    )
    return replace(
        issue,
        sections=tuple(section for section in sections if section.items),
        top=tuple(name for name in issue.top if name not in printed),
    )


def decisions(draft: Draft) -> tuple[Decision, ...]:
    """The draft's decisions as they hold after the editor's: what was dropped is skipped, what was pinned printed."""
    headings = {one.item.paper.id: one.topic.name for one in draft.runners_up}
    made = []
    for each in draft.decisions:
        if each.stage == "select" and each.subject in draft.edits.dropped:
            each = replace(each, verdict="skipped", reason=LEFT_OUT)
        elif each.stage == "select" and each.subject in draft.edits.pinned and each.subject in headings:
            each = replace(each, verdict="printed", reason=f"added by the editor, under “{headings[each.subject]}”")
        made.append(each)
    return tuple(made)


def _with_headings(sections: Sequence[Section], pins: Sequence[RunnerUp]) -> list[Section]:
    """The sections, and one for each pinned paper's heading that has none; the honest rest stays last."""
    there = {section.topic.slug for section in sections}
    new = {one.topic.slug: Section(topic=one.topic, items=()) for one in pins if one.topic.slug not in there}
    return sorted([*sections, *new.values()], key=lambda section: section.topic.kind == "other")


def _section(section: Section, pins: Sequence[RunnerUp], edits: Edits, rank: Mapping[str, int]) -> Section:
    kept = [item for item in section.items if item.paper.id not in edits.dropped]
    added = [one.item for one in pins if one.topic.slug == section.topic.slug]
    titles = {item.paper.title for item in added}
    ordered = sorted((*kept, *added), key=lambda item: rank.get(item.paper.id, len(rank)))
    return replace(
        section,
        items=tuple(_noted(item, edits.notes) for item in ordered),
        waiting=max(0, section.waiting - len(added)),
        also=tuple((title, url) for title, url in section.also if title not in titles),
    )


def _noted(item: Item, notes: Mapping[str, str]) -> Item:
    return replace(item, note=notes[item.paper.id]) if item.paper.id in notes else item
