"""What was rendered, kept in a file: found by name and mark, bounded, never in the way whatever befalls the file."""

import sqlite3
from pathlib import Path

import pytest

from digest.store.rendered import Rendered

PARTS = ("about", "<a>é</a>", "", '{"x": 1}')


def kept(path: Path, *names: str, look: str = "look", most: int = 100) -> Rendered:
    """The file with these things put into it, opened anew."""
    made = Rendered(path, look, most)
    for name in names:
        made.put(name, f"mark of {name}", PARTS)
    made.keep()
    return Rendered(path, look, most)


def found(rendered: Rendered, *names: str) -> set[str]:
    return set(rendered.some((name, f"mark of {name}") for name in names))


def test_what_was_kept_is_there_for_the_same_mark_alone(tmp_path: Path) -> None:
    path = tmp_path / "rendered"
    again = kept(path, "a", "b")
    assert again.some([("a", "mark of a"), ("b", "another"), ("c", "mark of c")]) == {"a": PARTS}
    assert found(kept(path, "c"), "a", "b", "c") == {"a", "b", "c"}
    changed = Rendered(path, "look")
    changed.put("a", "newer", ("", "2", "", ""))
    assert changed.some([("a", "newer")]) == {"a": ("", "2", "", "")}, "before it is written"
    changed.keep()
    assert Rendered(path, "look").some([("a", "newer")]) and not found(Rendered(path, "look"), "a")


def test_another_look_or_what_is_forgotten_is_of_no_use(tmp_path: Path) -> None:
    path = tmp_path / "rendered"
    kept(path, "a")
    assert not found(Rendered(path, "other"), "a")
    assert found(kept(path, "b", look="other"), "a", "b") == {"b"}
    made = Rendered(path, "other")
    made.forget()
    assert not found(made, "b") and found(Rendered(path, "other"), "b") == {"b"}, "nothing is kept yet"
    made.put("c", "mark of c", PARTS)
    made.keep()
    assert found(Rendered(path, "other"), "b", "c") == {"c"}


def test_it_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "rendered"
    names = [f"n{number}" for number in range(12)]
    kept(path, *names[:8], most=5)
    last = kept(path, *names[8:], most=5)
    assert found(last, *names) == set(names[-5:])
    with sqlite3.connect(path) as file:
        assert file.execute("SELECT count(*) FROM rendered").fetchone() == (5,)


@pytest.mark.parametrize("harm", ["cut", "noise", "empty", "table", "folder"])
def test_a_harmed_file_costs_time_only(harm: str, tmp_path: Path) -> None:
    path = tmp_path / "rendered"
    names = [f"n{number}" for number in range(300)]
    opened = kept(path, *names, most=1000)
    body = path.read_bytes()
    if harm == "cut":
        path.write_bytes(body[: len(body) // 2])
    elif harm == "noise":
        path.write_bytes(body[:20_000] + b"\xff" * (len(body) - 20_000))
    elif harm == "empty":
        path.write_bytes(b"")
    elif harm == "table":
        with sqlite3.connect(path) as file:
            file.execute("DROP TABLE rendered")
    else:
        path.unlink()
        path.mkdir()
    for one in (opened, Rendered(path, "look", 1000)):
        assert found(one, *names) <= set(names)
        one.put("new", "mark of new", PARTS)
        assert found(one, "new") == {"new"}
        one.keep()
    assert harm == "folder" or "new" in found(Rendered(path, "look", 1000), "new")


def test_a_journal_left_by_another_file_is_not_taken_for_its_own(tmp_path: Path) -> None:
    path = tmp_path / "rendered"
    kept(path, "a")
    path.unlink()
    path.with_name("rendered-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"\0" * 600)
    assert found(kept(path, "b"), "a", "b") == {"b"}
