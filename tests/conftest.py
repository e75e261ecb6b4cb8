"""Fixtures every test may use."""

import json
import logging
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recorded real data beside the checkout; tests that need it are skipped where it is absent."""
    if not (SHARED / "data").is_dir():
        pytest.skip("the recorded data (../shared) is not beside this checkout")
    return SHARED


@dataclass(frozen=True)
class Came:
    """What a call of the program came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def digest(capfd: pytest.CaptureFixture[str]) -> Callable[..., Came]:
    """Calls the program in this process, as the command line would: `digest("run", "--json").json`."""

    def call(*arguments: object) -> Came:
        from digest.cli import main

        root = logging.getLogger()
        handlers = root.handlers[:]  # a command logs to a stream that ends with the test
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["digest", *map(str, arguments)])
            with pytest.raises(SystemExit) as ended:
                main()
        root.handlers[:] = handlers
        out, err = capfd.readouterr()
        code = ended.value.code
        return Came(code if isinstance(code, int) else 0, out, err)

    return call


@dataclass
class Replay:
    """A running replay of recorded sources on a loopback port."""

    url: str

    def tell(self, path: str) -> Any:
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            body = answer.read().decode()
        return json.loads(body) if body[:1] in "[{" else body


@pytest.fixture
def replay(shared: Path) -> Iterator[Callable[..., Replay]]:
    """Starts the replay server with given options: `replay("--date", "2025-06-02")`; it is ended with the test."""
    running: list[subprocess.Popen[str]] = []

    def start(*options: str) -> Replay:
        script = shared / "replay" / "replay.py"
        if not script.is_file():
            pytest.skip("the replay server (../shared/replay) is not beside this checkout")
        process = subprocess.Popen([sys.executable, str(script), *options], stdout=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stdout is not None
        return Replay(process.stdout.readline().strip())

    yield start
    for process in running:
        process.terminate()
        process.wait(10)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refresh-golden", action="store_true", help="make tests/issues/*/expected anew")


@pytest.fixture
def refresh_golden(request: pytest.FixtureRequest) -> bool:
    """Whether expected outputs are to be made anew instead of compared."""
    return bool(request.config.getoption("--refresh-golden"))
