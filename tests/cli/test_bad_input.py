"""Whatever is wrong: one clear line, the right exit code, no traceback, nothing lost."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CONFIG = """
url: https://papers.example.org
sources: [{name: papers, kind: file, path: papers.jsonl}]
newsletters: [{name: daily, section_min: 2}]
"""
PAPERS = "\n".join(
    f'{{"title": "Paper number {number} on {topic}", "abstract": "We study {topic}. It works in {number} cases."}}'
    for number in range(1, 5)
    for topic in ("tidal energy", "seagrass")
)
NOW = "2026-03-02T08:00:00Z"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "papers.jsonl").write_text(PAPERS)
    return tmp_path


def run(digest: Callable[..., Any], home: Path, *more: str) -> Any:
    return digest("run", "--config", home / "config.yaml", "--now", NOW, "--json", *more)


def wrong(came: Any, code: int, *words: str) -> None:
    assert came.code == code, came.err
    assert "Traceback" not in came.err
    for word in words:
        assert word in came.err, came.err


def test_it_works_to_begin_with(digest: Callable[..., Any], home: Path) -> None:
    came = run(digest, home)
    assert came.code == 0, came.err
    assert came.json["issues"][0]["papers"] == 8


def test_broken_yaml(digest: Callable[..., Any], home: Path) -> None:
    (home / "config.yaml").write_text("title: [a")
    wrong(run(digest, home), 2, "config.yaml, line 1")


def test_unknown_key_and_wrong_type(digest: Callable[..., Any], home: Path) -> None:
    (home / "config.yaml").write_text(CONFIG + "databse: x\ncontact: 3\n")
    wrong(run(digest, home), 2, "line 5", "did you mean `database`", "line 6", "contact")


def test_no_config(digest: Callable[..., Any], tmp_path: Path) -> None:
    wrong(digest("run", "--config", tmp_path / "config.yaml"), 2, "digest init")


def test_wrong_options(digest: Callable[..., Any], home: Path) -> None:
    wrong(digest("run", "--nonsense"), 2, "--nonsense")
    wrong(run(digest, home, "--now", "yesterday"), 2, "yesterday")
    wrong(run(digest, home, "--newsletter", "weekly"), 2, "weekly", "daily")
    wrong(run(digest, home, "--from", "no-such-file"), 2, "no-such-file")
    wrong(run(digest, home, "--log-format", "xml"), 2, "xml")


def test_a_missing_template_variable(digest: Callable[..., Any], home: Path) -> None:
    """The user's own template is wrong: nothing is published, the issue is kept, and mending it finishes the job."""
    (home / "mine").mkdir()
    template = home / "mine" / "index.html.j2"
    template.write_text("<p>{{ nonsense.thing }}</p>")
    came = run(digest, home, "--set", "templates=mine")
    wrong(came, 2, "index.html.j2", "nonsense")
    template.unlink()
    after = run(digest, home, "--set", "templates=mine")
    assert after.code == 0, after.err
    assert after.json["issues"][0]["status"] == "exists"
    assert (home / "public" / "daily" / "2026-03-02" / "index.html").is_file()


def test_an_unreadable_database(digest: Callable[..., Any], home: Path) -> None:
    (home / "digest.db").write_bytes(b"this is no database, whatever its name says" * 200)
    before = (home / "digest.db").read_bytes()
    wrong(run(digest, home), 1, "digest.db")
    assert (home / "digest.db").read_bytes() == before


def test_another_database_comes_later(digest: Callable[..., Any], home: Path) -> None:
    wrong(run(digest, home, "--set", "database=postgresql://db/digest"), 2, "postgresql")


def test_a_source_that_cannot_be_read(digest: Callable[..., Any], home: Path) -> None:
    (home / "papers.jsonl").write_text('{"title": "Good"}\n{"title": \n')
    came = run(digest, home)
    assert "Traceback" not in came.err
    (source,) = came.json["collected"]["sources"]
    assert source["status"] in ("partial", "failed")
    assert "line 2" in source["error"]


def test_no_network(digest: Callable[..., Any], home: Path) -> None:
    """Every source fails: exit 1, and the issue is left for a run that has something to go on."""
    (home / "config.yaml").write_text(
        "network: {allow_hosts: [127.0.0.1], gap_s: 0, timeout_s: 2}\n"
        "sources: [{name: gone, kind: feed, url: 'http://127.0.0.1:9/feed'}]\nnewsletters: [{name: daily}]\n"
    )
    came = run(digest, home)
    wrong(came, 1, "no source answered")
    assert came.json["collected"]["sources"][0]["status"] == "failed"
    assert came.json["issues"][0]["status"] == "failed"


def test_a_full_disk(home: Path) -> None:
    """A file may not grow past a few kilobytes: the run ends in words, and succeeds once there is room."""
    code = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20000, resource.RLIM_INFINITY))\n"
        "from digest.cli import main\nmain()\n"
    )
    arguments = ["run", "--config", str(home / "config.yaml"), "--now", NOW, "--json"]
    full = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=120)
    assert full.returncode == 1, full.stderr
    assert "Traceback" not in full.stderr
    good = subprocess.run([sys.executable, "-m", "digest", *arguments], capture_output=True, text=True, timeout=120)
    assert good.returncode == 0, good.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(digest: Callable[..., Any], home: Path) -> None:
    (home / "public").mkdir()
    (home / "public").chmod(0o500)
    wrong(run(digest, home), 1, "public")


def test_render_of_nothing(digest: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "licence.txt").write_text("Permission is hereby granted, free of charge, to any person.\n" * 30)
    (tmp_path / "error.html").write_text("<html><body><h1>502 Bad Gateway</h1></body></html>")
    for name in ("licence.txt", "error.html"):
        wrong(digest("render", "--from", tmp_path / name), 1, name)
    wrong(digest("render", "--from", tmp_path / "absent"), 2, "absent")
    wrong(digest("render", "--from", tmp_path / "error.html", "--as", "pdf"), 2, "pdf")
    wrong(digest("explain", "arxiv:2503.01234", "--config", _config(tmp_path)), 1, "2503.01234")


def _config(folder: Path) -> Path:
    path = folder / "config.yaml"
    path.write_text(CONFIG)
    return path
