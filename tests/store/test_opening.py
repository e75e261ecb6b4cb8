"""Opening: made by itself, migrated by itself, refused in one sentence and untouched where it cannot be used."""

import os
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import sqlalchemy as sa
import store_samples as made
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from digest.errors import InputError, StoreError
from digest.store import Store
from digest.store.tables import REVISION, meta
from digest.store.upgrade import FOLDER


def test_migrations_make_the_tables_of_today(tmp_path: Path) -> None:
    made.store(tmp_path).close()
    with sa.create_engine(f"sqlite:///{tmp_path}/digest.db").connect() as connection:
        # The full-text index is none of SQLAlchemy's tables.
        plain = {"include_name": lambda name, _kind, _parents: not str(name).startswith("search_text")}
        assert compare_metadata(MigrationContext.configure(connection, opts=plain), meta) == []
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    assert ScriptDirectory.from_config(settings).get_current_head() == REVISION


def test_opening_says_nothing_and_leaves_loggers_alone(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    made.store(tmp_path).close()
    made.store(tmp_path).close()
    assert capfd.readouterr() == ("", "")


def test_an_open_store_needs_no_alembic(tmp_path: Path) -> None:
    made.store(tmp_path).close()
    code = f"""
        import sys; from pathlib import Path; from digest.store import Store
        Store.open("sqlite:///digest.db", Path({str(tmp_path)!r})).close()
        assert "alembic" not in sys.modules
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=True)


@pytest.mark.parametrize(
    ("url", "words"),
    [("postgresql://host/db", "comes later"), ("mysql://x/y", "sqlite:///FILE"), ("sqlite://", "sqlite:///FILE")],
)
def test_other_urls_are_mistakes_of_the_config(url: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=words) as caught:
        Store.open(url, tmp_path)
    assert caught.value.exit_code == 2


def test_absolute_paths_are_absolute(tmp_path: Path) -> None:
    Store.open(f"sqlite:///{tmp_path}/there.db", Path("/nowhere")).close()
    assert (tmp_path / "there.db").exists()


def _refused(home: Path, words: str) -> None:
    file = home / "digest.db"
    before = file.read_bytes()
    with pytest.raises(StoreError, match=words) as caught:
        made.store(home)
    assert "\n" not in str(caught.value) and file.read_bytes() == before


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "digest.db").write_text("not a database, a shopping list " * 100)
    _refused(tmp_path, "not a SQLite database")


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "digest.db") as other:
        other.execute("CREATE TABLE songs (title)")
    other.close()
    _refused(tmp_path, "another program")


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    made.store(tmp_path).close()
    newer = sqlite3.connect(tmp_path / "digest.db")
    newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.commit()
    newer.close()
    _refused(tmp_path, "newer digest")


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        made.collect(store, range(200))
    file = tmp_path / "digest.db"
    body = bytearray(file.read_bytes())
    body[100:4096] = os.urandom(3996)
    file.write_bytes(body)
    _refused(tmp_path, "damaged")


def test_damage_found_later_is_told_in_words(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        made.collect(store, range(500))
    file = tmp_path / "digest.db"
    body = bytearray(file.read_bytes())
    for start in range(len(body) // 8192 * 4096, len(body), 4096):
        body[start : start + 100] = b"\xff" * 100
    file.write_bytes(body)
    with made.store(tmp_path) as store, pytest.raises(StoreError, match="damaged"):
        store.papers.population(made.NOW, made.NOW)


def test_a_folder_without_write_permission_is_refused(tmp_path: Path) -> None:
    if os.getuid() != 0:
        tmp_path.chmod(0o500)
        with pytest.raises(StoreError, match="writ"):
            made.store(tmp_path)
        tmp_path.chmod(0o700)
        return
    home = tmp_path / "home"
    home.mkdir()
    made.store(home).close()
    child = os.fork()
    if child == 0:  # root may write anywhere, so this is done as nobody
        code = 1
        try:
            for folder in (*(p for p in tmp_path.parents if "pytest-" in str(p)), tmp_path, home):
                folder.chmod(0o755)
            os.setuid(65534)
            for name in ("digest.db", "none.db"):
                try:
                    Store.open(f"sqlite:///{name}", home)
                except StoreError as error:
                    code = 0 if "writ" in str(error) else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_full_disk_is_told_and_the_store_is_as_before(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        made.collect(store, range(5))
        with store._database.read() as read:
            pages = read.exec_driver_sql("PRAGMA page_count").scalar_one()
            read.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")  # SQLite's own way of saying "disk full"
        with pytest.raises(StoreError, match="no room"):
            made.collect(store, range(5, 500))
        assert len(store.papers.population(made.NOW, made.NOW)) == 5


def test_two_processes_may_make_one_store_at_once(tmp_path: Path) -> None:
    code = f"""
        from pathlib import Path; from digest.store import Store
        with Store.open("sqlite:///digest.db", Path({str(tmp_path)!r})) as store: store.sources.states()
    """
    both = [subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)]) for _ in range(3)]
    assert [each.wait(60) for each in both] == [0, 0, 0]


@pytest.mark.parametrize("size", ["16k", "64k", "100k"])
def test_a_store_that_finds_no_room_to_begin_is_made_when_there_is_some(size: str, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", small], capture_output=True).returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        with pytest.raises(StoreError, match="no room"):
            made.store(small)
        subprocess.run(["mount", "-o", "remount,size=4m", small], check=True)
        with made.store(small) as store:
            made.collect(store, range(5))
    finally:
        subprocess.run(["umount", small], check=True)
