"""The scripts of the documentation, run whole: a crontab's tick, the server's `digest`, scheduled CI jobs."""

import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from documented import ROOT, furnish, script, typed
from mailserver import Server
from pytest_httpserver import HTTPServer
from ruamel.yaml import YAML

BARE = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "PYTHONPATH": str(ROOT)}
"""What cron gives, and where this checkout is."""
AS_NOBODY = ["/usr/sbin/runuser", "-u", "nobody", "--"]


@pytest.fixture
def box() -> Iterator[Server]:
    with Server() as server:
        yield server


def _venv(folder: Path) -> None:
    """`.venv/bin/digest` in a folder: this very program."""
    (folder / ".venv" / "bin").mkdir(parents=True)
    program = folder / ".venv" / "bin" / "digest"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m digest "$@"\n')
    program.chmod(0o755)


def _sh(line: str, cwd: Path | None = None, **told: str) -> "subprocess.CompletedProcess[str]":
    words = ["sh", "-c", line]
    return subprocess.run(words, cwd=cwd, env=BARE | told, capture_output=True, text=True, check=False)


def test_the_tick_of_a_crontab(tmp_path: Path, httpserver: HTTPServer, box: Server) -> None:
    config = furnish(tmp_path, httpserver).replace("name: daily", 'name: daily, schedule: "* * * * *"')
    _venv(tmp_path)
    (tmp_path / "config.yaml").write_text(config)
    secrets = script("cron-and-ci.md", "DIGEST_SMTP_URL='")
    (tmp_path / "secrets").write_text(re.sub(r"'.*'", f"'smtp://127.0.0.1:{box.port}'", secrets))
    (tmp_path / "tick").write_text(script("cron-and-ci.md", "exec timeout").replace("/srv/digest", str(tmp_path)))
    came = _sh(f"sh {tmp_path}/tick")
    assert (came.returncode, came.stdout, came.stderr) == (0, "", "")  # cron would mail what is printed
    assert [address for address, _ in box.received] == ["you@example.org"]


@pytest.fixture
def server() -> Iterator[Path]:
    """A folder that stands for a server's folders, open to other users as pytest's own are not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_cron_calls_the_servers_digest(server: Path, httpserver: HTTPServer, box: Server) -> None:
    """docs/deploy/digest.sh and the lines of its crontab, from cron's own surroundings, as another user if one may."""
    other = os.getuid() == 0 and _may_be_nobody()
    user = "nobody" if other else pwd.getpwuid(os.getuid()).pw_name
    for name in ("etc", "lib"):
        (server / name).mkdir()
    shutil.chown(server / "lib", user)
    _venv(server)
    (server / "etc" / "config.yaml").write_text(furnish(server, httpserver))
    (server / "etc" / "secrets").write_text(f"DIGEST_SMTP_URL=smtp://127.0.0.1:{box.port}\n")
    text = (ROOT / "docs" / "deploy" / "digest.sh").read_text()
    for theirs, here in (("/etc/digest", "etc"), ("/var/lib/digest", "lib"), ("/opt/digest", ".")):
        text = text.replace(theirs, str(server / here))
    drop = re.compile(r"^if .*runuser -u digest .*$", re.MULTILINE)
    assert drop.search(text)
    (server / "digest").write_text(text.replace("-u digest", "-u nobody") if other else drop.sub("", text))
    (server / "digest").chmod(0o755)
    lines = [line for line in typed(ROOT / "docs" / "server.md") if line.startswith("/usr/local/bin/digest")]
    assert len(lines) == 2
    for line in ["/usr/local/bin/digest collect --quiet", *lines]:
        here = line.replace("/usr/local/bin", str(server)).replace("/var/lib/digest", str(server / "lib"))
        came = _sh(here)
        assert (came.returncode, came.stdout, came.stderr) == (0, "", ""), line
    checked = _sh(f"{server}/digest config check --json")
    assert '"unset": []' in checked.stdout, "the secrets are there"
    kept = server / "lib" / "backup.zip"
    assert kept.owner() == user and kept.stat().st_mode & 0o077 == 0


def _may_be_nobody() -> bool:
    """Whether another user can run this Python; one below root's own home is closed to everybody else."""
    return subprocess.run([*AS_NOBODY, sys.executable, "-c", ""], capture_output=True, check=False).returncode == 0


def _steps(sign: str) -> list[str]:
    """The shell lines of a CI file in docs/cron-and-ci.md, but what sets up the program."""
    data = YAML(typ="safe").load(script("cron-and-ci.md", sign))
    if "jobs" in data:
        steps = [step["run"] for step in data["jobs"]["run"]["steps"] if "run" in step]
    else:
        steps = [*data["pages"]["before_script"], "\n".join(data["pages"]["script"])]
    return [step for step in steps if step != "make setup"]


@pytest.mark.skipif(not (shutil.which("gpg") and shutil.which("git")), reason="gpg or git is not installed here")
def test_a_scheduled_job_keeps_its_store(tmp_path: Path, httpserver: HTTPServer, box: Server) -> None:
    """Both kinds of job, in turn, on empty disks: the second brings what the first saved, and mails nobody."""
    config = furnish(tmp_path, httpserver).replace("name: daily", 'name: daily, schedule: "0 0 * * *"')
    remote, keys = tmp_path / "remote.git", tmp_path / "keys"
    keys.mkdir(mode=0o700)
    subprocess.run(["git", "init", "--quiet", "--bare", str(remote)], check=True)
    told = {"DIGEST_STATE_KEY": "a long text", "DIGEST_SMTP_URL": f"smtp://127.0.0.1:{box.port}"}
    told |= {"DIGEST_HOME": "state", "STATE_REMOTE": str(remote), "GITHUB_OUTPUT": f"{tmp_path}/output"}
    said = ""
    for sign in ("runs-on:", "resource_group:"):
        work = tmp_path / sign.strip(":")
        subprocess.run(["git", "clone", "--quiet", str(remote), str(work)], check=True, capture_output=True)
        _venv(work)
        (work / "config.yaml").write_text(config)
        (work / "ci-state.sh").write_text(script("cron-and-ci.md", "# ci-state.sh"))
        for step in _steps(sign):
            came = _sh(step, work, GNUPGHOME=str(keys), **told)
            assert came.returncode == 0, f"{step}\n{came.stdout}{came.stderr}"
            said += came.stderr
        assert (work / "state" / "public" / "index.html").is_file()
    assert said.count("starting a new one") == 1
    assert len(box.received) == 1
