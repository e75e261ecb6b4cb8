"""The editor's page of a draft: only its signed link acts, looking changes nothing, a phone without scripts will do."""

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import readers_browser
from web_serving import CONFIG, NOW, World, issue, world

from digest.desk.letter import link
from digest.mailing import signer
from digest.model import Draft, Entry, Proposal, RunnerUp, Topic
from digest.store import Store

APPROVED = (
    CONFIG.replace(
        "{name: daily, limit: 8}",
        '{name: daily, limit: 8, approval: required, approve_by: "12:00", unless_approved: send}',
    ).replace('smtp: "smtp://127.0.0.1:9"', "to: []")
    + "proposals: {}\n"
)
LONG = "Averyveryverylongwordwithoutanybreak" * 4


def draft(site: World, day: date = date(2026, 3, 2)) -> Draft:
    made = issue(day=day, papers=4)
    up = issue(day=day, papers=6).sections[0].items[4:]
    hostile = replace(up[1].paper, title=f'<script>alert(1)</script> {LONG} "onmouseover=x')
    topic = Topic(slug="stars", name="Stars", kind="given")
    return site.store.drafts.keep(
        Draft(
            issue=replace(made, top=("x:0",)),
            runners_up=(
                RunnerUp(item=up[0], topic=topic, why="the issue was full (4)"),
                RunnerUp(item=replace(up[1], paper=hostile), topic=topic, why="the issue was full (4)"),
            ),
            deadline=NOW + timedelta(hours=4),
        )
    )


@pytest.fixture
def site(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, APPROVED) as made:
        yield made


def path(site: World, of: Draft) -> str:
    return link(site.plan, of, NOW).removeprefix("https://papers.example.org")


def form(site: World, of: Draft, **changed: object) -> dict[str, object]:
    """What a browser sends of the page as it stands, but for what was changed."""
    text = site.ask(path(site, of)).text
    fields: dict[str, object] = {
        "rows": re.findall(r'name="rows" value="(\d+)"', text)[0],
        "introduction": "",
        "print": re.findall(r'name="print" value="(\d+)"[^>]* checked', text),
    }
    return {**fields, **changed}


