"""Headless Chromium for the tests: what pages measure, what they look like, how alike two pictures are.

Everything is local: pages are files, pictures are handed in as data. Tests that use it are skipped without Chromium.
"""

import base64
import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--virtual-time-budget=1000",
)  # fmt: skip
MEASURE = """<script>addEventListener("load", () => {
  const out = [...document.querySelectorAll("iframe")].map((frame) => {
    const inside = frame.contentDocument, body = inside.querySelector(".sheet, main");
    const style = inside.defaultView.getComputedStyle(body).backgroundColor;
    return [frame.width, inside.documentElement.scrollWidth, style];
  });
  document.body.insertAdjacentHTML("beforeend", `<pre>${out.map((row) => row.join("|")).join("\\n")}</pre>`);
});</script>"""
# Each picture drawn as COLUMNS x ROWS dots, which averages what lies under each dot.
AVERAGES = """<script>addEventListener("load", () => {
  const dots = [...document.images].map((image) => {
    const paper = Object.assign(document.createElement("canvas"), {width: %d, height: %d});
    const pen = paper.getContext("2d");
    pen.imageSmoothingQuality = "high";
    pen.drawImage(image, 0, 0, paper.width, paper.height);
    return [...pen.getImageData(0, 0, paper.width, paper.height).data];
  });
  document.body.innerHTML = `<pre>${JSON.stringify(dots)}</pre>`;
});</script>"""
WIDTHS = """<script>addEventListener("load", () => {
  const widths = [...document.querySelectorAll("span")].map((span) => span.getBoundingClientRect().width.toFixed(1));
  document.body.innerHTML = `<pre>${widths.join(" ")}</pre>`;
});</script>"""
COLUMNS, ROWS = 8, 24
_DARK = re.compile(r"@media\s*\(prefers-color-scheme:\s*dark\)")


def needed() -> str:
    """The browser; the test is skipped where there is none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed (apt-get install chromium)")
    return CHROMIUM


def in_scheme(page: str, scheme: str) -> str:
    """`page` as a screen that prefers `scheme` shows it, whatever this one prefers."""
    return _DARK.sub("@media all" if scheme == "dark" else "@media not all", page)


def measured(page: str, folder: Path) -> list[tuple[int, int, str]]:
    """Width given, width needed and colour of the sheet for each frame of `page`."""
    found = re.findall(r"(\d+)\|(\d+)\|(rgb[^\n<]*)", _dump(page.replace("</body>", MEASURE + "</body>"), folder))
    if not found:
        pytest.skip("Chromium cannot run here")
    return [(int(given), int(needed), colour) for given, needed, colour in found]


def framed(pages: list[str], widths: tuple[int, ...]) -> str:
    """Each page in a frame of each width."""
    return "".join(
        f'<iframe width="{width}" height="600" srcdoc="{html.escape(page)}"></iframe>'
        for page in pages
        for width in widths
    )


def shot(page: str, width: int, height: int, picture: Path, folder: Path) -> Path:
    """A PNG of the first `height` pixels of `page` at `width`."""
    frame = f'<iframe style="border:0" width="{width}" height="{height}" srcdoc="{html.escape(page)}"></iframe>'
    size = f"--window-size={width},{height}"
    # Without these two a busy machine's picture may be taken before the frame is painted whole.
    painted = ("--run-all-compositor-stages-before-draw", "--virtual-time-budget=3000")
    _run(f'<body style="margin:0">{frame}</body>', folder, size, f"--screenshot={picture}", *painted)
    if not picture.is_file():
        pytest.skip("Chromium cannot take pictures here")
    return picture


def unlikeness(pairs: list[tuple[Path, Path]], folder: Path) -> list[float]:
    """How far the pictures of each pair are apart, 0 to 255: the mean difference of the averages of 8 x 24 fields of
    each. Coarse on purpose: other fonts break lines elsewhere, but lights, darks and amounts stay where they are."""
    images = "".join(f'<img src="{_data(picture)}">' for pair in pairs for picture in pair)
    found = re.search(r"<pre>(\[\[.*?\]\])</pre>", _dump(images + AVERAGES % (COLUMNS, ROWS), folder))
    assert found, "Chromium gave no averages"
    dots = json.loads(found[1])
    return [_distance(one, other) for one, other in zip(dots[::2], dots[1::2], strict=True)]


def _distance(one: list[int], other: list[int]) -> float:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one) * 4 / 3  # the fourth, alpha, is the same


def widths_of(families: tuple[str, ...], folder: Path) -> str:
    """How wide a pangram is in each family of fonts: two machines that agree draw text alike."""
    words = "Sphinx of black quartz, judge my vow 0123456789"
    spans = (f'<p><span style="font:{style} 16px {family}">{words}</span></p>' for family in families
             for style in ("normal", "bold"))  # fmt: skip
    found = re.search(r"<pre>([\d. ]+)</pre>", _dump("".join(spans) + WIDTHS, folder))
    return found[1] if found else ""


def _data(picture: Path) -> str:
    return "data:image/png;base64," + base64.b64encode(picture.read_bytes()).decode()


def _dump(page: str, folder: Path) -> str:
    return _run(page, folder, "--dump-dom")


def _run(page: str, folder: Path, *options: str) -> str:
    file = folder / "page.html"
    file.write_text(page, encoding="utf-8")
    command = [needed(), *FLAGS, f"--user-data-dir={folder / 'profile'}", *options, file.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False).stdout
