"""Several connections at once, and how fast they may be."""

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import mailserver
import pytest

from digest.deliver import message, send_at_once
from digest.deliver.pace import Pace
from digest.deliver.smtp import Relay
from digest.model import Counts, Delivery, Issue, Mail
from digest.store import Store

NOW = datetime(2025, 3, 11, 8, tzinfo=UTC)
ISSUE = Issue(
    newsletter="daily",
    title="Papers",
    day=date(2025, 3, 11),
    made_at=NOW,
    window_start=NOW,
    language="en",
    top=(),
    sections=(),
    candidates=0,
    coverage=(),
)
FORM = message.Form(Mail(subject="Papers", html="<p>x</p>", text="x"), "d@example.org", NOW, "x.example.org")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open("sqlite:///digest.db", tmp_path) as opened:
        opened.issues.save(ISSUE, recipients=[(f"r{n}@d{n % 3}.example.org", f"<{n}@x.org>") for n in range(120)])
        yield opened


def sent(store: Store, server: mailserver.Server, connections: int, **options: Any) -> Counts:
    relays = [Relay.from_url(f"smtp://127.0.0.1:{server.port}", ["127.0.0.1"]) for _ in range(connections)]
    build = options.pop("build", lambda delivery: FORM.message(delivery.address, delivery.message_id))
    box = partial(store.deliveries.outbox, ISSUE.id)
    return send_at_once(box, relays, build, NOW, sender="d@example.org", batch=5, **options)


def test_several_connections_send_each_message_once(store: Store) -> None:
    settled: list[Delivery] = []
    with mailserver.Server() as server:
        assert sent(store, server, 4, on_sent=settled.append) == Counts(sent=120)
        assert len(server.ids) == 120 and set(server.ids.values()) == {1} and server.connections == 4
    assert len(settled) == 120


def test_an_exception_in_one_ends_all_and_loses_nothing(store: Store) -> None:
    lock, made = threading.Lock(), Counter[str]()

    def failing(delivery: Delivery) -> bytes:
        with lock:
            made["times"] += 1
            if made["times"] == 20:
                raise ZeroDivisionError
        return FORM.message(delivery.address, delivery.message_id)

    with mailserver.Server() as server:
        with pytest.raises(ZeroDivisionError):
            sent(store, server, 3, build=failing)
        before = store.deliveries.counts(ISSUE.id)
        assert 10 < before.sent < 40 and before.sent + before.pending == 120
        assert sent(store, server, 3) == Counts(sent=120)
        assert set(server.ids.values()) == {1}


def test_a_pace_is_kept_for_each_kind() -> None:
    clock, slept = [0.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock[0] += seconds

    pace = Pace(2, 10.0, lambda: clock[0], sleep)
    for kind in "aab":
        pace.wait(kind)
    assert slept == []
    pace.wait("a")
    assert slept == [10.0]
    clock[0] += 4.0
    pace.wait("a")
    pace.wait("a")
    assert slept == [10.0, 6.0]
    with pytest.raises(ValueError, match="pace"):
        Pace(0, 1.0)


def test_sending_keeps_a_pace(store: Store) -> None:
    asked: list[str] = []
    with mailserver.Server() as server:
        assert (
            sent(store, server, 2, pace=lambda each, _relay: asked.append(each.address.partition("@")[2])).sent == 120
        )
    assert Counter(asked) == {f"d{n}.example.org": 40 for n in range(3)}
