"""`digest export` gives everything back: into an empty store exactly, into any other paper by paper."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from digest.operations.export import FORMATS, export
from digest.operations.import_papers import Imported, Wishes, import_file
from digest.store import Store
from digest.store import archive as archives
from digest.store.tables import meta

NOW = datetime(2026, 3, 9, tzinfo=UTC)
CONFIG = """
newsletters:
  - {name: daily, limit: 6}
  - {name: weekly, limit: 9}
"""


def imported(store: Store, path: Path) -> Imported:
    return import_file(store, str(path), NOW, Wishes(), lambda _rows, _share: None)


def exported(store: Store) -> str:
    return "".join(export(store, "jsonl", None))


BUILT: list[Path] = []


@pytest.fixture
def lived(digest: Callable[..., Any], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that has seen two days, a past, a hand and a merge: made once, a copy of it for each test."""
    if not BUILT:
        BUILT.append(tmp_path_factory.mktemp("lived"))
        _live(digest, BUILT[0])
    return Path(shutil.copytree(BUILT[0], tmp_path / "lived"))


def _live(digest: Callable[..., Any], folder: Path) -> None:
    (folder / "config.yaml").write_text(CONFIG)
    home = ("--config", folder / "config.yaml")
    sample = Path(__file__).parents[2] / "digest" / "sample"
    past = folder / "past.jsonl"
    past.write_text(
        '{"title": "An older study of tides", "doi": "10.1000/old"}\n{"id": "2401.00001", "title": "Old Erdős"}\n'
    )
    assert digest("import", past, *home, "--now", "2026-03-01").code == 0
    for day in ("2026-03-02", "2026-03-03"):
        sources = [part for path in sorted((sample / day).iterdir()) for part in ("--from", path)]
        for letter in ("daily", "weekly"):
            assert digest("run", "--newsletter", letter, *sources, *home, "--now", f"{day}T09:00").code == 0
    with Store.open("sqlite:///digest.db", folder) as store:
        some = sorted(store.papers.ids())[:3]
    assert digest("pick", some[0], "--note", "Read *this*", *home).code == 0
    assert digest("merge", some[1], some[2], *home, "--now", "2026-03-04").code == 0


def test_export_import_export_is_the_same_to_the_byte(lived: Path, tmp_path: Path) -> None:
    out, fresh = tmp_path / "all.jsonl", tmp_path / "fresh"
    fresh.mkdir()
    with Store.open("sqlite:///digest.db", lived) as store:
        before = exported(store)
        out.write_text(before, encoding="utf-8", newline="")
        words = _rows(store, "paper_words")
        assert store.papers.get("doi:10.1000/old") is not None
        ids = store.papers.ids()
    tables = {next(iter(json.loads(line))) for line in before.splitlines()}
    assert tables >= {
        *("digest", "issues", "papers", "paper_keys", "paper_titles", "sightings", "signals", "decisions"),
        *("printed", "arrivals", "hand", "merges", "scores", "shelf", "fitted"),
    }
    with Store.open("sqlite:///digest.db", fresh) as store:
        came = imported(store, out)
        assert (came.kind, came.added, came.skipped, came.ended) == ("export", len(ids), 0, "")
        assert exported(store) == before
        made_anew = _rows(store, "paper_words")  # but for titles of papers that became part of others
        assert set(made_anew) < set(words)
        assert len(made_anew) > len(words) - 10
        assert imported(store, out).rows == 0
        assert exported(store) == before


def _rows(store: Store, table: str) -> list[Any]:
    with store.papers._database.read() as read:
        return sorted(map(tuple, read.exec_driver_sql(f"SELECT * FROM {table}").all()))


def test_every_table_is_exported_or_left_out_on_purpose() -> None:
    kept = {kept.table.name for kept in archives.TABLES}
    assert not kept & archives.LEFT_OUT
    assert set(meta.tables) <= kept | archives.LEFT_OUT, "name the new table in digest/store/archive.py"


def test_into_another_store_papers_come_as_a_past(lived: Path, tmp_path: Path, digest: Callable[..., Any]) -> None:
    out, other = tmp_path / "all.jsonl", tmp_path / "other"
    other.mkdir()
    with Store.open("sqlite:///digest.db", lived) as store:
        out.write_text(exported(store), encoding="utf-8", newline="")
        ids = store.papers.ids()
    (other / "config.yaml").write_text(CONFIG)
    own = other / "own.jsonl"
    own.write_text('{"title": "An older study of tides", "doi": "10.1000/old", "venue": "J. Tides"}\n')
    home = ("--config", other / "config.yaml")
    assert digest("run", "--newsletter", "daily", "--from", own, *home, "--now", "2026-03-04").code == 0
    came = digest("import", out, *home, "--now", "2026-03-05", "--json").json["files"][0]
    assert (came["added"], came["known"], came["skipped"]) == (len(ids) - 1, 1, 0)
    with Store.open("sqlite:///digest.db", other) as store:
        old = store.papers.history("doi:10.1000/old")
        assert old is not None
        assert old.paper.venue == "J. Tides"
        assert [seen.source for seen in old.sightings] == ["own.jsonl"]
        printed = next(history for id_ in sorted(ids) if (history := store.papers.history(id_)) and history.printed)
        assert printed.sightings
        assert len(store.issues.list("daily")) == 3
        assert store.papers.candidates("daily", datetime(2026, 2, 1, tzinfo=UTC), NOW) == ()


