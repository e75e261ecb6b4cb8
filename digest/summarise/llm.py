"""Summarise room: the TL;DR by a language model, for those who have one: any OpenAI-compatible endpoint.

Never needed and never trusted: whatever goes wrong (slow, dead, refusing, over budget, lying), the extractive
sentence is printed, in time. `verify.py` judges what comes back. The network and the cache are handed in;
nothing is kept here.
"""

import asyncio
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import resources
from string import Template
from typing import Protocol

from digest.model import Paper
from digest.net import FetchError
from digest.summarise import languages
from digest.summarise.subject import Subject, told_by
from digest.summarise.verify import problem

MOST_ANSWER_BYTES = 64_000
MOST_FAILURES = 3  # in a row, after which the endpoint is left alone for this issue
ANSWER_TOKENS = 120
TOO_MANY = 429
WHO: Mapping[Subject, str] = {"abstract": "as the abstract does", "we": '"we"', "authors": '"the authors", then "they"'}
"""How the prompt says what the authors are to be called."""


class Post(Protocol):
    """Sends `body` to `url` and returns the answer's body; raises FetchError for anything but success."""

    async def __call__(self, url: str, body: bytes, headers: Mapping[str, str], /) -> bytes:
        """The answer's body, bounded in size and time by the caller's client."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where the model is asked: `url` as far as ``/v1``, the model's name, the key ("" for none)."""

    url: str
    model: str
    key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What an issue may cost: requests, tokens (asked and answered), seconds; and how many requests at a time."""

    requests: int = 60
    tokens: int = 100_000
    seconds: float = 60.0
    concurrency: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The sentence of one paper and where it is from: "llm", "cache" or "extract"; why not the model, if so; whether it
    is in another language than the abstract."""

    text: str
    origin: str
    reason: str = ""
    translated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Retold:
    """The sentences by paper id, the entries of the cache that were used or made, and what was spent."""

    told: Mapping[str, Told]
    cache: Mapping[str, str]
    requests: int
    tokens: int


def default_prompt() -> str:
    """The prompt that comes with the program: a template of `$max_words`, `$language` and `$subject`."""
    return resources.files("digest.summarise").joinpath("prompt.txt").read_text(encoding="utf-8")


async def retell(
    extracted: Sequence[tuple[Paper, str]],
    endpoint: Endpoint,
    post: Post,
    cache: Mapping[str, str],
    *,
    budget: Budget | None = None,
    prompt: str = "",
    language: str = "",
    max_words: int = 30,
    subject: Subject = "abstract",
) -> Retold:
    """A sentence for each paper, given with its extractive one, from the cache, the model, or as it was.

    `language` is the language to write in ("" for the abstract's own), `subject` what the authors are called, which an
    English sentence is made to obey. Never raises for what an endpoint does; takes
    `budget.seconds` at most. Papers without an abstract are not asked about.
    """
    asking = _Asking(endpoint, post, budget or Budget(), prompt or default_prompt(), language, max_words, subject)
    told = {paper.id: Told(text=text, origin="extract", reason="no abstract") for paper, text in extracted}
    tasks: dict[str, asyncio.Task[Told]] = {}
    kept: dict[str, str] = {}
    for paper, text in extracted:
        key = asking.key(paper)
        kept_before = asking.judged(cache.get(key, ""), paper, text, "cache")
        if kept_before.origin == "cache":
            told[paper.id] = kept_before
            kept[key] = cache[key]
        elif paper.abstract.strip():
            told[paper.id] = Told(text=text, origin="extract", reason="out of time")
            tasks[paper.id] = asyncio.ensure_future(asking.one(paper, text))
    if tasks:
        await asyncio.wait(tasks.values(), timeout=asking.budget.seconds)
    for task in tasks.values():
        task.cancel()
    await asyncio.gather(*tasks.values(), return_exceptions=True)
    told |= {name: task.result() for name, task in tasks.items() if not task.cancelled()}
    kept |= {asking.key(paper): told[paper.id].text for paper, _ in extracted if told[paper.id].origin == "llm"}
    return Retold(told=told, cache=kept, requests=asking.requests, tokens=asking.tokens)


