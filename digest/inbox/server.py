"""Inboxes: how an ``imap://`` or ``pop3://`` URL is understood, and when TLS may be done without: as for a relay.

imaps://USER:PASSWORD@HOST[:993][/FOLDER]   TLS from the first byte, with a verified certificate
imap://USER:PASSWORD@HOST[:143][/FOLDER]    STARTTLS; plain text only to a host in network.allow_hosts
"""

import ssl
from collections.abc import Collection
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from digest.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where an inbox is and who reads it. `port` 0 means the protocol's own."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: bool
    plain_allowed: bool
    folder: str

    @property
    def context(self) -> ssl.SSLContext:
        """Certificates are verified; where plain text is allowed, one that nobody signed is no worse."""
        context = ssl.create_default_context()
        if self.plain_allowed:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context

    def clean(self, words: object) -> str:
        """A server's words on one line, short, and without the password."""
        said = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
        return " ".join(said.replace(self.password or "\0", "***").split())[:200]


def server(url: str, allow_hosts: Collection[str]) -> Server:
    """The server that `url` names. Raises ConfigError, which never repeats the URL."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ConfigError("inbox.url: the port must be a number from 1 to 65535") from None
    if not host or not parts.username:
        raise ConfigError("inbox.url: expected imaps://user:password@host/INBOX or pop3s://user:password@host")
    return Server(
        host=host,
        port=port or 0,
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        tls=parts.scheme.endswith("s"),
        plain_allowed=host in allow_hosts,
        folder=unquote(parts.path.strip("/")) or "INBOX",
    )
