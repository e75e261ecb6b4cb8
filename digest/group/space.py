"""Group: the space papers are compared in, fitted on the store's history. Touched when it should be fitted otherwise.

A topic space stays as it is from day to day and is fitted anew only where `outgrown` says so; standing topics are kept
as words, so that they mean the same in the next one.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from digest.model import Paper, TextModel
from digest.text import vectors
from digest.text.vectors import LatentSpace

if TYPE_CHECKING:
    from digest.text.vectors import Floats

TopicSpace = LatentSpace
"""`project`, `shares`, `to_bytes` and `from_bytes` are what it offers."""
_ENOUGH = 300  # papers of history below which an issue's own papers tell more


def fit(papers: Sequence[Paper], model: TextModel | None = None) -> TopicSpace:
    """The space of these papers, in whatever order they come, with what a `model` adds. Of more than 20,000, that many
    are taken, evenly spaced by id (and so, for most kinds of id, in time). InputError for a model that is not there."""
    return vectors.fit([text_of(paper) for paper in sorted(papers, key=lambda paper: paper.id)], model=model)


def outgrown(space: TopicSpace | None, papers: int) -> bool:
    """Whether a history of so many papers calls for a new space: there is none though there is enough to fit one on,
    or the history has doubled since (which changes little beyond what one fit takes)."""
    if space is None:
        return papers >= _ENOUGH
    return papers >= 2 * space.texts and space.texts < vectors.MOST_TEXTS


def text_of(paper: Paper) -> str:
    """What a paper is grouped by."""
    return f"{paper.title}. {paper.abstract}"


def profile(shares: Any, space: TopicSpace, most: int = 200) -> tuple[tuple[str, float], ...]:
    """What papers with these `shares` (papers, terms) have in common: the terms with the largest mean share."""
    import numpy as np

    mean = np.asarray(shares.mean(axis=0)).ravel()
    leading = sorted(np.flatnonzero(mean), key=lambda term: (-mean[term], term))[:most]
    return tuple((space.vocabulary[term], round(float(mean[term]), 6)) for term in leading)


def spread_out(words: Sequence[Sequence[tuple[str, float]]], space: TopicSpace) -> "Floats":
    """Profiles as rows (profiles, terms); terms the space has not are left out."""
    import numpy as np

    column = {term: number for number, term in enumerate(space.vocabulary)}
    rows = np.zeros((len(words), len(column)), dtype=np.float32)
    for row, pairs in zip(rows, words, strict=True):
        for term, share in pairs:
            if term in column:
                row[column[term]] = share
    return rows
