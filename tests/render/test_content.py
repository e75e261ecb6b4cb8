"""What an issue says, and in which order."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import factory
import html5lib
import pytest
from site_pages import whole_site

from digest.model import Author, Issue
from digest.render import FORMATS, Templates, editions, mail
from digest.render.view import view

TEMPLATES = Templates()


def shown(issue: Issue) -> str:
    """The visible text of the mail's HTML, one space between words."""
    tree = html5lib.parse(
        mail(issue, factory.MASTHEAD, TEMPLATES, "maria@example.org").html, namespaceHTMLElements=False
    )
    return " ".join(" ".join(tree.find("body").itertext()).split())


def test_the_order_of_the_page_is_kept() -> None:
    text = shown(factory.issue())
    order = (
        "Papers today", "Thursday, 5 June 2025", "25 of 231 new papers", "minutes", "view in browser",
        "Two groups reached", "24 new, 1.7x usual", "19 new, as usual", "Top of the day", "Language models",
        "Why here: 38 votes",
        "22 more in Language models", "7 more in Robotics", "What this issue rests on", "You get this because",
        "maria@example.org", "Preferences", "Unsubscribe", "Rua das Flores",
    )  # fmt: skip
    at = 0
    for words in order:
        assert words in text[at:], words
        at = text.index(words, at) + len(words)


def test_no_paper_is_printed_twice_in_any_edition() -> None:
    issue = factory.issue(25)
    titles = {each.paper.id: f"Unrepeated title {number} end" for number, each in enumerate(issue.items)}
    sections = tuple(
        replace(s, items=tuple(replace(i, paper=replace(i.paper, title=titles[i.paper.id])) for i in s.items))
        for s in issue.sections
    )
    issue = replace(issue, sections=sections)
    for edition in editions(issue, factory.MASTHEAD, TEMPLATES, FORMATS):
        body = edition.body.decode()
        if edition.path.endswith(".html"):
            body = re.sub(r"<title>.*?</title>|<div class=\"preheader\".*?</div>", "", body)
        for title in titles.values():
            assert body.count(title) == 1, (edition.path, title)


def test_the_text_part_has_every_link_and_stays_narrow() -> None:
    issue = factory.issue()
    text = mail(issue, factory.MASTHEAD, TEMPLATES).text
    for each in issue.items:
        for address in (each.paper.url, *(link.url for link in each.paper.links)):
            assert address in text
    assert all(len(line) <= 72 for line in text.splitlines() if "https://" not in line)
    assert "\n\n\n\n" not in text


def test_an_empty_and_a_quiet_day_say_so() -> None:
    assert "No papers today" in shown(factory.issue(0)) and "no new papers" in shown(factory.issue(0))
    assert "little new" in shown(factory.issue(2)) and "little new" not in shown(factory.issue(4))


def test_the_page_names_what_waits_and_the_mail_leads_there() -> None:
    issue = factory.issue()
    page = editions(issue, factory.MASTHEAD, TEMPLATES, ["page"])[0].body.decode()
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    lists = [ul for ul in tree.iter("ul") if ul.get("class") == "also"]
    told = [["".join(li.itertext()) for li in ul.iter("li")] for ul in lists]
    assert [len(lines) for lines in told] == [6, 7, 1]
    assert told[0][0] == f"{factory.TITLES[0]}, Again" and told[0][-1] == "and 17 more"
    assert [a.get("href") for a in lists[2].iter("a")] == ["https://arxiv.org/abs/2506.93000"]
    made = mail(issue, factory.MASTHEAD, TEMPLATES)
    targets = set(re.findall(r'id="([^"]*)"', page))
    for text in (made.html, made.text):
        anchors = set(re.findall(r"/daily/2025-06-05/#([\w-]+)", text))
        assert len(anchors) == 3 and anchors <= targets
    assert "Again" not in made.html


def test_what_is_new_and_who_announced_it_is_said() -> None:
    issue = factory.issue(4)
    assert all("new" not in [badge.text for badge in card.badges] for card in view(issue, factory.MASTHEAD).cards)
    first = issue.sections[0].items[0]
    older = replace(first, first_seen=factory.NOW - timedelta(days=2), sources=("a", "b", "c", "d"))
    sections = (replace(issue.sections[0], items=(older,)), *issue.sections[1:])
    cards = view(replace(issue, sections=sections), factory.MASTHEAD).cards
    assert ["new" in [badge.text for badge in card.badges] for card in cards] == [False, True, True, True]
    text = shown(replace(issue, sections=sections))
    assert "a, b, c and 1 more" in text and "Tomasz Wilk · arxiv, hf" in text


def test_badges_from_what_a_source_says(tmp_path: Path, digest: Callable[..., Any]) -> None:
    paper = {
        "title": "A Study of Ordered Mistakes",
        "abstract": "Our data is available at https://huggingface.co/datasets/example/ordered.",
        "comment": "Accepted at ICLR 2026. Code: https://github.com/example/ordered "
        "Video: https://www.youtube.com/watch?v=abcdefghijk",
        "id": "2503.00001",
    }
    (tmp_path / "papers.jsonl").write_text(json.dumps(paper))
    told = digest("render", "--from", tmp_path / "papers.jsonl", "--as", "text", "--out", "-").out
    assert "[code] [data] [video] [accepted at ICLR 2026]" in told
    for link in ("Code: https://github.com/example/ordered", "Data: https://huggingface.co/datasets/example/ordered"):
        assert f"  {link}\n" in told


