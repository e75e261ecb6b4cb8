"""Operations: what `digest doctor` says of the language model that config.yaml may name.

Nothing is asked over the network: the last issue's asking tells how the endpoint was. Touched when its answers can fail
in another way that a person can mend.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from digest import retelling
from digest.config import Plan
from digest.operations.finding import Finding

if TYPE_CHECKING:
    from digest.store import Store

_LOCAL = ("localhost", "127.0.0.1", "::1")


def examine(plan: Plan, store: "Store") -> Iterator[Finding]:
    """Whether there is a key for the endpoint, and how many of the last issue's sentences the model told; nothing where
    no model is set. Never a problem: an issue goes out without it."""
    if plan.llm is None:
        return
    parts = urlsplit(plan.llm.url)
    host = parts.hostname or ""
    words = f"{plan.llm.model} at {host}" + ("" if plan.llm.key else ", without a key")
    if parts.scheme == "http" and host not in _LOCAL and plan.llm.key:
        yield Finding(area="llm", name="endpoint", state="note", words=f"{words}; the key goes there unencrypted")
    elif not plan.llm.key and host not in _LOCAL:
        yield Finding(area="llm", name="endpoint", state="note", words=f"{words}; `llm.key` names none")
    else:
        yield Finding(area="llm", name="endpoint", state="ok", words=words)
    yield _last(store)


def _last(store: "Store") -> Finding:
    """How the last asking went."""
    last = retelling.last(store)
    if not last:
        return Finding(area="llm", name="last issue", state="note", words="never asked yet")
    told = last["asked"] - last["extracted"]
    state: Literal["ok", "note"] = "ok" if not last["extracted"] else "note"
    words = f"told {told} of {last['asked']} sentences of {last['issue']} at {last['at'][:16].replace('T', ' ')} UTC"
    words += f", {last['requests']} requests, {last['tokens']} tokens"
    words += f"; mostly: {last['reason']}" if last["extracted"] else ""
    return Finding(area="llm", name="last issue", state=state, words=words)
