"""Where an issue goes besides mail and pages, and who has to approve it first.

Values only; touched when a kind of channel needs another setting.
"""

from dataclasses import dataclass, field
from datetime import time
from typing import Literal

ChannelKind = Literal["webhook", "apprise", "maildir", "mbox", "eml", "listmonk", "keila"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Where an issue goes besides mail, as named in config.yaml. `url`, `secret` and `token` may be secrets and are
    never shown; `path` is absolute; `lists` are listmonk's ids; `sender`, `segment` and `template` the service's."""

    name: str
    kind: ChannelKind
    url: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    user: str = ""
    token: str = field(default="", repr=False)
    path: str = ""
    lists: tuple[int, ...] = ()
    sender: str = ""
    segment: str = ""
    template: str = ""
    lines: int = 10  # papers named in a chat message

    @property
    def address(self) -> str:
        """What its deliveries are called; no mail address can be spelled so."""
        return f"channel:{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Who approves a newsletter's drafts; at the local time `by` (None: whenever they do) a draft that nobody decided
    on goes out as it is, or is held."""

    editor: str
    by: time | None = None
    otherwise: Literal["send", "hold"] = "hold"
