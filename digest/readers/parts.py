"""Readers room: the text of strangers' mail, decoded as far as it can be. Pure; no header is trusted to be one."""

import re
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message

BROKEN = (ValueError, TypeError, AttributeError, LookupError, AssertionError, MessageError, RecursionError)
"""What parsers make of mail that is broken enough."""


def text(message: Message, most: int = 2_000) -> str:
    """The first plain text of a message, without what it quotes."""
    for part in message.walk():
        if part.get_content_type() == "text/plain" and part.get_filename() is None:
            lines = (line.strip() for line in content(part).splitlines())
            return "\n".join(line for line in lines if line and not line.startswith(">"))[:most]
    return ""


def content(part: Message) -> str:
    """The text of a part, in whatever character set it says, or replaced where that is wrong."""
    body = part.get_payload(decode=True)
    if not isinstance(body, bytes):
        return ""
    try:
        return body.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


def header(message: Message, name: str) -> str:
    """A header decoded, on one line; an empty text where there is none."""
    value = message.get(name)
    try:
        return one_line(str(make_header(decode_header(str(value))))) if value is not None else ""
    except BROKEN:
        return one_line(str(value))


def first_word(text: str) -> str:
    """The first word of a text in lower case."""
    found = re.match(r"\W*(\w+)", text)
    return found[1].casefold() if found else ""


def one_line(text: str) -> str:
    """Every run of white space as one space."""
    return re.sub(r"\s+", " ", text)


def short(text: str) -> str:
    """At most 300 printable characters on one line."""
    return "".join(c for c in one_line(text) if c.isprintable()).strip()[:300]
