"""Joins dedupe with the store: what must be known of the past to recognise a run's readings, and what to keep of it.

Used by the pipeline, by back-filling and by whatever else brings papers; it decides nothing. Touch it when recognising
needs to look up or to remember something more.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from digest import dedupe
from digest.model import Answer, Known, Paper, Reading, Resolved, Told

if TYPE_CHECKING:
    from digest.store import Store


def past(store: "Store", readings: Sequence[Reading | None], now: datetime) -> Known:
    """The past as far as it bears on `readings`. The index of rare words is brought up to date first, which reads every
    paper once after an upgrade that changed which words are rare."""
    ready(store, now)
    return store.papers.known(dedupe.questions(readings))


def ready(store: "Store", now: datetime) -> int:
    """Brings the index of rare words up to date: how many papers had to be read for it. Raises StoreError."""
    return store.words.ready(dedupe.rare_words, dedupe.rarity_stamp(), now)


def keep(store: "Store", answers: Iterable[Answer], resolved: Resolved, now: datetime) -> None:
    """Saves what a run found, each paper to be found again by title and by rare words. Raises StoreError."""
    folds, words = marks((*resolved.new, *resolved.updated))
    store.save_collected(answers, resolved, now, folds, words, told(resolved.titles))


def marks(papers: Iterable[Paper]) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """(folded titles, rare words), each by paper id."""
    listed = tuple(papers)
    folds = {paper.id: dedupe.fold(paper.title) for paper in listed}
    return folds, {paper.id: dedupe.rare_words(paper.title) for paper in listed}


def told(titles: Iterable[tuple[str, str]]) -> list[Told]:
    """What papers are found by besides their own titles, from (paper id, title)."""
    return [Told(paper_id, dedupe.fold(title), dedupe.rare_words(title)) for paper_id, title in titles]
