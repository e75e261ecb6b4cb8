"""The select room: the chosen papers under headings. Touch it to change where a lone paper goes or the order."""

from collections import Counter
from collections.abc import Mapping, Sequence

from digest.model import Grouping, Hand, Paper, Scored, Topic, TopicRule
from digest.select.choose import OTHER
from digest.select.likeness import Likeness

ALSO_NEW = Topic(slug=OTHER, name="Also new", kind="other")

Sections = tuple[tuple[Topic, tuple[str, ...], int], ...]


def arrange(
    chosen: Sequence[str],
    scored: Sequence[Scored],
    grouping: Grouping,
    papers: Mapping[str, Paper],
    hand: Hand,
    limits: Mapping[str, int],
    rules: Sequence[TopicRule],
) -> Sections:
    """The chosen by topic: (topic, ids best first with picks before, waiting).

    Given topics first in the order of `rules`, discovered ones by their best paper, the honest rest last. A lone
    paper of a discovered topic joins a printed topic it touches by its tags, else the rest, else (the rest being
    empty) the discovered section nearest by words; it stays alone where there is none. `waiting` counts a topic's
    candidates left out; those of topics without a section count with the rest, where it is printed.
    """
    topics = {topic.slug: topic for topic in grouping.topics}
    other = next((t for t in grouping.topics if t.kind == "other"), ALSO_NEW)
    topics.setdefault(other.slug, other)
    home = {s.paper_id: grouping.topic_of.get(s.paper_id, other.slug) for s in scored}
    home = {paper_id: slug if slug in topics else other.slug for paper_id, slug in home.items()}
    printed = {paper_id: home[paper_id] for paper_id in chosen}
    _rehouse(printed, topics, other, grouping.tags, limits, Likeness(papers))
    order = _best_first(chosen, scored, hand)
    sections: dict[str, list[str]] = {}
    for paper_id in order:
        sections.setdefault(printed[paper_id], []).append(paper_id)
    waiting = Counter(
        slug if slug in sections else other.slug
        for paper_id, slug in home.items()
        if paper_id not in printed and paper_id not in hand.skips
    )
    return tuple((topics[slug], tuple(sections[slug]), waiting[slug]) for slug in _ordered(sections, topics, rules))


def _best_first(chosen: Sequence[str], scored: Sequence[Scored], hand: Hand) -> list[str]:
    """Picks in the editor's order, then by score."""
    place = {s.paper_id: number for number, s in enumerate(scored)}
    picks = {paper_id: number for number, paper_id in enumerate(hand.picks)}
    return sorted(chosen, key=lambda i: (0, picks[i]) if i in picks else (1, place[i]))


def _rehouse(
    printed: dict[str, str],
    topics: Mapping[str, Topic],
    other: Topic,
    tags: Mapping[str, tuple[str, ...]],
    limits: Mapping[str, int],
    likeness: Likeness,
) -> None:
    """Move papers that are alone under a discovered heading or in the rest; changes `printed`."""
    sizes = Counter(printed.values())
    alone = [i for i, slug in printed.items() if sizes[slug] == 1 and topics[slug].kind != "given"]
    for paper_id in alone:
        touched = (t for t in tags.get(paper_id, ()) if t != printed[paper_id] and sizes[t] > 0)
        fits = next((t for t in touched if t not in limits or sizes[t] < limits[t]), None)
        if fits is not None and sizes[printed[paper_id]] == 1:
            _move(paper_id, fits, printed, sizes)
    alone = [i for i in alone if sizes[printed[i]] == 1]
    company = len(alone) + (sizes[other.slug] if sizes[other.slug] > 1 else 0)
    for paper_id in alone:
        slug = other.slug if company > 1 else _nearest(paper_id, printed, topics, likeness)
        _move(paper_id, slug, printed, sizes)


def _nearest(paper_id: str, printed: Mapping[str, str], topics: Mapping[str, Topic], likeness: Likeness) -> str:
    """The discovered section of the paper whose words are most like this one's; its own where there is no other.

    Never a given topic: what that takes was said by a person.
    """
    near = [
        (likeness.of(paper_id, i), i, slug)
        for i, slug in printed.items()
        if i != paper_id and topics[slug].kind == "discovered"
    ]
    return max(near)[2] if near else printed[paper_id]


def _move(paper_id: str, slug: str, printed: dict[str, str], sizes: Counter[str]) -> None:
    sizes[printed[paper_id]] -= 1
    sizes[slug] += 1
    printed[paper_id] = slug


def _ordered(
    sections: Mapping[str, Sequence[str]], topics: Mapping[str, Topic], rules: Sequence[TopicRule]
) -> list[str]:
    given = {rule.name: number for number, rule in enumerate(rules)}
    by_best = list(sections)  # made in the order of the best paper of each

    def place(slug: str) -> tuple[int, int]:
        topic = topics[slug]
        if topic.kind == "given":
            return 0, given.get(topic.name, len(given))
        return (1 if topic.kind == "discovered" else 2), by_best.index(slug)

    return sorted(by_best, key=place)
