"""What recognising papers asks of the past and comes to: questions, what is known, accounts, merges, the resolution.

Values only; touched when recognition has to know or to report something more.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from digest.model.papers import Decision, Paper, Sighting, Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What dedupe must know of the past to decide on a run's readings: keys and folded titles to look up, and for each
    reading the rarest words of its title (papers that share two of them are worth comparing)."""

    keys: frozenset[str]
    titles: frozenset[str]
    words: frozenset[tuple[str, ...]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The past as a value: `by_key` maps a canonical key to a paper id; `papers` holds each paper so named, every paper
    whose folded title was asked for and those that share rare words; `apart` are pairs of ids (the smaller first) that
    a person has called different papers. `by_title`: a folded title that was asked for, to the ids of all papers ever
    told of by it; `told`: what single entries said of a paper, where several did."""

    by_key: Mapping[str, str]
    papers: Mapping[str, Paper]
    apart: frozenset[tuple[str, str]] = frozenset()
    by_title: Mapping[str, frozenset[str]] = field(default_factory=dict)
    told: Mapping[str, tuple[Paper, ...]] = field(default_factory=dict)


class Row(NamedTuple):
    """A new paper as it is kept: `keys` begins with its id, `fold` and `words` are of its title, `body` its JSON."""

    keys: tuple[str, ...]
    fold: str
    words: tuple[str, ...]
    body: str


WORDINGS = 8
"""How many former wordings of one entry are remembered."""


class Told(NamedTuple):
    """A title that a paper has been told of by and that is not its own, as it is looked up: folded, and rare words."""

    paper_id: str
    fold: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What one entry said of a paper of which several tell: `paper` as it was read from that entry alone, its id being
    the one it would have had. `reason` and `numbers` say why it was taken for an entry on `paper_id`; `before` is what
    the same source said of it under other titles or authors, oldest first."""

    paper_id: str
    source: str
    paper: Paper
    at: datetime
    guid: str = ""
    reason: str = ""
    numbers: tuple[tuple[str, float], ...] = ()
    before: tuple[Paper, ...] = ()

    def after(self, old: "Account | None") -> "Account":
        """This account of an entry that was told of before: its words of now, why it was taken for this paper then, and
        the last `WORDINGS` of what it said otherwise."""
        if old is None:
            return self
        said = {wording(paper): paper for paper in (*old.before, old.paper, *self.before)}
        said.pop(wording(self.paper), None)
        before = tuple(said.values())[-WORDINGS:]
        return replace(self, at=old.at, reason=old.reason, numbers=old.numbers, before=before)


def wording(paper: Paper) -> tuple[str, ...]:
    """What papers are recognised by where no key speaks: title and authors' names."""
    return (paper.title, *(author.name for author in paper.authors))


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Two papers of the past found to be one: `gone` becomes part of `kept`, for `reason` and by `numbers`."""

    kept: str
    gone: str
    at: datetime
    reason: str
    numbers: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """What a run's entries came to. `new` and `updated` are papers to store (ids never overlap); `outcomes` has one
    of new, known, merged, rejected for each entry, in the order of the entries given. `accounts` are what single
    entries said, where a paper has several; `merges` are papers of the past that are one, as `updated` has them, and
    `steps` what the kept paper is after each of them;
    `titles` are (paper id, title) of every title that a paper was told of by, but does not bear."""

    new: tuple[Paper, ...]
    updated: tuple[Paper, ...]
    sightings: tuple[Sighting, ...]
    signals: tuple[Signal, ...]
    decisions: tuple[Decision, ...]
    outcomes: tuple[str, ...]
    accounts: tuple[Account, ...] = ()
    merges: tuple[Merge, ...] = ()
    steps: tuple[Paper, ...] = ()
    titles: tuple[tuple[str, str], ...] = ()
