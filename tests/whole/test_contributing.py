"""The examples of CONTRIBUTING.md, run as they stand there."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

TEXT = (Path(__file__).resolve().parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
TALKS = {
    "talks": [
        {"id": f"t{n}", "title": f"Talk {n} on tides", "summary": f"We measure tide {n}.", "speakers": ["A. Moon"]}
        for n in range(5)
    ]
}


def blocks(section: str, language: str) -> list[str]:
    """The code of a language under a heading."""
    part = TEXT.split(f"\n## {section}\n")[1].split("\n## ")[0]
    return re.findall(rf"^```{language}\n(.*?)^```", part, re.MULTILINE | re.DOTALL)


def _run(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "digest", *arguments]
    environment = {**os.environ, "PYTHONPATH": f"{home}:{os.environ.get('PYTHONPATH', '')}"}
    return subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def home(tmp_path: Path, httpserver: HTTPServer) -> Path:
    """A folder with the example's source kind and a configuration that uses it."""
    (tmp_path / "talks.py").write_text(blocks("A source kind", "python")[0])
    config = blocks("A source kind", "yaml")[0].replace(
        "https://seminar.example.org", httpserver.url_for("").rstrip("/")
    )
    rest = "newsletters: [{name: daily}]\nnetwork: {allow_hosts: [localhost, 127.0.0.1], gap_s: 0}\n"
    (tmp_path / "config.yaml").write_text(config + rest)
    return tmp_path


def test_the_source_kind(home: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/talks.json").respond_with_json(TALKS)
    came = _run(home, "run", "--newsletter", "daily", "--now", "2026-03-02", "--json")
    report = json.loads(came.stdout)
    assert report["collected"]["new"] == 5 and report["issues"][0]["papers"] == 5
    assert report["collected"]["sources"][0]["status"] == "fresh"


def test_its_error_is_reported_and_ends_nothing(home: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/talks.json").respond_with_data("<html>closed</html>")
    came = _run(home, "collect", "--now", "2026-03-02", "--json")
    source = json.loads(came.stdout)["collected"]["sources"][0]
    assert source["status"] == "failed" and "no list of talks" in source["error"] and "Traceback" not in came.stderr


def test_the_source_of_signals(home: Path, httpserver: HTTPServer) -> None:
    (home / "downloads.py").write_text(blocks("A source of signals", "python")[0])
    block = blocks("A source of signals", "yaml")[0]
    with (home / "config.yaml").open("a") as config:
        config.write(block.replace("https://library.example.org", httpserver.url_for("").rstrip("/")))
    named = [{**talk, "page": f"https://arxiv.org/abs/2603.0000{n}"} for n, talk in enumerate(TALKS["talks"])]
    httpserver.expect_request("/talks.json").respond_with_json({"talks": named})
    counted = {"papers": [{"id": "2603.00003", "count": 41}, {"id": "nobody's", "count": 7}]}
    httpserver.expect_request("/downloads.json").respond_with_json(counted)
    _run(home, "collect", "--now", "2026-03-02")
    explained = json.loads(_run(home, "explain", "2603.00003", "--json").stdout)
    assert [(each["kind"], each["value"]) for each in explained["signals"]] == [("downloads", 41.0)]


def test_the_template(home: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/talks.json").respond_with_json(TALKS)
    (home / "my-templates").mkdir()
    (home / "my-templates" / "subject.txt.j2").write_text(blocks("A template", "jinja")[0])
    with (home / "config.yaml").open("a") as config:
        config.write(blocks("A template", "yaml")[0])
    _run(home, "collect", "--now", "2026-03-02")
    came = _run(home, "preview", "--as", "eml", "--now", "2026-03-02")
    assert re.search(r"^Subject: Talk \d on tides \(5 .*papers\)", came.stdout, re.MULTILINE), came.stderr
