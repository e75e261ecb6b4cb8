"""Daily, weekly and monthly letters over one store: each its own window and history; what was printed never returns."""

import json
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from digest.store import Store

FIRST = date(2026, 3, 30)  # a Monday
DAYS = 33  # to the first of May, a Friday
CONFIG = """
sources:
  - {name: list, kind: file, path: "{date}.jsonl"}
newsletters:
  - {name: daily, schedule: "0 7 * * *", limit: 3, window_days: 2, diversity: 0}
  - {name: weekly, schedule: "0 7 * * mon", limit: 6, window_days: 7, diversity: 0}
  - {name: monthly, schedule: "0 7 1 * *", limit: 9, window_days: 31, diversity: 0}
"""
SUBJECTS = ("kites", "clocks", "rivers", "pianos", "lamps")
RISING = range(2, 20, 3)
Printed = dict[str, dict[date, list[str]]]


def paper(day: int, number: int, **more: Any) -> dict[str, Any]:
    name = f"26{3 + (day + 29) // 30:02d}.{day:02d}{number:03d}"
    title = f"On {SUBJECTS[number]} number {day}: {SUBJECTS[(day + number) % 5]} in the year {1900 + day}"
    return {"id": name, "title": title, "authors": [f"Writer {day} {number}"], **more}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five papers a day; until the twentieth, every third day, one that nobody noticed gets votes a day later."""
    folder = tmp_path_factory.mktemp("windows")
    (folder / "config.yaml").write_text(CONFIG)
    for day in range(DAYS):
        papers = [paper(day, number, upvotes=min(number, 1)) for number in range(5)]
        if day - 1 in RISING:
            papers.append(paper(day - 1, 0, upvotes=60))
        lines = "\n".join(json.dumps(each) for each in papers)
        (folder / f"{FIRST + timedelta(days=day)}.jsonl").write_text(lines)
    return folder


def test_each_letter_has_its_own_window_and_history(home: Path, digest: Callable[..., Any]) -> None:
    printed: Printed = defaultdict(dict)
    for day in (FIRST + timedelta(days=n) for n in range(DAYS)):
        came = digest("run", "--config", home / "config.yaml", "--now", f"{day}T08:00:00Z", "--json")
        assert came.code == 0, came.err
        for issue in came.json["issues"]:
            ids = [paper for section in issue["sections"] for paper in section["papers"]]
            printed[issue["newsletter"]][day] = ids
    with Store.open("sqlite:///digest.db", home) as store:
        seen = {
            c.paper.id: c.first_seen.date()
            for c in store.papers.population(datetime.fromisoformat(f"{FIRST}T00:00Z"), _end())
        }
    _check_days(printed)
    _check_history(printed, seen)
    _check_what_was_missed(printed, seen)


def _end() -> datetime:
    return datetime.fromisoformat(f"{FIRST + timedelta(days=DAYS)}T00:00Z")


def _check_days(printed: Printed) -> None:
    assert len(printed["daily"]) == DAYS
    assert [day.isoformat() for day in printed["weekly"]] == [
        "2026-03-30", "2026-04-06", "2026-04-13", "2026-04-20", "2026-04-27",
    ]  # fmt: skip
    assert [day.isoformat() for day in printed["monthly"]] == ["2026-04-01", "2026-05-01"]


def _check_history(printed: Printed, seen: dict[str, date]) -> None:
    windows = {"daily": 2, "weekly": 7, "monthly": 31}
    for letter, issues in printed.items():
        every = [paper for ids in issues.values() for paper in ids]
        assert len(every) == len(set(every)), f"{letter} printed a paper twice"
        for day, ids in issues.items():
            assert all(timedelta(0) <= day - seen[paper] <= timedelta(days=windows[letter]) for paper in ids), letter
    assert set(printed["daily"][FIRST]) & set(printed["weekly"][FIRST]), "letters do not share their history"


def _check_what_was_missed(printed: Printed, seen: dict[str, date]) -> None:
    """A paper left out yesterday rises today; the month's letter brings what the days' letters left out."""
    rising = {f"arxiv:{paper(day, 0)['id']}" for day in RISING}
    late = {paper for day, ids in printed["daily"].items() for paper in ids if seen[paper] < day}
    assert len(rising & late) > len(rising) / 2
    assert rising <= {paper for ids in printed["daily"].values() for paper in ids}
    month = printed["monthly"][date(2026, 5, 1)]
    assert len(rising & set(month)) >= len(rising) - 1
    assert sum(date(2026, 5, 1) - seen[paper] > timedelta(days=7) for paper in month) >= 5
