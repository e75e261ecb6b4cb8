"""Deliver room: one SMTP server and what its answers mean. The only user of smtplib. TLS is never given up silently.

smtps://[USER:PASSWORD@]HOST[:465]       TLS from the first byte
smtp://[USER:PASSWORD@]HOST[:587]        STARTTLS, with a verified certificate, or nothing is sent
smtp://HOST[:25], HOST in allow_hosts    no login: STARTTLS if offered, plain text otherwise
"""

import re
import smtplib
import ssl
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import unquote, urlsplit

from digest.deliver.outbox import Outcome
from digest.errors import ConfigError

TIMEOUT_S = 60.0
MOST_BREAKS = 3  # connections in a row that broke before a message: then the server counts as down
_Gone = (smtplib.SMTPServerDisconnected, OSError)  # what a connection that broke raises


class _Broken(Exception):
    """The connection ended before the server agreed to take the message, which it therefore cannot have."""


@dataclass(slots=True, kw_only=True)
class Relay:
    """A server that takes messages, over one connection that is kept. Use it as a context manager."""

    host: str
    port: int
    tls: bool  # from the first byte; otherwise by STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    plain_allowed: bool = False
    timeout_s: float = TIMEOUT_S
    context: ssl.SSLContext | None = field(default=None, repr=False)
    _server: smtplib.SMTP | None = field(default=None, init=False, repr=False)
    _breaks: int = field(default=0, init=False, repr=False)

    @classmethod
    def from_url(cls, url: str, allow_hosts: Collection[str] = ()) -> "Relay":
        """The relay of an ``smtp://`` or ``smtps://`` URL; `allow_hosts` are those that may get plain text.

        Raises ConfigError, which never repeats the URL: it may hold a password.
        """
        try:
            parts = urlsplit(url.strip())
            port, host = parts.port, parts.hostname
        except ValueError:
            raise ConfigError("mail.smtp: the port must be a number from 1 to 65535") from None
        if parts.scheme not in ("smtp", "smtps") or not host:
            raise ConfigError("mail.smtp: expected smtp://[user:password@]host:port or smtps://…")
        user, tls = unquote(parts.username or ""), parts.scheme == "smtps"
        return cls(
            host=host,
            port=port or (465 if tls else 587),
            tls=tls,
            user=user,
            password=unquote(parts.password or ""),
            plain_allowed=not user and host in allow_hosts,
        )

    def send(self, sender: str, recipient: str, message: bytes, handing: Callable[[], None]) -> Outcome:
        """Offers one message (CRLF line ends) to the server and says what came of it.

        `handing` is called when the server has agreed to take the message, just before it gets the first byte. Never
        raises for anything a server or network does.
        """
        kept = self._server is not None
        try:
            try:
                outcome = self._offer(sender, recipient, message, handing)
            except _Broken:
                if not kept:
                    raise
                outcome = self._offer(sender, recipient, message, handing)  # it had been closed meanwhile: once more
        except _Broken as error:
            self._breaks += 1  # one recipient may upset a server, and must not hold up all the others for that
            outcome = Outcome(kind="down" if self._breaks >= MOST_BREAKS else "again", words=self._clean(str(error)))
        else:
            self._breaks = 0
        return outcome

    def close(self) -> None:
        """Ends the connection, if there is one."""
        server, self._server = self._server, None
        if server is not None:
            try:
                server.quit()
            except (smtplib.SMTPException, OSError):
                server.close()

    def __enter__(self) -> "Relay":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _offer(self, sender: str, recipient: str, message: bytes, handing: Callable[[], None]) -> Outcome:
        try:
            self._server = server = self._server or self._connect(sender.rpartition("@")[2])
        except (smtplib.SMTPException, *_Gone) as error:
            return Outcome(kind="down", words=self._clean(_reason(error)))
        try:
            refusal = self._envelope(server, sender, recipient)
        except (smtplib.SMTPException, *_Gone) as error:
            self.close()
            raise _Broken(f"the connection broke before the message: {_reason(error)}") from error
        if refusal is not None:
            return refusal
        self._server = None  # within a message there is no way back, not even QUIT, but to drop the connection
        try:
            handing()
            try:
                code, reply = _content(server, message)
            except (smtplib.SMTPException, *_Gone) as error:
                return Outcome(kind="lost", words=self._clean(f"the connection broke in the message: {_reason(error)}"))
            self._server = server
        finally:
            if self._server is None:
                server.close()
        return self._meaning(code, reply)

    def _envelope(self, server: smtplib.SMTP, sender: str, recipient: str) -> Outcome | None:
        """MAIL, RCPT and DATA; None where the server said go ahead."""
        options = [] if (sender + recipient).isascii() else ["SMTPUTF8"]
        if options and not server.has_extn("smtputf8"):
            return Outcome(kind="refused", words="the server takes no address with letters outside ASCII")
        code, reply = server.mail(sender, options)
        if code == 250:
            code, reply = server.rcpt(recipient)
            if code in (250, 251):
                code, reply = server.docmd("DATA")
                if code == 354:
                    return None
        elif code >= 500:  # it wants nothing from this sender, so from none of the readers' messages
            return Outcome(kind="down", words=self._clean(f"sender refused: {_words(code, reply)}"))
        if code == 421:  # it is about to close
            self.close()
            raise _Broken(_words(code, reply))
        refusal = self._meaning(code, reply)
        try:
            server.rset()
        except _Gone:  # some close after a refusal; the refusal stands
            self.close()
        return refusal

    def _meaning(self, code: int, reply: bytes) -> Outcome:
        if 200 <= code < 300:
            return Outcome(kind="accepted", words=self._clean(_words(code, reply)))
        return Outcome(kind="refused" if code >= 500 else "again", words=self._clean(_words(code, reply)))

    def _connect(self, name: str) -> smtplib.SMTP:
        """A greeted, secured and logged-in connection. `name` is what we call ourselves: the library's own choice would
        ask the resolver, which may take seconds."""
        if self.tls:
            context = self.context or ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, name, timeout=self.timeout_s, context=context)
            server.ehlo_or_helo_if_needed()
        else:
            server = smtplib.SMTP(self.host, self.port, name, timeout=self.timeout_s)
            server.ehlo_or_helo_if_needed()
            self._secure(server)
        if self.user:
            server.login(self.user, self.password)
        return server

    def _secure(self, server: smtplib.SMTP) -> None:
        if server.has_extn("starttls"):
            context = self.context or ssl.create_default_context()
            if self.plain_allowed:  # plain text is allowed here, so a certificate nobody signed is no worse
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            server.starttls(context=context)
            server.ehlo()
        elif not self.plain_allowed:
            server.close()
            raise smtplib.SMTPNotSupportedError("it offers no TLS, and plain text is only for network.allow_hosts")

    def _clean(self, words: str) -> str:
        """A server's words on one line, short, and without the password should it repeat it."""
        if self.password:
            words = words.replace(self.password, "***")
        return re.sub(r"[\x00-\x20\x7f-\x9f\s]+", " ", words).strip()[:300]


def _content(server: smtplib.SMTP, message: bytes) -> tuple[int, bytes]:
    """The message and its end, after the server said 354. Dots that open a line are doubled (RFC 5321, 4.5.2)."""
    stuffed = message.replace(b"\r\n.", b"\r\n..")  # a message opens with a header, so never with a dot
    server.send(stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n")
    return server.getreply()


def _words(code: int, reply: bytes) -> str:
    return f"{code} {reply.decode('utf-8', 'replace')}"


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        raw = error.smtp_error
        return _words(error.smtp_code, raw if isinstance(raw, bytes) else str(raw).encode())
    return str(error) or type(error).__name__
