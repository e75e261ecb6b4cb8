"""A newsletter that wants approval, by the whole program: drafts approved, changed, left alone, approved twice."""

import json
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import mailserver
import pytest

MORNING, LATE = "2026-03-02T07:30", "2026-03-02T09:00"
CONFIG = """
url: https://papers.example.org
contact: editor@example.org
network: {{allow_hosts: [127.0.0.1]}}
sources: [{{name: papers, kind: file, path: papers.jsonl}}]
newsletters:
  - {{name: daily, schedule: "0 7 * * *", limit: 5, approval: required, editor: "Ed <ed@example.org>", {more}
     channels: [{{kind: eml, path: eml}}]}}
mail: {{from: digest@example.org, to: [ann@example.org, bob@example.org], smtp: "smtp://127.0.0.1:{port}"}}
serve: {{}}
"""
THEMES = ("tides", "galaxies", "proteins", "glaciers")


class Place:
    """A folder with a config and papers, and the program in it."""

    def __init__(self, home: Path, digest: Callable[..., Any], server: mailserver.Server, more: str = "") -> None:
        self.home, self.server, self._digest = home, server, digest
        (home / "config.yaml").write_text(CONFIG.format(port=server.port, more=more))
        self.papers(12)

    def papers(self, count: int, start: int = 0) -> None:
        rows = (
            {"title": f"Measuring {THEMES[n % 4]} in depth {n}", "abstract": f"We measure {THEMES[n % 4]} {n} times."}
            for n in range(start, start + count)
        )
        (self.home / "papers.jsonl").write_text("\n".join(map(json.dumps, rows)))

    def __call__(self, *arguments: object, code: int = 0) -> Any:
        """One command with --json; its object."""
        came = self._digest(*arguments, "--config", self.home / "config.yaml", "--json")
        assert came.code == code, came.err
        return came.json if came.out.strip() else came.err

    def run(self, now: str, code: int = 0) -> Any:
        """One run; what became of its only issue."""
        (line,) = self("run", "--now", now, code=code)["issues"]
        return line

    def readers(self) -> list[str]:
        """Who got the issue, in all."""
        return sorted(address for address, _ in self.server.received if address != "ed@example.org")

    def ids(self) -> list[str]:
        return [paper["id"] for paper in self("desk", "show")["papers"]]


@pytest.fixture
def place(tmp_path: Path, digest: Callable[..., Any]) -> Any:
    with mailserver.Server() as server:
        yield lambda more="": Place(tmp_path, digest, server, more)


def test_a_draft_waits_and_its_editor_is_asked_once(place: Callable[..., Place]) -> None:
    desk = place()
    line = desk.run(MORNING, code=1)
    assert (line["status"], line["papers"]) == ("held", 5) and "ed@example.org" in line["note"]
    assert line["files"] == [] and not (desk.home / "public").exists() and desk.readers() == []
    assert desk.run("2026-03-02T08:00", code=1)["status"] == "held"
    ((to, body),) = desk.server.received
    mail = message_from_bytes(body, policy=default)
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert to == "ed@example.org" and mail["Subject"].startswith("Draft: ")
    assert 'style="' in mail.get_body(("html",)).get_content()  # type: ignore[union-attr]  # as every mail, inlined
    assert "RUNNERS-UP" in text and "the issue was full" in text.replace("\n", " ")
    assert "https://papers.example.org/desk/" in text and "digest desk approve daily/2026-03-02" in text
    assert all(
        title in text.replace("\n", " ") for title in ("Measuring tides in depth", "Measuring proteins in depth")
    )


def test_approved_as_it_is_and_approved_twice(place: Callable[..., Place]) -> None:
    desk = place()
    wanted = [ids for section in desk.run(MORNING, code=1)["sections"] for ids in section["papers"]]
    (line,) = desk("desk", "approve", "--now", "2026-03-02T07:45")["issues"]
    assert line["status"] == "published" and line["deliveries"]["sent"] == 2
    assert line["channels"] == [{"name": "eml", "state": "sent", "retry_at": None, "error": None}]
    assert [ids for section in line["sections"] for ids in section["papers"]] == wanted
    page = (desk.home / "public" / "daily" / "2026-03-02" / "index.html").read_bytes()
    (again,) = desk("desk", "approve", "daily/2026-03-02", "--now", "2026-03-02T07:50")["issues"]
    assert again["status"] == "exists" and again["deliveries"]["sent"] == 2
    assert desk.run("2026-03-02T10:00")["status"] == "exists"
    assert desk.readers() == ["ann@example.org", "bob@example.org"]
    assert (desk.home / "public" / "daily" / "2026-03-02" / "index.html").read_bytes() == page
    assert desk("desk", "list") == []


def test_dropped_pinned_reordered_and_noted(place: Callable[..., Place]) -> None:
    desk = place()
    desk.run(MORNING, code=1)
    before, up = desk.ids(), desk("desk", "show")["runners_up"][0]["id"]
    desk("desk", "drop", before[0], before[1])
    desk("desk", "pin", up)
    desk("desk", "pin", before[1])  # after all
    desk("desk", "reorder", before[3], up)
    desk("desk", "note", "Read **this** first.", "--paper", before[3])
    stands = desk("desk", "note", "A day of few words.")
    assert stands["top"][:2] == [before[3], up] and len(stands["top"]) == 3
    assert stands["dropped"] == [before[0]] and {paper["id"] for paper in stands["papers"]} == {*before[1:], up}
    (line,) = desk("desk", "approve", "--now", "2026-03-02T08:00")["issues"]
    printed = [ids for section in line["sections"] for ids in section["papers"]]
    assert set(printed) == {*before[1:], up}
    page = (desk.home / "public" / "daily" / "2026-03-02" / "index.html").read_text()
    assert "Read <strong>this</strong> first." in page and "A day of few words." in page
    why = desk("explain", before[0])
    assert any(each["verdict"] == "skipped" and "editor" in each["reason"] for each in why["decisions"])
    assert why["printed"] == {} and desk("explain", up)["printed"] == {"daily": "daily/2026-03-02"}
    desk.papers(8, 40)
    desk.run("2026-03-03T07:30", code=1)
    assert not set(desk.ids()) & {before[0], *printed}  # neither what was dropped nor what was printed comes again


