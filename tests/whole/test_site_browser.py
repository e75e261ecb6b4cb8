"""The site in a real browser: on a phone and a desk, light and dark, with and without scripts, static and served live.

What was looked at by eye is kept small as `docs/site.png`; `--refresh-golden` takes it anew.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from site_browser import browser, eyes, hosted

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "render"))
import factory
from site_pages import keep, plan_of

from digest.config.mailing import Serve
from digest.model import Signal
from digest.operations.site_build import build
from digest.store import Store
from digest.web import Site, application

PAPER = "papers/arxiv/2506.00000/"
PAGES = ("", "daily/2025-06-05/", PAPER, "daily/topics/vision/", "search/", "about/", "daily/2025-06/")
PICTURE = Path(__file__).resolve().parents[2] / "docs" / "site.png"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The addresses of one site, as static files (in a folder of a host) and served live."""
    home = tmp_path_factory.mktemp("home")
    plan = plan_of(home, replace(factory.MASTHEAD, url="http://127.0.0.1"))
    with ExitStack() as stack:
        store = stack.enter_context(Store.open(plan.database, plan.home))
        # The second paper stands in one issue alone, the others in all.
        days = [replace(factory.issue(9 if n == 0 else 1), day=factory.DAY + timedelta(days=n)) for n in range(5)]
        votes = [
            Signal(paper_id=f"arxiv:2506.0000{paper}", kind="upvotes", value=float(n * n),
                   at=factory.NOW + timedelta(days=n), source="hf")
            for n in range(1, 8) for paper in (0, 1)
        ]  # fmt: skip
        keep(store, days, votes)
        build(plan, store, factory.NOW, home / "host" / "deep" / "site")
        static = stack.enter_context(hosted(home / "host"))
        serve = Serve(host="127.0.0.1", port=0, proxies=(), keys=())
        app = application(plan, store, None, lambda: factory.NOW)
        live = stack.enter_context(Site(app, serve))
        yield {"static": f"{static}deep/site/", "live": f"{live.url}/"}


SCREENS = (("static", 375, "light"), ("static", 1200, "dark"), ("live", 375, "dark"), ("live", 1200, "light"))
"""Both come of the same templates, so each pair of width and scheme is looked at once."""


@pytest.mark.parametrize(("kind", "width", "scheme"), SCREENS)
def test_pages_are_sound_on_every_screen(
    kind: str, width: int, scheme: str, chromium: Any, sites: dict[str, str], tmp_path: Path
) -> None:
    with eyes(chromium, width, scheme) as seen:
        for path in PAGES:
            seen.open(sites[kind] + path)
            assert seen.faults() == [], path
            assert seen.complaints == [], path
            seen.page.screenshot(path=tmp_path / f"{path.strip('/').replace('/', '-') or 'index'}.png", full_page=True)
        back = seen.page.evaluate("getComputedStyle(document.querySelector('main')).backgroundColor")
        assert back == ("rgb(23, 27, 30)" if scheme == "dark" else "rgb(255, 255, 255)"), "the sheet is of its scheme"


@pytest.mark.parametrize("kind", ["static", "live"])
def test_search_with_scripts(kind: str, chromium: Any, sites: dict[str, str]) -> None:
    with eyes(chromium, 375) as seen:
        seen.open(sites[kind] + "search/")
        seen.page.fill("#q", 'topic:"language models" cache author:Carvalho since:2025-06')
        seen.page.press("#q", "Enter")
        seen.page.wait_for_selector("#found li")
        text = seen.page.inner_text("#found")
        assert "1 paper" in text and "A Cache That Forgets on Purpose" in text
        assert seen.faults() == []
        seen.page.check("input[value=trending]")
        if kind == "live":
            seen.page.press("#q", "Enter")
        seen.page.wait_for_selector("#found li")
        seen.page.click("#found h3 a")
        assert "A Cache That Forgets on Purpose" in seen.page.inner_text("h1")
        assert seen.complaints == []


def test_both_searches_find_the_same(chromium: Any, sites: dict[str, str]) -> None:
    asked = ("uncertain*", '"one camera"', "author:wilk topic:robotics", "since:2026", "nothing-like-it", "Peña", '"')
    with eyes(chromium, 1200) as seen:
        for query in asked:
            found = {}
            for kind, address in sites.items():
                seen.page.goto(f"{address}search/", wait_until="networkidle")
                seen.page.fill("#q", query)
                seen.page.press("#q", "Enter")
                seen.page.wait_for_load_state("networkidle")
                seen.page.wait_for_timeout(200)
                found[kind] = sorted(seen.page.locator("#found h3").all_inner_texts())
            assert found["static"] == found["live"], query
        assert seen.complaints == []


def test_search_without_scripts(chromium: Any, sites: dict[str, str]) -> None:
    with eyes(chromium, 375, scripts=False) as seen:
        seen.open(sites["static"] + "search/")
        assert not seen.page.is_visible("#q"), "a form that nobody answers is not shown"
        seen.page.click("text=Jun")
        assert "June 2025" in seen.page.inner_text("h1")
        seen.page.click("text=A Cache That Forgets on Purpose >> nth=0")
        assert "A Cache That Forgets on Purpose" in seen.page.inner_text("h1")
        seen.open(sites["live"] + "search/")
        seen.page.fill("#q", "cache forgets")
        seen.page.press("#q", "Enter")
        assert "A Cache That Forgets on Purpose" in seen.page.inner_text("#found")


def test_the_way_by_keyboard(chromium: Any, sites: dict[str, str]) -> None:
    with eyes(chromium, 1200) as seen:
        seen.open(sites["static"] + PAPER)
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate("document.activeElement.className") == "skip"
        assert seen.page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0, "seen when it has focus"
        for _ in range(8):
            seen.page.keyboard.press("Tab")
            outline = seen.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", seen.page.evaluate("document.activeElement.outerHTML")


def test_print_is_the_light_sheet_without_navigation(chromium: Any, sites: dict[str, str]) -> None:
    with eyes(chromium, 1200, "dark") as seen:
        seen.open(sites["static"] + PAPER)
        seen.page.emulate_media(media="print", color_scheme="dark")
        assert not seen.page.is_visible("header.bar")
        assert seen.page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(21, 24, 27)"


def test_what_was_looked_at_is_kept(chromium: Any, sites: dict[str, str], refresh_golden: bool) -> None:
    if not refresh_golden:
        assert PICTURE.stat().st_size < 200_000
        return
    with eyes(chromium, 700) as seen:
        seen.open(sites["static"] + "papers/arxiv/2506.00001/")
        seen.page.screenshot(path=PICTURE, full_page=True)
