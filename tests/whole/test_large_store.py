"""However large the past, a day's run looks papers up: no query of it reads them all."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from digest import foresight, nearby
from digest.config import load
from digest.store import Store
from digest.store.database import Database

SAMPLE = Path(__file__).parents[2] / "digest" / "sample"
LARGE = ("papers", "paper_keys", "paper_titles", "paper_words")
NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


@contextmanager
def said(monkeypatch: Any) -> Iterator[dict[str, Any]]:
    """Every statement that any store is asked meanwhile, with the values it was first asked with."""
    statements: dict[str, Any] = {}
    made = Database.__init__

    def listening(self: Database, path: Path) -> None:
        made(self, path)
        sa.event.listen(
            self._reads, "before_cursor_execute", lambda _c, _u, text, values, *_: statements.setdefault(text, values)
        )

    monkeypatch.setattr(Database, "__init__", listening)
    yield statements
    monkeypatch.undo()


def test_no_query_of_a_run_reads_every_paper(tmp_path: Path, digest: Callable[..., Any], monkeypatch: Any) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("newsletters: [{name: daily, updated: {limit: 3}}]\n")
    past = tmp_path / "past.jsonl"
    rows = [{"id": f"2401.{n:05}", "title": f"A study numbered {n} of tides", "doi": f"10.1/{n}"} for n in range(3000)]
    past.write_text("".join(json.dumps(row) + "\n" for row in rows))
    home = ("--config", config, "--quiet")
    assert digest("import", past, *home, "--now", "2026-03-01").code == 0
    assert _run(digest, "2026-03-02", home)["collected"]["new"] > 0
    sqlite3.connect(tmp_path / "digest.db").execute("ANALYZE")  # the planner knows how large the tables are
    with said(monkeypatch) as statements:
        assert _run(digest, "2026-03-03", home)["issues"][0]["papers"] > 0
        with Store.open("sqlite:///digest.db", tmp_path) as store:
            list(foresight.examples(load(config).forecast, store, NOW - timedelta(days=400), NOW))
            nearby.keep_up(store, NOW)
    assert len(statements) > 60
    assert scanning(tmp_path / "digest.db", statements) == []


def _run(digest: Callable[..., Any], day: str, home: tuple[Any, ...]) -> dict[str, Any]:
    sources = [part for path in sorted((SAMPLE / day).iterdir()) for part in ("--from", path)]
    came = digest("run", "--newsletter", "daily", *sources, *home, "--now", f"{day}T09:00", "--json")
    assert came.code == 0, came.err
    return dict(came.json)


def scanning(path: Path, statements: dict[str, Any]) -> list[str]:
    """The statements whose plan reads all of a large table."""
    connection = sqlite3.connect(path)
    found = []
    for text, values in statements.items():
        if text.split()[0].upper() in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "REPLACE"):
            one = values[0] if isinstance(values, list) else values
            steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {text}", one)]
            found += [f"{step}: {text}" for step in steps if step.startswith("SCAN ") and step.split()[1] in LARGE]
    connection.close()
    return found
