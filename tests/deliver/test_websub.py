"""A hub is told of each change of a feed once, by a real HTTP server that may refuse."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import as_file, files
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest

from digest.config import load
from digest.deliver import websub
from digest.deliver.websub import Ping
from digest.model import Resolved, Signal
from digest.operations import pings
from digest.store import Store

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
BASE = "https://papers.example.org/daily"


class Hub:
    """Takes notes, and refuses with `status` while that is no 2xx."""

    def __init__(self) -> None:
        self.told: list[dict[str, list[str]]] = []
        self.status = 204
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = self.rfile.read(int(self.headers["Content-Length"])).decode()
                assert self.headers["Content-Type"] == "application/x-www-form-urlencoded"
                hub.told.append(parse_qs(form))
                self.send_response(hub.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hub"

    def topics(self) -> list[str]:
        """The addresses told since the last call."""
        assert all(form["hub.mode"] == ["publish"] for form in self.told)
        found = [form["hub.url"][0] for form in self.told]
        self.told.clear()
        return found


@pytest.fixture
def hub() -> Iterator[Hub]:
    made = Hub()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_each_change_is_told_once_and_votes_are_none(tmp_path: Path, hub: Hub, digest: Callable[..., Any]) -> None:
    home = tmp_path / "home"
    with as_file(files("digest") / "sample") as sample:
        shutil.copytree(str(sample), home)
    config = home / "config.yaml"
    config.write_text(
        config.read_text() + f"network: {{allow_hosts: [127.0.0.1], gap_s: 0}}\nfeeds: {{hub: '{hub.url}'}}\n"
    )
    run = ("run", "--config", config, "--newsletter", "daily", "--now")
    assert digest(*run, "2026-03-02T08:00:00Z").code == 0
    first = hub.topics()
    assert {f"{BASE}/feed.xml", f"{BASE}/atom.xml", f"{BASE}/feed.json", f"{BASE}/issues.xml"} <= set(first)
    assert f"{BASE}/topics/vision/feed.xml" in first and len(first) == len(set(first))
    assert digest(*run, "2026-03-02T09:00:00Z").code == 0 and hub.topics() == []
    plan = load(config, environ={})
    with Store.open(plan.database, plan.home) as store:
        some = store.issues.list()[0].items[0].paper.id
        grown = Signal(paper_id=some, kind="upvotes", value=500.0, at=NOW, source="hf")
        nothing = Resolved(new=(), updated=(), sightings=(), signals=(grown,), decisions=(), outcomes=())
        store.save_collected((), nothing, NOW + timedelta(hours=2), {})
        assert pings.tell(plan, store, NOW + timedelta(hours=2)) == ()
    hub.status = 503
    assert digest(*run, "2026-03-03T08:00:00Z").code == 0
    assert len(hub.topics()) == 1, "the first refusal ends the turn"
    hub.status = 202
    assert digest(*run, "2026-03-03T08:01:00Z").code == 0
    second = hub.topics()
    assert f"{BASE}/feed.xml" not in second and f"{BASE}/atom.xml" in second, "the refused one waits"
    assert digest(*run, "2026-03-03T08:06:00Z").code == 0
    assert hub.topics() == [f"{BASE}/feed.xml"]
    assert digest(*run, "2026-03-03T12:00:00Z").code == 0 and hub.topics() == []


def test_without_a_hub_nothing_is_kept_or_asked(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("newsletters: [{name: daily}]\n")
    plan = load(tmp_path / "config.yaml", environ={})
    with Store.open(plan.database, plan.home) as store:
        assert pings.tell(plan, store, NOW) == ()
        assert store.fitted.get(pings.NAME) is None


def test_waits_grow_and_end_at_six_hours() -> None:
    ping = Ping(mark="a")
    known = {"u": ping}
    assert websub.due(known, NOW) == ["u"]
    known = {"u": replace(ping, tries=1, retry_at=(NOW + timedelta(minutes=5)).isoformat())}
    assert websub.due(known, NOW) == [] and websub.due(known, NOW + timedelta(minutes=5)) == ["u"]
    assert websub.changed(known, {"u": "a"}) == known
    assert websub.changed(known, {"u": "b", "v": "c"}) == {"u": Ping(mark="b"), "v": Ping(mark="c")}
    assert websub.decode(websub.encode(known)) == known and websub.decode(None) == {}
    assert min(websub.FIRST * 2**20, websub.LONGEST) == timedelta(hours=6)
