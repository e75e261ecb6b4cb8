"""`kill -9` at every step of a run, then the run again: nothing lost, no issue twice, no reader mailed twice."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mailserver import Server

CONFIG = """
url: https://papers.example.org
network: {{allow_hosts: [127.0.0.1]}}
sources:
  - {{name: one, kind: file, path: one.jsonl}}
  - {{name: two, kind: file, path: two.jsonl}}
newsletters: [{{name: daily, limit: 8}}]
mail:
  from: digest@example.org
  to: [a@example.org, b@example.org, c@example.org, d@example.org, e@example.org]
  smtp: smtp://127.0.0.1:{port}
"""
NOW = "2026-03-02T08:00:00Z"

# Where the process is killed: a function of the program, and before (at call N) or after it.
STEPS = {
    "before anything is saved": ("digest.store.Store.save_collected", "before", 1),
    "after the papers are saved": ("digest.store.Store.save_collected", "after", 1),
    "in the middle of saving papers": ("digest.store.collected.add_decisions", "before", 1),
    "before the issue is saved": ("digest.store.issues.Issues.save", "before", 1),
    "in the middle of saving the issue": ("digest.store.issues.put_scores", "before", 1),
    "after the issue is saved": ("digest.store.issues.Issues.save", "after", 1),
    "after one file is written": ("digest.deliver.folder._replace", "after", 1),
    "before the third file is written": ("digest.deliver.folder._replace", "before", 3),
    "before a mail is claimed": ("digest.store.deliveries.Deliveries.claim", "before", 1),
    "after mails are claimed": ("digest.store.deliveries.Deliveries.claim", "after", 1),
    "before the third mail is handed over": ("digest.store.outbox.Outbox.hand", "before", 3),
    "before the second mail is recorded": ("digest.store.outbox.Outbox.settle", "before", 2),
    "after the second mail is recorded": ("digest.store.outbox.Outbox.settle", "after", 2),
    "before the run's report is saved": ("digest.store.sources.Runs.save", "before", 1),
}
KILLER = """
import os, signal, sys
from importlib import import_module
name, when, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
sys.argv = ["digest", *sys.argv[4:]]
parts = name.split(".")
for cut in range(len(parts) - 1, 0, -1):
    try:
        owner = import_module(".".join(parts[:cut]))
    except ImportError:
        continue
    break
for part in parts[cut:-1]:
    owner = getattr(owner, part)
original, calls = getattr(owner, parts[-1]), 0
def killed(*args, **kwargs):
    global calls
    calls += 1
    if calls == number and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    came = original(*args, **kwargs)
    if calls == number and when == "after":
        os.kill(os.getpid(), signal.SIGKILL)
    return came
setattr(owner, parts[-1], killed)
from digest.cli import main
main()
"""


def _home(folder: Path, port: int) -> None:
    (folder / "config.yaml").write_text(CONFIG.format(port=port))
    for name, first in (("one", 1), ("two", 5)):
        lines = [
            json.dumps({"title": f"Tidal study {number} of {name}", "abstract": f"We measure tide {number} with care."})
            for number in range(first, first + 8)
        ]
        (folder / f"{name}.jsonl").write_text("\n".join(lines))


def _run(folder: Path, *prefix: str) -> "subprocess.CompletedProcess[str]":
    arguments = ["run", "--config", str(folder / "config.yaml"), "--now", NOW, "--json"]
    return subprocess.run([sys.executable, *prefix, *arguments], capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("step", STEPS)
def test_killed_and_run_again(step: str, tmp_path: Path) -> None:
    name, when, number = STEPS[step]
    with Server() as box:
        _home(tmp_path, box.port)
        killed = _run(tmp_path, "-c", KILLER, name, when, str(number))
        assert killed.returncode == -9, f"the step was never reached: {killed.stdout} {killed.stderr}"
        again = _run(tmp_path, "-m", "digest")
        assert again.returncode == 0, again.stderr
        _check(json.loads(again.stdout), box, tmp_path)
        third = _run(tmp_path, "-m", "digest")
        assert [line["status"] for line in json.loads(third.stdout)["issues"]] == ["exists"]
        _check(json.loads(third.stdout), box, tmp_path)


def _check(report: dict[str, Any], box: Server, folder: Path) -> None:
    (issue,) = report["issues"]
    ids = [paper for section in issue["sections"] for paper in section["papers"]]
    assert len(ids) == len(set(ids)) == 8
    mails = issue["deliveries"]
    assert mails["sent"] + mails["in_doubt"] == 5
    assert mails["in_doubt"] <= 1
    assert max(box.ids.values()) == 1, "a reader was mailed twice"
    assert len(box.ids) >= mails["sent"]
    assert (folder / "public" / "daily" / "2026-03-02" / "index.html").is_file()
    assert not list((folder / "public").rglob("*.tmp*")), "half a file was left"


def test_two_runs_at_once(tmp_path: Path) -> None:
    """The second waits for the first and finds its issue; nothing is made or mailed twice."""
    with Server() as box:
        _home(tmp_path, box.port)
        arguments = ["run", "--config", str(tmp_path / "config.yaml"), "--now", NOW, "--json"]
        runs = [
            subprocess.Popen([sys.executable, "-m", "digest", *arguments], stdout=subprocess.PIPE, text=True)
            for _ in range(3)
        ]
        reports = [json.loads(run.communicate(timeout=120)[0]) for run in runs]
        assert [run.returncode for run in runs] == [0, 0, 0]
        assert sorted(report["issues"][0]["status"] for report in reports) == ["exists", "exists", "published"]
        assert sum(report["collected"]["new"] for report in reports) == 16
        assert sorted(box.ids.values()) == [1] * 5
