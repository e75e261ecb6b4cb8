"""Every command that the documentation names is run here with every option it has, on one store, as its owner would.

every_command.txt is what is typed: a line a call, its exit code first where not 0, and after `=>` what must be said.
"""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from mailserver import Server
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "group"))
from test_docs import COMMON, commands
from themes import themed

CONFIG = """
title: Papers today
contact: editor@example.org
network: {{allow_hosts: [127.0.0.1, localhost], gap_s: 0}}
sources:
  - {{name: papers, kind: file, path: papers.jsonl}}
  - {{name: hf, kind: huggingface, base_url: "{http}"}}
topics: [{{name: Kilns, words: [kiln, glaze]}}]
newsletters:
  - {{name: daily, schedule: "0 7 * * *", limit: 12}}
  - {{name: weekly, schedule: "0 8 * * mon", limit: 5, approval: required}}
mail: {{from: "Papers today <digest@example.org>", to: [you@example.org], smtp: env:DIGEST_SMTP_URL}}
inbox: {{path: Maildir}}
proposals: {{per_day: 20}}
serve: {{}}
"""
PAGE = """<meta name="citation_title" content="Tides of a proposed sea"><meta name="citation_author" content="A. Bell">
<meta name="citation_abstract" content="We propose a tide and measure it with some care."><title>Tides</title>"""
BACK = """From: gone@example.org
To: digest@example.org
Subject: unsubscribe
Message-ID: <1@example.org>

unsubscribe
"""
LIFE = (Path(__file__).parent / "every_command.txt").read_text(encoding="utf-8")
ELSEWHERE = {
    "demo": {"--out"},
    "schedule": {"--yes"},
    "serve": {"--host", "--port"},
    "up": {"--host", "--port", "--yes"},
    "preview": {"--open"},
    "sources import": {"--write"},
}
"""What never ends, opens a browser or changes the configuration: run below; the demonstration by tests/test_docs.py."""


