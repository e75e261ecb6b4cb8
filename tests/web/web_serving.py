"""A site of one's own for the web tests: a real store, a real server on loopback, a clock that can be moved."""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from digest.config import Plan, load
from digest.model import Issue, Item, Paper, Section, Topic
from digest.store import Store
from digest.web import Site, application

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
BASE = "https://papers.example.org/sub"
CONFIG = """
title: Papers today
url: https://papers.example.org/sub
contact: editor@example.org
network: {allow_hosts: [127.0.0.1]}
newsletters: [{name: daily, limit: 8}, {name: weekly, title: The week}]
mail: {from: "Papers <digest@example.org>", smtp: "smtp://127.0.0.1:9"}
serve: {port: 0}
"""


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str


@dataclass
class World:
    """A running site, what it has sent, and a client that keeps its connection."""

    plan: Plan
    store: Store
    now: datetime = NOW
    sent: list[tuple[str, EmailMessage]] = field(default_factory=list)
    url: str = ""

    def post(self, address: str, message: bytes) -> None:
        self.sent.append((address, parsed(message)))

    def ask(self, path: str, form: Any = None, method: str | None = None, **headers: str) -> Answer:
        """One request; `form` makes it a POST."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        body = form if isinstance(form, bytes) or form is None else urlencode(form, doseq=True).encode()
        if form is not None:
            headers.setdefault("content_type", "application/x-www-form-urlencoded")
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method or ("GET" if form is None else "POST"), path, body, named)
        answer = connection.getresponse()
        found = Answer(answer.status, {n.lower(): v for n, v in answer.getheaders()}, answer.read().decode())
        connection.close()
        return found


def parsed(message: bytes) -> EmailMessage:
    found = message_from_bytes(message, policy=default)
    assert isinstance(found, EmailMessage) and not found.defects
    return found


def plain(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


@contextmanager
def world(folder: Path, config: str = CONFIG) -> Iterator[World]:
    (folder / "config.yaml").write_text(config)
    plan = load(folder / "config.yaml", environ={})
    assert plan.serve is not None
    with Store.open(plan.database, plan.home) as store:
        made = World(plan, store)
        with Site(application(plan, store, made.post, lambda: made.now), plan.serve) as site:
            made.url = site.url
            yield made


def issue(newsletter: str = "daily", day: date = date(2026, 3, 2), papers: int = 3) -> Issue:
    items = tuple(
        Item(
            paper=Paper(id=f"x:{n}", keys=(f"x:{n}",), title=f"Of tide {n}", url=f"https://example.org/{n}"),
            score=1.0,
            terms=(),
            reasons=(),
            tldr="It is wet.",
            facts=(),
            attention=(),
            sources=("one",),
            announcement="new",
            first_seen=NOW,
        )
        for n in range(papers)
    )
    return Issue(
        newsletter=newsletter,
        title="Papers today",
        day=day,
        made_at=NOW,
        window_start=NOW,
        language="en",
        top=(),
        sections=(Section(topic=Topic(slug="tides", name="Tides", kind="given"), items=items),),
        candidates=papers,
        coverage=(),
    )


def lines_of_papers(count: int = 8) -> str:
    """A source's file for runs of the whole program."""
    return "\n".join(
        json.dumps({"title": f"Tidal study {n}", "abstract": f"We measure tide {n}."}) for n in range(count)
    )
