"""Summarise room: facts at a glance, the badges of an item. Only what is certain: a wrong badge is worse than none.

Pure; touched when a new kind of fact can be told for certain. Where a link or venue is read out of free text, that is
`evidence.py`'s work.
"""

from collections.abc import Iterator
from datetime import datetime

from digest.model import Candidate, Fact, Link, Paper
from digest.summarise import evidence, figures

# Link kinds that make a badge, in the order badges stand, with what the badge says.
LABELS = {
    "code": "code",
    "project": "project page",
    "data": "data",
    "weights": "weights",
    "demo": "demo",
    "video": "video",
}


def facts(candidate: Candidate, now: datetime) -> tuple[Fact, ...]:
    """Badges of a paper as known at `now`: links by kind, venue, a result, new version, several sources, no votes yet,
    pages.

    At most one badge a kind, in a fixed order. What was observed after `now` is left out.
    """
    paper = candidate.paper
    of_paper = (*_links(paper), *_venue(paper), *_figure("result", figures.result(paper)))
    observed = (*_version(candidate, now), *_sources(candidate, now), *_unvoted(candidate, now))
    return (*of_paper, *observed, *_figure("pages", figures.pages(paper.comment or "")))


def _links(paper: Paper) -> Iterator[Fact]:
    """One badge for each kind of link that is certain: given by a source, or offered as theirs in the text."""
    text = f"{paper.abstract}\n{paper.comment or ''}"
    certain = [link for link in paper.links if not _is_doubtful(link, text)]
    certain += evidence.offered(paper.comment or "")
    certain += evidence.offered(paper.abstract)
    for kind, label in LABELS.items():
        url = next((link.url for link in certain if link.kind == kind and evidence.is_web(link.url)), None)
        if url is not None:
            yield Fact(kind=kind, text=label, url=url)


def _is_doubtful(link: Link, text: str) -> bool:
    """Whether a link stands in the text, where it may be somebody else's; `evidence.offered` judges those."""
    return link.url.split("://", 1)[-1].rstrip("/") in text


def _venue(paper: Paper) -> Iterator[Fact]:
    said = evidence.accepted_at(paper.comment or "") or evidence.venue(paper.venue or "")
    if said:
        yield Fact(kind="venue", text=said)


def _figure(kind: str, said: str) -> Iterator[Fact]:
    if said:
        yield Fact(kind=kind, text=said)


def _version(candidate: Candidate, now: datetime) -> Iterator[Fact]:
    """A badge if the paper's latest announcement is a replacement; its number where the source told it."""
    sightings = sorted((s for s in candidate.sightings if s.at <= now), key=lambda s: (s.at, s.source))
    replaced = [s for s in sightings if s.announcement.startswith("replace")]
    if replaced and sightings[-1].at == replaced[-1].at:
        number = max((s.version or 0 for s in replaced), default=0)
        yield Fact(kind="version", text=f"new version (v{number})" if number > 1 else "new version")


def _sources(candidate: Candidate, now: datetime) -> Iterator[Fact]:
    names = {s.source for s in candidate.sightings if s.at <= now}
    if len(names) >= 2:
        yield Fact(kind="sources", text=f"seen in {len(names)} sources")


def _unvoted(candidate: Candidate, now: datetime) -> Iterator[Fact]:
    """Only where votes are counted: some source reported upvotes, and none ever reported more than zero."""
    votes = [s.value for s in candidate.signals if s.kind == "upvotes" and s.at <= now]
    if votes and max(votes) <= 0:
        yield Fact(kind="unvoted", text="no votes yet")
