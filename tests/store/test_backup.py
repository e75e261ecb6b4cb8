"""A backup is one moment of the store, whoever writes meanwhile; a restore is all or nothing."""

import json
import signal
import subprocess
import sys
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import store_samples as made

from digest.errors import InputError, StoreError
from digest.store import Store

ABOUT = {"made": "2025-03-11T08:00:00+00:00", "digest": "0"}


def _restore(home: Path, archive: Path, others: dict[str, Path] | None = None) -> None:
    Store.restore(made.URL, home, archive, others or {}, 5.0)


def _count(home: Path) -> int:
    with made.store(home) as store:
        return len(store.papers.population(made.NOW.replace(year=2024), made.NOW))


def test_what_is_backed_up_comes_back(tmp_path: Path) -> None:
    home, other = tmp_path / "one", tmp_path / "two"
    home.mkdir()
    (home / "signing.key").write_text("ab" * 16)
    with made.store(home) as store:
        made.collect(store, range(20))
        store.backup(tmp_path / "copy.zip", {"signing.key": home / "signing.key"}, ABOUT)
        made.collect(store, range(20, 50))
    assert (tmp_path / "copy.zip").stat().st_mode & 0o077 == 0
    _restore(home, tmp_path / "copy.zip")
    _restore(other, tmp_path / "copy.zip", {"signing.key": other / "signing.key"})
    assert _count(home) == _count(other) == 20
    assert (other / "signing.key").read_text() == "ab" * 16 and (other / "signing.key").stat().st_mode & 0o077 == 0
    with Store.open("sqlite:///digest.db.before-restore", home) as before:
        assert len(before.papers.population(made.NOW.replace(year=2024), made.NOW)) == 50


def test_a_backup_is_one_moment_while_others_write(tmp_path: Path) -> None:
    """Papers and their sightings are written together, so no backup may hold one without the other."""
    stop = threading.Event()

    def writes() -> None:
        with made.store(tmp_path) as store:
            for start in range(0, 4000, 10):
                if stop.is_set():
                    return
                made.collect(store, range(start, start + 10))

    with made.store(tmp_path) as store:
        writer = threading.Thread(target=writes)
        writer.start()
        for number in range(6):
            store.backup(tmp_path / f"{number}.zip", {}, ABOUT)
        stop.set()
        writer.join()
    sizes = []
    for number in range(6):
        _restore(tmp_path / f"home{number}", tmp_path / f"{number}.zip")
        with made.store(tmp_path / f"home{number}") as copy:
            rows = copy.pruning.rows()
        assert rows["papers"] == rows["sightings"] == rows["paper_titles"] and rows["papers"] % 10 == 0
        sizes.append(rows["papers"])
    assert sizes == sorted(sizes) and sizes[-1] > sizes[0]


def test_what_was_handed_over_while_sending_is_in_doubt_after_a_restore(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        made.collect(store, range(3))
        issue = store.issues.save(made.issue(range(3)), recipients=made.recipients(4))
        with store.deliveries.outbox(issue.id) as outbox:
            first, second, _third = outbox.claim(3, made.NOW)
            outbox.hand(first)
            outbox.settle(replace(first, state="sent", attempts=1))
            outbox.hand(second)
            store.backup(tmp_path / "copy.zip", {}, ABOUT)
    _restore(tmp_path / "new", tmp_path / "copy.zip")
    with made.store(tmp_path / "new") as copy:
        states = {each.address: each.state for each in copy.deliveries.list(issue.id)}
    assert list(states.values()) == ["sent", "in_doubt", "pending", "pending"]


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04 nonsense", b"SQLite format 3\0" * 9])
def test_what_is_no_backup_is_refused(body: bytes, tmp_path: Path) -> None:
    (tmp_path / "bad").write_bytes(body)
    with pytest.raises(InputError, match="backup"):
        _restore(tmp_path, tmp_path / "bad")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as box:
        box.writestr("songs.txt", "la")
    with pytest.raises(InputError, match="no whole backup"):
        _restore(tmp_path, tmp_path / "other.zip")
    assert not (tmp_path / "digest.db").exists()


def test_a_cut_or_damaged_backup_changes_nothing(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        made.collect(store, range(30))
        store.backup(tmp_path / "copy.zip", {}, ABOUT)
    body = (tmp_path / "copy.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(body[: len(body) // 2])
    with pytest.raises(InputError, match="cut short"):
        _restore(tmp_path, tmp_path / "cut.zip")
    with zipfile.ZipFile(tmp_path / "copy.zip") as box:
        database = bytearray(box.read("digest.db"))
    database[4096 * 2 : 4096 * 12] = b"\x07" * 4096 * 10
    with zipfile.ZipFile(tmp_path / "damaged.zip", "w") as box:
        box.writestr("about.json", json.dumps(ABOUT))
        box.writestr("digest.db", bytes(database))
    with pytest.raises(StoreError, match="damaged"):
        _restore(tmp_path, tmp_path / "damaged.zip")
    assert _count(tmp_path) == 30


def test_names_in_a_backup_lead_nowhere_else(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        made.collect(store, range(3))
        store.backup(tmp_path / "copy.zip", {}, ABOUT)
    with zipfile.ZipFile(tmp_path / "copy.zip", "a") as box:
        box.writestr("senders/../../evil", "x")
        box.writestr("files/../evil", "x")
    _restore(tmp_path / "home", tmp_path / "copy.zip")
    assert not list(tmp_path.rglob("evil*"))


KILLED = """
import os, signal, sys
from pathlib import Path
from digest.store import Store, backup
name, what, home, archive = sys.argv[1:]
original = getattr(backup, name)
def killed(*args):
    if name == "_pour":  # in the middle: half of the pages are written
        import sqlite3
        source, target = sqlite3.connect(args[0]), sqlite3.connect(args[1])
        source.backup(target, pages=20, progress=lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    original(*args)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(backup, name, killed)
if what == "backup":
    with Store.open("sqlite:///digest.db", Path(home)) as store:
        store.backup(Path(archive), {}, {})
else:
    Store.restore("sqlite:///digest.db", Path(home), Path(archive), {}, 5.0)
"""


def _killed(name: str, what: str, home: Path, archive: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, name, what, str(home), str(archive)], check=False)
    assert done.returncode == -signal.SIGKILL


def test_killed_while_it_backs_up_the_older_backup_stands(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        made.collect(store, range(30))
        store.backup(tmp_path / "copy.zip", {}, ABOUT)
        before = (tmp_path / "copy.zip").read_bytes()
        made.collect(store, range(30, 60))
    for step in ("_copy", "_synced"):
        _killed(step, "backup", tmp_path, tmp_path / "copy.zip")
        assert (tmp_path / "copy.zip").read_bytes() == before
    with made.store(tmp_path) as store:
        store.backup(tmp_path / "copy.zip", {}, ABOUT)
    _restore(tmp_path / "new", tmp_path / "copy.zip")
    assert _count(tmp_path / "new") == 60


@pytest.mark.parametrize("step", ["_sound", "keep", "_pour"])
def test_killed_while_it_restores_the_store_is_as_before(step: str, tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        made.collect(store, range(200))
        store.backup(tmp_path / "copy.zip", {}, ABOUT)
        made.collect(store, range(200, 500))
    _killed(step, "restore", tmp_path, tmp_path / "copy.zip")
    assert _count(tmp_path) == 500
    _restore(tmp_path, tmp_path / "copy.zip")
    assert _count(tmp_path) == 200
