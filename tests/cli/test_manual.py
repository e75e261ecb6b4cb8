"""The manual page names every command and option, and man renders it without a complaint."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest


def test_it_names_every_command_and_option(digest) -> None:  # type: ignore[no-untyped-def]
    page = digest("man").out.replace(r"\-", "-")
    sections = dict(zip(*[iter(re.split(r"^\.SS digest (.*)$", page, flags=re.MULTILINE)[1:])] * 2, strict=True))
    assert "run" in sections and "readers import FILE" in sections and "config show" in sections
    assert "--newsletter" in sections["run"] and "--dry-run" in sections["run"]
    for name in ("EXIT STATUS", "ENVIRONMENT", "FILES"):
        assert f".SH {name}" in page


@pytest.mark.skipif(shutil.which("man") is None, reason="man is not installed here")
def test_man_renders_it_without_a_complaint(tmp_path: Path, digest) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "digest.1").write_text(digest("man").out)
    # man on a slimmed-down system is a stub that prints where the pages went
    came = subprocess.run(
        ["man", "--warnings", "-l", str(tmp_path / "digest.1")],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "MANWIDTH": "100", "MAN_KEEP_FORMATTING": "", "LC_ALL": "C.UTF-8"},
    )
    assert came.stderr == ""
    shown = re.sub(r".\x08", "", came.stdout)
    if "digest" not in shown:
        pytest.skip("man is a stub here")
    assert "EXIT STATUS" in shown and "Collect from the sources" in shown


def test_the_shell_can_complete_commands(digest) -> None:  # type: ignore[no-untyped-def]
    assert "--install-completion" in digest("--help").out
    came = subprocess.run(
        ["digest"],
        executable=shutil.which("digest") or str(Path(__import__("sys").executable).with_name("digest")),
        capture_output=True,
        text=True,
        env={**os.environ, "_DIGEST_COMPLETE": "complete_bash", "COMP_WORDS": "digest re", "COMP_CWORD": "1"},
        check=False,
    )
    assert {"readers", "render", "restore"} <= set(came.stdout.split())
