"""Papers on a few themes, and what must hold of any grouping of them: what the tests of this room share."""

import random
from collections import Counter
from datetime import UTC, datetime

from digest.model import Grouping, Paper

NOW = datetime(2025, 3, 11, 8, tzinfo=UTC)
THEMES = {
    "coral": "coral reef bleaching ocean warming symbiosis polyp",
    "kiln": "ceramic kiln glaze sintering clay porosity",
    "sonata": "piano sonata harmony counterpoint cadence voice leading",
    "glacier": "alpine glacier mass balance ice velocity moraine",
}


def paper(number: int, title: str, abstract: str = "", **facts: tuple[str, ...]) -> Paper:
    key = f"arxiv:2501.{number:05d}"
    return Paper(id=key, keys=(key,), title=title, abstract=abstract, **facts)


def themed(many: int, seed: int = 0) -> list[Paper]:
    """`many` papers, dealt over the themes, each with some words of its own theme."""
    chance = random.Random(seed)
    made = []
    for number in range(many):
        pool = list(THEMES.values())[number % len(THEMES)].split()
        picked = [" ".join(chance.sample(pool, 3)) for _ in range(4)]
        made.append(
            paper(number, f"On {pool[0]} {pool[1]}", f"We measure {', '.join(picked)} in {pool[0]} {pool[1]}s.")
        )
    return made


def check(found: Grouping, papers: list[Paper], minimum: int, maximum: int) -> None:
    """What must hold of any grouping."""
    assert set(found.topic_of) == {p.id for p in papers}
    slugs = [topic.slug for topic in found.topics]
    assert len(set(slugs)) == len(slugs) and set(found.topic_of.values()) <= set(slugs)
    assert len({topic.name for topic in found.topics}) == len(slugs)
    sizes = Counter(found.topic_of.values())
    claimed = sum(sizes[topic.slug] for topic in found.topics if topic.kind == "given")
    for topic in found.topics:
        assert 0 <= topic.colour <= 7
        if topic.kind == "discovered":
            assert max(2, minimum) <= sizes[topic.slug] <= maximum
        if topic.kind == "other":
            assert sizes[topic.slug] > 1 or len(papers) - claimed == 1
    of_papers = [decision for decision in found.decisions if not decision.subject.startswith("topic:")]
    assert [decision.subject for decision in of_papers] == sorted(found.topic_of)
    assert all(decision.of == found.topic_of[decision.subject] for decision in of_papers)
