"""Store room: what one run of collecting found, kept in one transaction or not at all."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from digest.model import Answer, Decision, Paper, Resolved, SourceState, Told
from digest.store import tables as t
from digest.store.absorb import absorb
from digest.store.accounts import put_accounts
from digest.store.codec import encode
from digest.store.database import Database
from digest.store.doubts import Pair, pair_of, put_doubts
from digest.store.observed import put_sightings, put_signals
from digest.store.search import index_announced
from digest.store.words import put_words


def save_collected(
    database: Database,
    answers: Iterable[Answer],
    resolved: Resolved,
    now: datetime,
    folds: Mapping[str, str],
    words: Mapping[str, Sequence[str]],
    told: Collection[Told] = (),
) -> None:
    """Papers, keys, titles and their words, sightings, signals, decisions and the sources' states, all or nothing.

    `folds` maps a paper's id to its folded title, `words` to the rare words of it; `told` are titles besides. A paper
    already there keeps its first sighting. Saving the same again changes nothing: what a list says hour after hour is
    kept once. Raises StoreError.
    """
    papers = (*resolved.new, *resolved.updated)
    with database.write() as write:
        for merge, after in zip(resolved.merges, resolved.steps, strict=True):
            absorb(write, merge)
            _papers(write, [after], {after.id: now})
        put_accounts(write, resolved.accounts)
        put_papers(write, papers, now, folds, words, _first_seen(resolved, now))
        put_told(write, told)
        again = put_sightings(write, resolved.sightings)
        index_announced(write, (each.id for each in papers), (each.paper_id for each in resolved.sightings))
        put_signals(write, resolved.signals)
        doubted = put_doubts(write, resolved.decisions)
        add_decisions(write, [each for each in resolved.decisions if not _repeats(each, again, doubted)])
        put_states(write, [answer.state for answer in answers])


def _repeats(decision: Decision, again: Collection[str], doubted: Collection[Pair]) -> bool:
    """Whether it says what was said before: of an announcement seen again, or of a pair in doubt already."""
    if decision.verdict == "perhaps":
        return pair_of(decision) in doubted
    return decision.verdict == "known" and decision.of in again


def put_papers(
    write: sa.Connection,
    papers: Sequence[Paper],
    now: datetime,
    folds: Mapping[str, str],
    words: Mapping[str, Sequence[str]],
    first_seen: Mapping[str, datetime] | None = None,
) -> None:
    """Saves papers as they are now, to be found by key, folded title and rare words; one without `first_seen`
    that is not there yet is first seen `now`."""
    seen = {paper.id: now for paper in papers} | dict(first_seen or {})
    _papers(write, papers, seen)
    _keys(write, papers)
    _titles(write, papers, folds)
    put_words(write, words.items())


def put_told(write: sa.Connection, told: Collection[Told]) -> None:
    """Makes papers findable by titles that are not their own."""
    _ignore(write, t.paper_titles, [{"fold": one.fold, "paper_id": one.paper_id} for one in told if one.fold])
    put_words(write, ((one.paper_id, one.words) for one in told))


def add_decisions(write: sa.Connection, decisions: Iterable[Decision]) -> None:
    """Appends decisions, in their order."""
    rows = [{"subject": each.subject, "of": each.of, "at": each.at, "body": encode(each)} for each in decisions]
    if rows:
        write.execute(sa.insert(t.decisions), rows)


def put_states(write: sa.Connection, states: Iterable[SourceState]) -> None:
    """Remembers the sources' states in place of what was remembered."""
    rows = [{"name": state.name, "body": encode(state)} for state in states]
    if rows:
        statement = insert(t.sources)
        write.execute(statement.on_conflict_do_update(set_={"body": statement.excluded.body}), rows)


def _first_seen(resolved: Resolved, now: datetime) -> dict[str, datetime]:
    first: dict[str, datetime] = {}
    for sighting in resolved.sightings:
        first[sighting.paper_id] = min(first.get(sighting.paper_id, now), sighting.at)
    return {paper.id: first.get(paper.id, now) for paper in (*resolved.new, *resolved.updated)}


def _papers(write: sa.Connection, papers: Sequence[Paper], first_seen: Mapping[str, datetime]) -> None:
    rows = [{"id": paper.id, "first_seen": first_seen[paper.id], "body": encode(paper)} for paper in papers]
    if rows:
        statement = insert(t.papers)
        write.execute(statement.on_conflict_do_update(set_={"body": statement.excluded.body}), rows)


def _keys(write: sa.Connection, papers: Sequence[Paper]) -> None:
    """A key that moved to another paper (two were found to be one) leads there from now on."""
    rows = [{"key": key, "paper_id": paper.id} for paper in papers for key in (paper.id, *paper.keys)]
    if rows:
        statement = insert(t.paper_keys)
        write.execute(statement.on_conflict_do_update(set_={"paper_id": statement.excluded.paper_id}), rows)


def _titles(write: sa.Connection, papers: Sequence[Paper], folds: Mapping[str, str]) -> None:
    _ignore(write, t.paper_titles, [{"fold": folds[p.id], "paper_id": p.id} for p in papers if folds.get(p.id)])


def _ignore(write: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        write.execute(insert(table).on_conflict_do_nothing(), rows)