class _Asking:
    """One issue's conversation with an endpoint: what is spent, what failed."""

    def __init__(
        self,
        endpoint: Endpoint,
        post: Post,
        budget: Budget,
        prompt: str,
        language: str,
        max_words: int,
        subject: Subject,
    ) -> None:
        self.endpoint, self.post, self.budget = endpoint, post, budget
        self.language, self.max_words, self.subject = language, max_words, subject
        words = {"max_words": str(max_words), "language": language or "the language of the abstract"}
        words["subject"] = WHO[subject]
        self.system = Template(prompt).safe_substitute(words)
        self.requests = self.tokens = self.failures = 0
        self._free = asyncio.Semaphore(max(budget.concurrency, 1))

    def key(self, paper: Paper) -> str:
        """What the answer depends on, as a short text: the same content is never paid for twice."""
        parts = [self.endpoint.model, self.system, self.subject, paper.title, paper.abstract]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]

    def judged(self, said: str, paper: Paper, extracted: str, origin: str) -> Told:
        """`said` with the authors called as asked for, if it may be printed, else the extracted sentence and why."""
        if languages.code(self.language) in ("", "en"):  # "ours" is a bear in French
            said = told_by(said, self.subject)
        why = problem(said, paper, self.max_words)
        translated = bool(why and self.language)
        if translated:
            why = problem(said, paper, self.max_words, language=self.language)
        if self.endpoint.key and self.endpoint.key in said:
            why = "the key said again"
        if why:
            return Told(text=extracted, origin="extract", reason=why)
        return Told(text=said, origin=origin, translated=translated)

    async def one(self, paper: Paper, extracted: str) -> Told:
        """Ask about one paper, within the budget; a second time where the first met "too many requests"."""
        async with self._free:
            body = self._body(paper)
            cost = len(body) // 3 + ANSWER_TOKENS  # about three characters a token, rather too many than too few
            told = Told(text=extracted, origin="extract")
            for _ in range(2):
                if refusal := self._refusal(cost):
                    return replace(told, reason=told.reason or refusal)
                try:
                    said = await self._said(body, cost)
                except (FetchError, ValueError) as error:
                    self.failures += 1
                    told = replace(told, reason=f"no answer: {self._without_key(str(error))}")
                    if getattr(error, "status", None) != TOO_MANY:
                        return told
                else:
                    self.failures = 0
                    return self.judged(said, paper, extracted, "llm")
        return told

    async def _said(self, body: bytes, cost: int) -> str:
        """What the model says to one request. Raises FetchError, and ValueError for what is no answer."""
        self.requests += 1
        self.tokens += cost
        answer = await self.post(f"{self.endpoint.url.rstrip('/')}/chat/completions", body, self._headers())
        said, used = read(answer)
        self.tokens += max(used - cost, 0)
        return said

    def _without_key(self, text: str) -> str:
        """A server's words fit for a report: printable, short, and without the key should it say it again."""
        text = text.replace(self.endpoint.key, "KEY") if self.endpoint.key else text
        return "".join(sign if sign.isprintable() else " " for sign in text)[:160]

    def _refusal(self, cost: int) -> str:
        if self.failures >= MOST_FAILURES:
            return f"gave up after {MOST_FAILURES} failures in a row"
        if self.requests >= self.budget.requests or self.tokens + cost > self.budget.tokens:
            return "over budget"
        return ""

    def _headers(self) -> dict[str, str]:
        key = {"Authorization": f"Bearer {self.endpoint.key}"} if self.endpoint.key else {}
        return {"Content-Type": "application/json", "Accept": "application/json", **key}

    def _body(self, paper: Paper) -> bytes:
        """The request: orders as the system's message, the paper as JSON, so that its text cannot end its own quote."""
        data = json.dumps({"title": paper.title, "abstract": paper.abstract[:8000]}, ensure_ascii=False)
        messages = [{"role": "system", "content": self.system}, {"role": "user", "content": data}]
        return json.dumps(
            {"model": self.endpoint.model, "messages": messages, "temperature": 0, "max_tokens": ANSWER_TOKENS}
        ).encode()


def read(answer: bytes) -> tuple[str, int]:
    """(sentence, tokens used) of a chat completion. Raises ValueError for anything else."""
    if len(answer) > MOST_ANSWER_BYTES:
        raise ValueError("the answer is too large")
    try:
        parsed = json.loads(answer)
        said = parsed["choices"][0]["message"]["content"]
        used = (parsed.get("usage") or {}).get("total_tokens", 0)
    except (KeyError, IndexError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise ValueError("the answer is no chat completion") from error
    if not isinstance(said, str):
        raise ValueError("the answer has no text")
    return " ".join(said.strip(" \t\r\n\"'“”").split(" ")), used if isinstance(used, int) and used > 0 else 0