def test_left_alone_it_goes_out_at_its_hour(place: Callable[..., Place]) -> None:
    desk = place('approve_by: "09:00", unless_approved: send,')
    assert "goes out as it is at 09:00" in desk.run(MORNING, code=1)["note"]
    desk("desk", "drop", desk.ids()[0])
    assert desk.run("2026-03-02T08:59", code=1)["status"] == "held"
    line = desk.run(LATE)
    assert (line["status"], line["papers"], line["deliveries"]["sent"]) == ("published", 4, 2)
    assert desk.run("2026-03-02T09:05")["status"] == "exists" and len(desk.readers()) == 2


def test_left_alone_it_is_held(place: Callable[..., Place]) -> None:
    desk = place('approve_by: "09:00", unless_approved: hold,')
    first = desk.run(MORNING, code=1)
    assert desk.run("2026-03-02T23:00", code=1)["status"] == "held"
    assert desk("run", "--now", "2026-03-03T06:59")["issues"] == []
    desk.papers(3, 50)
    second = desk.run("2026-03-03T07:00", code=1)
    assert (second["status"], second["date"]) == ("held", "2026-03-03") and desk.readers() == []
    told = desk("desk", "approve", "daily/2026-03-02", code=1)
    assert "lapsed" in told
    ids = {paper for section in first["sections"] for paper in section["papers"]}
    assert ids & set(desk.ids())  # its papers are candidates again
    desk("desk", "approve", "--now", "2026-03-03T12:00")
    assert len(desk.readers()) == 2


def test_yesterdays_draft_is_approved_before_todays_is_made(place: Callable[..., Place]) -> None:
    desk = place()
    desk.run(MORNING, code=1)
    assert desk("run", "--now", "2026-03-03T05:00")["issues"] == []  # its own hour has not come, nor is it lost
    (line,) = desk("desk", "approve", "--now", "2026-03-03T06:00")["issues"]
    assert (line["date"], line["status"]) == ("2026-03-02", "published") and len(desk.readers()) == 2


def test_everything_dropped_is_no_issue(place: Callable[..., Place]) -> None:
    desk = place()
    desk.run(MORNING, code=1)
    desk("desk", "drop", *desk.ids())
    assert desk("desk", "approve", "--now", "2026-03-02T08:00")["issues"] == []
    assert desk.run("2026-03-02T09:00")["status"] == "empty" and desk.readers() == []


def test_a_mistake_changes_nothing(place: Callable[..., Place]) -> None:
    desk = place()
    assert "no draft waits" in desk("desk", "show", code=2)
    desk.run(MORNING, code=1)
    before = desk("desk", "show")
    assert "neither in the draft" in desk("desk", "drop", "arxiv:2503.01234", code=2)
    assert "there is no draft" in desk("desk", "approve", "daily/2020-01-01", code=2)
    assert desk("desk", "show") == before
    desk("desk", "approve", "--now", "2026-03-02T08:00")
    assert "is out already" in desk("desk", "drop", "1", "--issue", "daily/2026-03-02", code=1)


def test_a_run_that_dies_between_approval_and_sending_is_finished_by_the_next(place: Callable[..., Place]) -> None:
    from digest.config import load
    from digest.desk import acts, drafts
    from digest.store import Store

    desk = place()
    desk.run(MORNING, code=1)
    plan = load(desk.home / "config.yaml", environ={})
    with Store.open(plan.database, plan.home) as store:
        from datetime import UTC, datetime

        at = datetime(2026, 3, 2, 8, tzinfo=UTC)
        draft, first = acts.approve(store, "daily/2026-03-02", "a test", at)
        assert first and draft.state == "approved"
        issue = drafts.released(plan, plan.newsletters[0], store, draft, at)
        assert issue is not None and drafts.released(plan, plan.newsletters[0], store, draft, at) == issue
        store.drafts.change(issue.id, lambda each: draft)  # as if killed before it was marked as out
    line = desk.run("2026-03-02T08:30")
    assert line["deliveries"]["sent"] == 2 and len(desk.readers()) == 2
    assert desk("desk", "list") == []


def test_no_relay_at_the_moment_asks_the_editor_later(place: Callable[..., Place]) -> None:
    desk = place()
    desk.server.rcpt = lambda _address: "451 later"
    desk.run(MORNING, code=1)
    assert desk("desk", "show")["told_at"] is None
    desk.server.rcpt = lambda _address: None
    desk.run("2026-03-02T07:40", code=1)
    desk.run("2026-03-02T07:50", code=1)
    assert [to for to, _ in desk.server.received] == ["ed@example.org"] and desk("desk", "show")["told_at"]


def test_a_rehearsal_leaves_no_draft(place: Callable[..., Place]) -> None:
    desk = place()
    assert desk("run", "--now", MORNING, "--dry-run", code=1)["issues"][0]["status"] == "held"
    assert desk("desk", "list") == [] and desk.server.received == []
