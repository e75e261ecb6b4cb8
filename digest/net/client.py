"""The client: every request of the program goes through `Client.get` or `Client.post`. Part of the room `net`.

One request an URL and client life, conditional where a validator is known, spaced per host, retried with jitter,
redirected by hand so that every hop is guarded and paced, limited in time and size. Nothing else imports httpx.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import httpx
import stamina
from httpx_secure import SSRFProtectionError, httpx_ssrf_protection

from digest.model import Validator
from digest.net import body, validators
from digest.net.asking import host_of, may_pass, user_agent
from digest.net.bodies import Bodies
from digest.net.errors import FetchError
from digest.net.guard import Guard
from digest.net.pace import Host

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/json;q=0.9, "
    "application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.5, */*;q=0.1"
)
GAP_S = 0.2  # between requests to one host that names no gap of its own
LONGEST_WAIT_S = 90.0  # a longer Retry-After ends the source's turn instead of being waited for
ATTEMPTS, _HOPS = 4, 8
stamina.instrumentation.set_on_retry_hooks([])  # a retry is no news; what came of it is in the answer or the error
_Key = tuple[str, Validator | None]
_PERMANENT, _REDIRECTS = (301, 308), (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer: final `url`, HTTP `status`, unpacked `body` (empty if `not_modified`), media type without
    parameters, and the `validator` to keep once the body has been understood."""

    url: str
    status: int
    body: bytes
    content_type: str
    validator: Validator
    not_modified: bool


@dataclass(frozen=True, slots=True)
class _Question:
    """What a caller wants to know of a URL, the same for every hop and attempt on the way to its answer."""

    url: str
    validator: Validator | None
    headers: Mapping[str, str]
    now: datetime | None
    gap_s: float
    content: bytes | None = None  # to be posted


class _TryAgain(Exception):
    """A failure that may pass; `error` is what to raise when it does not."""

    def __init__(self, error: FetchError) -> None:
        super().__init__(error.message)
        self.error = error