@pytest.fixture
def box() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def home(tmp_path: Path, httpserver: HTTPServer, box: Server, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a configuration, papers to collect, a mail that came back, and what is imported."""
    httpserver.expect_request("/api/daily_papers").respond_with_handler(_listed)
    for name in ("Tides", "Sands"):
        page = PAGE.replace("Tides", name)
        httpserver.expect_request(f"/{name}").respond_with_data(page, content_type="text/html")
    (tmp_path / "config.yaml").write_text(CONFIG.format(http=httpserver.url_for("").rstrip("/")))
    rows = [{"id": p.id[6:], "title": f"{p.title} {n}", "abstract": p.abstract} for n, p in enumerate(themed(40))]
    (tmp_path / "papers.jsonl").write_text("\n".join(map(json.dumps, rows)))
    old = [{"title": f"Tides of old {n}", "abstract": f"We measure the old tide {n} in its bay."} for n in (1, 2)]
    (tmp_path / "old.jsonl").write_text("\n".join(map(json.dumps, old)))
    (tmp_path / "past.bib").write_text("@article{a, title={Coral of the past}, doi={10.1000/coral.1}, year={2019}}\n")
    (tmp_path / "table.csv").write_text("email,name,newsletters\ndee@example.org,Dee,daily\neve@example.org,Eve,\n")
    (tmp_path / "tried.yaml").write_text("topics: [{name: Ice, words: [glacier, moraine]}]\n")
    opml = '<opml version="2.0"><body><outline text="J" xmlUrl="https://journal.example.org/feed"/></body></opml>'
    (tmp_path / "follow.opml").write_text(opml)
    for folder in ("new", "cur", "tmp"):
        (tmp_path / "Maildir" / folder).mkdir(parents=True)
    (tmp_path / "Maildir" / "new" / "1.host").write_text(BACK)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIGEST_SMTP_URL", f"smtp://127.0.0.1:{box.port}")
    return tmp_path


def _listed(request: Request) -> Response:
    """Three papers a day as Hugging Face lists them, on days that are asked for by name."""
    day = request.args.get("date", "")
    papers = [
        {"id": f"{day[2:4]}{day[5:7]}.{day[8:10]}00{n}", "title": f"Listed on {day}, {n}", "summary": "We list it.",
         "authors": [{"name": "A. Bell"}], "publishedAt": f"{day}T04:00:00.000Z", "upvotes": n}
        for n in (1, 2, 3) if day
    ]  # fmt: skip
    body = [{"paper": paper, "title": paper["title"], "publishedAt": paper["publishedAt"]} for paper in papers]
    return Response(json.dumps(body), content_type="application/json")


def _names(digest: Callable[..., Any], http: str) -> dict[str, str]:
    """What the lines call their papers and topics."""
    names = {"http": http}
    if Path("digest.db").exists():
        issue = next(iter(digest("issues", "list", "--json").json), None)
        if issue:
            shown = digest("issues", "show", issue["issue"], "--json").json
            printed = [paper["id"] for section in shown["sections"] for paper in section["papers"]]
            rest = [f"arxiv:2501.{n:05d}" for n in range(40) if f"arxiv:2501.{n:05d}" not in printed]
            names |= {"paper": printed[0], "unprinted": rest[0], "skipped": rest[1], "merged": rest[2]}
            topics = digest("topics", "list", "--now", "2026-03-02T11:00", "--json").json
            found = [row["slug"] for row in topics if row["kind"] == "discovered"]
            names |= {"topic": found[0], "later": found[-1]} if found else {}
    return names


def lines() -> Iterator[tuple[int, str, str]]:
    """Exit code, command line and pattern of each line of LIFE."""
    for line in LIFE.splitlines():
        code, command, pattern = re.fullmatch(r"(?:(\d): )?(digest .*?)(?: => (.*))?", line).groups()  # type: ignore[union-attr]
        yield int(code or 0), command, pattern or ""


def test_a_life_with_every_command(home: Path, digest: Callable[..., Any], httpserver: HTTPServer) -> None:
    names: dict[str, str] = {}
    for code, command, pattern in lines():
        if not names.keys() >= set(re.findall(r"\{(\w+)\}", command)):
            names = _names(digest, httpserver.url_for("").rstrip("/"))
        came = digest(*shlex.split(command.format_map(names))[1:])
        assert came.code == code, f"{command}\n{came.out[-2000:]}\n{came.err[-2000:]}"
        assert re.search(pattern, came.out + came.err), f"{command}\n{came.out[:3000]}\n{came.err[-2000:]}"


@pytest.mark.parametrize(
    ("name", "command"), list(commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_nothing_is_left_out(name: str, command: Any) -> None:
    """A command or an option that LIFE and the tests below do not use."""
    calls = [shlex.split(line)[1:] for _, line, _ in lines()]
    mine = [words for words in calls if words[: len(name.split())] == name.split()]
    assert mine or name in ELSEWHERE
    used = {word.split("=")[0] for words in mine for word in words} | ELSEWHERE.get(name, set())
    for parameter in command.params:
        long = [option for option in getattr(parameter, "opts", []) if option.startswith("--")]
        assert not long or set(long) & used or long[0][2:] in COMMON, f"`digest {name} {long[0]}` is never run"


def _program(*words: str, **environment: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "digest", *words]
    return subprocess.Popen(command, text=True, stderr=subprocess.PIPE, env={**os.environ, **environment})


def _answer(url: str, program: "subprocess.Popen[str]") -> bytes:
    for _ in range(600):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return bytes(answer.read())
        except OSError:
            assert program.poll() is None, program.communicate()
            time.sleep(0.1)
    raise AssertionError(f"{url} never answered")


@pytest.mark.parametrize("command", ["serve", "up --yes", "schedule --yes"])
def test_what_never_ends_works_and_stops(home: Path, box: Server, command: str) -> None:
    config = (home / "config.yaml").read_text().replace('"0 7 * * *"', '"* * * * *"')
    (home / "config.yaml").write_text(config.replace("papers.jsonl", "old.jsonl"))
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    where = [] if "schedule" in command else ["--host", "127.0.0.1", "--port", str(port)]
    program = _program(*command.split(), *where)
    if where:
        assert b"ok" in _answer(f"http://127.0.0.1:{port}/healthz", program)
    if "--yes" in command:  # the issue that is due goes out
        for _ in range(600):
            if box.received:
                break
            assert program.poll() is None, program.communicate()
            time.sleep(0.1)
        assert box.received[0][0] == "you@example.org"
    program.send_signal(signal.SIGTERM)
    said = program.communicate(timeout=60)[1]
    assert program.returncode == 0, said
    assert "Traceback" not in said


def test_a_preview_opens_in_the_browser(home: Path, digest: Callable[..., Any]) -> None:
    digest("collect", "--now", "2026-03-01")
    browser = home / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {home}/opened\n')
    browser.chmod(0o755)
    shown = _program("preview", "--open", "--now", "2026-03-02", BROWSER=str(browser))
    assert shown.wait(60) == 0, shown.communicate()
    assert (home / "opened").read_text().strip() == (home / "preview.html").as_uri()


def test_a_readers_feeds_become_sources(home: Path, digest: Callable[..., Any]) -> None:
    assert digest("sources", "import", "follow.opml", "--write").code == 0
    assert "https://journal.example.org/feed" in {row["url"] for row in digest("sources", "list", "--json").json}
