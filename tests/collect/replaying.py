"""A recorded day over real HTTP, for tests: the replay server as a process of its own, and a client for it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen


class Replay:
    """A running replay server: its address, clock, faults and log."""

    def __init__(self, url: str) -> None:
        self.url = url

    def control(self, path: str) -> Any:
        with urlopen(f"{self.url}{path}", timeout=20) as answer:
            return json.load(answer)

    def clock(self, when: str) -> None:
        self.control(f"/_clock?set={when}")

    def faults(self, *specs: str) -> None:
        self.control("/_faults?clear=1")
        for spec in specs:
            self.control(f"/_faults?add={quote(spec)}")

    def log(self, pattern: str = "*") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.control(f"/_log?path={quote(pattern)}")
        return found

    def forget(self) -> None:
        self.control("/_log?clear=1")


@contextmanager
def running(shared: Path, date: str, *options: str) -> Iterator[Replay]:
    """A replay server for as long as the block lasts."""
    command = [sys.executable, str(shared / "replay" / "replay.py"), "--date", date, "--history", "30", *options]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield Replay(server.stdout.readline().strip())
    finally:
        server.terminate()
        server.wait()
