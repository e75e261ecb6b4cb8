"""The sentences of an issue told anew by a language model, where config.yaml names one. Joined by pipeline.py.

Between the extractive sentences and the saved issue, for the papers chosen and no others. Whatever the model's server
does, an issue comes back, in the time allowed. Touched when an answer must be kept, counted or reported otherwise.
"""

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from digest.config import Plan
from digest.config.llm import LanguageModel
from digest.model import Decision, Issue, Item, Newsletter

if TYPE_CHECKING:
    from digest.store import Store
    from digest.summarise.llm import Retold, Told

CACHE = "retold sentences"
"""Name of the answers kept in the store's fitted state: what was asked (a hash) to [sentence, day it was last used]."""
LAST = "last retelling"
"""Name of what the last asking came to, as `last` reads it."""
UNUSED = timedelta(days=90)
MOST_KEPT = 5000
_MODEL_SAID = ("llm", "cache")

T = TypeVar("T")
log = logging.getLogger(__name__)


def retold(
    plan: Plan, newsletter: Newsletter, issue: Issue, store: "Store", now: datetime
) -> tuple[Issue, tuple[Decision, ...]]:
    """The issue with a model's sentences where they may be printed, and what was decided of each; as it is without a
    model. Answers are kept at once, so that making the issue again costs nothing. Raises StoreError only."""
    if plan.llm is None:
        return issue, ()
    kept = _read(store.fitted.get(CACHE))
    answers = {key: sentence for key, (sentence, _) in kept.items()}
    found = _in_time(_ask(plan, plan.llm, newsletter, issue, answers))
    store.fitted.put({CACHE: _written(kept, found.cache, now), LAST: _summary(issue, found, now)}, now)
    _report(issue, found)
    told = replace(
        issue,
        sections=tuple(
            replace(section, items=tuple(_item(item, found.told[item.paper.id]) for item in section.items))
            for section in issue.sections
        ),
    )
    return told, tuple(_decision(name, each, plan.llm.model, now) for name, each in found.told.items())


async def _ask(
    plan: Plan, model: LanguageModel, newsletter: Newsletter, issue: Issue, answers: Mapping[str, str]
) -> "Retold":
    from digest.net import Client
    from digest.summarise import llm

    client = Client(
        plan.masthead.contact,
        plan.network.allow_hosts,
        gap_s=0,
        timeout_s=model.seconds,
        max_bytes=llm.MOST_ANSWER_BYTES,
    )
    async with client:
        return await llm.retell(
            [(item.paper, item.tldr) for item in issue.items],
            llm.Endpoint(url=model.url, model=model.model, key=model.key),
            client.post,
            answers,
            budget=llm.Budget(
                requests=model.requests, tokens=model.tokens, seconds=model.seconds, concurrency=model.concurrency
            ),
            prompt=model.prompt,
            language=newsletter.language if model.language == "newsletter" else model.language,
            max_words=newsletter.tldr_words,
            subject=newsletter.tldr_subject,
        )


def _in_time(asking: Coroutine[Any, Any, T]) -> T:
    """As `asyncio.run`, which however would wait at its end for a name server that does not answer."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(asking)
    finally:
        loop.close()


def _item(item: Item, told: "Told") -> Item:
    """The item with its sentence; a translation keeps the abstract's own beside it."""
    return replace(item, tldr=told.text, tldr_original=item.tldr if told.translated else "")


def _decision(name: str, told: "Told", model: str, now: datetime) -> Decision:
    by_model = told.origin in _MODEL_SAID
    reason = f"by {model}{', asked before' if told.origin == 'cache' else ''}" if by_model else told.reason
    return Decision(
        subject=name, stage="summarise", verdict="retold" if by_model else "extracted", reason=reason, at=now
    )


def _report(issue: Issue, found: "Retold") -> None:
    """One line where the model did not do its part."""
    extracted, reason = _shortfall(found)
    if extracted:
        log.warning(
            "%s: %d of %d sentences as extracted, not by the language model (%d requests, %d tokens); mostly: %s",
            *(issue.id, extracted, len(found.told), found.requests, found.tokens, reason),
        )


def _shortfall(found: "Retold") -> tuple[int, str]:
    """How many sentences the model did not tell, and the most frequent reason ("" for none)."""
    reasons = Counter(told.reason for told in found.told.values() if told.origin not in _MODEL_SAID)
    return sum(reasons.values()), next((reason for reason, _ in reasons.most_common(1)), "")


def _summary(issue: Issue, found: "Retold", now: datetime) -> bytes:
    extracted, reason = _shortfall(found)
    told = {
        "issue": issue.id,
        "at": now.isoformat(),
        "asked": len(found.told),
        "extracted": extracted,
        "reason": reason,
    }
    return json.dumps({**told, "requests": found.requests, "tokens": found.tokens}, ensure_ascii=False).encode()


def last(store: "Store") -> Mapping[str, Any]:
    """What the last asking came to: issue, at, asked, extracted, reason, requests, tokens; empty where not known."""
    try:
        read = json.loads(store.fitted.get(LAST) or b"{}")
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _read(body: bytes | None) -> dict[str, tuple[str, str]]:
    """The answers kept; none where the state is unreadable, which costs asking again and nothing else."""
    try:
        return {str(key): (str(sentence), str(day)) for key, (sentence, day) in json.loads(body or b"{}").items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def _written(kept: Mapping[str, tuple[str, str]], used: Mapping[str, str], now: datetime) -> bytes:
    """The answers to keep: those of today, and of the others the last used."""
    today, oldest = now.date().isoformat(), (now - UNUSED).date().isoformat()
    entries = {**kept, **{key: (sentence, today) for key, sentence in used.items()}}
    newest = sorted(entries.items(), key=lambda entry: (entry[1][1], entry[0]), reverse=True)[:MOST_KEPT]
    return json.dumps({key: value for key, value in newest if value[1] >= oldest}, ensure_ascii=False).encode()
