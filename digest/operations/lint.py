"""Is this mail right? Judges the bytes that go over the wire: headers, parts, size; `markup_lint` judges the HTML.

For tests, `digest send` and `digest doctor`. Touched when a receiver turns out to mind something else.
"""

import re
from collections.abc import Iterator
from email import errors, message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from digest.operations import markup_lint

MAX_HTML = 102_400
_ONE = ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "List-Id", "List-Unsubscribe", "Auto-Submitted",
        "Content-Type")  # fmt: skip
_AT_MOST_ONE = ("Reply-To", "List-Unsubscribe-Post", "Feedback-ID", "Cc", "Bcc", "Sender")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+>")


def lint(eml: bytes) -> tuple[str, ...]:
    """What is wrong with the message `eml`, a sentence each; empty when all is right. Never raises for bad mail."""
    found = dict.fromkeys(_wire(eml))
    message = message_from_bytes(eml, policy=policy.default)
    assert isinstance(message, EmailMessage)
    for check in (_headers, _list_headers, _parts):
        try:
            found.update(dict.fromkeys(check(message)))
        # The library parses a header when it is asked for, and raises these on what it cannot read.
        except (ValueError, IndexError, AttributeError, errors.MessageError) as error:
            found[f"message: cannot be read: {error}"] = None
    return tuple(found)


def _wire(eml: bytes) -> Iterator[str]:
    head = eml.partition(b"\r\n\r\n")[0]
    if b"\n" in eml.replace(b"\r\n", b"") or b"\r" in eml.replace(b"\r\n", b""):
        yield "wire: a line does not end in CRLF"
    if any(len(line) > 998 for line in eml.split(b"\r\n")):
        yield "wire: a line is longer than 998 bytes"
    if not eml.isascii():
        yield "wire: bytes outside ASCII"
    if b"\x00" in eml:
        yield "wire: a null byte"
    for line in head.split(b"\r\n"):
        if not re.match(rb"[!-9;-~]+:|[ \t]+\S", line):
            yield f"headers: not a header line: {line[:60]!r}"


def _headers(message: EmailMessage) -> Iterator[str]:
    for name in _ONE:
        if len(message.get_all(name, [])) != 1:
            yield f"headers: {name} is there {len(message.get_all(name, []))} times, not once"
    for name in _AT_MOST_ONE:
        if len(message.get_all(name, [])) > 1:
            yield f"headers: {name} is there more than once"
    for name in ("From", "To", "Reply-To"):
        if name in message and not all(a.username and a.domain for a in message[name].addresses):
            yield f"headers: {name} holds no address: {message[name]}"
    if not str(message.get("Subject", "")).strip():
        yield "headers: the subject is empty"
    if not _MESSAGE_ID.fullmatch(str(message.get("Message-ID", "")).strip()):
        yield f"headers: Message-ID is malformed: {message.get('Message-ID')}"
    if str(message.get("Auto-Submitted", "")) not in ("auto-generated", "auto-replied"):
        yield f"headers: Auto-Submitted is {message.get('Auto-Submitted')}"
    yield from _date(str(message.get("Date", "")))


def _date(text: str) -> Iterator[str]:
    try:
        zone = parsedate_to_datetime(text).tzinfo
    except ValueError:
        yield f"headers: Date cannot be read: {text}"
    else:
        if zone is None:
            yield f"headers: Date has no time zone: {text}"


def _list_headers(message: EmailMessage) -> Iterator[str]:
    if not re.search(r"<[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+>$", str(message.get("List-Id", "")).strip()):
        yield f"headers: List-Id holds no <name.domain>: {message.get('List-Id')}"
    ways = re.findall(r"<([^>]*)>", str(message.get("List-Unsubscribe", "")))
    if not ways or not all(re.match(r"(https?://[^/\s]|mailto:\S+@)", way) for way in ways):
        yield f"headers: List-Unsubscribe holds no usable address: {message.get('List-Unsubscribe')}"
    one_click = str(message.get("List-Unsubscribe-Post", ""))
    if any(way.startswith("https:") for way in ways) != (one_click == "List-Unsubscribe=One-Click"):
        yield "headers: List-Unsubscribe-Post and an https List-Unsubscribe belong together (RFC 8058)"


def _parts(message: EmailMessage) -> Iterator[str]:
    kinds = [part.get_content_type() for part in message.walk() if not part.is_multipart()]
    if message.get_content_type() != "multipart/alternative" or kinds != ["text/plain", "text/html"]:
        yield f"parts: not multipart/alternative of text/plain, text/html but {message.get_content_type()} of {kinds}"
    for part in message.walk():
        for defect in part.defects:
            yield f"parts: {type(defect).__name__}"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    words = text.get_content() if text else ""
    if not words.strip():
        yield "parts: the text part is empty"
    if "http" not in words:
        yield "parts: the text part has no link"
    if html is None:
        return
    markup = html.get_content()
    size = len(markup.replace("\r\n", "\n").encode("utf-8", "surrogatepass"))
    if size > MAX_HTML:
        yield f"size: the HTML part is {size} bytes, more than {MAX_HTML}; clients cut it"
    yield from markup_lint.problems(markup)
