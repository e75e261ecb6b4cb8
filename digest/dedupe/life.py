"""Dedupe room: what a run changed of papers that were known: accepted, code released, another version, withdrawn.

Each change is a decision of the stage ``life``, whose verdict is its kind, so that it is explained, exported and pruned
like any other. Touch here what counts as a change that readers of a paper want to know of.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from digest.dedupe import identity
from digest.model import Decision, Known, Paper, Resolved
from digest.text import notices
from digest.text.fold import compact

STAGE = "life"
KINDS = ("withdrawn", "standing", "corrected", "venue", "code", "version")
"""Kinds of changes, the weightiest first."""


def lived(known: Known, resolved: Resolved, now: datetime) -> Resolved:
    """`resolved` with what has become of known papers: a decision for each change, and papers that a new notice takes
    back marked as withdrawn."""
    updated = {paper.id: paper for paper in resolved.updated}
    told: list[Decision] = []
    for paper_id, paper, verdict, words, notice in _notices(known, resolved.new):
        after = updated.get(paper_id, paper)
        if verdict == "withdrawn" and not after.withdrawn:
            updated[paper_id] = replace(after, withdrawn=True)
        told.append(_decision(paper_id, verdict, words, notice, now))
    for paper in resolved.updated:
        before = known.papers.get(paper.id)
        if before is not None:
            told += [_decision(paper.id, verdict, words, paper.id, now) for verdict, words in changes(before, paper)]
    return replace(resolved, updated=tuple(updated.values()), decisions=(*resolved.decisions, *told))


def changes(before: Paper, after: Paper) -> Iterator[tuple[str, str]]:
    """(kind, words) of each change that readers want to know of."""
    if after.withdrawn and not before.withdrawn:
        yield "withdrawn", _cut(after.comment or "withdrawn")
    if before.withdrawn and not after.withdrawn:
        yield "standing", f"stands again, as version {after.version}"
    newer = before.version is not None and (after.version or 0) > before.version
    if newer and not after.withdrawn:
        if any(word in (after.comment or "").lower() for word in ("erratum", "corrigendum", "correction", "corrected")):
            yield "corrected", _cut(f"version {after.version}: {after.comment}")
        elif after.abstract and before.abstract and compact(before.abstract) != compact(after.abstract):
            yield "version", f"version {after.version}, with a changed abstract"
    dois = [key for key in after.keys if key.startswith("doi:") and key not in before.keys]
    if after.venue and compact(after.venue) != compact(before.venue or ""):
        yield "venue", _cut(f"now at {after.venue}")
    elif dois and not before.venue and not any(key.startswith("doi:") for key in before.keys):
        yield "venue", _cut(f"published as {dois[0].removeprefix('doi:')}")
    if _has_code(after) and not _has_code(before):
        yield "code", "code released"


def _notices(known: Known, new: Sequence[Paper]) -> Iterator[tuple[str, Paper, str, str, str]]:
    """(id, paper, verdict, words, id of the notice) for each new notice about a known paper of that title; authors,
    where both name some, must agree."""
    titled: dict[str, list[Paper]] = {}
    for paper in known.papers.values():
        titled.setdefault(identity.fold(paper.title), []).append(paper)
    for notice in new:
        found = notices.about(notice.title)
        if found is None:
            continue
        kind, title = found
        for paper in titled.get(identity.fold(title), ()):
            if identity.shared_authors(paper, notice) != 0:
                verdict = "withdrawn" if notices.retracts(kind) else "corrected"
                yield paper.id, paper, verdict, _cut(f"{kind}: {notice.url or notice.id}"), notice.id


def _has_code(paper: Paper) -> bool:
    return any(link.kind == "code" for link in paper.links)


def _decision(paper_id: str, verdict: str, words: str, of: str, now: datetime) -> Decision:
    return Decision(subject=paper_id, stage=STAGE, verdict=verdict, reason=words, at=now, of=of)


def _cut(words: str) -> str:
    return words if len(words) <= 200 else words[:199].rstrip() + "…"
