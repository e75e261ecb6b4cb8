"""Files are whole or absent, inside their folder, and left alone when nothing changed."""

import os
import subprocess
from pathlib import Path

import pytest

from digest.deliver import folder
from digest.errors import DigestError, InputError
from digest.model import Edition


def edition(path: str, body: bytes = b"<p>hello</p>") -> Edition:
    return Edition(path=path, media_type="text/html", body=body)


def test_editions_are_written_below_the_root(tmp_path: Path) -> None:
    paths = folder.write([edition("a.html"), edition("daily/2025/b.xml", b"x")], tmp_path / "out")
    assert [path.relative_to(tmp_path / "out").as_posix() for path in paths] == ["a.html", "daily/2025/b.xml"]
    assert paths[1].read_bytes() == b"x"
    assert sorted(p.name for p in (tmp_path / "out").rglob("*")) == ["2025", "a.html", "b.xml", "daily"]


def test_only_what_changed_is_touched(tmp_path: Path) -> None:
    (path,) = folder.write([edition("a.html")], tmp_path)
    os.utime(path, ns=(1, 1))
    before = path.stat()
    folder.write([edition("a.html")], tmp_path)
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (1, before.st_ino)
    folder.write([edition("a.html", b"new")], tmp_path)
    assert path.read_bytes() == b"new" and path.stat().st_mtime_ns != 1


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/etc/x", "", ".", "..", "a/..", "a\0b", "link/x", "link/../x"])
def test_nothing_is_written_outside(path: str, tmp_path: Path) -> None:
    root = tmp_path / "out"
    root.mkdir()
    (root / "link").symlink_to(tmp_path)
    with pytest.raises(InputError, match="inside"):
        folder.write([edition("good.html"), edition(path)], root)
    assert list(root.iterdir()) == [root / "link"] and not (tmp_path / "x").exists()


def test_a_full_disk_is_told_and_the_old_file_stays(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small], capture_output=True).returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        folder.write([edition("a.html", b"old")], small)
        with pytest.raises(DigestError, match=r"No space left.*untouched"):
            folder.write([edition("a.html", b"x" * 200_000)], small)
        assert [path.name for path in small.iterdir()] == ["a.html"] and (small / "a.html").read_bytes() == b"old"
    finally:
        subprocess.run(["umount", small], check=True)


def test_a_file_where_a_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "daily").write_text("a file")
    with pytest.raises(DigestError, match="cannot be written"):
        folder.write([edition("daily/a.html")], tmp_path)
