"""A running schedule takes a changed configuration on SIGHUP or by itself, wholly or not at all."""

import json
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

CONFIG = """
sources: [{{name: papers, kind: file, path: papers.jsonl}}]
output: {output}
newsletters: [{{name: {name}, schedule: "* * * * *"}}]
"""


@pytest.fixture
def schedule(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    lines = [{"title": f"Tidal study number {n}", "abstract": f"We measure tide {n} with care."} for n in range(60)]
    (tmp_path / "papers.jsonl").write_text("\n".join(map(json.dumps, lines)))
    _write(tmp_path, CONFIG.format(name="daily", output="public"))
    log = (tmp_path / "log").open("w")
    command = [sys.executable, "-m", "digest", "schedule", "--config", str(tmp_path / "config.yaml")]
    process = subprocess.Popen(command, stdout=log, stderr=log, text=True)
    yield process
    process.terminate()
    assert process.wait(60) == 0
    log.close()
    assert "Traceback" not in (tmp_path / "log").read_text()


def _write(home: Path, text: str) -> None:
    """As an editor saves: aside, then into place."""
    (home / "new.yaml").write_text(text)
    (home / "new.yaml").replace(home / "config.yaml")


def _until(found: Callable[[], bool], process: "subprocess.Popen[str]", seconds: float = 100) -> None:
    for _ in range(int(seconds * 5)):
        if found():
            return
        assert process.poll() is None
        time.sleep(0.2)
    raise AssertionError("it did not happen")


def test_a_changed_configuration_is_taken_up(tmp_path: Path, schedule: "subprocess.Popen[str]") -> None:
    log = tmp_path / "log"
    _until(lambda: (tmp_path / "public" / "daily" / "index.html").is_file(), schedule)
    _write(tmp_path, "newsletters: [{name: daily, limit: many}]\n")
    _until(lambda: "stays" in log.read_text(), schedule)
    assert "newsletters.0.limit" in log.read_text() and "was read again" not in log.read_text()
    _write(tmp_path, CONFIG.format(name="tides", output="elsewhere"))
    _until(lambda: "was read again" in log.read_text(), schedule)
    _until(lambda: (tmp_path / "elsewhere" / "tides" / "index.html").is_file(), schedule)


def test_sighup_reads_it_again_and_ends_nothing(tmp_path: Path, schedule: "subprocess.Popen[str]") -> None:
    log = tmp_path / "log"
    _until(lambda: "running by" in log.read_text(), schedule)
    _until(lambda: (tmp_path / "public" / "daily" / "index.html").is_file(), schedule)
    schedule.send_signal(signal.SIGHUP)
    _until(lambda: "was read again" in log.read_text(), schedule)
    assert schedule.poll() is None


@pytest.mark.parametrize("command", ["serve", "up"])
def test_the_web_side_takes_it_too(command: str, tmp_path: Path) -> None:
    (tmp_path / "papers.jsonl").write_text('{"title": "On the tides of one moon", "abstract": "We measure them."}\n')
    source = "sources: [{{name: papers, kind: file, path: papers.jsonl}}]"
    config = f"title: {{}}\nserve: {{{{}}}}\n{source}\nnewsletters: [{{{{name: daily}}}}]\n"
    _write(tmp_path, config.format("First name"))
    run = [sys.executable, "-m", "digest", command, "--config", str(tmp_path / "config.yaml"), "--port", "0"]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(run, stdout=log, stderr=log, text=True)
    try:
        _until(lambda: "serving on" in (tmp_path / "log").read_text(), process)
        said = re.search(r"serving on (http://\S+)", (tmp_path / "log").read_text())
        assert said is not None

        def title() -> str:
            with urllib.request.urlopen(f"{said[1]}/subscribe", timeout=20) as answer:
                return str(answer.read().decode())

        assert "First name" in title()
        _write(tmp_path, "newsletters: [{name: daily, limit: many}]\n")
        _until(lambda: "stays" in (tmp_path / "log").read_text(), process)
        assert "First name" in title()
        _write(tmp_path, config.format("Second name"))
        _until(lambda: "Second name" in title(), process)
    finally:
        process.terminate()
        assert process.wait(60) == 0
    assert "Traceback" not in (tmp_path / "log").read_text()