def test_since_a_day_only_what_came_then(lived: Path) -> None:
    with Store.open("sqlite:///digest.db", lived) as store:
        later = [json.loads(line) for line in export(store, "jsonl", datetime(2026, 3, 3, tzinfo=UTC))]
        assert {row["papers"]["first_seen"][:10] for row in later if "papers" in row} == {"2026-03-03"}
        assert {row["issues"]["day"] for row in later if "issues" in row} == {"2026-03-03"}
        chosen = {row["papers"]["id"] for row in later if "papers" in row}
        assert {row["sightings"]["paper_id"] for row in later if "sightings" in row} <= chosen


@pytest.mark.parametrize("kind", [kind for kind in FORMATS if kind != "jsonl"])
def test_other_formats_are_read_again(lived: Path, tmp_path: Path, kind: Any) -> None:
    with Store.open("sqlite:///digest.db", lived) as store:
        path = tmp_path / f"papers.{kind}"
        path.write_text("".join(export(store, kind, None)), encoding="utf-8")
        papers = list(store.archive.papers())
    fresh = tmp_path / kind
    fresh.mkdir()
    with Store.open("sqlite:///digest.db", fresh) as store:
        came = imported(store, path)
        assert (came.kind, came.skipped, came.rows) == (kind, 0, len(papers))
        for paper in papers:
            found = store.papers.get(paper.id)
            assert found is not None, paper.id
            assert found.title == paper.title
            assert found.abstract == paper.abstract
            assert [author.name for author in found.authors] == [author.name for author in paper.authors]


@pytest.mark.parametrize(
    "line",
    [
        "{", "[]", '{"papers": 3}', '{"readers": {"folded": "a", "uid": "b", "state": "active", "body": {}}}',
        '{"papers":{"id":"x:1","first_seen":"2026-03-02","body":{"id":"x:1","keys":[],"title":5}}}',
        '{"papers":{"id":"x:1","first_seen":"2026-03-02","body":{"id":"y:1","keys":[],"title":"T"}}}',
        '{"papers":{"id":"x:1","first_seen":"2026-03-02","body":{"id":"x:1","keys":[],"title":"T\\u0007"}}}',
        '{"papers":{"body":{"id":"x:1","keys":[],"title":"T"},"id":"x:1","first_seen":"2026-03-02"}}',
        '{"paper_keys":{"key":["doi:10.1000/x"],"paper_id":"x:1"}}',
        '{"paper_keys":{"key":"doi:10.1000/\\nx","paper_id":"x\\u0000"}}',
        '{"issues":{"id":"daily/2026-03-02","newsletter":"daily","day":"2026-03-02","body":{"newsletter":"daily"}}}',
        '{"fitted":{"name":"standing topics of daily","at":"2026-03-02","body":[{"slug":1}]}}',
    ],
)  # fmt: skip
def test_a_hostile_export_is_refused_line_by_line(tmp_path: Path, line: str) -> None:
    out = tmp_path / "all.jsonl"
    out.write_text('{"digest":"export","schema":"0006"}\n' + line + "\n")
    with Store.open("sqlite:///digest.db", tmp_path) as store:
        came = imported(store, out)
        assert [at for at, _ in came.bad] == [2]
        assert store.papers.count() == 0


def test_rows_that_name_no_paper_are_left_out(tmp_path: Path) -> None:
    out = tmp_path / "all.jsonl"
    out.write_text(
        '{"digest":"export","schema":"0006"}\n{"paper_keys":{"key":"doi:10.1000/x","paper_id":"arxiv:2601.00001"}}\n'
        '{"printed":{"newsletter":"daily","paper_id":"arxiv:2601.00001","issue":"daily/2026-01-01"}}\n'
    )
    with Store.open("sqlite:///digest.db", tmp_path) as store:
        assert imported(store, out).skipped == 0
        assert len(exported(store).splitlines()) == 1


def test_the_command_writes_whole_files_only(lived: Path, digest: Callable[..., Any]) -> None:
    home, out = ("--config", lived / "config.yaml"), lived / "out.jsonl"
    assert digest("export", "--out", out, *home).code == 0
    assert digest("export", *home).out == out.read_text(encoding="utf-8")
    assert not list(lived.glob("*.part"))
    assert digest("export", "--format", "xml", *home).code == 2
    assert digest("export", "--since", "soon", *home).code == 2
    assert digest("export", "--format", "csv", "--since", "2026-03-03", *home).out.startswith("id,title,")
