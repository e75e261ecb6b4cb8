"""`digest import`: files of every kind become known papers, once, wherever the import was broken off."""

import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from digest import recognition
from digest.dedupe import rare_words
from digest.model import Questions
from digest.operations.import_papers import Imported, Wishes, import_file
from digest.store import Store

NOW = datetime(2026, 3, 5, 8, tzinfo=UTC)
WORDS = frozenset([rare_words("On the tide of harbour 3 and its moons")])
CONFIG = "newsletters: [{name: daily}]\n"


def row(number: int, **changes: Any) -> dict[str, Any]:
    """A row in the shape of arXiv's snapshot."""
    name = f"2601.{number:05}"
    return {
        "id": name,
        "submitter": "Ann Bell",
        "authors": "Ann Bell, Cy D. Dee",
        "title": f"On the tides of harbour {number}\n  and its moons",
        "comments": "12 pages, accepted at ICML 2026" if number % 2 else None,
        "journal-ref": None,
        "doi": f"10.1000/tide.{number}" if number % 3 == 0 else None,
        "report-no": None,
        "categories": "cs.LG stat.ML",
        "license": None,
        "abstract": f"  We measure tide {number} of order $n^2$ by hand,\nfor years.\n",
        "versions": [
            {"version": "v1", "created": "Mon, 5 Jan 2026 19:18:42 GMT"},
            {"version": "v2", "created": "Tue, 6 Jan 2026 09:00:00 GMT"},
        ],
        "update_date": "2026-01-07",
        "authors_parsed": [["Bell", "Ann", ""], ["Dee", "Cy D.", "Jr."]],
        **changes,
    }


def lines(*rows: dict[str, Any]) -> bytes:
    return "".join(json.dumps(one) + "\n" for one in rows).encode()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open("sqlite:///digest.db", tmp_path) as opened:
        yield opened


def imported(store: Store, path: Path, **wishes: Any) -> Imported:
    return import_file(store, str(path), NOW, Wishes(**wishes), lambda _rows, _share: None)


def written(path: Path, body: bytes) -> Path:
    path.write_bytes(body)
    return path


def test_a_row_of_the_snapshot_is_all_there(store: Store, tmp_path: Path) -> None:
    came = imported(store, written(tmp_path / "snapshot.json", lines(row(3), row(4))))
    assert (came.kind, came.rows, came.added, came.skipped) == ("jsonl", 2, 2, 0)
    paper = store.papers.get("doi:10.1000/tide.3")
    assert paper is not None
    assert paper.keys == ("arxiv:2601.00003", "doi:10.1000/tide.3")
    assert paper.title == "On the tides of harbour 3 and its moons"
    assert paper.abstract == "We measure tide 3 of order n² by hand, for years."
    assert [author.name for author in paper.authors] == ["Ann Bell", "Cy D. Dee Jr."]
    assert (paper.version, paper.venue, paper.categories) == (2, "ICML 2026", ("cs.LG", "stat.ML"))
    assert (paper.published, paper.updated) == (
        datetime(2026, 1, 5, 19, 18, 42, tzinfo=UTC),
        datetime(2026, 1, 6, 9, tzinfo=UTC),
    )
    assert paper.url == "https://arxiv.org/abs/2601.00003"
    assert recognition.ready(store, NOW) == 0  # what finds like titles is there: no run has to read every paper for it
    assert paper.id in store.papers.known(Questions(keys=frozenset(), titles=frozenset(), words=WORDS)).papers


