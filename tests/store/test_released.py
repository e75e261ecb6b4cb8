"""Every released schema reaches today's by itself: nothing is lost, a copy stands beside it, a kill does no harm."""

import gzip
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from digest.store import Store
from digest.store.tables import REVISION, meta
from digest.store.upgrade import look

RELEASED = sorted((Path(__file__).parent / "released").glob("*.sql.gz"))
URL = "sqlite:///digest.db"
KEPT = ("papers", "paper_keys", "paper_titles", "sightings", "signals", "issues", "printed", "deliveries", "readers")


def _older(dump: Path, home: Path) -> Path:
    """The store of a dump, as the release that made it left it."""
    file = home / "digest.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(gzip.decompress(dump.read_bytes()).decode())
    return file


def _rows(file: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(file)) as connection:
        return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in KEPT}


@pytest.mark.parametrize("dump", RELEASED, ids=lambda path: path.name.partition(".")[0])
def test_a_released_schema_is_brought_up_with_all_it_holds(dump: Path, tmp_path: Path) -> None:
    file = _older(dump, tmp_path)
    before = _rows(file)
    Store.open(URL, tmp_path).close()
    after = _rows(file)
    for name, rows in before.items():
        width = len(rows[0]) if rows else 0
        assert [row[:width] for row in after[name]] == rows, name
    with sa.create_engine(f"sqlite:///{file}").connect() as connection:
        plain = {"include_name": lambda name, _kind, _parents: not str(name).startswith("search_text")}
        assert compare_metadata(MigrationContext.configure(connection, opts=plain), meta) == []
    with Store.open(URL, tmp_path) as store:
        assert [issue.day.isoformat() for issue in store.issues.list("daily")] == ["2026-03-03", "2026-03-02"]
        assert all(issue.items for issue in store.issues.list("daily"))
        assert [reader.address for reader in store.readers.list()] == ["ada@example.org"]


@pytest.mark.parametrize("dump", RELEASED, ids=lambda path: path.name.partition(".")[0])
def test_what_was_there_is_copied_first(dump: Path, tmp_path: Path) -> None:
    file = _older(dump, tmp_path)
    schema, before = look(file), _rows(file)
    Store.open(URL, tmp_path).close()
    if schema == REVISION:
        assert list(tmp_path.glob("*.schema-*")) == []
        return
    copy = tmp_path / f"digest.db.schema-{schema}"
    assert look(copy) == schema and _rows(copy) == before
    assert copy.stat().st_mode & 0o077 == 0


KILLED_IN_MIGRATION = """
import os, signal, sys
from pathlib import Path
from digest.store import Store, upgrade
original = upgrade._migrate
def migrate(connection):
    original(connection)
    os.kill(os.getpid(), signal.SIGKILL)
upgrade._migrate = migrate
Store.open("sqlite:///digest.db", Path(sys.argv[1]))
"""


def test_killed_while_it_migrates_the_store_is_as_before(tmp_path: Path) -> None:
    file = _older(RELEASED[0], tmp_path)
    before = _rows(file)
    killed = subprocess.run([sys.executable, "-c", KILLED_IN_MIGRATION, str(tmp_path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert look(file) == "0001" and _rows(file) == before
    Store.open(URL, tmp_path).close()
    assert look(file) == REVISION
