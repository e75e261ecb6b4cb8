"""Every line that README and docs would have typed: the program's are run as they stand, on a real store and local
servers; of what only a whole machine can do (packages, services, containers) every file and target is there."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import community
import pytest
from documented import PAGES, ROOT, blocks, furnish, ours, script, typed
from mailserver import Server
from pytest_httpserver import HTTPServer

from digest.store import Store

MACHINE = {
    "apt-get", "systemctl", "journalctl", "useradd", "install", "ln", "nginx", "docker", "git", "make", "nano",
    "export", "echo",
}  # fmt: skip
"""What only a whole machine can do."""
FOREVER = {"schedule", "up", "serve"}
"""What tests/test_docs.py and test_every_command.py start and end."""
CLOCKS = {"backfill": "2025-03-03", "backtest": "2026-02-20"}
"""Lines that name days are run with a clock of those days."""


@pytest.fixture
def box() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def home(tmp_path: Path, httpserver: HTTPServer, box: Server, monkeypatch: pytest.MonkeyPatch) -> Path:
    furnish(tmp_path, httpserver)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIGEST_SMTP_URL", f"smtp://127.0.0.1:{box.port}")
    return tmp_path


def _words(home: Path, line: str) -> list[str]:
    """A line as a shell takes it apart, with folders of a server turned into folders here."""
    here = line.replace("/backups/", f"{home}/backups/").replace("/var/lib/digest/", f"{home}/")
    here = here.replace("/etc/digest/config.yaml", f"{home}/first.yaml")
    came = subprocess.run(["sh", "-c", f"printf '%s\\0' {here}"], capture_output=True, text=True, check=True)
    words = came.stdout.split("\0")[:-1]
    if words == ["init"]:  # in a container: where no configuration is yet
        words += ["--config", f"{home}/container.yaml"]
    if words[0] == "restore":
        shutil.copy(next((home / "backups").glob("*.zip")), words[1])
        words.append("--yes")  # tests/cli/test_upkeep.py looks at the question
    return words + (["--now", CLOCKS[words[0]]] if words[0] in CLOCKS else [])


def _liked(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some days with something to learn from, where docs/ranking.md looks back."""
    monkeypatch.setattr(community, "FIRST", datetime(2026, 1, 8, 4, tzinfo=UTC))
    with Store.open("sqlite:///digest.db", home) as store:
        community.settle(store, 12)


def test_the_programs_lines_run_as_they_stand(
    home: Path, box: Server, digest: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = set()
    for page in PAGES:
        lines = list(filter(None, map(ours, typed(page))))
        for kept in home.glob("digest.db*") if "collect" in lines else ():  # a page that begins with nothing
            kept.unlink()
        for line in lines:
            words = _words(home, line)
            if words[0] in FOREVER:
                continue
            if words[0] == "backtest":
                _liked(home, monkeypatch)
            came = digest(*words)
            assert came.code == 0, f"{page.name}: {line}\n{came.out}\n{came.err}"
            ran.add(words[0])
    named = {"init", "config", "collect", "preview", "send", "run", "doctor", "backup", "restore", "prune", "import"}
    assert ran >= named | {"backfill", "backtest"}
    assert "you@example.org" in {address for address, _ in box.received}
    for name in ("first.yaml", "container.yaml", "backup.zip", "backtest.svg"):
        assert (home / name).stat().st_size


def test_every_other_line_is_one_that_is_looked_at() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in PAGES:
        for line in typed(page):
            first, *words = shlex.split(line)
            if ours(line) or first == "python":
                continue
            assert first in MACHINE, f"{page.name}: who checks `{line}`?"
            for named in (re.sub(r"^/opt/digest/", "", word) for word in words):
                assert not named.startswith("docs/") or (ROOT / named).is_file(), f"{page.name}: {named}"
            assert first != "make" or words[-1] in targets, f"{page.name}: {line}"


def test_every_benchmark_that_is_called_has_those_options() -> None:
    called = [line for page in PAGES for line in typed(page) if line.startswith("python ")]
    assert called
    for line in called:
        _, path, *words = line.replace("[", "").replace("]", "").split()
        text = (ROOT / path).read_text(encoding="utf-8")
        assert all(f'"{word}"' in text for word in words if word.startswith("--")), line


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed here")
def test_the_units_that_are_shown_hold(tmp_path: Path) -> None:
    shown = dict(zip(("digest.service", "digest.timer"), (t for lang, t in _all() if lang == "ini"), strict=True))
    for name, text in shown.items():
        (tmp_path / name).write_text(text.replace("/srv/digest/.venv/bin/digest", "/bin/true"))
    paths = [str(tmp_path / name) for name in shown]
    came = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True, check=False)
    assert not re.search(r"digest\.(service|timer)", came.stderr), came.stderr


def _all() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        yield from blocks(page)


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed here")
def test_the_proxy_that_is_shown_holds(tmp_path: Path) -> None:
    names = [
        "-keyout",
        f"{tmp_path}/privkey.pem",
        "-out",
        f"{tmp_path}/fullchain.pem",
        "-subj",
        "/CN=papers.example.org",
    ]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *names], check=True, capture_output=True
    )
    servers = script("server.md", "listen 443 ssl").replace("/etc/letsencrypt/live/papers.example.org", str(tmp_path))
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid; events {{}} http {{ {servers} }}")
    came = subprocess.run(["nginx", "-t", "-c", f"{tmp_path}/nginx.conf"], capture_output=True, text=True, check=False)
    assert came.returncode == 0, came.stderr
