"""`backup`, `restore`, `prune`, `config check` and `config show`, as a person and a script meet them."""

import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML

CONFIG = """
title: Tides
database: sqlite:///digest.db
sources:
  - {name: papers, kind: file, path: papers.jsonl}
newsletters: [{name: daily, limit: 5}]
mail: {from: digest@example.org, smtp: "env:TIDES_SMTP"}
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a configuration and papers; commands are called inside it."""
    lines = [{"title": f"Tidal study number {n}", "abstract": f"We measure tide {n} with care."} for n in range(9)]
    (tmp_path / "papers.jsonl").write_text("\n".join(map(json.dumps, lines)))
    (tmp_path / "config.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TIDES_SMTP", raising=False)
    return tmp_path


def test_a_store_goes_and_comes_back(home: Path, digest) -> None:  # type: ignore[no-untyped-def]
    digest("run", "--newsletter", "daily", "--now", "2026-03-02")
    wrote = digest("backup", "copy.zip", "--json").json
    assert wrote["bytes"] == (home / "copy.zip").stat().st_size > 0
    for file in home.iterdir():
        if file.name.startswith("digest.db"):
            file.unlink()
    assert digest("restore", "copy.zip").code == 2  # nobody is here to ask
    assert digest("restore", "copy.zip", "--yes", "--json").json["made"]
    report = digest("run", "--newsletter", "daily", "--now", "2026-03-02", "--json").json
    assert report["collected"]["new"] == 0 and report["issues"][0]["status"] == "exists"


def test_without_a_store_there_is_nothing_to_back_up(home: Path, digest) -> None:  # type: ignore[no-untyped-def]
    came = digest("backup", "copy.zip")
    assert came.code == 1 and "no store" in came.err and not (home / "copy.zip").exists()
    assert digest("backup", "nowhere/copy.zip").code == 2


def test_pruning_shows_first_and_asks(home: Path, digest) -> None:  # type: ignore[no-untyped-def]
    digest("run", "--newsletter", "daily", "--now", "2024-03-02")
    shown = digest("prune", "--dry-run", "--now", "2026-03-02", "--json").json
    counts = {each["kind"]: each["count"] for each in shown["kinds"]}
    assert shown["pruned"] is False and counts["runs"] == 1 and counts["abstracts"] == 4
    came = digest("prune", "--now", "2026-03-02")
    assert came.code == 2 and "abstracts" in came.err and "--yes" in came.err
    done = digest("prune", "--now", "2026-03-02", "--yes", "--json").json
    assert done["pruned"] and {each["kind"]: each["count"] for each in done["kinds"]} == counts
    assert digest("prune", "--now", "2026-03-02", "--yes", "--json").json["pruned"] is False
    again = digest("run", "--newsletter", "daily", "--now", "2026-03-03", "--json").json
    assert again["collected"]["new"] == 0


@pytest.mark.parametrize("keep", ["soon", "10d", "-4y", "400"])
def test_what_is_too_young_to_prune_is_refused(keep: str, home: Path, digest) -> None:  # type: ignore[no-untyped-def]
    came = digest("prune", f"--keep={keep}", "--yes")
    assert came.code == 2 and keep in came.err


def test_show_says_where_each_value_came_from(home: Path, digest, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    def origins() -> dict[str, tuple[object, str]]:
        found = digest("config", "show", "--set", "newsletters.daily.top=1", "--json").json
        return {each["key"]: (each["value"], each["origin"]) for each in found}

    shown = origins()
    assert shown["title"] == ("Tides", "line 2")
    assert shown["newsletters.0.limit"] == (5, "line 6") and shown["newsletters.0.top"][1].startswith("--set")
    assert shown["newsletters.0.window_days"] == (7, "default")
    assert shown["mail.smtp"][1] == "env:TIDES_SMTP, which is not set"
    monkeypatch.setenv("TIDES_SMTP", "smtp://ada:secret@mail.example.org")
    assert origins()["mail.smtp"] == ("(hidden)", "env:TIDES_SMTP")


def test_what_is_shown_is_yaml_and_holds_no_secret(home: Path, digest, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("TIDES_SMTP", "smtp://ada:secret@mail.example.org")
    hook = "notify.webhook=https://hooks.example.org/secret"
    out = digest("config", "show", "--set", hook, "--set", "sources.papers.url=https://ada:secret@example.org/f").out
    assert "secret" not in out and "(hidden)" in out
    values = YAML(typ="safe").load(out)
    assert values["newsletters"][0]["limit"] == 5 and values["sources"][0]["path"] == "papers.jsonl"


def test_check_finds_mistakes_in_config_and_templates(home: Path, digest) -> None:  # type: ignore[no-untyped-def]
    good = digest("config", "check", "--now", "2026-03-02T05:00", "--json").json
    assert good["ok"] and good["unset"] == ["mail.smtp"] and good["next"] == {"daily": "2026-03-02T07:00:00+00:00"}
    (home / "mine").mkdir()
    (home / "mine" / "issue.md.j2").write_text("{{ v.title }\n")
    came = digest("config", "check", "--set", "templates=mine")
    assert came.code == 2 and "issue.md.j2, line 1" in came.err
    came = digest("config", "check", "--set", "newsletters.daily.limit=none")
    assert came.code == 2 and "newsletters.0.limit" in came.err
