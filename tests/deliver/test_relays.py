"""Several relays, one of them down; limits and their ramp; sending paused by a person."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import mailserver
import pytest

from digest import mailing
from digest.config import MailPlan, WarmUp
from digest.deliver import message, send_at_once
from digest.deliver.pace import ramped
from digest.deliver.post import Post
from digest.deliver.smtp import Relay
from digest.model import Counts, Delivery, Issue, Mail
from digest.store import Store

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
ISSUE = Issue(
    newsletter="daily",
    title="Papers",
    day=NOW.date(),
    made_at=NOW,
    window_start=NOW,
    language="en",
    top=(),
    sections=(),
    candidates=0,
    coverage=(),
)
FORM = message.Form(Mail(subject="Papers", html="<p>x</p>", text="x"), "d@example.org", NOW, "x.example.org")
READERS = 90


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open("sqlite:///digest.db", tmp_path) as opened:
        opened.issues.save(ISSUE, recipients=[(f"r{n}@example.org", f"<{n}@x.org>") for n in range(READERS)])
        yield opened


def relay(server: mailserver.Server) -> Relay:
    return Relay.from_url(f"smtp://127.0.0.1:{server.port}", ["127.0.0.1"])


def sent(store: Store, relays: list[Relay], **options: Any) -> Counts:
    box = partial(store.deliveries.outbox, ISSUE.id)

    def build(delivery: Delivery) -> bytes:
        return FORM.message(delivery.address, delivery.message_id)

    return send_at_once(box, relays, build, NOW, sender="d@example.org", batch=5, **options)


def test_a_relay_that_is_down_leaves_its_share_to_the_others(store: Store) -> None:
    with mailserver.Server() as good, mailserver.Server() as refusing:
        refusing.mail = lambda _: "550 not from here"
        nobody = Relay.from_url("smtp://127.0.0.1:9", ["127.0.0.1"])
        assert sent(store, [nobody, relay(refusing), relay(good)]) == Counts(sent=READERS)
        assert set(good.ids.values()) == {1} and len(good.ids) == READERS and not refusing.received


def test_where_all_are_down_everything_is_tried_again_later(store: Store) -> None:
    nobody = [Relay.from_url("smtp://127.0.0.1:9", ["127.0.0.1"]) for _ in range(3)]
    assert sent(store, nobody) == Counts(failed=READERS)
    assert {each.retry_at is not None for each in store.deliveries.list()} == {True}


def test_sending_is_paused_and_resumed_by_a_person(store: Store) -> None:
    with mailserver.Server() as server:
        done: list[Delivery] = []

        def on_sent(delivery: Delivery) -> None:
            done.append(delivery)
            if len(done) == 12:
                store.deliveries.pause()

        counts = sent(store, [relay(server)], on_sent=on_sent)
        assert counts.sent == 15 and counts.pending == READERS - 15  # what was claimed is sent, no more
        assert sent(store, [relay(server)]) == counts
        store.deliveries.resume()
        store.deliveries.resume()
        assert sent(store, [relay(server)]) == Counts(sent=READERS)
        assert set(server.ids.values()) == {1}


def test_a_ramp_begins_low_and_ends_at_the_limit() -> None:
    days = [ramped(600, 10, 14, day) for day in range(-1, 16)]
    assert days[:2] == [10, 10] and days[-2:] == [600, 600] and days == sorted(days)
    assert all(later / earlier < 1.5 for earlier, later in pairwise(days))
    assert ramped(5, 10, 14, 0) == 5


def test_limits_hold_for_each_relay_and_each_domain(monkeypatch: pytest.MonkeyPatch) -> None:
    waits = Counter[object]()
    made: list[tuple[int, float]] = []

    class Counting:
        def __init__(self, most: int, window_s: float) -> None:
            made.append((most, window_s))

        def wait(self, kind: object) -> None:
            waits[kind] += 1

    monkeypatch.setattr("digest.deliver.pace.Pace", Counting)
    plan = MailPlan(sender="d@example.org", reply_to=None, to=(), smtp="smtp://x", per_minute=100, domain_per_minute=20)
    assert mailing.pacing(replace(plan, per_minute=None, domain_per_minute=None), NOW) is None
    pace = mailing.pacing(replace(plan, warm_up=WarmUp(since=date(2026, 3, 2), days=10, start=10)), NOW)
    assert made == [(10, 60.0), (2, 60.0)]  # on the first day a tenth of both
    assert pace is not None
    for address in ("a@one.example", "b@ONE.example", "c@two.example"):
        pace(Delivery(issue="x", address=address, message_id=""), Relay(host="mx", port=25, tls=False))
    assert waits == {"one.example": 2, "two.example": 1, ("mx", 25): 3}
    mailing.pacing(replace(plan, warm_up=WarmUp(since=date(2026, 2, 1), days=10, start=10)), NOW)
    assert made[2:] == [(100, 60.0), (20, 60.0)]


def test_letters_are_tried_again_until_they_are_taken() -> None:
    with ExitStack() as stack:
        server = stack.enter_context(mailserver.Server())
        answers = ["451 later", "451 later", None]
        server.rcpt = lambda _: answers.pop(0) if answers else None
        post = stack.enter_context(Post(relay(server), "d@example.org", waits_s=(0.05, 0.05, 0.05)))
        assert post.put("ann@example.org", FORM.message("ann@example.org", "<1@x.org>"))
        for _ in range(200):
            if server.received:
                break
            post._stop.wait(0.05)
        assert [address for address, _ in server.received] == ["ann@example.org"]
    assert not post._thread.is_alive()
