"""Group: the stage. Given topics first, headings discovered for the rest, the honest rest last; one topic a paper.

Pure and free of order: papers are sorted by id before anything is counted. Touched when the parts are to be joined
in another way; what a part decides is in `rules`, `sections` and `headings`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from digest.group import examples, headings, rules, sections
from digest.group.space import TopicSpace
from digest.model import Decision, Grouping, Paper, StandingTopic, TextModel, Topic, TopicRule

REST = "Also new"


def group(
    papers: Sequence[Paper],
    given: Sequence[TopicRule],
    *,
    minimum: int,
    maximum: int,
    now: datetime,
    count: int | None = None,
    space: TopicSpace | None = None,
    standing: Sequence[StandingTopic] = (),
    model: TextModel | None = None,
) -> Grouping:
    """Every paper under one topic. `given` take what they claim (the strongest claim wins, the others are tags); the
    rest goes under discovered headings of `minimum` to `maximum` papers; what fits none is under "Also new".

    Discovered headings go on from the `standing` ones where they are alike; `space` is the fitted history texts are
    compared in (None: the papers themselves, and what a `model` makes of them). `count` forces the number of discovered
    headings and lifts their bounds.
    Topics: given ones in their order, discovered ones by size, the rest; only those with a paper or a tag.
    """
    minimum = max(2, minimum)  # no section of one
    papers = sorted(papers, key=lambda paper: paper.id)
    claims = _claims(papers, given, space)
    free = [number for number, paper in enumerate(papers) if not claims[paper.id]]
    taken = tuple(rule.name for rule in given)
    wanted = sections.Wanted(
        minimum=minimum, maximum=max(minimum, maximum), count=count, taken=(*taken, REST), now=now, model=model
    )
    found = sections.find(papers, free, space, standing, wanted)
    printed = found.sections if count is not None else _with_company(found.sections, len(free), minimum)
    topics = _topics(taken, printed)
    under = {papers[number].id: slug for slug, _, numbers in printed for number in numbers}
    by_name = {topic.name: topic.slug for topic in topics if topic.kind == "given"}
    under |= {id_: by_name[those[0].topic] for id_, those in claims.items() if those}
    topic_of = {paper.id: under.get(paper.id, topics[-1].slug) for paper in papers}
    tags = {id_: tuple(by_name[claim.topic] for claim in those[1:]) for id_, those in claims.items() if those[1:]}
    used = set(topic_of.values()) | {slug for slugs in tags.values() for slug in slugs}
    return Grouping(
        topics=tuple(topic for topic in topics if topic.slug in used),
        topic_of=topic_of,
        tags=tags,
        decisions=(*_decisions(papers, topic_of, claims, topics, now), *found.decisions),
        standing=found.standing,
    )


def claim(papers: Sequence[Paper], given: Sequence[TopicRule], space: TopicSpace | None = None) -> dict[str, str]:
    """What the given topics alone take: paper id to topic slug, the slugs being those of `group`."""
    slugs = {topic.name: topic.slug for topic in _topics([rule.name for rule in given], ())}
    return {id_: slugs[found[0].topic] for id_, found in _claims(papers, given, space).items() if found}


def _claims(
    papers: Sequence[Paper], given: Sequence[TopicRule], space: TopicSpace | None
) -> dict[str, tuple[rules.Claim, ...]]:
    """The claims on each paper, by id."""
    like = examples.likenesses(papers, given, space)
    return {paper.id: rules.claims(paper, given, near) for paper, near in zip(papers, like, strict=True)}


def bounds(minimum: int, maximum: int, papers: int, limit: int) -> tuple[int, int]:
    """Section sizes for `papers` candidates of which an issue prints `limit`. The most grows with them, so that a
    section's share of the issue stays below `maximum`; the least grows with the root only, for a small section may
    well be a good one: 2 to 12 of 25 printed are 6 to 96 of 200 candidates."""
    ratio = max(1.0, papers / max(1, limit))
    return max(2, round(minimum * ratio**0.5)), max(2, round(maximum * ratio))


_Named = tuple[str, str, list[int]]  # slug, name, numbers of papers


def _topics(given: Sequence[str], printed: Sequence[_Named]) -> tuple[Topic, ...]:
    """Given topics, discovered ones, and the rest as the last."""
    rest = REST if REST not in given else f"{REST}: more"
    named: list[tuple[str, headings.Kind, str]] = [(name, "given", "") for name in given]
    named += [(name, "discovered", slug) for slug, name, _ in printed]
    return headings.topics([*named, (rest, "other", "")])


def _with_company(sections_: Sequence[_Named], papers: int, minimum: int) -> Sequence[_Named]:
    """The same sections, unless just one paper were left to the rest: then the smallest section is given up to it, or
    one paper of a section that can spare it, for no section is of one paper."""
    left = papers - sum(len(numbers) for _, _, numbers in sections_)
    if left != 1 or not sections_:
        return sections_
    slug, name, numbers = sections_[-1]
    return [*sections_[:-1], (slug, name, numbers[:-1])] if len(numbers) > minimum else sections_[:-1]


def _decisions(
    papers: Sequence[Paper],
    topic_of: Mapping[str, str],
    claims: Mapping[str, Sequence[rules.Claim]],
    topics: Sequence[Topic],
    now: datetime,
) -> list[Decision]:
    """What was done with each paper and why."""
    by_slug = {topic.slug: topic for topic in topics}
    sizes = Counter(topic_of.values())
    made = []
    for paper in papers:
        topic, those = by_slug[topic_of[paper.id]], claims[paper.id]
        made.append(
            Decision(
                subject=paper.id,
                stage="group",
                verdict=topic.kind,
                reason=_reason(topic, those, sizes[topic.slug]),
                at=now,
                of=topic.slug,
                numbers=tuple((claim.topic, claim.strength) for claim in those),
            )
        )
    return made


def _reason(topic: Topic, claims: Sequence[rules.Claim], size: int) -> str:
    if claims:
        also = ", ".join(f"{claim.topic} ({claim.strength:g})" for claim in claims[1:])
        why = f"{topic.name} wants it most ({claims[0].strength:g}): {'; '.join(claims[0].evidence)}"
        return f"{why}. Also wanted by {also}" if also else why
    if topic.kind == "discovered":
        return f"No given topic wants it; alike {size - 1} others under “{topic.name}”"
    return "No given topic wants it, and it is like no group of others"
