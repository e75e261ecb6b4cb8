"""Group: discovered sections with their names, joined with those of the days before. Touched when these should meet in
another way; the parts are `space`, `discover`, `standing` and `labels`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from digest.group import cluster, discover, headings, labels, standing
from digest.group.space import TopicSpace, profile, text_of
from digest.model import Decision, Paper, StandingTopic, TextModel
from digest.text import vectors

_Words = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A discovered section: the numbers of its papers, what they have in common, and the topic it goes on with."""

    numbers: list[int]
    words: _Words
    origin: StandingTopic | None
    parent: StandingTopic | None = None  # what a newcomer was cut from


@dataclass(frozen=True, slots=True)
class Found:
    """Named sections, the largest first, as (slug, name, numbers); the topics for tomorrow; decisions on topics."""

    sections: tuple[tuple[str, str, list[int]], ...] = ()
    standing: tuple[StandingTopic, ...] = ()
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What sections should be like: their bounds, or their number; names that are `taken`; and the day."""

    minimum: int
    maximum: int
    count: int | None
    taken: tuple[str, ...]
    now: datetime
    model: TextModel | None = None  # of a space that has to be made


def find(
    papers: Sequence[Paper],
    free: list[int],
    fitted: TopicSpace | None,
    topics: Sequence[StandingTopic],
    wanted: Wanted,
) -> Found:
    """Sections of the papers at the numbers `free`; all papers are what names are told apart from. Papers in none are
    those without a known word and those that fit nowhere."""
    if not free:
        return Found(standing=tuple(topics))
    fitted = fitted or vectors.fit([text_of(paper) for paper in papers], model=wanted.model)
    kept, decisions = standing.current(topics, fitted, wanted.now)
    sections = _sections([text_of(papers[number]) for number in free], fitted, kept, wanted)
    sections = [Section([free[n] for n in s.numbers], s.words, s.origin, s.parent) for s in sections]
    sections, gone = _undrifted(sections, fitted, wanted.now)
    unnamed = any(section.origin is None for section in sections)
    named = _named(sections, labels.read(papers if unnamed else ()), kept, wanted)
    decisions += [
        *gone,
        *(
            _newcomer(slug, name, section, bool(topics), wanted)
            for slug, name, section in named
            if section.origin is None
        ),
    ]
    today = {slug: standing.remembered(s.origin, slug, name, s.words, wanted.now.date()) for slug, name, s in named}
    drifted = {decision.subject for decision in gone}
    resting = [topic for topic in kept if topic.slug not in today and f"topic:{topic.slug}" not in drifted]
    return Found(
        tuple((slug, name, section.numbers) for slug, name, section in named),
        tuple(sorted((*today.values(), *resting), key=lambda topic: topic.slug)),
        tuple(decisions),
    )


def _sections(texts: list[str], fitted: TopicSpace, kept: Sequence[StandingTopic], wanted: Wanted) -> list[Section]:
    """The sections of `texts`, not yet named, the largest first."""
    rows, shares = fitted.read(texts)
    known = [number for number in range(len(rows)) if rows[number].any()]
    if not known:
        return []
    rows, shares = rows[known], shares[known]
    origins: tuple[StandingTopic | None, ...]
    if kept and wanted.count is None:
        most = discover.numbers(len(rows), wanted.minimum, wanted.maximum)[-1]
        fresh = cluster.kmeans(cluster.smoothed(rows), most)  # only shows what is new: anchors say what goes where
        placed = standing.place(rows, shares, fitted, kept, fresh, most + most // 4)
        labels_, origins = placed.labels, placed.origins
    else:
        labels_ = discover.clusters(
            rows, shares, len(fitted.axes), minimum=wanted.minimum, maximum=wanted.maximum, count=wanted.count
        )
        origins = (None,) * (max(labels_) + 1)
    before = labels_
    if wanted.count is None:
        latest = max((topic.last for topic in kept), default=None)
        favoured = frozenset(n for n, origin in enumerate(origins) if origin and origin.last == latest)
        labels_ = discover.bounded(rows, labels_, wanted.minimum, wanted.maximum, favoured)
    made = []
    for label in sorted(set(labels_) - {discover.NOWHERE}):
        members = [n for n, other in enumerate(labels_) if other == label]
        origin = origins[label] if label < len(origins) else None
        cut_from = Counter(before[n] for n in members).most_common(1)[0][0] if label >= len(origins) else label
        numbers = [known[n] for n in members]
        parent = origins[cut_from] if origin is None else None
        made.append(Section(numbers, profile(shares[members], fitted), origin, parent))
    return sorted(made, key=lambda section: (-len(section.numbers), section.numbers[0]))


def _undrifted(sections: list[Section], fitted: TopicSpace, now: datetime) -> tuple[list[Section], list[Decision]]:
    """The sections, where a topic's papers are no longer what its words say as newcomers."""
    made, decisions = [], []
    for section in sections:
        cosine = standing.drifted(section.origin, section.words, fitted) if section.origin else None
        if section.origin and cosine is not None:
            why = f"papers under “{section.origin.name}” are no longer like it (cosine {cosine:.2f})"
            decisions.append(standing.decision(section.origin.slug, "drifted", why, now))
            section = Section(section.numbers, section.words, None, section.origin)
        made.append(section)
    return made, decisions


def _named(
    sections: Sequence[Section], uses: labels.Uses, kept: Sequence[StandingTopic], wanted: Wanted
) -> list[tuple[str, str, Section]]:
    """(slug, name, section) of each section that goes on with a topic or for whose papers a name is found."""
    new = [section.numbers for section in sections if section.origin is None]
    old = [section.numbers for section in sections if section.origin is not None]
    found = iter(labels.names(new, uses, [*wanted.taken, *(topic.name for topic in kept)], old))
    slugs = {topic.slug for topic in kept} | {headings.slug(name) for name in wanted.taken}
    made = []
    for section in sections:
        if section.origin:
            made.append((section.origin.slug, section.origin.name, section))
        elif name := next(found):
            slug = headings.slug(name)
            slug = slug if slug not in slugs else f"{slug}-{headings.mark(name)}"
            slugs.add(slug)
            made.append((slug, name, section))
    return made


def _newcomer(slug: str, name: str, section: Section, later: bool, wanted: Wanted) -> Decision:
    """Why there is a heading that was not there before."""
    words = ", ".join(term for term, _ in section.words[:5])
    if section.parent:
        why = f"“{name}” was cut from “{section.parent.name}”: {len(section.numbers)} papers on {words}"
        return standing.decision(slug, "split", why, wanted.now, section.parent.slug)
    like = "like no heading of the days before" if later else "of the first day"
    return standing.decision(slug, "new", f"“{name}”: {len(section.numbers)} papers {like}, on {words}", wanted.now)
