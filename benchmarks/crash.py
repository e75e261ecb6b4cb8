"""Benchmark: senders killed at random moments; then every message is counted at the server.

    benchmarks/crash.py [--readers N] [--kills K] [--senders S] [--seed X]

Prints JSON: `received` at the server, `duplicates` (messages it got more than once), `lost` (said to be sent, yet not
there, or not accounted for), `in_doubt` (at most one a kill) and how many of those the server has.
It sends with the product's own store, outbox, messages and relay.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

from smtp_sink import Sink

from digest.deliver import message, send
from digest.deliver.smtp import Relay
from digest.model import Delivery, Issue, Mail
from digest.store import Store

NOW = datetime(2025, 3, 11, 8, tzinfo=UTC)
URL = "sqlite:///digest.db"
WORDS = "an invented abstract of which every reader gets the same words " * 500
MAIL = Mail(subject="Papers", html=f"<p>{WORDS}</p>", text=WORDS)
FORM = message.Form(MAIL, "d@example.org", NOW, "daily.example.org")
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


def build(delivery: Delivery) -> bytes:
    """One reader's message."""
    return FORM.message(delivery.address, delivery.message_id)


def sender(home: Path, port: int) -> int:
    """Starts a process that sends what is due; returns its id."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with Store.open(URL, home) as store, store.deliveries.outbox(ISSUE.id) as box:
                relay = Relay.from_url(f"smtp://127.0.0.1:{port}", ["127.0.0.1"])
                send(box, relay, build, NOW, sender="d@example.org")
            code = 0
        finally:
            os._exit(code)
    return child


def crash(home: Path, readers: int, kills: int, senders: int, seed: int) -> dict[str, object]:
    """Sends one issue to `readers` by `senders` processes at once, killing one of them `kills` times at random."""
    chance, record = random.Random(seed), home / "received"
    record.touch()
    with Store.open(URL, home) as store:
        addresses = [f"r{number}@example.org" for number in range(readers)]
        recipients = [(each, message.message_id(ISSUE.id, each, "example.org")) for each in addresses]
        store.issues.save(ISSUE, recipients=recipients)
    begun, killed = time.perf_counter(), 0
    with Sink(record) as port:
        alive = [sender(home, port) for _ in range(senders)]
        while killed < kills:
            left = readers - record.read_bytes().count(b"\n")
            pace = (time.perf_counter() - begun) / (readers - left) if left < readers else 0.001
            time.sleep(chance.uniform(0.0, 2.0) * min(pace, 0.002) * left / (kills - killed + 1))
            victim = alive.pop(chance.randrange(len(alive)))
            os.kill(victim, signal.SIGKILL)
            if os.waitstatus_to_exitcode(os.waitpid(victim, 0)[1]) == 0:
                break  # it had finished: there is nothing left to send
            killed += 1
            alive.append(sender(home, port))
        statuses = [os.waitstatus_to_exitcode(os.waitpid(each, 0)[1]) for each in alive]
        statuses.append(os.waitstatus_to_exitcode(os.waitpid(sender(home, port), 0)[1]))
    if any(statuses):
        sys.exit(f"a sender failed by itself: {statuses}")
    return {
        **count(home, record),
        "readers": readers,
        "kills": killed,
        "seconds": round(time.perf_counter() - begun, 2),
    }


def count(home: Path, record: Path) -> dict[str, object]:
    """What the server got against what the store says."""
    arrived = Counter(record.read_text().split())
    with Store.open(URL, home) as store:
        states = {each.message_id: each.state for each in store.deliveries.list(ISSUE.id)}
    doubtful = [each for each, state in states.items() if state == "in_doubt"]
    lost = [each for each, state in states.items() if state != "in_doubt" and not arrived[each]]
    return {
        "received": len(arrived),
        "duplicates": sum(times > 1 for times in arrived.values()),
        "lost": len(lost),
        "in_doubt": len(doubtful),
        "in_doubt_received": sum(arrived[each] for each in doubtful),
    }


def main() -> None:
    """Reads the options, runs, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readers", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--senders", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        print(json.dumps(crash(Path(home), options.readers, options.kills, options.senders, options.seed)))


if __name__ == "__main__":
    main()
