"""Joins the index of digest/group/related.py with the store: the papers nearest to a paper.

The index is kept in the store as one piece, made in the fitted topic space; papers it lacks are added when a run ends
and when a question is asked, and all of it is made anew when the space is. Touch this file to change when that happens.
"""

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from digest.model import Paper
from digest.topics import SPACE

if TYPE_CHECKING:
    from digest.group.related import Index
    from digest.store import Store

INDEX = "rows of papers"
"""Name of fitted state in the store."""
BEFORE = datetime(1970, 1, 1, tzinfo=UTC)
"""When an imported past was first seen: millions of papers, which the index leaves out."""
FEW = 3000
"""Papers for which a space is fitted for the moment."""


def related(store: "Store", paper: Paper, most: int, now: datetime) -> tuple[tuple[Paper, float], ...]:
    """The stored papers nearest in meaning to a stored `paper` with their cosines (0 to 1), nearest first. While there
    are too few papers for a fitted space, one is fitted on them for the moment."""
    found = keep_up(store, now) or _of_few(store)
    if paper.id not in found.ids:
        found = _with(store, found, paper)
    near = found.like(paper.id, most) if paper.id in found.ids else ()
    papers = store.papers.some(id_ for id_, _ in near)
    return tuple((papers[id_], cosine) for id_, cosine in near if id_ in papers)


def keep_up(store: "Store", now: datetime) -> "Index | None":
    """The index of all papers in the store, brought up to date; None before a topic space was fitted."""
    from digest.group import TopicSpace
    from digest.group.related import Index, index

    body, kept = store.fitted.get(SPACE), store.fitted.get(INDEX)
    if not body:
        return None
    mark = hashlib.blake2b(body, digest_size=8).hexdigest()
    found = Index.from_bytes(kept) if kept else None
    if found and found.mark == mark and len(found.ids) == store.papers.count(BEFORE):
        return found
    ids = store.papers.ids(BEFORE)
    known = ids.intersection(found.ids) if found and found.mark == mark else frozenset()
    new = [paper for _, paper in sorted(store.papers.some(ids - known).items())]
    space = TopicSpace.from_bytes(body)
    found = found.of(known).with_papers(new, space) if found and known else index(new, space, mark)
    store.fitted.put({INDEX: found.to_bytes()}, now)
    return found


def index_of(store: "Store") -> "Index | None":
    """The index as it was last kept, however many papers came since; before a topic space was fitted one of the papers
    there are, None where these are too many to be fitted for the moment. Changes nothing."""
    from digest.group.related import Index

    kept = store.fitted.get(INDEX)
    if kept:
        return Index.from_bytes(kept)
    return _of_few(store) if 0 < store.papers.count(BEFORE) <= FEW else None


def _with(store: "Store", found: "Index", paper: Paper) -> "Index":
    """The index and a paper of an imported past, for one question."""
    from digest.group import TopicSpace

    body = store.fitted.get(SPACE)
    return found.with_papers([paper], TopicSpace.from_bytes(body)) if body else found


def _of_few(store: "Store") -> "Index":
    from digest.group import fit
    from digest.group.related import index

    papers = [paper for _, paper in sorted(store.papers.some(store.papers.ids(BEFORE)).items())]
    return index(papers, fit(papers))
