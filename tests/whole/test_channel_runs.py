"""Channels by the whole program: beside mail and without it, held with it, in the report, in the doctor's findings."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from channelserver import Receiver
from mailserver import Server

CONFIG = """
url: https://papers.example.org
contact: editor@example.org
network: {{allow_hosts: [127.0.0.1], timeout_s: {timeout}}}
sources: [{{name: papers, kind: file, path: papers.jsonl}}]
newsletters:
  - name: daily
    limit: 3
    channels:
      - {{kind: webhook, url: "{url}/hook"}}
      - {{kind: maildir, name: archive, path: M}}
{mail}
"""
MAIL = 'mail: {{from: digest@example.org, to: [ann@example.org], smtp: "smtp://127.0.0.1:{port}"}}'


class Place:
    """A folder with a config and papers, and the program in it."""

    def __init__(
        self, home: Path, digest: Callable[..., Any], receiver: Receiver, mail: str = "", timeout: int = 5
    ) -> None:
        self.home, self._digest = home, digest
        (home / "config.yaml").write_text(CONFIG.format(url=receiver.url, mail=mail, timeout=timeout))
        rows = (f'{{"title": "Tidal study {n}", "abstract": "We measure tide {n}."}}\n' for n in range(30))
        (home / "papers.jsonl").write_text("".join(rows))

    def __call__(self, *arguments: object, code: int = 0) -> Any:
        came = self._digest(*arguments, "--config", self.home / "config.yaml", "--json")
        assert came.code == code, came.err
        return came.json

    def run(self, now: str, *more: object, code: int = 0) -> Any:
        (line,) = self("run", "--now", now, *more, code=code)["issues"]
        return line


@pytest.fixture
def receiver() -> Any:
    with Receiver() as running:
        yield running


def states(line: Any) -> dict[str, str]:
    return {each["name"]: each["state"] for each in line["channels"]}


def test_without_mail_deliveries_are_those_of_channels(
    tmp_path: Path, digest: Callable[..., Any], receiver: Receiver
) -> None:
    here = Place(tmp_path, digest, receiver)
    receiver.answer = lambda _request: (503, b"")
    line = here.run("2026-03-02T07:30")
    assert line["status"] == "published" and states(line) == {"webhook": "failed", "archive": "sent"}
    assert line["deliveries"] == {"sent": 1, "failed": 1, "pending": 0, "in_doubt": 0}
    listed = {each["reader"]: each for each in here("deliveries", "--issue", "daily/2026-03-02")}
    assert listed["channel:webhook"]["retry_at"] == "2026-03-02T07:35:00+00:00"
    receiver.answer = lambda _request: (200, b"")
    assert states(here.run("2026-03-02T07:34"))["webhook"] == "failed" and len(receiver.posts) == 1
    line = here.run("2026-03-02T07:36")
    assert (line["status"], states(line)["webhook"]) == ("exists", "sent") and len(receiver.posts) == 2
    assert line["deliveries"]["sent"] == 2
    assert len(list((tmp_path / "M" / "new").iterdir())) == 1
    assert {
        each["name"]: each["state"] for each in here("doctor", code=1)["findings"] if each["area"] == "channel"
    } == {
        "daily, webhook": "ok",
        "daily, archive": "ok",
    }


def test_beside_mail_channels_are_counted_apart(tmp_path: Path, digest: Callable[..., Any], receiver: Receiver) -> None:
    with Server() as server:
        here = Place(tmp_path, digest, receiver, MAIL.format(port=server.port))
        receiver.answer = lambda _request: (400, b"")
        line = here.run("2026-03-02T07:30")
        assert line["deliveries"] == {"sent": 1, "failed": 0, "pending": 0, "in_doubt": 0}
        assert states(line) == {"webhook": "failed", "archive": "sent"}
        assert [address for address, _ in server.received] == ["ann@example.org"]
        findings = {each["name"]: each for each in here("doctor", code=1)["findings"] if each["area"] == "channel"}
        assert findings["daily, webhook"]["state"] == "problem" and "400" in findings["daily, webhook"]["words"]


def test_what_is_held_goes_to_no_channel(tmp_path: Path, digest: Callable[..., Any], receiver: Receiver) -> None:
    with Server() as server:
        here = Place(tmp_path, digest, receiver, MAIL.format(port=server.port))
        here.run("2026-03-02T07:30")
        (tmp_path / "many.csv").write_text("email\n" + "".join(f"r{n}@example.org\n" for n in range(40)))
        here("readers", "import", tmp_path / "many.csv", "--active")
        line = here.run("2026-03-03T07:30", code=1)
        assert line["status"] == "held" and states(line) == {"webhook": "pending", "archive": "pending"}
        assert len(receiver.posts) == 1
        line = here.run("2026-03-03T07:40", "--yes")
        assert states(line) == {"webhook": "sent", "archive": "sent"} and len(receiver.posts) == 2


def test_a_run_killed_while_a_webhook_answers(tmp_path: Path, digest: Callable[..., Any], receiver: Receiver) -> None:
    """What was handed over is in doubt and not repeated; what was not is finished by the next run."""
    receiver.delay_s = 20
    here = Place(tmp_path, digest, receiver, timeout=60)
    command = [
        sys.executable,
        "-m",
        "digest",
        "run",
        "--config",
        str(tmp_path / "config.yaml"),
        "--now",
        "2026-03-02T07:30",
    ]
    with subprocess.Popen(
        command, cwd=Path(__file__).parents[2], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    ) as run:
        for _ in range(600):
            if receiver.posts:
                break
            time.sleep(0.1)
        os.kill(run.pid, signal.SIGKILL)
    assert len(receiver.posts) == 1
    receiver.delay_s = 0
    line = here.run("2026-03-02T09:30")
    assert states(line) == {"webhook": "in_doubt", "archive": "sent"} and len(receiver.posts) == 1
    assert here.run("2026-03-02T10:30")["channels"] == line["channels"] and len(receiver.posts) == 1
    assert len(list((tmp_path / "M" / "new").iterdir())) == 1
