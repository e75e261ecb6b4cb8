"""The editor's desk: a proposal taken or declined. Taken, its paper is a pick, and stands in the draft that waits."""

import re
from dataclasses import replace
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from digest import assembly, dedupe, normalise, recognition
from digest.config import Plan
from digest.desk import acts
from digest.errors import InputError
from digest.model import Candidate, Draft, Grouping, Hand, Newsletter, Proposal, Reason, RunnerUp, Scored
from digest.select.sections import ALSO_NEW

if TYPE_CHECKING:
    from digest.store import History, Store


def take(plan: Plan, store: "Store", number: int, note: str, now: datetime) -> Proposal:
    """Takes a queued proposal: its paper comes first in the next issue that can print it, or in the draft that waits,
    with the editor's Markdown `note` and, if they wished, the proposer's name. Taken twice is taken once. Raises
    InputError where there is no such proposal, or it was not queued."""
    proposal = _of(store, number, "taken")
    if proposal.state == "taken":
        return proposal
    name = _stored(store, proposal, now)
    words = credited(note, proposal.credit)
    store.hand.pick(name, words, now)
    taken = replace(proposal, state="taken", paper_id=name, reason="")
    store.proposals.put(taken)
    history = store.papers.history(name)
    for draft in store.drafts.list(states=("open",)):
        if history is not None and draft.issue.newsletter not in history.printed:
            _into(store, plan.newsletter(draft.issue.newsletter), draft, history, words, now)
    return taken


def decline(store: "Store", number: int, words: str = "") -> Proposal:
    """Says no to a queued proposal. Raises InputError as `take` does."""
    declined = replace(_of(store, number, "declined"), state="declined", reason=words)
    store.proposals.put(declined)
    return declined


def credited(note: str, credit: str) -> str:
    """The editor's note with the proposer's name, whose signs mean nothing in Markdown."""
    if not credit:
        return note
    told = re.sub(r"([\\`*_{}\[\]()#!])", r"\\\1", escape(credit, quote=False))
    return f"{note}\n\nProposed by {told}.".strip()


def _of(store: "Store", number: int, wanted: str) -> Proposal:
    proposal = store.proposals.get(number)
    if proposal is None:
        raise InputError(f"there is no proposal {number}; `digest proposals list` shows those that wait")
    if proposal.state not in ("queued", wanted):
        raise InputError(f"proposal {number} is {proposal.state}; only one that waits can be taken or declined")
    return proposal


def _stored(store: "Store", proposal: Proposal, now: datetime) -> str:
    """The id of the proposal's paper, which is in the store from here on."""
    if proposal.entry is None:
        return proposal.paper_id
    readings = [normalise.read(proposal.entry)]
    resolved = dedupe.resolve([proposal.entry], readings, recognition.past(store, readings, now), now)
    recognition.keep(store, (), resolved, now)
    return resolved.sightings[0].paper_id


def _into(store: "Store", newsletter: Newsletter, draft: Draft, history: "History", words: str, now: datetime) -> None:
    """Pins the paper in a draft, as a runner-up of its own if the draft does not know it."""
    name = history.paper.id
    known = {item.paper.id for item in draft.issue.items} | {one.item.paper.id for one in draft.runners_up}
    if name not in known:
        candidate = Candidate(
            paper=history.paper,
            first_seen=history.first_seen,
            sightings=history.sightings,
            signals=history.signals,
        )
        reasons = (Reason(kind="picked", words="picked by the editor"),)
        score = history.scores.get(newsletter.name) or Scored(paper_id=name, total=0.0, terms=(), reasons=reasons)
        nowhere = Grouping(topics=(), topic_of={}, tags={})
        item = assembly.item(newsletter, candidate, score, nowhere, Hand(), now)
        acts.add(store, draft.issue.id, RunnerUp(item=item, topic=ALSO_NEW, why="proposed by a reader"))
    acts.pin(store, draft.issue.id, [name])
    if words:
        acts.note(store, draft.issue.id, words, name)
