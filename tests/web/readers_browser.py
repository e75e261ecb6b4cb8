"""A real browser at phone width, driven over a pipe as a person would: by looking, clicking and typing."""

import base64
import fcntl
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--remote-debugging-pipe",
)  # fmt: skip
WIDTH, HEIGHT = 375, 760


class Browser:
    """One tab. Every call raises TimeoutError after a minute without an answer."""

    def __init__(self, read: int, write: int) -> None:
        self._read, self._write, self._number, self._rest = read, write, 0, b""
        self._session = ""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "DOM", "Accessibility"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=WIDTH, height=HEIGHT, deviceScaleFactor=1, mobile=True)

    def call(self, method: str, **parameters: Any) -> Any:
        """One command and its result."""
        self._number += 1
        asked = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            asked["sessionId"] = self._session
        os.write(self._write, json.dumps(asked).encode() + b"\0")
        while True:
            told = self._next()
            if told.get("id") == self._number:
                assert "error" not in told, told["error"]
                return told["result"]

    def _next(self) -> Any:
        until = time.monotonic() + 60
        while b"\0" not in self._rest:
            try:
                chunk = os.read(self._read, 1 << 20)
            except BlockingIOError:
                if time.monotonic() > until:
                    raise TimeoutError("the browser does not answer") from None
                time.sleep(0.01)
                continue
            assert chunk, "the browser ended"
            self._rest += chunk
        one, _, self._rest = self._rest.partition(b"\0")
        return json.loads(one)

    def scripts(self, on: bool) -> None:
        """Whether pages may run scripts."""
        self.call("Emulation.setScriptExecutionDisabled", value=not on)

    def dark(self, on: bool) -> None:
        """Whether the screen prefers dark."""
        value = "dark" if on else "light"
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": value}])

    def open(self, url: str) -> None:
        """Goes to a page and waits until it is there."""
        self.call("Page.navigate", url=url)
        self.settle()

    def settle(self) -> None:
        """Waits until the page at hand is complete."""
        time.sleep(0.3)
        for _ in range(200):
            try:
                if self.call("Page.getFrameTree") and self.text():
                    return
            except AssertionError:
                pass
            time.sleep(0.05)

    def nodes(self, selector: str) -> list[int]:
        """Elements, as the browser numbers them."""
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        return list(self.call("DOM.querySelectorAll", nodeId=root, selector=selector)["nodeIds"])

    def text(self, selector: str = "main") -> str:
        """The source of the first such element; "" where there is none."""
        found = self.nodes(selector)
        return str(self.call("DOM.getOuterHTML", nodeId=found[0])["outerHTML"]) if found else ""

    def click(self, selector: str) -> None:
        """A press on the middle of the first such element."""
        node = self.nodes(selector)[0]
        self.call("DOM.scrollIntoViewIfNeeded", nodeId=node)
        box = self.call("DOM.getBoxModel", nodeId=node)["model"]["content"]
        x, y = (box[0] + box[4]) / 2, (box[1] + box[5]) / 2
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
        self.settle()

    def type(self, selector: str, text: str) -> None:
        """Types into the first such field, key by key."""
        self.call("DOM.focus", nodeId=self.nodes(selector)[0])
        for key in text:
            for kind in ("keyDown", "keyUp"):
                self.call("Input.dispatchKeyEvent", type=kind, key=key, **({"text": key} if kind == "keyDown" else {}))

    def shot(self, file: Path) -> None:
        """The whole page as a picture."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": WIDTH, "height": size["height"], "scale": 1}
        data = self.call("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)["data"]
        file.write_bytes(base64.b64decode(data))

    def needed_width(self) -> float:
        """How wide the page is, in its own pixels."""
        return float(self.call("Page.getLayoutMetrics")["cssContentSize"]["width"])

    def evaluate(self, script: str) -> Any:
        """What a script of ours says of the page."""
        return self.call("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")

    def unnamed(self) -> list[str]:
        """Things to use or read that a screen reader could not name."""
        tree = self.call("Accessibility.getFullAXTree")["nodes"]
        roles = {"textbox", "button", "checkbox", "radio", "link", "heading", "Date", "RootWebArea", "group"}
        wanted = [node for node in tree if not node.get("ignored") and node.get("role", {}).get("value") in roles]
        return [node["role"]["value"] for node in wanted if not str(node.get("name", {}).get("value", "")).strip()]


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """A browser of its own, ended with the block."""
    assert CHROMIUM is not None
    down, up = os.pipe(), os.pipe()
    high = [fcntl.fcntl(each, fcntl.F_DUPFD, 20) for each in (down[0], up[1])]
    for each in (down[0], up[1]):
        os.close(each)

    def pipes() -> None:
        os.dup2(high[0], 3)
        os.dup2(high[1], 4)

    command = [CHROMIUM, *FLAGS, f"--user-data-dir={folder / 'profile'}", "about:blank"]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=pipes, pass_fds=(3, 4)
    ) as process:
        for each in high:
            os.close(each)
        os.set_blocking(up[0], False)
        try:
            yield Browser(up[0], down[1])
        finally:
            process.terminate()
            for each in (up[0], down[1]):
                os.close(each)
