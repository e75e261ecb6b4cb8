"""A feed opened in a real browser: a page, without a complaint, that a screen reader can read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from web_serving import CONFIG, World, issue, world

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, CONFIG.replace("https://papers.example.org/sub", "https://papers.example.org")) as made:
        made.store.issues.save(issue(papers=7))
        yield made


def test_a_feed_is_a_page_in_a_browser(site: World) -> None:
    if not CHROMIUM.exists():
        pytest.skip("there is no Chromium here")
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        complaints: list[str] = []
        for path, scheme in (("/daily/feed.xml", "light"), ("/daily/atom.xml", "dark")):
            context = browser.new_context(viewport={"width": 375, "height": 800}, color_scheme=scheme, bypass_csp=False)  # type: ignore[arg-type]
            page = context.new_page()
            page.on("console", lambda message: complaints.append(message.text))
            page.goto(site.url + path)
            assert page.title() == "Papers today" and page.locator("article").count() == 7
            link = page.locator("article h2 a").first
            assert link.get_attribute("href") == "https://example.org/0" and link.inner_text() == "Of tide 0"
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 375, "nothing sticks out on a phone"
            context.close()
            judged = browser.new_context(color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
            tested = judged.new_page()
            tested.goto(site.url + path)
            found = Axe().run(tested).response["violations"]
            assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
            judged.close()
        browser.close()
        assert complaints == []
