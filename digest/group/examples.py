"""Group: how like the examples of a given topic papers are. Touched when examples take too much, or too little.

Likeness is the cosine of a paper with the nearest example in the fitted space. `LIKE` is what one pair of recorded
papers in five hundred reaches, and about the five nearest of 8,000 (docs/topics.md).
"""

from collections.abc import Sequence

from digest.group.space import TopicSpace, text_of
from digest.model import Paper, TopicRule

LIKE = 0.75


def likenesses(papers: Sequence[Paper], given: Sequence[TopicRule], space: TopicSpace | None) -> list[dict[str, float]]:
    """For each paper, the names of topics with an example that it is like, each with the cosine (LIKE to 1). Without a
    space fitted on a past nothing is like: cosines among few papers say little."""
    found: list[dict[str, float]] = [{} for _ in papers]
    wanted = [rule for rule in given if rule.texts]
    if space is None or not wanted or not papers:
        return found
    rows = space.project([text_of(paper) for paper in papers])
    for rule in wanted:
        nearest = (rows @ space.project(rule.texts).T).max(axis=1)
        for names, cosine in zip(found, nearest, strict=True):
            if cosine >= LIKE:
                names[rule.name] = min(1.0, float(cosine))
    return found