def test_charts_need_three_points() -> None:
    issue = factory.issue()
    for points, charts in ((2, 0), (3, 4)):
        cut = tuple(replace(section, arrivals=section.arrivals[:points]) for section in issue.sections)
        assert len(view(replace(issue, sections=cut), factory.MASTHEAD).glance) == charts


def test_broken_sources_are_named() -> None:
    text = shown(factory.issue())
    assert "journal: nothing, no usable answer since Tuesday (HTTP 503)" in text
    assert "Something is wrong with journal" in text and "wrong with arxiv" not in text


@pytest.mark.parametrize(
    ("count", "words"), [(1, "A0"), (3, "A0, A1, A2"), (4, "A0, A1, A2, A3"), (8, "A0, A1, A2 and 5 more")]
)
def test_bylines(count: int, words: str) -> None:
    people = tuple(Author(name=f"A{n}", affiliation="Univ. of Porto" if n == 1 else None) for n in range(count))
    one = factory.item(0, factory.paper(0, "T", authors=people))
    first = factory.issue(1)
    issue = replace(first, sections=(replace(first.sections[0], items=(one,)),), top=())
    assert f"{words}{' · Univ. of Porto' if count > 1 else ''} " in shown(issue)


def test_what_does_not_fit_moves_to_the_web_lowest_ranked_first() -> None:
    issue = factory.issue(200)
    text = shown(issue)
    moved = re.search(r"(\d+) of the 200 papers did not fit", text)
    assert moved and 0 < int(moved[1]) < 200
    per_section = [int(n) for n in re.findall(r"(\d+) more on the web in", text)]
    assert sum(per_section) == int(moved[1])
    best, worst = max(issue.items, key=lambda i: i.score), min(issue.items, key=lambda i: i.score)
    html = mail(issue, factory.MASTHEAD, TEMPLATES).html
    assert best.paper.url in html and worst.paper.url not in html
    assert worst.paper.url in mail(issue, factory.MASTHEAD, TEMPLATES).text


def test_links_of_the_site_lead_somewhere() -> None:
    issues = [factory.issue(5), replace(factory.issue(3), day=factory.DAY.replace(day=4))]
    made = {path: body.decode() for path, body in whole_site(issues).items()}
    base = factory.MASTHEAD.url + "/"
    for path, body in made.items():
        for address in re.findall(r'href="(https://papers\.example\.org/[^"#]*)', body):
            target = address.removeprefix(base)
            if target.startswith(("u/", "p/", "notes")):
                continue
            assert (target + "index.html" if target.endswith("/") or not target else target) in made, (path, address)
    assert "daily/2025-06-04/index.html" in made and "daily/2025-06-04/issue.md" in made


def test_an_address_of_the_sections_exists_on_the_page() -> None:
    issue = factory.issue(200)
    made = mail(issue, factory.MASTHEAD, TEMPLATES).html
    page = editions(issue, factory.MASTHEAD, TEMPLATES, ["page"])[0].body.decode()
    anchors = set(re.findall(r'/2025-06-05/#([^"]+)"', made))
    assert anchors and all(f'id="{anchor}"' in page for anchor in anchors)


def test_there_is_always_a_way_out() -> None:
    bare = replace(factory.MASTHEAD, unsubscribe="", preferences="")
    made = mail(factory.issue(1), bare, TEMPLATES)
    assert 'href="mailto:editor@example.org?subject=Unsubscribe%20daily"' in made.html
    assert "Unsubscribe: mailto:editor@example.org?subject=Unsubscribe%20daily" in made.text
    nobody = mail(factory.issue(1), replace(bare, contact="not an address"), TEMPLATES)
    assert "mailto" not in nobody.html


def test_the_root_index_does_not_depend_on_who_published_last() -> None:
    weekly = replace(factory.NEWSLETTER, name="weekly", title="Papers this week")
    both = (factory.NEWSLETTER, weekly)
    roots = []
    for newsletter in both:
        issue = replace(factory.issue(3), newsletter=newsletter.name)
        made = whole_site([issue], newsletters=both)
        assert f"{newsletter.name}/feed.xml" in made
        roots.append(made["index.html"].decode())
    assert roots[0] == roots[1] and "Papers this week" in roots[0] and "weekly/atom.xml" in roots[0]


def test_feeds_hold_the_last_issues_and_each_paper_once() -> None:
    days = [replace(factory.issue(3), day=factory.DAY.replace(day=day)) for day in range(1, 21)]
    made = whole_site(days)
    assert made["daily/feed.xml"].count(b"<item>") == 3, "the same three papers in every issue"
    assert sum(path.endswith("/issue.md") for path in made) == 20
    first = whole_site(days[:1])
    guid = re.search(rb"<guid[^>]*>[^<]*", first["daily/feed.xml"])
    assert guid and guid[0] in made["daily/feed.xml"], "a paper's id stays while issues come and go"
