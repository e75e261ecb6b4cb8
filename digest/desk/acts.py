"""The editor's desk: what an editor does to a draft that waits. Each act is one transaction, and says no in words.

Acts change `Edits` alone. Papers are named by id; who names one by another spelling resolves it before.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from digest.errors import DigestError, InputError
from digest.model import Draft, Edits, RunnerUp

if TYPE_CHECKING:
    from digest.store import Store

LONGEST_NOTE = 5_000
OVER = {
    "approved": "is approved already and goes out as decided",
    "released": "is out already",
    "lapsed": "has lapsed: a newer draft took its place, and its papers are candidates again",
    "empty": "came to nothing: every paper was left out",
}


def pending(store: "Store", issue_id: str | None) -> Draft:
    """The draft of this issue, or the only one that waits. Raises InputError where there is none, or several."""
    if issue_id is not None:
        draft = store.drafts.get(issue_id)
        if draft is None:
            raise InputError(f"there is no draft of {issue_id}; `digest desk list` shows those that wait")
        return draft
    waiting = store.drafts.list()
    if len(waiting) != 1:
        names = ", ".join(draft.issue.id for draft in waiting)
        raise InputError(f"name one of the drafts that wait: {names}" if names else "no draft waits")
    return waiting[0]


def drop(store: "Store", issue_id: str, names: Sequence[str]) -> Draft:
    """Leaves papers out. Raises InputError for one that is not in the draft."""
    return _edit(store, issue_id, lambda draft: _dropped(draft, _known(draft, names)))


def pin(store: "Store", issue_id: str, names: Sequence[str]) -> Draft:
    """Prints papers, be they dropped or runners-up, and puts them first. Raises InputError for any other."""
    return _edit(store, issue_id, lambda draft: _pinned(draft, _known(draft, names)))


def reorder(store: "Store", issue_id: str, names: Sequence[str]) -> Draft:
    """Puts these papers first, in this order; the others follow as they were. Raises InputError for one that is not in
    the draft."""
    return _edit(store, issue_id, lambda draft: replace(draft.edits, order=_known(draft, names)))


def note(store: "Store", issue_id: str, words: str, name: str | None = None) -> Draft:
    """Puts the editor's Markdown with a paper, or (without `name`) at the top of the issue; "" takes it away."""
    words = words.strip()[:LONGEST_NOTE]

    def how(draft: Draft) -> Edits:
        if name is None:
            return replace(draft.edits, introduction=words)
        (known,) = _known(draft, [name])
        return replace(draft.edits, notes={**draft.edits.notes, known: words})

    return _edit(store, issue_id, how)


def add(store: "Store", issue_id: str, one: RunnerUp) -> None:
    """Adds a runner-up to a draft that waits. Raises DigestError for one that does not."""

    def how(draft: Draft) -> Draft:
        if draft.state != "open":
            raise DigestError(f"the draft of {issue_id} {OVER[draft.state]}")
        return replace(draft, runners_up=(*draft.runners_up, one))

    store.drafts.change(issue_id, how)


def decide(store: "Store", issue_id: str, edits: Edits) -> Draft:
    """Everything at once, as a page's form says it."""
    return _edit(store, issue_id, lambda draft: _checked(draft, edits))


def approve(store: "Store", issue_id: str, by: str, now: datetime) -> tuple[Draft, bool]:
    """The editor's yes: from here on nothing of the draft changes. Approved twice is approved once: says whether this
    was the first time. Raises DigestError for a draft that lapsed."""
    first = False

    def how(draft: Draft) -> Draft:
        nonlocal first
        if draft.state in ("approved", "released"):
            return draft
        if draft.state != "open":
            raise DigestError(f"the draft of {issue_id} {OVER[draft.state]}")
        first = True
        return replace(draft, state="approved", decided_at=now, decided_by=by)

    draft = store.drafts.change(issue_id, how)
    assert draft is not None, "drafts are never deleted"
    return draft, first


def _edit(store: "Store", issue_id: str, how: Callable[[Draft], Edits]) -> Draft:
    def changed(draft: Draft) -> Draft:
        if draft.state != "open":
            raise DigestError(f"the draft of {issue_id} {OVER[draft.state]}")
        return replace(draft, edits=how(draft))

    draft = store.drafts.change(issue_id, changed)
    if draft is None:
        raise InputError(f"there is no draft of {issue_id}")
    return draft


def _ids(draft: Draft) -> Mapping[str, bool]:
    """Every paper that the draft knows, and whether it is a runner-up."""
    known = dict.fromkeys((item.paper.id for item in draft.issue.items), False)
    return {**dict.fromkeys((one.item.paper.id for one in draft.runners_up), True), **known}


def _known(draft: Draft, names: Sequence[str]) -> tuple[str, ...]:
    known = _ids(draft)
    for name in names:
        if name not in known:
            raise InputError(f"{name} is neither in the draft of {draft.issue.id} nor among its runners-up")
    return tuple(dict.fromkeys(names))


def _dropped(draft: Draft, names: Sequence[str]) -> Edits:
    edits = draft.edits
    return replace(
        edits,
        dropped=tuple(dict.fromkeys((*edits.dropped, *names))),
        pinned=tuple(name for name in edits.pinned if name not in names),
        order=tuple(name for name in edits.order if name not in names),
    )


def _pinned(draft: Draft, names: Sequence[str]) -> Edits:
    edits, known = draft.edits, _ids(draft)
    return replace(
        edits,
        dropped=tuple(name for name in edits.dropped if name not in names),
        pinned=tuple(dict.fromkeys((*edits.pinned, *(name for name in names if known[name])))),
        order=tuple(dict.fromkeys((*names, *edits.order))),
    )


def _checked(draft: Draft, edits: Edits) -> Edits:
    named = (*edits.order, *edits.dropped, *edits.pinned, *edits.notes)
    _known(draft, named)
    return replace(edits, notes={name: words[:LONGEST_NOTE] for name, words in edits.notes.items()})
