"""SIGKILL at every step that touches disk or socket, one after the other; then count at the server.

The sender runs in a forked child; a profile hook sees each call into the operating system's side of Python (sockets,
files, locks, the database) as it begins and as it ends, and kills the child at the N-th.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import mailserver
import pytest

from digest.deliver import message, send
from digest.deliver.smtp import Relay
from digest.model import Delivery, Issue, Mail
from digest.store import Store

NOW = datetime(2025, 3, 11, 8, tzinfo=UTC)
MAIL = Mail(subject="Papers", html="<p>hello</p>", text="hello")
FORM = message.Form(MAIL, "d@example.org", NOW, "x.example.org")
TOUCHING = {"open", "close", "write", "read", "rename", "unlink", "ftruncate", "flock"}  # of os, fcntl and files,
TOUCHING |= {"connect", "sendall", "readline", "execute", "executemany", "commit"}  # of sockets and sqlite3
READERS = 100
BATCH = 2  # so that a few messages take a sender through every kind of step


def issue(number: int) -> Issue:
    return Issue(
        newsletter="daily",
        title="Papers",
        day=date(2025, 3, 11) + timedelta(days=number),
        made_at=NOW,
        window_start=NOW,
        language="en",
        top=(),
        sections=(),
        candidates=0,
        coverage=(),
    )


class Countdown:
    """Kills this process just before its `fatal`-th step (0: never), counting. Just before the next step is just after
    this one: what happens between two steps is in memory alone, and dies with the process."""

    def __init__(self, fatal: int) -> None:
        self.fatal, self.steps = fatal, 0

    def __call__(self, frame: object, event: str, called: Any) -> None:
        if event == "c_call" and called.__name__ in TOUCHING:
            self.steps += 1
            if self.steps == self.fatal:
                os.kill(os.getpid(), signal.SIGKILL)


def build(delivery: Delivery) -> bytes:
    return FORM.message(delivery.address, delivery.message_id)


def sender(home: Path, port: int, issue_id: str, fatal: int) -> int:
    """Sends what is due, as a process of its own would; returns how many steps that took."""
    hook = Countdown(fatal)
    sys.setprofile(hook)
    try:
        with Store.open("sqlite:///digest.db", home) as store, store.deliveries.outbox(issue_id) as box:
            send(
                box,
                Relay.from_url(f"smtp://127.0.0.1:{port}", ["127.0.0.1"]),
                build,
                NOW,
                sender="d@example.org",
                batch=BATCH,
            )
    finally:
        sys.setprofile(None)
    return hook.steps


def killed(home: Path, port: int, issue_id: str, fatal: int) -> bool:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            sender(home, port, issue_id, fatal)
            code = 0
        finally:
            os._exit(code)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, -signal.SIGKILL), "the sender failed by itself"
    return status != 0


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder in memory where there is one: killing a process loses what is on a disk no more than what is there."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


@pytest.fixture
def port(home: Path) -> Iterator[int]:
    command = [sys.executable, mailserver.__file__, home / "received"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout and server.stdin
        yield int(server.stdout.readline())
        server.stdin.close()


def new_issue(home: Path, number: int, readers: int) -> str:
    made = issue(number)
    addresses = [f"r{reader}@example.org" for reader in range(readers)]
    with Store.open("sqlite:///digest.db", home) as store:
        store.issues.save(made, recipients=[(a, message.message_id(made.id, a, "example.org")) for a in addresses])
    return made.id


def states(home: Path, issue_id: str) -> dict[str, str]:
    with Store.open("sqlite:///digest.db", home) as store:
        return {each.message_id: each.state for each in store.deliveries.list(issue_id)}


def test_killed_at_every_step_nothing_is_doubled_or_lost(home: Path, port: int) -> None:
    steps = sender(home, port, new_issue(home, 0, 3), 0)
    every: dict[str, str] = {}
    kills = number = 0
    fatal = 1
    while fatal <= steps:
        number += 1
        current = new_issue(home, number, READERS)
        while fatal <= steps and killed(home, port, current, fatal):
            fatal, kills = fatal + 1, kills + 1
        killed(home, port, current, 0)
        found = states(home, current)
        assert set(found.values()) <= {"sent", "in_doubt"} and len(found) == READERS
        every.update(found)
    arrived = Counter((home / "received").read_text().split())
    doubtful = [each for each, state in every.items() if state == "in_doubt"]
    print(f"{kills} kills, {len(every)} messages, {len(doubtful)} in doubt, {sum(arrived[d] for d in doubtful)} there")
    assert max(arrived.values()) == 1  # nothing doubled
    assert all(arrived[each] == 1 for each, state in every.items() if state == "sent")  # nothing lost
    assert kills == steps and 0 < len(doubtful) <= kills / 2
    assert not list(home.glob("*.sender-*"))


def test_processes_at_once_send_each_message_once(home: Path, port: int) -> None:
    current = new_issue(home, 0, READERS)
    children = []
    for _ in range(3):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                sender(home, port, current, 0)
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0, 0]
    arrived = Counter((home / "received").read_text().split())
    assert arrived == dict.fromkeys(states(home, current), 1)
    assert set(states(home, current).values()) == {"sent"}
