"""Two papers made one, or one made two, by a person's word, for `digest merge` and `digest split`; what is in doubt.

Who is one paper is dedupe's to say, what is kept of it the store's; this joins the two for a person who knows better.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from digest import dedupe, recognition
from digest.errors import InputError
from digest.model import Account, Decision, Merge, Paper, Questions, Told
from digest.operations.explain import find, names

if TYPE_CHECKING:
    from digest.store import Store, Undo

BY_HAND = "by hand"


def merge(store: "Store", one: str, other: str, now: datetime) -> tuple[Paper, str]:
    """Makes one paper of two, in any spelling: (the paper, the id that it had as well). The one with the stronger id
    keeps it; the other id goes on to lead to it. Raises UnknownPaper, InputError where they are one already."""
    papers = sorted((find(store, one), find(store, other)), key=dedupe.id_rank)
    kept, gone = papers
    if kept.id == gone.id:
        raise InputError(f"{one} and {other} are one paper already: {kept.id}")
    paper = dedupe.extended(kept, [gone])
    made = Merge(kept=kept.id, gone=gone.id, at=now, reason=BY_HAND)
    store.merges.merge(made, paper, recognition.marks([paper]), _said("merged", gone.id, kept.id, now))
    return paper, gone.id


def split(store: "Store", one: str, other: str | None, now: datetime) -> tuple[str, str]:
    """Makes two papers of one: (the id that stays, the id of the other). They never become one again by themselves.

    `one` alone undoes the newest step by which it became one that did not rest on a key. With `other`, two papers are
    called different, or what `other` names (an id, a key, a source) is taken out of the paper. Raises UnknownPaper;
    InputError where there is nothing to part.
    """
    paper = find(store, one)
    second = find(store, other) if other is not None and not _is_source(store, paper, other) else paper
    if second.id != paper.id:
        first, last = sorted((paper.id, second.id))
        store.merges.settle(_said("different", last, first, now))
        return first, last
    accounts = store.merges.accounts(paper.id)
    undo, meant = store.merges.last(paper.id), _meant(paper, accounts, one, other)
    if undo is not None and _undoes(undo, meant, one, other):
        return _undone(store, undo, now)
    if not meant:
        raise InputError(_cannot(paper, accounts))
    return _parted(store, paper, accounts, meant, now)


def doubts(store: "Store") -> list[dict[str, Any]]:
    """Pairs that may be one paper and that nobody has settled, newest first, as plain values."""
    found = store.doubts.list()
    papers = store.papers.some({id_ for doubt in found for id_ in (doubt.one, doubt.other)})
    return [
        {
            "one": doubt.one,
            "other": doubt.other,
            "titles": [papers[id_].title if id_ in papers else "" for id_ in (doubt.one, doubt.other)],
            "reason": doubt.decision.reason,
            "numbers": dict(doubt.decision.numbers),
            "at": doubt.at.isoformat(),
        }
        for doubt in found
    ]


def doubt_lines(found: list[dict[str, Any]]) -> list[str]:
    """The doubts for a person, each with what settles it."""
    lines = []
    for each in found:
        lines += [f"{each['at'][:10]}  {each['reason']}"]
        lines += [f"  {id_}  {title}" for id_, title in zip((each["one"], each["other"]), each["titles"], strict=True)]
    if found:
        lines.append("`digest merge A B` makes them one, `digest split A B` keeps them two; neither is asked again")
    return lines or ["no two papers are in doubt"]


def _is_source(store: "Store", paper: Paper, name: str) -> bool:
    return any(account.source == name for account in store.merges.accounts(paper.id))


def _meant(paper: Paper, accounts: Sequence[Account], one: str, other: str | None) -> tuple[Account, ...]:
    """The entries to take out of a paper: those named, else the last that was taken for it without a key."""
    if other is None:
        last = dedupe.doubtful(accounts)
        return () if last is None else (last,)
    named = (dedupe.leaving(paper, accounts, name) for spelling in (other, one) for name in names(spelling))
    return next(filter(None, named), ())


def _undoes(undo: "Undo", meant: Sequence[Account], one: str, other: str | None) -> bool:
    """Whether undoing the newest merge is what was asked for: it is named, or it is the newest step of all."""
    kept, gone = undo.papers
    if other is None:
        return all(account.at <= undo.merge.at for account in meant)
    own = {gone.id, *gone.keys} - {kept.id, *kept.keys}
    return any(name in own for spelling in (one, other) for name in names(spelling))


def _undone(store: "Store", undo: "Undo", now: datetime) -> tuple[str, str]:
    news = dedupe.since(undo.accounts, undo.accounts_then)
    two, later = dedupe.restored(undo.papers, news, _held(store, undo, news))
    kept, gone = undo.merge.kept, undo.merge.gone
    before = {(one.source, one.paper.id) for one in undo.accounts_then if one.paper_id == gone}
    leaving = [one for one in undo.accounts if one in later or (one.source, one.paper.id) in before]
    titles = _titles(two, later, [one for one in undo.accounts if one not in leaving])
    store.merges.undo(undo, two, leaving, recognition.marks(two), titles, _said("different", gone, kept, now))
    return kept, gone


def _parted(
    store: "Store", paper: Paper, accounts: Sequence[Account], meant: Sequence[Account], now: datetime
) -> tuple[str, str]:
    staying = [account for account in accounts if account not in meant]
    two = dedupe.split(paper, meant, staying)
    id_ = two[1].id
    there = store.papers.get(id_)
    if id_ == paper.id or (there is not None and there.id == id_):
        raise InputError(f"the entries of {paper.id} bear the same id: nothing would tell the two papers apart")
    said, titles = _said("different", id_, paper.id, now), _titles(two, meant, staying)
    store.merges.part(two, meant, staying, recognition.marks(two), titles, said)
    return paper.id, id_


def _held(store: "Store", undo: "Undo", news: Sequence[Account]) -> frozenset[str]:
    """Keys that the news name and that papers besides the two hold."""
    named = Questions(keys=frozenset(key for one in news for key in one.paper.keys), titles=frozenset())
    owners = store.papers.known(named).by_key
    return frozenset(key for key, owner in owners.items() if owner not in (undo.merge.kept, undo.merge.gone))


def _titles(
    two: tuple[Paper, Paper], leaving: Sequence[Account], staying: Sequence[Account]
) -> tuple[list[Told], list[str]]:
    """What the second paper is found by besides its own title, and which folded titles the first gives up."""
    kept, gone = two
    told = recognition.told({(gone.id, account.paper.title) for account in leaving})
    own = {dedupe.fold(title) for title in (kept.title, *(account.paper.title for account in staying))}
    return told, [one.fold for one in told if one.fold not in own]


def _cannot(paper: Paper, accounts: Sequence[Account]) -> str:
    told = ", ".join(f"{account.paper.id} ({account.source})" for account in accounts)
    if not told:
        return f"{paper.id}: one source alone tells of it, there is nothing to part"
    if all(account.paper.id == paper.id for account in accounts):
        return f"{paper.id}: all its entries bear this id; nothing would tell two papers apart"
    return f"{paper.id} holds {told}: name the one to take out, `digest split {paper.id} ID`"


def _said(verdict: str, subject: str, of: str, now: datetime) -> Decision:
    return Decision(subject=subject, stage="dedupe", verdict=verdict, reason=BY_HAND, at=now, of=of)