def published(site: World, patience_s: float = 20.0) -> bool:
    """Whether the issue is out, which may follow the answer."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        if (site.plan.output / "daily" / "2026-03-02" / "index.html").is_file():
            return True
        time.sleep(0.05)
    return False


def test_looking_changes_nothing_and_pressing_decides(site: World) -> None:
    kept = draft(site)
    at = path(site, kept)
    for _ in range(2):
        page = site.ask(at)
        assert page.status == 200 and page.headers["cache-control"] == "no-store"
    assert site.ask(at, method="HEAD").status == 200
    assert site.store.drafts.get(kept.issue.id) == kept and site.store.issues.get(kept.issue.id) is None
    assert "goes out as it is at 12:00 on 2 March" in page.text and "&lt;script&gt;" in page.text
    assert "script-src" not in page.headers["content-security-policy"] and "<script" not in page.text

    changed = form(site, kept, note3="Read *me*.", place2="2", place5="1", introduction="Hello\r\nyou", do="save")
    changed["print"] = ["2", "3", "4", "5"]  # without the first, with a runner-up
    saved = site.ask(at, changed)
    assert saved.status == 200 and "Saved." in saved.text
    found = site.store.drafts.get(kept.issue.id)
    assert found is not None and found.state == "open"
    edits = found.edits
    assert (edits.order, edits.dropped, edits.pinned) == (("x:4", "x:1"), ("x:0",), ("x:4",))
    assert (edits.notes, edits.introduction) == ({"x:2": "Read *me*."}, "Hello\nyou")
    again = form(site, kept)
    assert again["print"] == ["2", "3", "4", "5"]  # it stands as it was left

    done = site.ask(at, {**changed, "do": "approve"})
    assert "is approved" in done.text or "is published" in done.text
    assert published(site)
    printed = site.store.issues.get(kept.issue.id)
    assert printed is not None and {item.paper.id for item in printed.items} == {"x:1", "x:2", "x:3", "x:4"}
    assert printed.top == ("x:4",) and printed.introduction == "Hello\nyou"
    after = site.ask(at, {**changed, "do": "approve"})
    assert "is published" in after.text and site.store.issues.get(kept.issue.id) == printed
    assert site.store.drafts.get(kept.issue.id).decided_by == "the signed page"  # type: ignore[union-attr]


def test_only_the_signed_link_of_this_draft_acts(site: World) -> None:
    kept = draft(site)
    good = path(site, kept)
    other = signer(site.plan).make("unsubscribe", kept.uid)
    for bad in (f"/sub/desk/{other}", good[:-1], good.replace("/desk/", "/desk/a"), "/sub/desk/daily"):
        assert site.ask(bad).status == 404 and site.ask(bad, {"do": "approve"}).status == 404
    assert site.ask(good, form(site, kept, do="approve"), origin="https://evil.example").status == 403
    site.now = NOW + timedelta(days=30)
    assert site.ask(good, {"do": "approve"}).status == 404  # the link is over
    site.now = NOW
    assert site.store.drafts.get(kept.issue.id) == kept
    assert site.ask(good, b"\xff\x00", content_type="application/octet-stream").status == 415
    assert site.ask(good, {"introduction": "x" * 1_100_000}).status == 413
    assert site.store.drafts.get(kept.issue.id) == kept


def test_pressed_by_many_at_once_it_is_approved_once(site: World) -> None:
    kept = draft(site)
    sent, answers = form(site, kept, do="approve"), []
    presses = [
        threading.Thread(target=lambda: answers.append(site.ask(path(site, kept), sent).status)) for _ in range(8)
    ]
    for press in presses:
        press.start()
    for press in presses:
        press.join()
    assert answers == [200] * 8 and published(site)
    assert len(site.store.issues.list("daily")) == 1


def test_nonsense_in_the_form_is_no_disaster(site: World) -> None:
    kept = draft(site)
    rows = str(10**8)
    odd = site.ask(
        path(site, kept), {"rows": rows, "place1": "-3", "place2": "1e9", "print": ["0", "99", "x"], "take": "77"}
    )
    assert odd.status == 422 and "there is no proposal 77" in odd.text
    found = site.store.drafts.get(kept.issue.id)
    assert found is not None and found.edits.dropped == ("x:0", "x:1", "x:2", "x:3") and found.edits.order == ()


def test_a_lapsed_draft_says_so(site: World) -> None:
    old = draft(site, date(2026, 3, 1))
    draft(site)
    assert "A newer draft" in site.ask(path(site, old), {"do": "approve"}).text
    assert site.store.issues.get(old.issue.id) is None


def queued(store: Store) -> Proposal:
    asked = Proposal(
        number=0, at=NOW, spelling="https://example.org/p", way="page", credit="Ada *L*", note="It is good"
    )
    kept = store.proposals.admit(asked, "", NOW - timedelta(days=1), 5, 9)
    assert isinstance(kept, Proposal)
    entry = Entry(source="proposals", number=1, title="Of a proposed tide", url="https://example.org/p")
    told = replace(kept, state="queued", title=entry.title, entry=entry)
    store.proposals.put(told)
    return told


def test_a_proposal_is_taken_into_the_draft_with_its_proposers_name(site: World) -> None:
    kept = draft(site)
    number = queued(site.store).number
    page = site.ask(path(site, kept)).text
    assert "Proposed by readers" in page and "by Ada *L*" in page
    site.ask(path(site, kept), form(site, kept, take=str(number), do="approve"))
    assert published(site)
    printed = site.store.issues.get(kept.issue.id)
    assert printed is not None
    (taken,) = [item for item in printed.items if item.paper.title == "Of a proposed tide"]
    assert taken.note == r"Proposed by Ada \*L\*." and len(printed.items) == 5
    html = (site.plan.output / "daily" / "2026-03-02" / "index.html").read_text()
    assert "Proposed by Ada *L*." in html


@pytest.mark.skipif(readers_browser.CHROMIUM is None, reason="no chromium is installed")
def test_on_a_phone_without_scripts(site: World, tmp_path: Path) -> None:
    kept = draft(site)
    queued(site.store)
    with readers_browser.browser(tmp_path) as phone:
        phone.scripts(on=False)
        phone.open(site.url + path(site, kept))
        assert phone.needed_width() <= readers_browser.WIDTH  # nothing to scroll sideways for
        assert phone.unnamed() == []
        phone.click('input[name="print"][value="1"]')
        phone.click('input[name="print"][value="5"]')
        phone.type("#introduction", "From a phone")
        phone.shot(tmp_path / "desk.png")
        phone.click('button[value="save"]')
        assert "Saved." in phone.text()
        phone.open(site.url + "/sub/propose")
        assert phone.needed_width() <= readers_browser.WIDTH and phone.unnamed() == []
        phone.open(site.url + path(site, kept))
        phone.click('button[value="approve"]')
        assert "goes out as decided" in phone.text() or "is published" in phone.text()
    assert published(site)
    printed = site.store.issues.get(kept.issue.id)
    assert printed is not None and printed.introduction == "From a phone"
    assert {item.paper.id for item in printed.items} == {"x:1", "x:2", "x:3", "x:4"}
