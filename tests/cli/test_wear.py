"""`digest doctor` knows what wears out: disk, growth, sources nobody reads, the clock, the certificate."""

import json
import shutil
import socket
import ssl
import subprocess
import threading
from collections import namedtuple
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from digest.net import door
from digest.operations import wear
from digest.store import Store

CONFIG = """
sources:
  - {name: papers, kind: file, path: papers.jsonl}
  - {name: unused, kind: file, path: papers.jsonl}
newsletters: [{name: daily, sources: [papers]}]
"""
Disk = namedtuple("Disk", "total used free")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    lines = [{"title": f"Tidal study number {n}", "abstract": f"We measure tide {n} with care."} for n in range(60)]
    (tmp_path / "papers.jsonl").write_text("\n".join(map(json.dumps, lines)))
    (tmp_path / "config.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _findings(digest: Callable[..., object], *options: str) -> dict[str, tuple[str, str]]:
    found = digest("doctor", "--json", *options).json["findings"]  # type: ignore[attr-defined]
    return {f"{each['area']} {each['name']}": (each["state"], each["words"]) for each in found}


def test_a_full_disk(home: Path, digest, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    digest("collect", "--now", "2026-03-02")
    assert _findings(digest, "--now", "2026-03-02")["store disk"][0] == "ok"
    monkeypatch.setattr(wear.shutil, "disk_usage", lambda _path: Disk(10**9, 10**9, 50_000_000))
    state, words = _findings(digest, "--now", "2026-03-02")["store disk"]
    assert state == "problem" and "50.0 MB free" in words


def test_growth_is_told_from_what_was_recorded(home: Path, digest, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    for week in range(4):
        lines = [{"title": f"Study {week} {n}", "abstract": "We measure. " * 40} for n in range(200)]
        (home / "papers.jsonl").write_text("\n".join(map(json.dumps, lines)))
        digest("collect", "--now", f"2026-03-{1 + 7 * week:02d}")
    state, words = _findings(digest, "--now", "2026-03-22")["store growth"]
    assert state == "ok" and "a year, most of all" in words
    with Store.open("sqlite:///digest.db", home) as store:
        kept = store.sizes.since(datetime(2026, 1, 1).date())
        assert kept is not None and kept[1]["papers"] >= 200 and kept[1][store.sizes.WHOLE] > 10_000
    monkeypatch.setattr(wear.shutil, "disk_usage", lambda _path: Disk(10**9, 10**9, 1_000))
    state, words = _findings(digest, "--now", "2026-03-22")["store growth"]
    assert state == "problem" and "full within a year" in words


def test_sources_nobody_reads(home: Path, digest) -> None:  # type: ignore[no-untyped-def]
    digest("collect", "--now", "2026-03-02")
    found = _findings(digest, "--now", "2026-03-02")
    config = (home / "config.yaml").read_text()
    assert any("no newsletter takes it" in words for _, words in _notes(digest))
    (home / "config.yaml").write_text(config.replace(", sources: [papers]", ""))
    assert any("60 papers in 90 days, none printed" in words for _, words in _notes(digest))
    digest("run", "--newsletter", "daily", "--now", "2026-03-02")
    assert not any("none printed" in words for _, words in _notes(digest))
    assert "store disk" in found


def _notes(digest: Callable[..., object]) -> list[tuple[str, str]]:
    found = digest("doctor", "--json", "--now", "2026-03-02").json["findings"]  # type: ignore[attr-defined]
    return [(each["name"], each["words"]) for each in found if each["state"] == "note"]


class _Elsewhen(BaseHTTPRequestHandler):
    """A feed from a server whose clock says another time."""

    hours = 0

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.end_headers()
        self.wfile.write(
            b"<rss version='2.0'><channel><title>T</title><item><title>Tides</title></item></channel></rss>"
        )

    def date_time_string(self, timestamp: float | None = None) -> str:
        return format_datetime(datetime.now(UTC) + timedelta(hours=self.hours), usegmt=True)

    def log_message(self, *_words: object) -> None:
        pass


@pytest.mark.parametrize(("hours", "said"), [(3, "3 hours behind"), (-2, "2 hours ahead"), (0, "")])
def test_a_clock_that_is_off(hours: int, said: str, tmp_path: Path, digest) -> None:  # type: ignore[no-untyped-def]
    with HTTPServer(("127.0.0.1", 0), type("Elsewhen", (_Elsewhen,), {"hours": hours})) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        (tmp_path / "config.yaml").write_text(
            f"sources: [{{name: tides, kind: feed, url: 'http://127.0.0.1:{server.server_port}/feed'}}]\n"
            "newsletters: [{name: daily}]\nnetwork: {allow_hosts: [127.0.0.1], gap_s: 0}\n"
        )
        digest("collect", "--config", tmp_path / "config.yaml")
        server.shutdown()
    found = _findings(digest, "--config", str(tmp_path / "config.yaml"))
    assert ("schedule clock" in found) == bool(said)
    assert said in found.get("schedule clock", ("", ""))[1]


def test_a_time_that_was_given_says_nothing_of_the_clock(home: Path, digest) -> None:  # type: ignore[no-untyped-def]
    digest("collect", "--now", "2020-03-02")
    assert "schedule clock" not in _findings(digest, "--now", "2020-03-02")


@contextmanager
def _site(folder: Path, days: int) -> Iterator[int]:
    """A TLS server whose certificate, signed by itself, ends in so many days."""
    key, pem = folder / "key.pem", folder / "cert.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(pem)]
    subprocess.run([*made, "-days", str(days), *subject], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            while True:
                try:
                    with context.wrap_socket(listening.accept()[0], server_side=True):
                        pass
                except OSError as error:
                    if listening.fileno() == -1 or error.errno == 9:
                        return

        threading.Thread(target=accept, daemon=True).start()
        yield listening.getsockname()[1]


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed here")
def test_a_certificate_about_to_end(home: Path, digest, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    digest("collect", "--now", "2026-03-02")
    for days, state, words in ((5, "problem", "renew it"), (90, "ok", "holds until")):
        with _site(home, days) as port:
            assert door.certificate("localhost", port).refused, "nobody vouches for it"
            monkeypatch.setenv("SSL_CERT_FILE", str(home / "cert.pem"))
            found = _findings(digest, "--set", f"url=https://localhost:{port}")
            monkeypatch.delenv("SSL_CERT_FILE")
        assert found["web certificate"][0] == state and words in found["web certificate"][1]


def test_a_site_that_is_not_there_is_a_note(home: Path, digest) -> None:  # type: ignore[no-untyped-def]
    digest("collect", "--now", "2026-03-02")
    found = _findings(digest, "--set", "url=https://localhost:1", "--now", "2026-03-02")
    assert found["web certificate"][0] == "note" and "cannot be reached" in found["web certificate"][1]
    assert "web certificate" not in _findings(digest, "--now", "2026-03-02")
