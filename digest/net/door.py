"""The certificate that the world meets at the site's address. Part of the room `net`.

Asks one host that the configuration names as its own, so no guard is asked first. Nothing is sent but the handshake.
"""

import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime

PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True)
class Door:
    """When the certificate ends; None where that could not be told, `words` saying why, `refused` if it is not good."""

    ends: datetime | None
    words: str = ""
    refused: bool = False


def certificate(host: str, port: int) -> Door:
    """What stands at `host`:`port`. Never raises for what the network does."""
    context = ssl.create_default_context()
    try:
        plain = socket.create_connection((host, port), timeout=PATIENCE_S)
        with plain, context.wrap_socket(plain, server_hostname=host) as secure:
            found = secure.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        return Door(None, f"the certificate of {host} is refused by browsers: {error.verify_message}", refused=True)
    except OSError as error:
        return Door(None, f"{host} cannot be reached from here: {error.strerror or error}")
    return Door(datetime.fromtimestamp(ssl.cert_time_to_seconds(str(found["notAfter"])), UTC))
