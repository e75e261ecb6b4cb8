"""A real browser: the mail and the page fit into 320 px and more without scrolling sideways, and the dark is dark."""

import html
import re
import shutil
import subprocess
from pathlib import Path

import factory
import pytest

from digest.render import Templates, editions, gallery, mail

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--virtual-time-budget=1000",
    "--dump-dom",
)  # fmt: skip
MEASURE = """<script>addEventListener("load", () => {
  const out = [...document.querySelectorAll("iframe")].map((frame) => {
    const inside = frame.contentDocument, body = inside.querySelector(".sheet, main");
    return [frame.width, inside.documentElement.scrollWidth, inside.defaultView.getComputedStyle(body).backgroundColor];
  });
  document.body.insertAdjacentHTML("beforeend", `<pre>${out.map((row) => row.join("|")).join("\\n")}</pre>`);
});</script>"""


def measured(page: str, folder: Path) -> list[tuple[int, int, str]]:
    """Width given, width needed and colour of the sheet for each frame of `page`, by Chromium."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    file = folder / "page.html"
    file.write_text(page.replace("</body>", MEASURE + "</body>"))
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={folder / 'profile'}", file.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    found = re.findall(r"(\d+)\|(\d+)\|(rgb[^\n<]*)", done.stdout)
    if not found:
        pytest.skip(f"Chromium cannot run here: {done.stderr[-200:]}")
    return [(int(given), int(needed), colour) for given, needed, colour in found]


def framed(pages: list[str], widths: tuple[int, ...]) -> str:
    """Each page in a frame of each width."""
    return "".join(
        f'<iframe width="{width}" height="600" srcdoc="{html.escape(page)}"></iframe>'
        for page in pages
        for width in widths
    )


def test_no_side_scroll_and_a_dark_that_is_dark(tmp_path: Path) -> None:
    templates, pages = Templates(), []
    for issue in (factory.issue(), factory.hostile()):
        pages.append(mail(issue, factory.MASTHEAD, templates).html)
        pages.append(editions(issue, factory.MASTHEAD, templates, ["page"])[0].body.decode())
    shown = gallery(mail(factory.issue(), factory.MASTHEAD, templates)).decode()
    found = measured(shown.replace("</body>", framed(pages, (320, 800)) + "</body>"), tmp_path)
    assert len(found) == 4 + 8
    assert [(given, needed) for given, needed, _ in found if needed > given] == []
    assert [colour for _, _, colour in found[:4]] == ["rgb(255, 255, 255)", "rgb(23, 27, 30)"] * 2
