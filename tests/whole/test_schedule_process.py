"""`digest schedule` as a process: it catches up at once, and SIGTERM lets it finish what it sends."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

from mailserver import Server

CONFIG = """
network: {{allow_hosts: [127.0.0.1]}}
sources: [{{name: papers, kind: file, path: papers.jsonl}}]
newsletters: [{{name: daily, schedule: "* * * * *"}}]
mail:
  from: digest@example.org
  to: [{to}]
  smtp: smtp://127.0.0.1:{port}
"""


def _start(folder: Path, port: int, readers: int) -> "subprocess.Popen[str]":
    to = ", ".join(f"r{number}@example.org" for number in range(readers))
    (folder / "config.yaml").write_text(CONFIG.format(to=to, port=port))
    lines = [json.dumps({"title": f"A study of tides {n}", "abstract": f"We measure tide {n}."}) for n in range(6)]
    (folder / "papers.jsonl").write_text("\n".join(lines))
    command = [sys.executable, "-m", "digest", "schedule", "--config", str(folder / "config.yaml")]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _wait(box: Server, messages: int, process: "subprocess.Popen[str]") -> None:
    for _ in range(600):
        if len(box.received) >= messages:
            return
        assert process.poll() is None, process.communicate()
        time.sleep(0.1)
    raise AssertionError(f"{len(box.received)} of {messages} messages came")


def test_it_catches_up_and_stops_cleanly(tmp_path: Path) -> None:
    with Server() as box:
        process = _start(tmp_path, box.port, 3)
        _wait(box, 3, process)
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        assert "Traceback" not in err
        assert "published" in err, out
        assert sorted(box.ids.values()) == [1, 1, 1]


def test_sigterm_in_the_middle_of_sending_finishes_it(tmp_path: Path) -> None:
    with Server() as box:
        box.delay_s = 0.2
        process = _start(tmp_path, box.port, 12)
        _wait(box, 2, process)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=90)
        assert process.returncode == 0, err
        assert len(box.received) == 12, "what was begun was not finished"
        assert set(box.ids.values()) == {1}
