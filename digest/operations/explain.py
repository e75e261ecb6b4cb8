"""Everything known of one paper, for `digest explain`: keys, sightings, signals, scores term by term, decisions."""

from typing import TYPE_CHECKING, Any

from digest.errors import UnknownPaper
from digest.model import Paper, Scored
from digest.normalise import identifiers
from digest.operations import origins

if TYPE_CHECKING:
    from digest.store import History, Store


def find(store: "Store", spelling: str) -> Paper:
    """The paper meant by any spelling of an id, key or link; `UnknownPaper` when there is none."""
    for name in names(spelling):
        paper = store.papers.get(name)
        if paper is not None:
            return paper
    raise UnknownPaper(f"nothing is known of `{spelling}`; ids look like arxiv:2503.01234, a DOI or a link")


def history(store: "Store", spelling: str) -> "History":
    """All that the store holds on the paper meant by `spelling`."""
    found = store.papers.history(find(store, spelling).id)
    assert found is not None, "the paper was found a moment ago"
    return found


def as_json(found: "History") -> dict[str, Any]:
    """The history as plain values; scores name each term's value, level, weight and points, which add up to total."""
    paper = found.paper
    return {
        "id": paper.id,
        "keys": list(paper.keys),
        "title": paper.title,
        "authors": [author.name for author in paper.authors],
        "first_seen": found.first_seen.isoformat(),
        "withdrawn": paper.withdrawn,
        "sightings": [
            {
                "source": seen.source,
                "at": seen.at.isoformat(),
                "announcement": seen.announcement,
                "version": seen.version,
                "guid": seen.guid,
            }
            for seen in found.sightings
        ],
        "signals": [
            {"kind": signal.kind, "value": signal.value, "at": signal.at.isoformat(), "source": signal.source}
            for signal in found.signals
        ],
        "score": {name: _score(scored) for name, scored in found.scores.items()},
        "printed": dict(found.printed),
        "decisions": [
            {
                "subject": decision.subject,
                "stage": decision.stage,
                "verdict": decision.verdict,
                "of": decision.of,
                "reason": decision.reason,
                "at": decision.at.isoformat(),
                "numbers": dict(decision.numbers),
            }
            for decision in found.decisions
        ],
        **origins.as_json(found),
    }


def as_lines(found: "History") -> list[str]:
    """The history for a person, oldest first."""
    paper = found.paper
    lines = [paper.title, f"  {paper.id}   keys: {', '.join(paper.keys)}"]
    if paper.authors:
        lines.append(f"  {', '.join(author.name for author in paper.authors)}")
    if paper.withdrawn:
        lines.append("  withdrawn: no issue prints it any more")
    lines += origins.as_lines(found)
    lines.append("seen" if found.sightings else "known from an imported past; no source has announced it here")
    lines += [f"  {seen.at:%Y-%m-%d %H:%M}  {seen.source}: {seen.announcement}" for seen in found.sightings]
    if found.signals:
        lines.append("attention")
        lines += [f"  {one.at:%Y-%m-%d %H:%M}  {one.kind} {one.value:g} ({one.source})" for one in found.signals]
    for name, scored in found.scores.items():
        lines.append(f"score in {name}: {scored.total:.3f}")
        lines += [
            f"  {term.name:<16} {term.points:+.3f}  (weight {term.weight:g}, level {term.level:.3f}, {term.value:g})"
            for term in scored.terms
        ]
    lines.append("decisions")
    for made in found.decisions:
        of = f" of {made.of}" if made.of else ""
        lines.append(f"  {made.at:%Y-%m-%d %H:%M}  {made.stage}: {made.verdict}{of}: {made.reason}")
    return lines


def _score(scored: Scored) -> dict[str, Any]:
    return {
        "total": scored.total,
        "terms": [
            {
                "name": term.name,
                "value": term.value,
                "level": term.level,
                "weight": term.weight,
                "points": term.points,
            }
            for term in scored.terms
        ],
        "reasons": [reason.words for reason in scored.reasons],
    }


def names(spelling: str) -> list[str]:
    """What `spelling` may be called in the store, likeliest first: itself as an id, then its canonical key."""
    canonical = identifiers.canonical(spelling.strip())
    return [spelling.strip(), *([canonical] if canonical else [])]
