"""A spreadsheet of 500 lines, 60 of them bad: every good row comes in, every bad one is told by its line."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

BAD = (
    lambda n: f"reader{n}.example.org,Name {n},daily",
    lambda n: f"reader{n}@,Name {n},daily",
    lambda n: f"reader{n}@example.org,Name {n},monthly",
    lambda n: f'reader{n}@example.org,"Name {n},daily',
    lambda n: f"reader{n}@example.org,Name {n},daily,more,cells",
    lambda n: f"reader{n}@exa mple.org,Name {n},daily",
)


def table() -> tuple[str, set[int], set[str]]:
    """The file, the numbers of its bad lines, and the addresses of the good ones."""
    numbers = range(2, 501)
    bad = set(random.Random(7).sample(numbers, 60))
    lines = ["email,name,newsletters"]
    lines += [
        BAD[number % len(BAD)](number) if number in bad else f"reader{number}@example.org,Name {number},daily;weekly"
        for number in numbers
    ]
    assert len(lines) == 500
    return "\n".join(lines) + "\n", bad, {f"reader{number}@example.org" for number in numbers if number not in bad}


def test_a_file_of_500_lines_with_60_bad_ones(tmp_path: Path, digest: Callable[..., Any]) -> None:
    body, bad, good = table()
    (tmp_path / "config.yaml").write_text("newsletters: [{name: daily}, {name: weekly}]\n")
    (tmp_path / "readers.csv").write_text(body)

    def call(*arguments: object) -> Any:
        came = digest("readers", *arguments, "--config", tmp_path / "config.yaml")
        assert came.code == 0, came.err
        return came

    barred = min(good)
    call("add", barred)
    call("remove", barred)
    rehearsed = call("import", tmp_path / "readers.csv", "--active", "--dry-run", "--json").json
    assert json.loads(call("list", "--json").out) == []
    came = call("import", tmp_path / "readers.csv", "--active", "--json").json
    assert {**came, "dry_run": True} == rehearsed
    assert {row["line"] for row in came["bad"]} == bad and len(came["bad"]) == 60
    assert (came["added"], came["known"], came["suppressed"]) == (438, 0, 1)
    there = json.loads(call("list", "--json").out)
    assert {row["email"] for row in there} == good - {barred}
    assert {row["state"] for row in there} == {"active"}
    again = call("import", tmp_path / "readers.csv", "--active", "--json").json
    assert (again["added"], again["known"]) == (0, 438)
    assert json.loads(call("list", "--json").out) == there

    shown = call("show", sorted(good - {barred})[0], "--json").json
    assert shown["newsletters"] == ["daily", "weekly"] and shown["audit"][0]["act"] == "added as active"
    audit = call("export", "--audit").out.splitlines()
    assert audit[0] == "email,at,act,where" and len(audit) == 1 + len(there)
