"""Dedupe room: a paper of which several entries tell: which entry each field comes from, and how it falls apart again.

Pure, as all of this room. Touch `split` for what becomes of facts when two papers are made of one.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from digest.dedupe import merge
from digest.model import Account, Paper

SETS = ("keys", "authors", "categories", "links")
"""Fields that entries add to, of which each part has a source of its own."""

_BY_KEY = "same key"


def provenance(paper: Paper, accounts: Sequence[Account]) -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """For each field of `paper` that says something, (value, sources that said it), in the order of `accounts`. A value
    that no account has (it came before they were kept) has no source."""
    found = {}
    for name in ("title", *(field for field in (*merge.FIELDS, "version", "keys") if field != "title")):
        value = getattr(paper, name)
        parts = value if name in SETS else (value,)
        said = tuple((_words(part), _sources(name, part, accounts)) for part in parts if part)
        if said:
            found[name] = said
    return found


def _sources(name: str, part: object, accounts: Sequence[Account]) -> tuple[str, ...]:
    spoke = (one.source for one in accounts if _said(name, part, getattr(one.paper, name)))
    return tuple(dict.fromkeys(spoke))


def _said(name: str, part: object, value: object) -> bool:
    if name == "authors":  # an affiliation may come from another entry than the name
        return _words(part) in {_words(author) for author in value}  # type: ignore[attr-defined]
    return part in value if name in SETS else part == value  # type: ignore[operator]


def _words(part: object) -> str:
    return str(getattr(part, "name", None) or getattr(part, "url", None) or part)


def leaving(paper: Paper, accounts: Sequence[Account], name: str) -> tuple[Account, ...]:
    """The accounts that are meant by `name`: an id they would have alone, a key they alone bear, or a source. Never
    those that gave the paper its id; none where `name` means no account or all of them."""
    others = [one for one in accounts if one.paper.id != paper.id]
    for means in (_is_origin, _bears, _is_source):
        meant = tuple(one for one in others if means(one, name))
        if meant:
            return meant if len(meant) < len(accounts) else ()
    return ()


def _is_origin(one: Account, name: str) -> bool:
    return one.paper.id == name


def _bears(one: Account, name: str) -> bool:
    return name in one.paper.keys


def _is_source(one: Account, name: str) -> bool:
    return one.source == name


def doubtful(accounts: Sequence[Account]) -> Account | None:
    """The account that was last taken for this paper on other grounds than a key, if any: the first to be doubted."""
    guessed = [one for one in accounts if one.reason and not one.reason.startswith(_BY_KEY)]
    return max(guessed, key=lambda one: (one.at, one.source, one.paper.id), default=None)


def split(paper: Paper, gone: Collection[Account], staying: Collection[Account]) -> tuple[Paper, Paper]:
    """Two papers out of one: what the accounts that stay come to, under the id of `paper`, and what those that go do.

    A key that both name belongs to the one whose id it is, else to the one that stays.
    """
    other = merge.merged([account.paper for account in gone])
    own = {key for account in staying for key in account.paper.keys} - {other.id}
    keys = merge.in_order(key for key in other.keys if key not in own and key != paper.id)
    kept = merge.merged([account.paper for account in staying])
    stays = merge.in_order(key for key in (*kept.keys, *paper.keys) if key not in keys)
    return replace(kept, id=paper.id, keys=stays), replace(other, keys=keys)


def since(accounts: Collection[Account], then: Collection[Account]) -> tuple[Account, ...]:
    """The accounts that are new or say something new since `then`."""
    known = {(one.source, one.paper.id): one.paper for one in then}
    return tuple(one for one in accounts if known.get((one.source, one.paper.id)) != one.paper)


def restored(
    two: tuple[Paper, Paper], news: Collection[Account], held: frozenset[str] = frozenset()
) -> tuple[tuple[Paper, Paper], tuple[Account, ...]]:
    """Two papers as they were before they were made one, each with the `news` that belong to it, and the news of the
    second. News that both might own belong to the first. `held`: keys of other papers."""
    kept, gone = two
    of_gone = tuple(one for one in news if _belongs(one, gone) and not _belongs(one, kept))
    of_kept = [one for one in news if one not in of_gone]
    taken = (held.union(gone.keys), held.union(kept.keys))
    return (
        merge.extended(kept, [one.paper for one in of_kept], taken[0]) if of_kept else kept,
        merge.extended(gone, [one.paper for one in of_gone], taken[1]) if of_gone else gone,
    ), of_gone


def _belongs(one: Account, paper: Paper) -> bool:
    return one.paper.id == paper.id or bool(set(one.paper.keys) & set(paper.keys))