class Client:
    """Asks URLs politely. An async context manager; used inside one event loop.

    `contact` goes into User-Agent; `allow_hosts` are hosts that may have private addresses; `gap_s` overrides the time
    between requests to one host (0: none); `timeout_s` bounds one request from connecting to the last byte;
    `max_bytes` bounds a body, packed and unpacked.
    """

    def __init__(
        self,
        contact: str = "",
        allow_hosts: Iterable[str] = (),
        gap_s: float | None = None,
        timeout_s: float = 30.0,
        max_bytes: int = 32_000_000,
    ) -> None:
        self._headers = {"User-Agent": user_agent(contact), "Accept-Language": "en, *;q=0.5", "Accept-Encoding": "gzip"}
        self._guard = Guard(frozenset(allow_hosts))
        self._gap_s, self._timeout_s, self._max_bytes = gap_s, timeout_s, max_bytes
        self._hosts: dict[str, Host] = {}
        self._asked: dict[_Key, asyncio.Task[Response]] = {}
        self._bodies = Bodies()
        self._http: httpx.AsyncClient | None = None

    async def __aenter__(self) -> Self:
        http = httpx.AsyncClient(
            headers=self._headers,
            follow_redirects=False,
            trust_env=False,  # a proxy would look addresses up by itself, out of reach of the guard
            timeout=httpx.Timeout(min(self._timeout_s, 10.0), read=self._timeout_s, pool=None),
            limits=httpx.Limits(max_connections=40, max_keepalive_connections=20),
        )
        self._http = httpx_ssrf_protection(
            http, check_globally_reachable=False, custom_validator=self._guard.admits, dns_cache_ttl=60
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._asked.values():
            task.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)
        if self._http:
            await self._http.aclose()
        self._bodies.close()

    async def get(
        self,
        url: str,
        validator: Validator | None = None,
        accept: str | None = None,
        *,
        now: datetime | None = None,
        gap_s: float = GAP_S,
    ) -> Response:
        """The answer to `url`, asked at most once in this client's life whoever asks.

        With `now`, Cache-Control is obeyed: an answer still fresh is `not_modified` without a request. `gap_s` is the
        source's own wish for time between requests to one host; the client's `gap_s` overrides it. Raises FetchError.
        """
        if validator and now and validator.fresh_until and now < validator.fresh_until:
            return Response(url=url, status=304, body=b"", content_type="", validator=validator, not_modified=True)
        key = (url, None) if (url, None) in self._asked else (url, validator)
        if key not in self._asked:
            headers = {"Accept": accept or ACCEPT, **validators.conditions(validator)}
            question = _Question(url, validator, headers, now, gap_s if self._gap_s is None else self._gap_s)
            self._asked[key] = asyncio.ensure_future(self._put_aside(key, question))
        # a caller that gives up must not take the answer from the others that wait for it
        answer = await asyncio.shield(self._asked[key])
        return replace(answer, body=self._bodies.read(key))

    async def _put_aside(self, key: _Key, question: _Question) -> Response:
        """The answer without its body: only who reads it now should have it in memory."""
        answer = await self._answer(question)
        self._bodies.keep(key, answer.body)
        return replace(answer, body=b"")

    async def post(self, url: str, content: bytes, headers: Mapping[str, str]) -> bytes:
        """The body of the answer to `content` sent to `url` with `headers`, as `once` asks. Raises FetchError."""
        return await self.once(url, headers, content)

    async def once(self, url: str, headers: Mapping[str, str], content: bytes | None = None, gap_s: float = 0) -> bytes:
        """The body of the answer to `url` asked with `headers` (and `content`): one request, never redirected (a key
        must not travel on), never repeated by itself; after a Retry-After the next one waits. Raises FetchError."""
        gap_s = gap_s if self._gap_s is None else self._gap_s
        try:
            answer, said = await self._once(url, _Question(url, None, headers, None, gap_s, content))
        except _TryAgain as failure:
            raise failure.error from None
        if answer.status_code not in (200, 203):
            raise _refusal(answer, url)
        return said

    async def _answer(self, question: _Question) -> Response:
        known = question.validator
        if known and known.moved_to:
            try:
                return await self._followed(question, known.moved_to)
            except FetchError as error:
                if error.status not in (404, 410):
                    raise
            question = replace(question, validator=replace(known, moved_to=None))  # a mistake, or over
        return await self._followed(question, question.url)

    async def _followed(self, question: _Question, at: str) -> Response:
        """The answer at the end of the redirects from `at`, remembering where permanent ones lead."""
        moved_to, permanent = None if at == question.url else at, True
        for _ in range(_HOPS + 1):
            answer, content = await self._tried(at, question)
            if answer.status_code in _REDIRECTS and answer.headers.get("location"):
                permanent = permanent and answer.status_code in _PERMANENT
                at = urljoin(at, answer.headers["location"])
                moved_to = at if permanent else moved_to
                continue
            if answer.status_code not in (200, 203, 304):
                raise _refusal(answer, at)
            known = validators.renewed(question.url, question.validator, answer.headers, moved_to, question.now)
            return Response(
                url=at,
                status=answer.status_code,
                body=content,
                content_type=answer.headers.get("content-type", "").partition(";")[0].strip().lower(),
                validator=known,
                not_modified=answer.status_code == 304,
            )
        raise FetchError(f"{question.url} redirects without end")

    async def _tried(self, url: str, question: _Question) -> tuple[httpx.Response, bytes]:
        """One hop, tried again with jitter while the failure may pass."""
        retries = stamina.retry_context(
            on=_TryAgain, attempts=ATTEMPTS, timeout=None, wait_initial=0.5, wait_max=8.0, wait_jitter=0.5
        )
        try:
            async for attempt in retries:
                with attempt:
                    return await self._once(url, question)
        except _TryAgain as failure:
            raise failure.error from None
        raise AssertionError("stamina ends with an answer or an error")

    async def _once(self, url: str, question: _Question) -> tuple[httpx.Response, bytes]:
        name = host_of(url)
        place = f"{name}:{httpx.URL(url).port or ''}"
        host = self._hosts.setdefault(place, Host(place, LONGEST_WAIT_S))
        async with host.pace(question.gap_s).turn(host):
            try:
                answer, content = await self._request(url, name, question)
            except TimeoutError:
                raise FetchError(f"{url} did not answer in full within {self._timeout_s:.0f} s") from None
            except SSRFProtectionError as error:
                raise FetchError(f"{url} leads to the private address {error.ip_addr}") from None
            except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
                raise FetchError(f"{url} cannot be asked: {error}") from None
            except httpx.HTTPError as error:
                raise _TryAgain(FetchError(f"{url} failed: {type(error).__name__} {error}".strip())) from None
            if may_pass(answer.status_code, answer.headers):
                host.postpone(validators.retry_after(answer.headers) or 0.0)
                host.check()
                raise _TryAgain(_refusal(answer, url))
            return answer, content

    async def _request(self, url: str, host: str, question: _Question) -> tuple[httpx.Response, bytes]:
        assert self._http is not None, "used outside `async with`"
        async with asyncio.timeout(self._timeout_s):
            await self._guard.check(host)
            method = "GET" if question.content is None else "POST"
            ask = self._http.stream(method, url, headers=dict(question.headers), content=question.content)
            async with ask as answer:
                if answer.status_code not in (200, 203):
                    return answer, b""
                packing = answer.headers.get("content-encoding", "").strip().lower()
                return answer, await body.read(answer.aiter_raw(), packing, self._max_bytes)


def _refusal(answer: httpx.Response, url: str) -> FetchError:
    status = answer.status_code
    words = f"{url} answered {status} {answer.reason_phrase}".strip()
    return FetchError(words, status=status, gone=status == 410)
