"""Store room: brings a file to the newest schema, or refuses it untouched.

Alembic is imported only when there is something to do, so that opening an up-to-date store stays quick.
"""

import sqlite3
from pathlib import Path
from typing import Literal

from digest.errors import StoreError
from digest.store.database import Database, in_words
from digest.store.tables import REVISION

FOLDER = Path(__file__).parent / "migrations"


def prepare(database: Database, create: bool) -> None:
    """Makes or migrates the store in one transaction; an older one is copied beside itself first.

    Raises StoreError, the file being as it was.
    """
    path = database.path
    if not create and not path.exists():
        raise StoreError(f"there is no store at {path} yet; `digest run` makes one")
    found = look(path)
    if found == REVISION:
        return
    if found:
        keep(path, path.with_name(f"{path.name}.schema-{found}"))
    with database.write() as connection:  # another process may have been quicker: Alembic looks again in here
        _migrate(connection)


def look(path: Path) -> str | Literal[False]:
    """The schema of the file, False where there is none yet. Changes nothing, not even the journal mode.

    Raises StoreError for a foreign or damaged file and for the store of a newer version.
    """
    if not path.exists() or path.stat().st_size == 0:
        return False
    with in_words(path):
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
        try:
            names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if "alembic_version" not in names and names:
                raise StoreError(f"{path} holds the tables of another program; name another file")
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone() if names else None
        finally:
            connection.close()
    if found is not None and found[0] not in _known():
        raise StoreError(f"{path} was made by a newer digest (schema {found[0]}); install that version")
    return str(found[0]) if found else False


def _known() -> set[str]:
    names = [file.name for file in (FOLDER / "versions").glob("v[0-9]*_*.py")]
    return {name[1:].partition("_")[0] for name in names}


def _migrate(connection: object) -> None:
    from alembic import command
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")


def keep(path: Path, to: Path) -> None:
    """Copies the store at `path` to `to`, whole or not at all, in place of a copy that is there. Raises StoreError."""
    unready = to.with_name(f"{to.name}.new")
    with in_words(to):
        unready.unlink(missing_ok=True)  # of a process that was killed
        unready.touch(0o600)  # readers' addresses stand in it
        copy(path, unready)
        unready.replace(to)


def copy(path: Path, to: Path) -> None:
    """Copies the store at `path`, as it stands between two transactions, to a new file; nothing where there is none.

    Raises StoreError, sqlite3.Error or OSError.
    """
    if look(path) is False:
        return
    source, target = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True), sqlite3.connect(to)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()
