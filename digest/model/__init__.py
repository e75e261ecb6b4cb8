"""The nouns: what papers, issues and readers are. Frozen dataclasses of plain values and tuples, no I/O.

Every room may import this one; it imports nothing of the project. A new fact is a new type or a field that its
maker always fills, never a ``None`` that a later stage fills in. Times are timezone-aware UTC datetimes, days are
the newsletter's local dates, all text of a `Paper` is plain Unicode.
"""

from digest.model.attention import Heard, Question, SignalSource, VoteCount
from digest.model.changes import Update
from digest.model.channels import Approval, Channel, ChannelKind
from digest.model.coverage import Coverage, CoveragePart
from digest.model.desk import Draft, DraftState, Edits, Proposal, ProposalState, RunnerUp
from digest.model.issues import (
    Candidate,
    Correction,
    Fact,
    Grouping,
    Hand,
    Issue,
    IssueStatus,
    Item,
    Point,
    Reason,
    Scored,
    Section,
    Selection,
    Term,
    Topic,
    TopicRule,
)
from digest.model.newsletters import Edition, Masthead, Newsletter
from digest.model.papers import (
    KEY_ORDER,
    Announcement,
    Answer,
    Author,
    Decision,
    Entry,
    Link,
    Paper,
    Reading,
    Sighting,
    Signal,
    Source,
    SourceState,
    Status,
    Validator,
)
from digest.model.readers import Counts, Delivery, DeliveryState, Mail, Reader, ReaderState
from digest.model.recognition import Account, Known, Merge, Questions, Resolved
from digest.model.reports import Collected, IssueLine, Report, SignalLine, SourceLine
from digest.model.site import Dossier, Found, Hit, Month, Printed, Related, Shown, Wanted
from digest.model.theme import Theme
from digest.model.topics import StandingTopic, TextModel

__all__ = [
    "KEY_ORDER",
    "Account",
    "Announcement",
    "Answer",
    "Approval",
    "Author",
    "Candidate",
    "Channel",
    "ChannelKind",
    "Collected",
    "Correction",
    "Counts",
    "Coverage",
    "CoveragePart",
    "Decision",
    "Delivery",
    "DeliveryState",
    "Dossier",
    "Draft",
    "DraftState",
    "Edition",
    "Edits",
    "Entry",
    "Fact",
    "Found",
    "Grouping",
    "Hand",
    "Heard",
    "Hit",
    "Issue",
    "IssueLine",
    "IssueStatus",
    "Item",
    "Known",
    "Link",
    "Mail",
    "Masthead",
    "Merge",
    "Month",
    "Newsletter",
    "Paper",
    "Point",
    "Printed",
    "Proposal",
    "ProposalState",
    "Question",
    "Questions",
    "Reader",
    "ReaderState",
    "Reading",
    "Reason",
    "Related",
    "Report",
    "Resolved",
    "RunnerUp",
    "Scored",
    "Section",
    "Selection",
    "Shown",
    "Sighting",
    "Signal",
    "SignalLine",
    "SignalSource",
    "Source",
    "SourceLine",
    "SourceState",
    "StandingTopic",
    "Status",
    "Term",
    "TextModel",
    "Theme",
    "Topic",
    "TopicRule",
    "Update",
    "Validator",
    "VoteCount",
    "Wanted",
]
