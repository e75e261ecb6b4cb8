"""A real browser for the site's tests: pages as a reader sees them, and what the browser and axe say of them."""

import functools
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]
# What a host may send beside static files; the pages must work under it.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' https:; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class _Quiet(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@contextmanager
def hosted(folder: Path) -> Iterator[str]:
    """A plain host of static files with a strict policy; its address, ending in a slash."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Eyes:
    """A browser at one width and in one scheme; `complaints` are what it said of pages, which should be nothing."""

    page: Any
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str) -> str:
        """Goes there; the page's text."""
        self.page.goto(address, wait_until="networkidle")
        return str(self.page.inner_text("body"))

    def faults(self) -> list[str]:
        """What axe finds that is serious or critical, and what scrolls sideways."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        said = [
            f"{one['id']}: {node['html'][:120]}"
            for one in found
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        return said + ([f"{wide} px too wide"] if wide > 0 else [])


@contextmanager
def browser() -> Iterator[Any]:
    """Chromium, driven by playwright; the test is skipped where it cannot be had."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed (apt-get install chromium)")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        try:
            chromium = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        except playwright.Error as error:
            pytest.skip(f"Chromium cannot run here: {str(error).splitlines()[0]}")
        try:
            yield chromium
        finally:
            chromium.close()


@contextmanager
def eyes(chromium: Any, width: int, scheme: str = "light", scripts: bool = True) -> Iterator[Eyes]:
    """A fresh window."""
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=scripts
    )
    seen = Eyes(context.new_page())
    seen.page.on("console", lambda said: seen.complaints.append(f"{said.type}: {said.text}"))
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    try:
        yield seen
    finally:
        context.close()
