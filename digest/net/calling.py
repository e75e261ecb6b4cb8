"""One call of somebody's API: any answer is a value. Part of the room `net`.

For those who must know whether a request may have arrived: a call is made once, guarded as every request, never
redirected, never repeated.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from digest.net.asking import host_of
from digest.net.client import Client, _Question, _TryAgain
from digest.net.errors import FetchError

_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a call came to: the HTTP `status` (0: none came), the `body` of a 200, and `words` for people. `sent` is
    False where the request cannot have arrived."""

    status: int
    body: bytes = b""
    words: str = ""
    sent: bool = True


async def call(client: Client, url: str, headers: Mapping[str, str], content: bytes | None = None) -> Reply:
    """GET `url`, or POST `content` to it, with `headers`. Never raises for what a network or server does."""
    try:
        await client._guard.check(host_of(url))
    except FetchError as error:
        return Reply(status=0, words=error.message, sent=False)
    try:
        answer, body = await client._once(url, _Question(url, None, headers, None, 0.0, content))
    except _TryAgain as failure:
        sent = not isinstance(failure.__context__, _NEVER_SENT)
        return Reply(status=failure.error.status or 0, words=failure.error.message, sent=sent)
    except FetchError as error:
        resting = error.retry_after_s is not None  # it had asked before to be left alone for longer
        return Reply(status=error.status or 0, words=error.message, sent=not resting)
    return Reply(status=answer.status_code, body=body, words=f"{answer.status_code} {answer.reason_phrase}".strip())
