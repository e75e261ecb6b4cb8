"""Group: the stage. Given topics first, headings discovered for the rest, the honest rest last; one topic a paper.

Pure and free of order: papers are sorted by id before anything is counted. Touched when the parts are to be joined
in another way; what a part decides is in `rules`, `discover`, `labels` and `headings`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from digest.group import discover, headings, labels, rules
from digest.model import Decision, Grouping, Paper, Topic, TopicRule
from digest.text import vectors

REST = "Also new"
_Section = tuple[str, list[int]]  # a name and the numbers of its papers


def group(
    papers: Sequence[Paper],
    given: Sequence[TopicRule],
    *,
    minimum: int,
    maximum: int,
    now: datetime,
    count: int | None = None,
) -> Grouping:
    """Every paper under one topic. `given` take what they claim (the strongest claim wins, the others are tags); the
    rest goes under discovered headings of `minimum` to `maximum` papers; what fits none is under "Also new".

    `count` forces the number of discovered headings and lifts their bounds. Topics come in the order of the
    configuration, then discovered ones by size, then the rest; only those with a paper or a tag.
    """
    minimum = max(2, minimum)  # no section of one
    maximum = max(minimum, maximum)
    papers = sorted(papers, key=lambda paper: paper.id)
    claims = {paper.id: rules.claims(paper, given) for paper in papers}
    free = [number for number, paper in enumerate(papers) if not claims[paper.id]]
    sections = _discover(papers, free, [rule.name for rule in given], minimum, maximum, count)
    under = {papers[number].id: name for name, numbers in sections for number in numbers}
    under |= {id_: those[0].topic for id_, those in claims.items() if those}
    rest = next(name for name in (REST, f"{REST}: more") if name not in {rule.name for rule in given})
    topics = headings.topics(
        [(rule.name, "given") for rule in given] + [(name, "discovered") for name, _ in sections] + [(rest, "other")]
    )
    by_name = {topic.name: topic for topic in topics}
    topic_of = {paper.id: by_name[under.get(paper.id, rest)].slug for paper in papers}
    tags = {id_: tuple(by_name[claim.topic].slug for claim in those[1:]) for id_, those in claims.items() if those[1:]}
    used = set(topic_of.values()) | {slug for slugs in tags.values() for slug in slugs}
    return Grouping(
        topics=tuple(topic for topic in topics if topic.slug in used),
        topic_of=topic_of,
        tags=tags,
        decisions=_decisions(papers, topic_of, claims, topics, now),
    )


def claim(papers: Iterable[Paper], given: Sequence[TopicRule]) -> dict[str, str]:
    """What the given topics alone take: paper id to topic slug, the slugs being those of `group`."""
    slugs = {topic.name: topic.slug for topic in headings.topics([(rule.name, "given") for rule in given])}
    return {paper.id: slugs[found[0].topic] for paper in papers if (found := rules.claims(paper, given))}


def bounds(minimum: int, maximum: int, papers: int, limit: int) -> tuple[int, int]:
    """Section sizes for `papers` candidates of which an issue prints `limit`. The most grows with them, so that a
    section's share of the issue stays below `maximum`; the least grows with the root only, for a small section may
    well be a good one: 2 to 12 of 25 printed are 6 to 96 of 200 candidates."""
    ratio = max(1.0, papers / max(1, limit))
    return max(2, round(minimum * ratio**0.5)), max(2, round(maximum * ratio))


def text_of(paper: Paper) -> str:
    """What a paper is grouped by."""
    return f"{paper.title}. {paper.abstract}"


def _discover(
    papers: Sequence[Paper], free: list[int], taken: Sequence[str], minimum: int, maximum: int, count: int | None
) -> list[_Section]:
    """Named sections of the papers at `free`, the largest first; papers in none of them are the rest."""
    if not free:
        return []
    texts = [text_of(paper) for paper in papers]
    space, wanted = vectors.fit(texts), [texts[number] for number in free]
    placed = discover.sections(
        space.project(wanted), space.shares(wanted), minimum=minimum, maximum=maximum, count=count
    )
    groups: list[list[int]] = [[] for _ in range(max(placed) + 1)]
    for number, section in zip(free, placed, strict=True):
        if section != discover.NOWHERE:
            groups[section].append(number)
    named = labels.names(groups, labels.read(papers), [*taken, REST])
    sections = [(name, numbers) for name, numbers in zip(named, groups, strict=True) if name]
    return sections if count is not None else _with_company(sections, len(free), minimum)


def _with_company(sections: list[_Section], papers: int, minimum: int) -> list[_Section]:
    """The same sections, unless just one paper were left to the rest: then the smallest section is given up to it, or
    one paper of a section that can spare it, for no section is of one paper."""
    left = papers - sum(len(numbers) for _, numbers in sections)
    if left != 1 or not sections:
        return sections
    name, numbers = sections[-1]
    return [*sections[:-1], (name, numbers[:-1])] if len(numbers) > minimum else sections[:-1]


def _decisions(
    papers: Sequence[Paper],
    topic_of: Mapping[str, str],
    claims: Mapping[str, Sequence[rules.Claim]],
    topics: Sequence[Topic],
    now: datetime,
) -> tuple[Decision, ...]:
    """What was done with each paper and why."""
    by_slug = {topic.slug: topic for topic in topics}
    sizes: dict[str, int] = {}
    for slug in topic_of.values():
        sizes[slug] = sizes.get(slug, 0) + 1
    made = []
    for paper in papers:
        topic, those = by_slug[topic_of[paper.id]], claims[paper.id]
        reason = _reason(topic, those, sizes[topic.slug])
        numbers = tuple((claim.topic, claim.strength) for claim in those)
        made.append(
            Decision(
                subject=paper.id,
                stage="group",
                verdict=topic.kind,
                reason=reason,
                at=now,
                of=topic.slug,
                numbers=numbers,
            )
        )
    return tuple(made)


def _reason(topic: Topic, claims: Sequence[rules.Claim], size: int) -> str:
    if claims:
        also = ", ".join(f"{claim.topic} ({claim.strength:g})" for claim in claims[1:])
        why = f"{topic.name} wants it most ({claims[0].strength:g}): {'; '.join(claims[0].evidence)}"
        return f"{why}. Also wanted by {also}" if also else why
    if topic.kind == "discovered":
        return f"No given topic wants it; alike {size - 1} others under “{topic.name}”"
    return "No given topic wants it, and it is like no group of others"
