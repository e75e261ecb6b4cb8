"""What has become of papers that were known, as readers are told.

Values only; touched when an update has to carry something new to its readers.
"""

from dataclasses import dataclass
from datetime import datetime

from digest.model.papers import Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """A known paper that changed: `kind` is withdrawn, standing (again), corrected, venue, code or version, the
    weightiest of what happened; `words` say all of it; `issue` is the one that printed the paper, "" where none did."""

    paper: Paper
    kind: str
    words: str
    at: datetime
    issue: str = ""
