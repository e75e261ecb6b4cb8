"""Whole runs whose every output is kept beside them: a change of behaviour is a diff that somebody reads.

A case is a folder with a config.yaml and a folder a day of what its sources say (``sample-week`` takes the bundled
sample). ``expected/`` holds the reports and what was published. `make golden` makes it anew.
"""

import difflib
import json
import shutil
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
CASES = sorted(path.parent.name for path in HERE.glob("*/case.txt"))
KEPT = (".json", ".md", ".txt", ".html", ".xml")


@pytest.mark.parametrize("case", CASES)
def test_case(case: str, tmp_path: Path, digest: Callable[..., Any], refresh_golden: bool) -> None:
    made = tmp_path / "made"
    _run(HERE / case, tmp_path / "home", made, digest)
    expected = HERE / case / "expected"
    if refresh_golden:
        shutil.rmtree(expected, ignore_errors=True)
        shutil.copytree(made, expected)
    assert _names(made) == _names(expected)
    for name in sorted(_names(made)):
        difference = difflib.unified_diff(
            (expected / name).read_text(encoding="utf-8").splitlines(),
            (made / name).read_text(encoding="utf-8").splitlines(),
            f"expected/{name}", "made", lineterm="",
        )  # fmt: skip
        assert not (lines := list(difference)), "\n".join(lines[:60])


def _run(case: Path, home: Path, made: Path, digest: Callable[..., Any]) -> None:
    """The case's days in order, in a copy of it; reports and outputs of each collected in `made`."""
    source = case if (case / "config.yaml").exists() else None
    if source:
        shutil.copytree(source, home, ignore=shutil.ignore_patterns("expected"))
    else:
        with as_file(files("digest") / "sample") as sample:
            shutil.copytree(str(sample), home)
    made.mkdir()
    for day in sorted(path.name for path in home.glob("????-??-??")):
        now = f"{day}T08:00:00Z"
        came = digest("run", "--config", home / "config.yaml", "--now", now, "--json")
        assert came.code == 0, came.err
        report = json.loads(came.out.replace(str(home), "HOME"))
        (made / f"{day}-report.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
        page = home / "public" / "daily" / day
        if page.is_dir():
            shutil.copy(page / "issue.md", made / f"{day}-issue.md")
    last = sorted(path.name for path in home.glob("????-??-??"))[-1]
    for name in ("index.html", "daily/feed.xml", "daily/atom.xml", "daily/feed.json", f"daily/{last}/index.html"):
        shutil.copy(home / "public" / name, made / name.replace("/", "-"))
    for form in ("html", "text"):
        out = made / f"mail.{form}"
        digest("render", "--config", home / "config.yaml", "--as", form, "--out", made / "mail", "--now", now,
               *[word for path in sorted((home / last).iterdir()) for word in ("--from", path)])  # fmt: skip
        for path in (made / "mail").rglob("mail.*"):
            shutil.move(path, out)
        shutil.rmtree(made / "mail")


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.suffix in KEPT or path.suffix == ".text"}
