"""What a kind of source of signals is, and what all kinds do when they ask. Room `collect`.

Touched when all kinds should ask or read differently; what one service does belongs into its own file beside this one.
"""

from collections.abc import AsyncIterator, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from digest.collect import jsonfeed
from digest.collect.errors import Unreadable
from digest.model import Paper, Question, SignalSource
from digest.net import Client

Batch = Mapping[str, Mapping[str, float]]
"""What was heard of some papers: by id the values by kind of signal, empty where nothing is known of the paper."""

LARGEST = 1e12  # a count beyond this is a mistake
GAP_S = 1.0  # between requests to one host: none of these services is in a hurry, and neither are we


@dataclass(frozen=True, slots=True)
class Asked:
    """What a kind is handed: who is asked about what, by whom; `memory` (JSON values) is its own to change."""

    source: SignalSource
    questions: Sequence[Question]
    client: Client
    now: datetime
    memory: MutableMapping[str, Any]

    @property
    def base(self) -> str:
        """The service's address, without a slash at the end."""
        return self.source.base_url.rstrip("/")

    async def json(self, url: str, content: bytes | None = None, key_header: str = "Authorization") -> Any:
        """The JSON that `url` answers. Where there is a token it goes along and the request is not redirected or
        repeated. Raises FetchError, Unreadable."""
        token, headers = self.source.token, {"Accept": "application/json"}
        if not token and content is None:
            return jsonfeed.load((await self.client.get(url, accept="application/json", gap_s=GAP_S)).body)
        if token:
            headers[key_header] = f"Bearer {token}" if key_header == "Authorization" else token
        if content is not None:
            headers["Content-Type"] = "application/json"
        return jsonfeed.load(await self.client.once(url, headers, content, GAP_S))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of source: `ask` yields batches; `wants` says whether a paper can be asked about at all. The rest is what
    holds unless the configuration says otherwise: address, until what age and how often at first, how many a run.
    `code` says that the repository is needed (`Question.code`)."""

    ask: Callable[[Asked], AsyncIterator[Batch]]
    wants: Callable[[Paper], bool]
    base_url: str = ""
    reach: timedelta = timedelta(days=14)
    every: timedelta = timedelta(hours=3)
    most: int = 10_000
    code: bool = False


def key(paper: Paper, *kinds: str) -> str | None:
    """What stands behind the first key of one of these kinds: ``2503.01234`` of ``arxiv:2503.01234``."""
    found = {name: value for name, _, value in (each.partition(":") for each in reversed(paper.keys))}
    return next((found[kind] for kind in kinds if kind in found), None)


def batches(questions: Sequence[Question], size: int) -> list[Sequence[Question]]:
    """The questions in runs of at most `size`."""
    return [questions[start : start + size] for start in range(0, len(questions), size)]


def rows(document: Any, *path: str) -> list[dict[str, Any]]:
    """The objects in the list at `path` of a document. Raises Unreadable where there is no such list."""
    found = document
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    if not isinstance(found, list):
        raise Unreadable(f"the answer holds no list {'.'.join(path)!r}" if path else "the answer is no list")
    return [row for row in found if isinstance(row, dict)]


def part(document: Any, *path: str) -> dict[str, Any]:
    """The object at `path` of a document; empty where there is none."""
    found = document
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def number(row: Mapping[str, Any], name: str) -> float:
    """A count; 0 for what is none."""
    value = row.get(name)
    good = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= LARGEST
    return float(value) if good and value is not None else 0.0


def text(row: Mapping[str, Any], name: str, most: int = 20_000) -> str:
    """A string of at most `most` characters; "" for what is none."""
    value = row.get(name)
    return value[:most] if isinstance(value, str) else ""