def test_the_past_is_known_and_never_news(digest: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(CONFIG)
    past = written(tmp_path / "past.json", lines(*map(row, range(5))))
    at = ("--config", tmp_path / "config.yaml", "--now", "2026-01-07")
    assert digest("import", past, *at, "--json").json["files"][0]["added"] == 5
    made = digest("publish", "--newsletter", "daily", *at, "--json").json
    assert made["issues"][0]["status"] == "empty"
    news = written(tmp_path / "news.jsonl", lines(
        {"title": "On the tides of harbour 2 and its moons", "authors": ["A. Bell", "C. D. Dee"]},
        {"title": "Something of today", "id": "2601.99999"},
    ))  # fmt: skip
    run = digest("run", "--newsletter", "daily", "--from", news, *at, "--json").json
    assert (run["collected"]["known"], run["collected"]["new"]) == (1, 1)
    assert [paper for section in run["issues"][0]["sections"] for paper in section["papers"]] == ["arxiv:2601.99999"]


def test_as_new_they_are_candidates(digest: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(CONFIG)
    at = ("--config", tmp_path / "config.yaml", "--now", "2026-01-07")
    came = digest("import", "--as-new", written(tmp_path / "x.json", lines(row(1), row(2))), *at, "--json").json
    assert came["files"][0]["added"] == 2
    made = digest("publish", "--newsletter", "daily", *at, "--json").json
    assert made["issues"][0]["papers"] == 2
    told = digest("explain", "2601.00001", "--config", tmp_path / "config.yaml", "--json").json
    assert told["sightings"][0]["source"] == "x.json"


def test_a_second_import_says_what_is_there_and_adds_nothing(store: Store, tmp_path: Path) -> None:
    rows = [row(number, comments="x" * 2000) for number in range(60)]  # more than the head by which it is recognised
    path = written(tmp_path / "a.json", lines(*rows[:50]))
    imported(store, path)
    again = imported(store, path)
    assert again.before is not None
    assert (again.rows, again.added, again.before.added, again.before.done) == (0, 0, 50, True)
    path.write_bytes(lines(*rows))
    grown = imported(store, path)
    assert (grown.rows, grown.added, store.papers.count()) == (10, 10, 60)
    whole = imported(store, path, again=True)
    assert (whole.rows, whole.added, whole.known, whole.updated) == (60, 0, 60, 0)


def test_a_file_that_only_begins_alike_is_read_from_its_start(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    long = [row(number, comments="x" * 2000) for number in range(60)]  # more than the head by which it is recognised
    imported(store, written(path, lines(*long)))
    path.write_bytes(lines(*long[:40], *(row(number, comments="y" * 2000) for number in range(900, 930))))
    came = imported(store, path)
    assert (came.before, came.rows, came.added, came.known) == (None, 70, 30, 40)


def test_a_newer_snapshot_updates_what_is_known(store: Store, tmp_path: Path) -> None:
    imported(store, written(tmp_path / "old.json", lines(row(1), row(2))))
    newer = row(1, doi="10.1000/tide.1", abstract="Measured anew.", **{"journal-ref": "J. Tides 3 (2026) 1-9"})
    newer["versions"].append({"version": "v3", "created": "Wed, 4 Mar 2026 10:00:00 GMT"})
    came = imported(store, written(tmp_path / "new.json", lines(newer, row(2))))
    assert (came.added, came.known, came.updated) == (0, 2, 1)
    paper = store.papers.get("doi:10.1000/tide.1")
    assert paper is not None
    assert (paper.id, paper.version, paper.abstract) == ("arxiv:2601.00001", 3, "Measured anew.")
    assert paper.venue == "J. Tides 3 (2026) 1-9"
    history = store.papers.history("arxiv:2601.00001")
    assert history is not None
    assert [made.verdict for made in history.decisions] == ["updated"]


BIBTEX = rb"""@string{jt = "Journal of Tides"}
@article{bell, title = {The {Quiet} Tide of Erd\H{o}s}, author = {Bell, Ann and Dee, Cy}, journal = jt, year = 2021,
  doi = {10.1000/quiet}}
@misc{dee, title = {Moons without tides}, author = {Cy Dee}, eprint = {2601.00077}, archivePrefix = {arXiv}}
@article{broken, title = {Never closed
@misc{last, title = {A third paper on tides}, author = {Eve Eff}}
"""
RIS = b"""TY  - JOUR
AU  - Bell, Ann
AU  - Dee, Cy, Jr.
TI  - The quiet tide
 of the north
JO  - Journal of Tides
PY  - 2021/03/01/
DO  - 10.1000/quiet
ER  -

TY  - JOUR
AU  - Nobody, Else
ER  -
"""
TABLE = (
    b'\xef\xbb\xbfTitle,Authors,"Publication Year",Source title,DOI,PMID\r\n'
    b'"The quiet ""tide""\nof the north","Bell, Ann; Dee, Cy",2021,Journal of Tides,10.1000/quiet,123\r\n'
    b',Nobody,2020,,,\r\n"5"" moons",Eve Eff,2019,,,77\r\n'
)


@pytest.mark.parametrize(
    ("body", "kind", "keys", "bad"),
    [
        (BIBTEX, "bibtex", ["doi:10.1000/quiet", "arxiv:2601.00077"], [(5, "it is not BibTeX")]),
        (RIS, "ris", ["doi:10.1000/quiet"], [(11, "it has no title")]),
        (TABLE, "csv", ["doi:10.1000/quiet", "pubmed:77", "pubmed:123"], [(4, "it has no title")]),
        (lines(row(1)) + b'\n{"title": 3\n[]\n{"title": "!"}\n', "jsonl", ["arxiv:2601.00001"],
         [(3, "Expecting ',' delimiter: line 2 column 1 (char 12)"), (4, "it is no JSON object"),
          (5, "its title says nothing")]),
    ],
)  # fmt: skip
def test_each_kind_is_recognised_and_bad_rows_are_named(
    store: Store, tmp_path: Path, body: bytes, kind: str, keys: list[str], bad: list[tuple[int, str]]
) -> None:
    came = imported(store, written(tmp_path / "papers", body))
    assert (came.kind, came.bad, came.skipped) == (kind, bad, len(bad))
    assert came.rows == came.added + came.skipped
    for key in keys:
        paper = store.papers.get(key)
        assert paper is not None, key
    quiet = store.papers.get("doi:10.1000/quiet")
    if quiet is not None:
        assert quiet.authors[0].name == "Ann Bell"
        assert quiet.venue == "Journal of Tides"
        assert quiet.published is not None
        assert quiet.published.year == 2021


def test_packed_files_and_standard_input(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = lines(row(1), row(2))
    imported(store, written(tmp_path / "a.gz", gzip.compress(body)))
    assert store.papers.count() == 2
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("arxiv-metadata-oai-snapshot.json", lines(row(3), row(4)))
    assert imported(store, written(tmp_path / "a.zip", packed.getvalue())).added == 2
    reading, writing = os.pipe()
    os.write(writing, lines(row(5)))
    os.close(writing)
    with os.fdopen(reading, "rb") as piped:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(piped))
        assert imported(store, Path("-")).added == 1


def test_what_stands_before_the_damage_is_kept(store: Store, tmp_path: Path) -> None:
    packed = gzip.compress(lines(*(row(number, comments=str(number) * 90) for number in range(3000))))
    came = imported(store, written(tmp_path / "a.gz", packed[: len(packed) // 2]))
    assert 0 < came.added < 3000
    assert "damaged" in came.ended
    whole = imported(store, written(tmp_path / "a.gz", packed))
    assert whole.before is not None
    assert not whole.before.done
    assert (whole.ended, store.papers.count()) == ("", 3000)


@pytest.mark.parametrize("name", ["missing.json", "page.html", "empty.json"])
def test_what_cannot_be_imported_is_said(digest: Callable[..., Any], tmp_path: Path, name: str) -> None:
    (tmp_path / "config.yaml").write_text(CONFIG)
    if name != "missing.json":
        (tmp_path / name).write_text("<html>Not found</html>" if name == "page.html" else "")
    came = digest("import", tmp_path / name, "--config", tmp_path / "config.yaml")
    assert came.code == 2
    assert name in came.err


def test_a_killed_import_goes_on_where_it_was(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(CONFIG)
    total = 9_000
    written(tmp_path / "big.json", lines(*map(row, range(total))))
    command = [sys.executable, "-m", "digest", "import", "big.json", "--config", "config.yaml", "--json"]
    killed = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while time.monotonic() < until and killed.poll() is None and _kept(tmp_path) == 0:
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    killed.wait(30)
    kept = _kept(tmp_path)
    assert 0 < kept < total
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=120)
    came = json.loads(done.stdout)["files"][0]
    assert came["before"] == {"rows": kept, "added": kept, "done": False}
    assert (came["added"], came["known"]) == (total - kept, 0)
    with Store.open("sqlite:///digest.db", tmp_path) as store:
        assert store.papers.count() == total
        assert store.papers.get(f"arxiv:2601.{total - 1:05}") is not None


def _kept(folder: Path) -> int:
    """How many papers are in the store by now."""
    if not (folder / "digest.db").exists():
        return 0
    with Store.open("sqlite:///digest.db", folder) as store:
        return store.papers.count()
