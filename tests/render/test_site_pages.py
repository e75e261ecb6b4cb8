"""The site's pages: strict HTML that runs nothing, links that lead somewhere, and what each page must say."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from posixpath import dirname, join, normpath
from typing import Any

import factory
import html5lib
import pytest
from lxml import etree
from site_pages import keep, plan_of, whole_site

from digest.config.plan import Plan
from digest.model import Entry, Paper, Point, Section, Signal, Topic
from digest.normalise import read
from digest.operations.site import page, paths
from digest.render import Templates, curves, mail
from digest.render.mathml import formula, with_formulas
from digest.store import Store

PAPER = "papers/arxiv/2506.00000/index.html"
INERT = {"iframe", "object", "embed", "base", "img", "video", "audio"}


@pytest.fixture(scope="module", params=["ordinary", "hostile"])
def site(request: pytest.FixtureRequest) -> dict[str, bytes]:
    """All files of the site of an issue."""
    return whole_site([factory.issue(9) if request.param == "ordinary" else factory.hostile()])


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Store]:
    """A store whose first paper drew votes for a week."""
    plan = plan_of(tmp_path_factory.mktemp("home"))
    store = Store.open(plan.database, plan.home)
    votes = [
        Signal(paper_id="arxiv:2506.00000", kind="upvotes", value=7.0 * day, at=factory.NOW + timedelta(days=day),
               source="hf")
        for day in range(1, 6)
    ]  # fmt: skip
    keep(store, [factory.issue(9)], votes)
    return plan, store


def body(grown: tuple[Plan, Store], path: str, **query: str) -> str:
    made = page(*grown, path, query, factory.NOW)
    assert made is not None, path
    return made.body.decode()


def test_pages_are_strict_html_that_runs_nothing_of_others(site: dict[str, bytes]) -> None:
    for path, content in site.items():
        if not path.endswith(".html"):
            continue
        tree = html5lib.HTMLParser(strict=True, tree=html5lib.getTreeBuilder("lxml")).parse(content.decode())
        for element in tree.iter(etree.Element):
            tag = etree.QName(element).localname
            assert tag not in INERT, (path, tag)
            assert tag != "style" and "style" not in element.attrib, (path, "an inline style breaks the policy")
            if tag == "script":
                assert path == "search/index.html" and element.get("src") == "search.js" and not element.text
            for name, value in element.attrib.items():
                assert not name.lower().startswith("on"), (path, tag, name)
                if name in ("href", "src", "action"):
                    assert not re.match(r"\s*(javascript|data|vbscript):", value, re.IGNORECASE), (path, value)


def test_every_link_within_the_site_leads_to_a_file(site: dict[str, bytes]) -> None:
    for path, content in site.items():
        if not path.endswith(".html"):
            continue
        for address in re.findall(r'(?:href|src)="([^"#?]*)', content.decode()):
            invented = address.endswith(("feed.xml", "atom.xml", "feed.json")) and "onclick" in path  # no real slug
            if address and ":" not in address.split("/")[0] and not invented:
                assert normpath(join(dirname(path), address)) in site, (path, address)


def test_each_page_has_what_readers_and_machines_need(site: dict[str, bytes]) -> None:
    for path, content in site.items():
        if not path.endswith(".html"):
            continue
        html = content.decode()
        assert html.count("<h1") == 1 and html.count("<main") == 1, path
        assert 'class="skip" href="#content"' in html and '<main id="content"' in html
        own = "https://papers.example.org/" + path.removesuffix("index.html")
        assert f'<link rel="canonical" href="{own}">' in html
        for name in ("og:title", "og:type", "og:url", "og:site_name"):
            assert f'property="{name}"' in html, (path, name)
        levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", html)]
        assert all(b <= a + 1 for a, b in pairwise(levels)), (path, levels)
        assert "unsafe" not in html.split("</head>")[0], "a strict policy"


def test_crawlers_find_every_page_once(site: dict[str, bytes]) -> None:
    lists = [content.decode() for path, content in site.items() if path.startswith("sitemap-")]
    found = [where for one in lists for where in re.findall(r"<loc>([^<]*)</loc>", one)]
    pages = {path.removesuffix("index.html") for path in site if path.endswith("index.html")}
    assert sorted(found) == sorted(f"https://papers.example.org/{path}" for path in pages)
    assert site["sitemap.xml"].decode().count("<loc>") == len(lists)
    assert b"Sitemap: https://papers.example.org/sitemap.xml" in site["robots.txt"]
    for one in [*lists, site["sitemap.xml"].decode()]:
        etree.fromstring(one.encode())


def test_a_papers_page_says_all_that_is_known(grown: tuple[Plan, Store]) -> None:
    html = body(grown, PAPER)
    issue = factory.issue(9)
    item = next(item for item in issue.items if item.paper.id == "arxiv:2506.00000")
    for said in (
        item.paper.title,
        item.tldr,
        item.paper.abstract,
        "38 votes in a day",
        "35 votes at hf",
        "cs.CL, cs.LG",
    ):
        assert said in html.replace("&#39;", "'"), said
    assert "printed: " not in html and "select: printed" in html and "the best of the day" in html
    assert 'href="../../../daily/2025-06-05/index.html#arxiv-2506-00000"' in html
    assert 'href="../../../daily/topics/language-models/index.html"' in html
    assert "no votes yet" in body(grown, PAPER.replace("00000/", "00001/")) and "no votes yet" not in html
    drawn, rows = re.findall(r'<path class="dot" d="([^"]*)"', html), re.findall(r"<th scope=\"row\">\d+ June", html)
    assert drawn[0].count("M") == 5 and len(rows) == 5, "a table stands behind the drawing"
    assert '<td class="n">0.98</td>' in html and "+0.980" in html, "the score, term by term"


def test_a_topics_page_shows_how_it_goes(tmp_path: Any) -> None:
    days = [factory.DAY + timedelta(days=number) for number in range(5)]
    issues = [replace(factory.issue(4), day=day, made_at=factory.NOW + timedelta(days=n)) for n, day in enumerate(days)]
    made = whole_site(issues)["daily/topics/language-models/index.html"].decode()
    assert made.count('<rect class="column"') == 5 and made.count('<th scope="row">') == 5
    assert "24 new in the last issue, as usual" in made
    assert "5 papers printed" in made or "1 paper printed" in made


def test_an_issue_reads_as_before_and_leads_on(grown: tuple[Plan, Store]) -> None:
    html = body(grown, "daily/2025-06-05/")
    assert 'href="../../papers/arxiv/2506.00000/index.html">More</a>' in html
    assert 'href="../topics/vision/index.html">Vision</a>' in html
    assert html.count('<article class="card') == 9


def test_the_page_about_the_site_gives_the_weights_in_force(grown: tuple[Plan, Store]) -> None:
    plan, store = grown
    own = replace(plan, newsletters=(replace(plan.newsletters[0], weights={"upvotes": 0.25, "code": 0.0}),))
    html = body((own, store), "about/")
    assert re.search(r'<th scope="row">upvotes</th><td>[^<]*</td><td class="n">0.25</td>', html)
    assert '<th scope="row">code</th>' not in html, "what counts nothing is no term"


def test_paths_and_pages_agree(grown: tuple[Plan, Store]) -> None:
    for path in paths(*grown, factory.NOW):
        made = page(*grown, path, {}, factory.NOW)
        assert made is not None and made.path == path


@pytest.mark.parametrize(
    "path",
    ["nosuch/", "daily/2025-06-04/", "daily/2025-05/", "daily/topics/none/", "papers/arxiv/0000.00000/", "papers/",
     "papers/x/../../etc/", "papers/arxiv/%00/", "search/2025-13.json", "sitemap-2025-00.xml", "daily/2025-99/",
     "papers/arxiv/2506.00000/cite.exe", "style.css/", "\0", "daily/topics//"],
)  # fmt: skip
def test_what_is_not_there_is_none(path: str, grown: tuple[Plan, Store]) -> None:
    assert page(*grown, path, {}, factory.NOW) is None


def test_search_answers_and_never_fails(grown: tuple[Plan, Store]) -> None:
    html = body(grown, "search/", q='cache topic:"language models" author:carvalho since:2025')
    assert "1 paper for" in html and "A Cache That Forgets on Purpose" in html
    assert 'name="robots" content="noindex"' in html, "searches are not for indexes"
    assert "No paper for" in body(grown, "search/", q="cache topic:vision author:nobody")
    for text in (*factory.HOSTILE, '"', "author:", "topic:*", "since:9999-99-99", "NEAR(a, b)", "a AND OR", "( )", "*"):
        for sort in ("", "trending", "'"):
            body(grown, "search/", q=text, sort=sort, skip="-1")


def test_the_files_that_the_script_searches(site: dict[str, bytes]) -> None:
    rows = json.loads(site["search/2025-06.json"])
    assert rows and all(len(row) == 7 and f"{row[0]}index.html" in site for row in rows)
    assert b'data-months="2025-06"' in site["search/index.html"]


def test_the_pages_of_a_site_in_a_folder(tmp_path: Any) -> None:
    masthead = replace(factory.MASTHEAD, url="https://example.org/papers/today")
    made = whole_site([factory.issue(2)], masthead)
    html = made[PAPER].decode()
    assert '<link rel="canonical" href="https://example.org/papers/today/papers/arxiv/2506.00000/">' in html
    assert 'href="../../../index.html"' in html, "links are relative, so that any folder will do"


def test_formulas_stand_where_their_words_stood() -> None:
    made = with_formulas("Sorting in O(n²) is <slow>, O(n²)s are not", [("O(n²)", "O(n^2)"), ("a", "a")])
    assert made.count("<math") == 1 and "&lt;slow&gt;" in made and "O(n²)s" in made
    assert "<msup>" in made and with_formulas("a b", [("a", "a")]) == "a b", "a letter is no formula"


def test_a_sources_tex_becomes_a_formula_on_pages_and_words_in_mail() -> None:
    raw = r"Sorting in $\mathcal{O}(k \log n)$ for $5 or $6, in $k$ steps"
    paper = read(Entry(source="x", number=1, title=raw, abstract=r"We prove \(x_1 &lt; y\) here, at last.")).paper  # type: ignore[union-attr]
    assert paper.title == "Sorting in O(k log n) for $5 or $6, in k steps"
    assert dict(paper.math) == {"O(k log n)": r"\mathcal{O}(k \log n)", "x₁ < y": "x_1 < y"}
    issue = replace(factory.issue(0), sections=(section_of(paper),), candidates=1)
    html = whole_site([issue])["daily/2025-06-05/index.html"].decode()
    title = re.findall(r"<h3[^>]*>(.*?)</h3>", html)[0]
    assert "<mi>log</mi>" in title and "for $5 or $6, in k steps" in title
    made = mail(issue, factory.MASTHEAD, Templates())
    assert "<math" not in made.html and "O(k log n)" in made.html and "O(k log n)" in made.text


def section_of(paper: Paper) -> Section:
    topic = Topic(slug="theory", name="Theory", kind="given", colour=1)
    return Section(topic=topic, items=(factory.item(0, paper),))


HOSTILE_TEX = (
    *(
        r"\frac{1",
        "}{",
        r"\href{javascript:alert(1)}{x}",
        r"\style{x}{y}",
        "<script>",
        "\\" * 50,
        "{" * 100,
        "x" * 5000,
    ),
    *(r"\text{</math><img src=x onerror=alert(1)>}", "", "$", "^^", "_", r"\left(", r"\begin{matrix}", r"a^b^c"),
)


@pytest.mark.parametrize("tex", HOSTILE_TEX)
def test_hostile_tex_gives_harmless_mathematics(tex: str) -> None:
    made = formula(tex)
    assert not re.search(r"<(?!/?m)[a-z]|on\w+=|href", made), made


def test_drawings_stay_in_their_frame() -> None:
    points = [Point(day=factory.DAY + timedelta(days=n), value=value) for n, value in enumerate((0.0, 1e9, 3.0, -5.0))]
    for made in (curves.curve(points, "votes"), curves.columns(points, "papers")):
        assert made is not None
        numbers = [float(n) for n in re.findall(r"-?\d+\.?\d*", made.line + made.area + str(made.columns))]
        assert all(0 <= number <= curves.WIDTH for number in numbers), numbers
    assert curves.curve(points[:1], "votes") is None and curves.columns(points[:2], "papers") is None


def test_a_users_template_takes_the_place_of_ours(tmp_path: Any, grown: tuple[Plan, Store]) -> None:
    (tmp_path / "about.html.j2").write_text(
        '{% extends "_site.html.j2" %}{% block content %}<h1>Ours</h1>{% endblock %}'
    )
    plan, store = grown
    assert "<h1>Ours</h1>" in body((replace(plan, templates=tmp_path), store), "about/")
    assert Templates(tmp_path).theme
