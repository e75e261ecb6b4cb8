"""Readers room: a message that came back, understood: bounce, complaint, wish to leave, proposal. Pure.

The only user of flufl.bounce, which knows two dozen kinds of bounces; delivery status notifications (RFC 3464) are read
here as well, for how bad it is, and complaints (RFC 5965) here alone. Every header and line is a stranger's text.
"""

import logging
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses, parseaddr
from hashlib import sha256
from typing import Any, Literal

from digest.readers import parts
from digest.readers.severity import severity

Kind = Literal["hard", "soft", "delayed", "complaint", "leave", "proposal", "automatic", "other"]
MOST_BYTES = 1_000_000
MOST_ADDRESSES = 50
LEAVING = ("unsubscribe",)
PROPOSING = ("propose", "proposal", "proposing")
JUNK = "X-HmXmrOriginalRecipient"  # Outlook.com reports junk in a form of its own
_ANSWER = re.compile(r"^(?:(?:re|fwd?|aw|wg|sv|vs|tr|rv)\s*(?:\[\d+\])?:\s*)+", re.IGNORECASE)
_WORSE = ("none", "delayed", "soft", "hard")
_ROBOT = re.compile(r"mailer-daemon|postmaster|mail delivery|mailadmin|no-?reply.*mail", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A message that came back. `identity` is the same for a repeat of it; `addresses` are those it names, without
    proof; `original` the Message-IDs of what it returns; `sender` whom it is from; `words` say why, in short; `text` is
    its subject and first lines, for people's own messages."""

    kind: Kind
    identity: str
    addresses: tuple[str, ...] = ()
    original: tuple[str, ...] = ()
    sender: str = ""
    words: str = ""
    text: str = ""


def read(raw: bytes) -> Returned:
    """What a message is; `other` for what is none of our business. Never raises."""
    raw = raw[:MOST_BYTES]
    try:
        return _understood(raw)
    except parts.BROKEN:
        return Returned(kind="other", identity=sha256(raw).hexdigest()[:40])


def _understood(raw: bytes) -> Returned:
    message = message_from_bytes(raw)
    identity = parts.header(message, "Message-ID").strip().encode("utf-8", "replace") or raw
    common: dict[str, Any] = {
        "identity": sha256(identity).hexdigest()[:40],
        "sender": parts.short(parseaddr(parts.header(message, "From"))[1]),
        "original": tuple(_originals(message)),
    }
    found = _complaint(message) or _bounce(message)
    if found is not None:
        kind, addresses, words = found
        named = tuple(dict.fromkeys(address.strip().strip("<>") for address in addresses if "@" in address))
        return Returned(kind=kind, addresses=named[:MOST_ADDRESSES], words=parts.short(words), **common)
    subject, text = parts.short(parts.header(message, "Subject")), parts.text(message)
    told = f"{subject}\n{text}"[:4_000]
    if _is_automatic(message, subject):
        return Returned(kind="automatic", words=subject, **common)
    wishes: tuple[tuple[Kind, tuple[str, ...]], ...] = (("leave", LEAVING), ("proposal", PROPOSING))
    for wish, wanted in wishes:
        if any(parts.first_word(each) in wanted for each in (_ANSWER.sub("", subject), text)):
            return Returned(kind=wish, words=subject, text=told, **common)
    return Returned(kind="other", words=subject, text=told, **common)


def _complaint(message: Message) -> tuple[Kind, list[str], str] | None:
    """A feedback report (RFC 5965), or None for any other message."""
    for part in message.walk():
        if part.get_content_type() != "message/feedback-report":
            continue
        fields = _fields(part)
        kind = fields.get("feedback-type", [""])[0].strip().lower()
        named = [*fields.get("original-rcpt-to", []), *fields.get("removal-recipient", [])]
        named = [address for address in named if "redacted" not in address.lower()] or _embedded(message, "To")
        words = f"{kind or 'complaint'} reported by {fields.get('user-agent', ['a provider'])[0]}"
        if kind in ("not-spam", "auth-failure"):
            return "other", named, words
        return ("leave" if kind.startswith("opt-out") else "complaint"), named, words
    junk = [str(part[JUNK]) for part in message.walk() if part.get(JUNK)]
    return ("complaint", junk, "junk reported to Outlook.com") if junk else None


def _bounce(message: Message) -> tuple[Kind, list[str], str] | None:
    """What is said of each recipient, the worst of it; None where the message is no bounce."""
    reports = list(_statuses(message))
    judged = [
        (severity(status, action, words), address, f"{status} {words}") for status, action, words, address in reports
    ]
    for worst in reversed(_WORSE):
        found = [(address, words) for level, address, words in judged if level == worst]
        if found:
            kind: Kind = "other" if worst == "none" else worst  # type: ignore[assignment]
            return kind, [address for address, _ in found], found[0][1]
    temporary, permanent = _detected(message)
    named = [address.decode("ascii", "replace") for address in sorted(permanent or temporary)]
    words = _said(message, named)
    if permanent:
        level = severity("", "", words)
        return ("soft" if level in ("soft", "none", "delayed") else "hard"), named, words
    if temporary:
        return "delayed", named, words
    return _plain(message)


def _detected(message: Message) -> tuple[Collection[bytes], Collection[bytes]]:
    """Addresses that failed for now, and for good, by the library; it stumbles over mail that is broken enough."""
    from flufl.bounce import all_failures

    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # it logs a traceback for each such stumble
    try:
        return all_failures(message)
    except parts.BROKEN:
        return (), ()


def _plain(message: Message) -> tuple[Kind, list[str], str] | None:
    """A bounce in nothing but words: from a mail server, naming an address beside a refusal."""
    who = f"{parts.header(message, 'From')} {parts.header(message, 'Return-Path')}"
    if not (_ROBOT.search(who) or parts.header(message, "Return-Path").strip() == "<>"):
        return None
    lines = parts.text(message, 20_000).splitlines()
    for number, line in enumerate(lines):
        named = re.findall(r"[^\s<>()\[\]:;,'\"]+@[^\s<>()\[\]:;,'\"]+\.[a-z]{2,}", line, re.IGNORECASE)
        near = " ".join(lines[max(0, number - 2) : number + 5])
        if named and re.search(r"(?<!\d)[45](?:\d\d|\.\d{1,3}\.\d{1,3})(?!\d)", near):
            level = severity("", "", near)
            if level in ("hard", "soft"):
                return level, named[:1], near
    return None


def _statuses(message: Message) -> Iterator[tuple[str, str, str, str]]:
    """Status, action, words and address of every recipient in a delivery status notification."""
    for part in message.walk():
        if part.get_content_type() not in ("message/delivery-status", "message/global-delivery-status"):
            continue
        for block in _blocks(part):
            address = next((block[key][0] for key in ("original-recipient", "final-recipient") if key in block), "")
            if address:
                status, action = block.get("status", [""])[0], block.get("action", [""])[0]
                yield status, action, block.get("diagnostic-code", [""])[0], address.rpartition(";")[2]


def _blocks(part: Message) -> Iterator[dict[str, list[str]]]:
    """The groups of fields of a status part, by lower-case name; some servers leave the blank line between them out."""
    payload = part.get_payload()
    if part.get_content_type() == "message/global-delivery-status" and isinstance(payload, list):
        payload = str(payload[0])  # taken for a message: its first group as headers, the rest as text
    if not isinstance(payload, list):
        texts = re.split(r"\r?\n[ \t]*\r?\n", str(payload))
        payload = [message_from_bytes(text.strip().encode("utf-8", "replace")) for text in texts]
    for group in payload:
        if isinstance(group, Message):
            found: dict[str, list[str]] = {}
            for name, value in group.items():
                found.setdefault(name.lower(), []).append(parts.one_line(str(value)))
            yield found


def _fields(part: Message) -> dict[str, list[str]]:
    merged: dict[str, list[str]] = {}
    for block in _blocks(part):
        for name, values in block.items():
            merged.setdefault(name, []).extend(value.strip().strip("<>") for value in values)
    return merged


def _embedded(message: Message, header: str) -> list[str]:
    """Addresses in a header of the message that is returned."""
    inner = [part for part in message.walk() if part is not message and part.get(header)]
    return [address for part in inner for _, address in getaddresses([str(part[header])]) if "@" in address]


def _originals(message: Message) -> Iterator[str]:
    """Message-IDs of what is returned: parts that are messages, or only their headers."""
    for part in message.walk():
        if part is not message and part.get("Message-ID"):
            yield str(part["Message-ID"]).strip()[:250]
        elif part.get_content_type() == "text/rfc822-headers":
            found = re.search(r"^message-id:\s*(<[^>\s]{1,250}>)", parts.content(part), re.IGNORECASE | re.MULTILINE)
            if found:
                yield found[1]


def _is_automatic(message: Message, subject: str) -> bool:
    """Whether nobody wrote it: an absence notice, a list's own mail."""
    said = parts.header(message, "Auto-Submitted").strip().lower()
    robot = any(message.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress"))
    bulk = parts.header(message, "Precedence").strip().lower() in ("bulk", "junk", "auto_reply", "list")
    away = re.match(r"(?:auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office|away)", subject, re.IGNORECASE)
    return bool((said and said != "no") or robot or bulk or away)


def _said(message: Message, named: list[str]) -> str:
    """The words around the first address named, else the beginning."""
    text = parts.text(message, 20_000)
    at = text.find(named[0]) if named else -1
    return text[max(0, at - 300) : at + 700] if at >= 0 else text[:1_000]
