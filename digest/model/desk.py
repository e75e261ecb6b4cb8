"""The editor's desk: drafts that wait, what was decided of them, and papers that readers propose.

Values only; touched when an editor may decide something more.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from digest.model.issues import Issue, Item, Topic
from digest.model.papers import Decision, Entry

DraftState = Literal["open", "approved", "released", "lapsed", "empty"]
ProposalState = Literal["asked", "queued", "known", "refused", "taken", "declined"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerUp:
    """A candidate that did not make it into a draft, complete as it would be printed, and why it waits."""

    item: Item
    topic: Topic
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """What the editor decided of a draft: ids in the order wanted (they come first), ids left out, ids of runners-up
    that are printed, notes in Markdown by id, and the issue's own words at the top (None: as they were)."""

    order: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    pinned: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    introduction: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An issue that waits for its editor, as it was composed, with all that is kept once it is released. `uid` is what
    signed links call it; `deadline` when `Approval.by` comes; `told_at` when the editor was written to; `fitted` holds
    state by name in base64."""

    issue: Issue
    runners_up: tuple[RunnerUp, ...] = ()
    edits: Edits = field(default_factory=Edits)
    state: DraftState = "open"
    uid: str = ""
    deadline: datetime | None = None
    told_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: str = ""
    decisions: tuple[Decision, ...] = ()
    arrivals: Mapping[str, int] = field(default_factory=dict)
    fitted: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A paper that somebody wants to see printed. `spelling` is what they gave; `paper_id` names it once it was
    recognised and `entry` is what its page said; `credit` is the name to print ("": none wanted); `reason` says why it
    was refused."""

    number: int
    at: datetime
    spelling: str
    way: Literal["command", "page", "mail"]
    state: ProposalState = "asked"
    note: str = ""
    credit: str = ""
    address: str = ""
    paper_id: str = ""
    title: str = ""
    entry: Entry | None = None
    reason: str = ""
