"""Five saved pages of a papers site, one after the other into one store: every new paper counted once, printed once."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

YEAR = 2025


def test_five_pages_one_store(shared: Path, tmp_path: Path, digest: Callable[..., Any]) -> None:
    seeds = shared / "data" / "seeds"
    pages = json.loads((seeds / "expected.json").read_text())["pages"]
    config = tmp_path / "config.yaml"
    assert digest("init", "--config", config).code == 0
    printed: set[str] = set()
    for page in pages:
        day = datetime.strptime(f"{page['date']} {YEAR}", "%b %d %Y").date()  # noqa: DTZ007: a date alone
        came = digest(
            "run", "--config", config, "--newsletter", "daily", "--from", seeds / page["file"],
            "--now", f"{day}T08:00:00+00:00", "--json",
        )  # fmt: skip
        assert came.code == 0, came.err
        collected, (issue,) = came.json["collected"], came.json["issues"]
        assert collected["entries"] == page["entries"]
        assert collected["new"] == page["new"]
        assert collected["rejected"] == 0
        assert collected["new"] + collected["known"] + collected["merged"] == collected["entries"]
        assert issue["status"] == "published"
        assert issue["papers"] == 25
        ids = {paper for section in issue["sections"] for paper in section["papers"]}
        assert len(ids) == 25
        assert not ids & printed, "printed in an earlier issue already"
        printed |= ids
    assert len(printed) == 125
