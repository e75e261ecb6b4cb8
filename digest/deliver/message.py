"""Deliver room: a mail as the bytes one reader gets. The only part that knows MIME and mail headers.

What all readers share is encoded once (`Form`); a message is then joined from bytes. A reader's own text is spliced in
between fragments that were encoded apart: quoted-printable breaks lines anywhere and would cut a placeholder in two.
"""

import binascii
import hashlib
import re
from datetime import datetime
from email.headerregistry import Address
from email.policy import SMTP
from email.utils import format_datetime

from digest.deliver.outbox import Unsendable
from digest.errors import ConfigError
from digest.model import Mail


def message_id(issue_id: str, address: str, domain: str) -> str:
    """The Message-ID, with brackets, of this issue to this address: always the same, and telling neither."""
    told = hashlib.sha256(f"{issue_id}\0{address}\0{domain}".encode()).hexdigest()
    return f"<{told[:40]}@{domain}>"


def address_of(sender: str) -> str:
    """The bare address in ``Name <address>``. Raises ConfigError where there is none."""
    return _split(sender)[1]


def build(
    mail: Mail,
    sender: str,
    recipient: str,
    message_id: str,
    date: datetime,
    list_id: str,
    *,
    reply_to: str = "",
    feedback_id: str = "",
    unsubscribe_url: str = "",
    unsubscribe_mail: str = "",
) -> bytes:
    """One complete message with CRLF line ends: multipart/alternative, text then HTML. For many readers keep a `Form`.

    Raises ConfigError for a `sender` without address, Unsendable for a `recipient` that is none.
    """
    form = Form(mail, sender, date, list_id, reply_to=reply_to, feedback_id=feedback_id)
    return form.message(recipient, message_id, unsubscribe_url=unsubscribe_url, unsubscribe_mail=unsubscribe_mail)


class Form:
    """An issue's message but for its reader."""

    def __init__(
        self,
        mail: Mail,
        sender: str,
        date: datetime,
        list_id: str,
        *,
        reply_to: str = "",
        feedback_id: str = "",
        placeholder: str | tuple[str, ...] = (),
    ) -> None:
        """`placeholder` is the text in `mail` (or several texts) that each reader's own replaces. `list_id` is a dotted
        name such as ``daily.papers.example.org``. Raises ConfigError for a `sender` or `reply_to` without address."""
        boundary = f"=_{hashlib.sha256((mail.subject + mail.html).encode()).hexdigest()[:32]}"
        head = [
            _mailbox("From", sender),
            _mailbox("Reply-To", reply_to) if reply_to else b"",
            SMTP.header_factory("Subject", clean(mail.subject)).fold(policy=SMTP).encode("ascii"),
            _verbatim("Date", format_datetime(date)),
            _verbatim("List-Id", f"<{clean(list_id)}>"),
            _verbatim("Auto-Submitted", "auto-generated"),
            _verbatim("Feedback-ID", clean(feedback_id)) if feedback_id else b"",
            _verbatim("MIME-Version", "1.0"),
            f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n'.encode(),
        ]
        places = (placeholder,) if isinstance(placeholder, str) else placeholder
        text, html = _fragments(mail.text, places), _fragments(mail.html, places)
        pieces: list[bytes | int] = [b"".join(head) + _part(boundary, "plain"), *text]
        pieces += [b"\r\n" + _part(boundary, "html"), *html, f"\r\n--{boundary}--\r\n".encode()]
        self._pieces: list[bytes] = [b""]
        self._slots: list[int] = []  # which of a reader's own texts follows each piece but the last
        for piece in pieces:
            if isinstance(piece, bytes):
                self._pieces[-1] += piece
            else:
                self._slots.append(piece)
                self._pieces.append(b"")

    def message(
        self,
        recipient: str,
        message_id: str,
        own: str | tuple[str, ...] = "",
        *,
        unsubscribe_url: str = "",
        unsubscribe_mail: str = "",
    ) -> bytes:
        """The message of one reader, `own` standing where the placeholder was (each where its own was). With an https
        `unsubscribe_url` it carries one-click unsubscribing (RFC 8058). Raises Unsendable for a `recipient` that is no
        address."""
        if not re.fullmatch(r"[^@\s<>,;:\"\\\x00-\x20\x7f]+@[^@\s<>,;:\"\\\x00-\x20\x7f]+", recipient):
            raise Unsendable(f"not an address: {clean(recipient)!r}")
        ways = [f"<{url}>" for url in (unsubscribe_url, unsubscribe_mail and f"mailto:{unsubscribe_mail}") if url]
        head = [
            f"To: {recipient}\r\n".encode(),
            _verbatim("Message-ID", message_id),
            _verbatim("List-Unsubscribe", ",\r\n ".join(ways)) if ways else b"",
            b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" if unsubscribe_url.startswith("https:") else b"",
        ]
        owns = [_splice(each) for each in ((own,) if isinstance(own, str) else own)]
        woven = [*self._pieces, *self._pieces[1:]]  # for the length alone: pieces and own texts in turn
        woven[::2] = self._pieces
        woven[1::2] = [owns[slot] for slot in self._slots]
        return b"".join(head) + b"".join(woven)


def clean(value: str) -> str:
    """`value` on one line: control characters and line breaks of any kind become single spaces."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", value).strip()


def _split(value: str) -> tuple[str, str]:
    """Name and address; unlike the library's reader this takes a name with commas as it is written in a config."""
    found = re.fullmatch(r"(?:(.*?)\s*<)?([^@\s<>,]+@[^@\s<>,]+)>?", clean(value))
    if found is None:
        raise ConfigError(f"mail.from: expected `Name <address>`, got {value!r}")
    return (found[1] or "").strip('" '), found[2]


def _mailbox(name: str, value: str) -> bytes:
    display_name, address = _split(value)
    try:
        mailbox = Address(display_name=display_name, addr_spec=address)
        folded: str = SMTP.header_factory(name, mailbox).fold(policy=SMTP)
        return folded.encode("ascii")
    except (ValueError, UnicodeError) as error:
        raise ConfigError(f"mail.from: {value!r} is no address that can be written from: {error}") from None


def _verbatim(name: str, value: str) -> bytes:
    """A header of ASCII as it is: the library would cut or encode long words, which are links and ids here."""
    if not value.replace("\r\n ", "").isprintable():
        raise Unsendable(f"{name}: a line break or control character in {value!r}")
    return f"{name}: {value}\r\n".encode("ascii", "backslashreplace")


def _part(boundary: str, kind: str) -> bytes:
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable"
    return f"--{boundary}\r\n{head}\r\n\r\n".encode()


def _fragments(text: str, placeholders: tuple[str, ...]) -> list[bytes | int]:
    """`text` encoded piece by piece, and between the pieces the number of the placeholder that stood there."""
    if not any(placeholders):
        return [_encoded(text)]
    parts = re.split(f"({'|'.join(map(re.escape, placeholders))})", text)
    return [placeholders.index(part) if place % 2 else _encoded(part) for place, part in enumerate(parts)]


def _splice(own: str) -> bytes:
    """A reader's own text between two soft line breaks, which vanish when the part is decoded."""
    return b"=\r\n" + (_encoded(own) + b"=\r\n" if own else b"")


def _encoded(text: str) -> bytes:
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return binascii.b2a_qp(unix.encode("utf-8", "replace"), istext=True).replace(b"\n", b"\r\n")
