"""Real processes: the commands that serve, and several schedulers and senders on one store."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from mailserver import Server
from web_serving import NOW, lines_of_papers

from digest.model import Reader
from digest.store import Store

CONFIG = """
url: https://papers.example.org
network: {{allow_hosts: [127.0.0.1]}}
sources: [{{name: one, kind: file, path: one.jsonl}}]
newsletters: [{{name: daily, limit: 5}}]
mail: {{from: digest@example.org, smtp: {smtp}, connections: 2}}
serve: {{port: 0}}
"""
MAIN = "from digest.cli import main; main()"
READERS = 210


def home(folder: Path, smtp: str) -> Path:
    (folder / "config.yaml").write_text(CONFIG.format(smtp=smtp))
    (folder / "one.jsonl").write_text(lines_of_papers())
    return folder / "config.yaml"


def started(config: Path, *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", MAIN, *arguments, "--config", str(config)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def test_four_schedulers_and_three_senders_send_each_message_once(tmp_path: Path) -> None:
    with Server() as server:
        config = home(tmp_path, f"'smtp://127.0.0.1:{server.port}'")
        with Store.open("sqlite:///digest.db", tmp_path) as store:
            store.readers.add([Reader(address=f"r{n}@example.org") for n in range(READERS)], NOW)
        at = ("--now", "2026-03-02T08:00:00Z", "--json")
        several = [started(config, "run", *at) for _ in range(4)] + [started(config, "publish", *at) for _ in range(3)]
        ended = [(process.wait(120), process.communicate()[1]) for process in several]
        assert [code for code, _ in ended] == [0] * 7, ended
        with Store.open("sqlite:///digest.db", tmp_path) as store:
            assert [issue.id for issue in store.issues.list()] == ["daily/2026-03-02"]
            kept = store.deliveries.list()
        assert {each.state for each in kept} == {"sent"} and len(kept) == READERS
        assert server.ids == dict.fromkeys((each.message_id for each in kept), 1)


@pytest.mark.parametrize("command", ["serve", "up"])
def test_it_answers_and_stops_cleanly_when_told_to(command: str, tmp_path: Path) -> None:
    with started(home(tmp_path, "null"), command) as process:
        assert process.stderr is not None
        said, found = "", None
        while found is None:
            said += process.stderr.readline()
            found = re.search(r"serving on (\S+)", said)
        with urllib.request.urlopen(f"{found[1]}/subscribe", timeout=30) as answer:
            assert "Subscribe" in answer.read().decode()
        if command == "up":  # the run at work is finished first
            while "papers" not in said and "entries" not in said:
                said += process.stderr.readline()
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert time.monotonic() - begun < 30
        assert process.stderr.read().endswith("stopped\n")


def test_a_taken_port_and_a_missing_block_are_told(tmp_path: Path) -> None:
    config = home(tmp_path, "null")
    with started(config, "serve") as first:
        assert first.stderr is not None
        port = ""
        while not port:
            port = "".join(re.findall(r"serving on http://127.0.0.1:(\d+)", first.stderr.readline()))
        second = started(config, "serve", "--port", port)
        _, said = second.communicate(timeout=60)
        assert second.returncode == 1 and "cannot listen on 127.0.0.1" in said and "Traceback" not in said
        first.terminate()
        assert first.wait(60) == 0
    config.write_text(config.read_text().replace("serve:", "#"))
    third = started(config, "serve")
    assert "`serve` block" in third.communicate(timeout=60)[1] and third.returncode == 2
