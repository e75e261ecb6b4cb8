"""The pages in headless Chromium at phone width: the whole way of a reader, with and without scripts, and whether
everybody can use them. Pictures are kept in the test's folder, to be looked at."""

import re
import time
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from readers_browser import CHROMIUM, WIDTH, Browser, browser
from web_serving import CONFIG, World, issue, plain, world

ADDRESS = "ann@example.org"
CHECKS = """(() => {
  const bad = [], linear = (v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4, lum = (c) => {
    const [r, g, b] = c.match(/[\\d.]+/g).map((v) => linear(v / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (e) => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
    if (!/, 0\\)$|transparent/.test(c)) return c; } return "rgb(255, 255, 255)"; };
  for (const e of document.querySelectorAll("main *")) {
    if (e.closest(".aside") || ![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
    const style = getComputedStyle(e), [a, b] = [lum(style.color), lum(behind(e))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) bad.push(`contrast ${e.tagName} ${e.textContent.trim().slice(0, 30)}`);
    if (parseFloat(style.fontSize) < 13) bad.push(`small ${e.tagName}`);
  }
  for (const e of document.querySelectorAll("main button, main input:not([tabindex='-1'])")) {
    const box = (e.closest("label.choice") || e).getBoundingClientRect();
    if (box.height < 40) bad.push(`target ${e.tagName} ${e.name} ${box.height}`);
  }
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  if (new Set(ids).size !== ids.length) bad.push("an id twice");
  for (const one of ["h1", "main"]) if (document.querySelectorAll(one).length !== 1) bad.push(`not one ${one}`);
  if (!document.documentElement.lang || !document.title) bad.push("no language or title");
  return bad;
})()"""


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_readers_whole_way_on_a_phone(scripts: bool, tmp_path: Path) -> None:
    with world(tmp_path, CONFIG.replace("https://papers.example.org/sub", "http://127.0.0.1")) as site:
        site.store.issues.save(issue())
        try:
            with browser(tmp_path) as tab:
                _way(tab, site, tmp_path, scripts)
        except (AssertionError, BrokenPipeError) as error:
            if "the browser ended" in str(error) or isinstance(error, BrokenPipeError):
                pytest.skip("Chromium cannot run here")
            raise


def _way(tab: Browser, site: World, folder: Path, scripts: bool) -> None:
    tab.scripts(scripts)
    tab.open(f"{site.url}/subscribe")
    _usable(tab, folder, "1-subscribe", scripts)
    tab.type("#address", ADDRESS)
    tab.click("input[value=weekly]")
    tab.click("button")
    assert "Look at your mail" in tab.text("h1")
    _usable(tab, folder, "2-look-at-your-mail", scripts)
    tab.open(_link(site, 1, "confirm"))
    _usable(tab, folder, "3-confirm", scripts)
    tab.click("button")
    assert "You are subscribed" in tab.text("h1")
    reader = site.store.readers.get(ADDRESS)
    assert reader is not None and (reader.state, reader.newsletters) == ("active", ("daily",))
    tab.click("p.words a")
    assert "Preferences" in tab.text("h1")
    _usable(tab, folder, "4-preferences", scripts)
    tab.click("input[value=headlines]")
    tab.type("#until", "03092026")  # as typed into a date field: month, day, year
    tab.click("button")
    assert "Saved." in tab.text(".saved")
    _usable(tab, folder, "5-saved", scripts)
    reader = site.store.readers.get(ADDRESS)
    assert reader is not None and (reader.density, reader.state) == ("headlines", "paused")
    assert reader.paused_until == date(2026, 3, 9)
    tab.click("p.words a")
    assert "Unsubscribe" in tab.text("h1")
    _usable(tab, folder, "6-unsubscribe", scripts)
    tab.click("button")
    assert "You are unsubscribed" in tab.text("h1")
    _usable(tab, folder, "7-unsubscribed", scripts)
    reader = site.store.readers.get(ADDRESS)
    assert reader is not None and reader.state == "unsubscribed"


def _link(site: World, count: int, page: str) -> str:
    for _ in range(200):
        if len(site.sent) >= count:
            break
        time.sleep(0.02)
    found = re.search(rf"http://127\.0\.0\.1(/{page}/\S+)", plain(site.sent[-1][1]))
    assert found is not None
    return f"http://{urlsplit(site.url).netloc}{found[1]}"


def _usable(tab: Browser, folder: Path, name: str, scripts: bool) -> None:
    assert tab.needed_width() <= WIDTH, f"{name} scrolls sideways"
    assert tab.unnamed() == [], name
    for dark in (False, True) if scripts else (False,):
        tab.dark(dark)
        tab.shot(folder / f"{name}-{'dark' if dark else 'light'}.png")
        if scripts:
            assert tab.evaluate(CHECKS) == [], f"{name}, {'dark' if dark else 'light'}"
    tab.dark(False)
