"""Fixtures of the room net."""

from collections.abc import Iterator

import pytest
import stamina


@pytest.fixture(autouse=True)
def nobody_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test's server asked for binds no later one on the same port."""
    monkeypatch.setattr("digest.net.pace._RESTING", {})


@pytest.fixture(autouse=True)
def no_backoff() -> Iterator[None]:
    """Attempts stay as many as they are; only stamina's own waits go (Retry-After is ours, and stays)."""
    with stamina.set_testing(True, attempts=10, cap=True):
        yield
