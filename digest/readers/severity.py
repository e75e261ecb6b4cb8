"""Readers room: whether a refusal means that an address is dead. Pure.

An enhanced status (RFC 3463) says it best; many servers send a vague one and say the truth in words, so both count.
Only a permanent refusal that is about the mailbox is hard; a full one, a policy or a broken server is soft.
"""

import re
from typing import Literal

Severity = Literal["hard", "soft", "delayed", "none"]

ADDRESS = {"1.0", "1.1", "1.2", "1.3", "1.4", "1.6", "1.9", "1.10", "2.1", "4.4"}
"""Subjects and details of a class 5 status that speak of the address itself (5.4.4: there is no such host)."""
SOFT = {"2.2", "2.3", "3.0", "3.1", "3.2", "3.4", "4.0", "4.1", "4.2", "4.3", "4.5", "4.6", "4.7", "6.0", "6.1", "6.2"}
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([45])\d\d(?![\d.])")
_FULL = re.compile(
    r"mailbox (?:is )?full|over ?quota|quota exceeded|exceed\w* .{0,30}quota|storage (?:space|limit)|disk full|"
    r"insufficient (?:system )?storage|out of storage|mailbox size limit",
    re.IGNORECASE,
)
_POLICY = re.compile(
    r"spam|black ?list|block ?list|blocked|reputation|policy|dmarc|spf\b|dkim|grey ?list|gray ?list|rate limit|"
    r"too many|virus|content (?:rejected|filter)|not authori[sz]ed|relay(?:ing)? (?:access )?denied|access restricted",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"user (?:is )?(?:unknown|not found)|unknown (?:user|recipient|address|mailbox|local)|"
    r"no such (?:user|recipient|mailbox|address|person|account|domain)|(?:does|did) ?n[o'\u2019]t exist|"
    r"(?:invalid|bad) (?:recipient|mailbox|address|destination)|recipient (?:address )?rejected|"
    r"not (?:a )?(?:valid|known) (?:mailbox|user|recipient|address)|recipnotfound|recipient (?:was )?not found|"
    r"mailbox (?:unavailable|not found|disabled|inactive|does not)|no mailbox|not our customer|"
    r"account (?:that you tried to reach )?(?:has been |is )?(?:disabled|inactive|closed|suspended|deleted)|"
    r"account is unavailable|"
    r"unrouteable address|(?:host|domain)(?: or domain name)? not found|nxdomain|couldn[\u2019']t find any host|"
    r"address (?:couldn[\u2019']t be|could not be|was not) found|no longer (?:available|valid|in use)|"
    r"doesn[\u2019']t have (?:an? )?[\w.@-]+ (?:user|account)",
    re.IGNORECASE,
)


def severity(status: str, action: str, words: str) -> Severity:
    """What a report on one recipient means: `status` as ``5.1.1`` ("" where none is given), `action` of RFC 3464 (""
    where none is given), `words` of the server that refused."""
    action = action.strip().lower()
    if action.startswith("delay"):
        return "delayed"
    if action.startswith(("deliver", "relay", "expand")):
        return "none"
    found = _STATUS.search(status) or _STATUS.search(words)
    reply = _REPLY.search(words)
    kind = found[1] if found else reply[1] if reply else "5"
    if found and found[1] == "5" and reply and reply[1] == "4" and not _STATUS.search(words):
        kind = "4"
    if kind == "2":
        return "none"
    if kind == "4" or _FULL.search(words):
        return "soft"
    return _permanent(f"{int(found[2])}.{int(found[3])}" if found else "0.0", words)


def _permanent(detail: str, words: str) -> Severity:
    """Of a permanent refusal: whether it is the address that is refused."""
    if detail in ADDRESS:
        return "hard"
    if detail.startswith("7.") and _POLICY.search(words):
        return "soft"
    if _UNKNOWN.search(words):
        return "hard"
    if detail in SOFT or detail.startswith(("6.", "7.")) or _POLICY.search(words):
        return "soft"
    return "hard" if detail.startswith("0.") or detail == "5.0" else "soft"
