"""Speed of sending: messages assembled and messages handed to a server, each against its peers in the same run.

Assembling is compared with a bare replacing of bytes (which is wrong wherever quoted-printable broke the line, but as
fast as can be) and with a full render and an `EmailMessage` for each reader; sending with a bare smtplib loop that
hands over the same bytes on one kept connection and remembers nothing. Memory is that of a process of its own which
takes an issue to 100,000 readers through the store and the outbox.
"""

import json
import smtplib
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any

from digest.deliver import message, send
from digest.deliver.smtp import Relay
from digest.model import Delivery, Mail
from digest.render import Templates, mail
from digest.store import Store

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "render"))
import factory
from smtp_sink import Sink

NOW = datetime(2025, 3, 11, 8, tzinfo=UTC)
SENDER, PLACE = "digest@example.org", "@@reader@@"
ROUNDS, MESSAGES = 5, 1_000


def measure() -> dict[str, Any]:
    """Rates a second (best of five rounds) and ours as ratios of the peers' (medians over rounds run in turn)."""
    return {"assemble": _assemble(), "send": _send(), "memory": _memory()}


def _linked() -> Mail:
    """A mail of 25 papers with a link of the reader's own at the foot of each part."""
    link = f"https://papers.example.org/preferences/{PLACE}"
    made = mail(factory.issue(25), factory.MASTHEAD, Templates())
    return Mail(
        subject=made.subject,
        html=made.html.replace("</body>", f'<a href="{link}">Preferences</a></body>'),
        text=f"{made.text}\nPreferences: {link}\n",
    )


def _form() -> message.Form:
    return message.Form(_linked(), SENDER, NOW, "daily.example.org", placeholder=PLACE)


def _assemble() -> dict[str, Any]:
    form, ids = _form(), count()
    finished, templates, issue = form.message("r0@example.org", "<0@example.org>", "0"), Templates(), factory.issue(25)

    def spliced() -> object:
        own = f"{next(ids):032x}"
        return form.message(f"r{own}@example.org", f"<{own}@example.org>", own, unsubscribe_url=f"https://x.org/{own}")

    def replaced() -> object:
        return finished.replace(b"<0@example.org>", f"<{next(ids)}@example.org>".encode())

    def rendered() -> object:
        made, letter = mail(issue, factory.MASTHEAD, templates, reader=str(next(ids))), EmailMessage(policy=SMTP)
        letter["From"], letter["To"], letter["Subject"] = SENDER, "r@example.org", made.subject
        letter.set_content(made.text, cte="quoted-printable")
        letter.add_alternative(made.html, subtype="html", cte="quoted-printable")
        return letter.as_bytes()

    ours, bare, full = _rates([(spliced, 5_000), (replaced, 5_000), (rendered, 20)])
    return {
        "message_bytes": len(finished),
        "ours_per_s": round(max(ours)),
        "byte_replace_per_s": round(max(bare)),
        "full_render_per_s": round(max(full), 1),
        "ratio_to_byte_replace": round(_ratio(ours, bare), 2),
        "ratio_to_full_render": round(_ratio(ours, full)),
    }


def _send() -> dict[str, Any]:
    form, issue = _form(), factory.issue(25)
    recipients = [(f"r{n}@example.org", f"<{n}@example.org>") for n in range(MESSAGES)]
    messages = [(to, form.message(to, identity, "0" * 32)) for to, identity in recipients]
    with tempfile.TemporaryDirectory() as folder, Sink(Path(folder) / "received") as port:
        ours, bare = [], []
        for _ in range(ROUNDS):
            bare.append(MESSAGES / _timed(partial(_bare, port, messages)))
            with tempfile.TemporaryDirectory() as home, Store.open("sqlite:///digest.db", Path(home)) as store:
                store.issues.save(replace(issue, sections=(), top=()), recipients=recipients)
                ours.append(MESSAGES / _timed(partial(_ours, port, store, issue.id, form)))
    return {
        "messages": MESSAGES,
        "ours_per_s": round(max(ours)),
        "smtplib_per_s": round(max(bare)),
        "ratio_to_smtplib": round(_ratio(ours, bare), 2),
    }


def _ours(port: int, store: Store, issue_id: str, form: message.Form) -> None:
    def build(delivery: Delivery) -> bytes:
        return form.message(delivery.address, delivery.message_id, "0" * 32)

    relay = Relay.from_url(f"smtp://127.0.0.1:{port}", ["127.0.0.1"])
    with store.deliveries.outbox(issue_id) as outbox:
        counts = send(outbox, relay, build, NOW, sender=SENDER)
    assert counts.sent == MESSAGES


def _bare(port: int, messages: Sequence[tuple[str, bytes]]) -> None:
    with smtplib.SMTP("127.0.0.1", port, "example.org") as server:
        for to, body in messages:
            server.sendmail(SENDER, to, body)


def _memory() -> dict[str, Any]:
    script = Path(__file__).with_name("_send_memory.py")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def _rates(works: Sequence[tuple[Callable[[], object], int]]) -> list[list[float]]:
    """For each piece of work (done so many times a round) its rate a second in each round; rounds take turns."""
    rates: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for (work, times), found in zip(works, rates, strict=True):
            found.append(times / _timed(partial(_repeat, work, times)))
    return rates


def _repeat(work: Callable[[], object], times: int) -> None:
    for _ in range(times):
        work()


def _timed(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def _ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    return statistics.median(mine / other for mine, other in zip(ours, theirs, strict=True))
