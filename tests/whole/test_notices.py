"""Notices to the operator, by mail and webhook: one an outage, however many runs find it; what `doctor` found."""

from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from mailserver import Server
from pytest_httpserver import HTTPServer
from werkzeug import Response

CONFIG = """
contact: Editor <editor@example.org>
network: {{allow_hosts: [127.0.0.1, localhost], gap_s: 0}}
notify: {{after_hours: 24, webhook: "{hook}"}}
sources: [{{name: journal, kind: feed, url: "{feed}"}}]
newsletters: [{{name: daily}}]
mail: {{from: "Papers today <digest@example.org>", smtp: "smtp://127.0.0.1:{port}"}}
"""
FEED = '<rss version="2.0"><channel><title>J</title><item><title>A paper on naps</title><link>https://j.example.org/1</link></item></channel></rss>'


class Site:
    """A feed that works or not, and a webhook that notes what it got."""

    def __init__(self, httpserver: HTTPServer) -> None:
        self.posted: list[Any] = []
        self.status, self.hook_status = 200, 204
        httpserver.expect_request("/feed").respond_with_handler(lambda _: Response(FEED, status=self.status))
        httpserver.expect_request("/hook/secret", method="POST").respond_with_handler(self.note)

    def note(self, request: Any) -> Response:
        if self.hook_status == 204:
            self.posted.append(request.json)
        return Response(status=self.hook_status)


@pytest.fixture
def site(httpserver: HTTPServer) -> Site:
    return Site(httpserver)


@pytest.fixture
def collect(tmp_path: Path, httpserver: HTTPServer, digest: Callable[..., Any], site: Site) -> Any:
    """Collects at an hour (from 1 March 2026) with the feed answering so; `collect.box` is the mail server."""
    with Server() as box:
        path = tmp_path / "config.yaml"
        urls = {"feed": httpserver.url_for("/feed"), "hook": httpserver.url_for("/hook/secret")}
        path.write_text(CONFIG.format(port=box.port, **urls))

        def run(hour: int, status: int) -> Any:
            site.status = status
            return digest("collect", "--config", path, "--now", f"2026-03-{1 + hour // 24:02}T{hour % 24:02}:00")

        run.box, run.path = box, path  # type: ignore[attr-defined]
        yield run


def test_one_notice_an_outage(collect: Any, site: Site) -> None:
    collect(0, 200)
    for hour in (3, 9, 26):
        collect(hour, 404)
    assert (collect.box.received, site.posted) == ([], [])
    for hour in (27, 30, 33, 100):
        collect(hour, 404)
    ((recipient, raw),) = collect.box.received
    mail = message_from_bytes(raw, policy=default)
    assert recipient == "editor@example.org"
    assert mail["Subject"] == "Broken source: journal"
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "journal: failed, broken since 2026-03-01 03:00 UTC" in text
    assert "404" in text
    (posted,) = site.posted
    assert posted["text"].startswith("Broken source: journal")
    assert posted["sources"][0]["since"] == "2026-03-01T03:00:00+00:00"
    collect(103, 200)
    collect(106, 404)
    assert len(collect.box.received) == 1
    collect(131, 404)
    assert len(collect.box.received) == len(site.posted) == 2


def test_a_source_that_is_gone_is_told_of_at_once(collect: Any, site: Site) -> None:
    collect(0, 200)
    collect(3, 410)
    collect(6, 410)
    assert len(site.posted) == 1
    assert "retired" in site.posted[0]["text"]


def test_a_notice_that_reached_nobody_is_tried_again(collect: Any, site: Site) -> None:
    collect.box.rcpt = lambda _: "550 nobody here"
    site.hook_status = 500
    for hour in (0, 30):
        said = collect(hour, 404)
    assert site.posted == []
    ours = [line for line in said.err.splitlines() if "digest.operations.notices" in line]
    assert "secret" not in "".join(ours)
    assert "was not mailed: 550 nobody here" in said.err
    site.hook_status = 204
    collect(33, 404)
    collect(36, 404)
    assert len(site.posted) == 1


def test_a_dry_run_tells_nobody(collect: Any, site: Site, digest: Callable[..., Any]) -> None:
    collect(0, 404)
    digest("collect", "--config", collect.path, "--now", "2026-03-05T00:00", "--dry-run")
    assert (site.posted, collect.box.received) == ([], [])


def test_doctor_tells_what_needs_a_person(collect: Any, site: Site, digest: Callable[..., Any]) -> None:
    collect(0, 200)
    now = ("--now", "2026-03-01T01:00")
    well = digest("doctor", "--config", collect.path, *now, "--quiet", "--tell")
    assert (well.code, well.out, well.err, collect.box.received) == (0, "", "", [])
    collect(2, 404)
    collect(3, 404)
    now = ("--now", "2026-03-02T03:00")  # broken for a day, and no run has told of it
    ill = digest("doctor", "--config", collect.path, *now, "--quiet", "--tell")
    assert ill.code == 1
    assert {line.split()[0] for line in ill.out.splitlines()} == {"problem"}
    ((recipient, raw),) = collect.box.received
    mail = message_from_bytes(raw, policy=default)
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert recipient == "editor@example.org"
    assert "for a person to look at" in mail["Subject"]
    assert "source, journal: failed" in text
    assert site.posted[-1]["text"].startswith(mail["Subject"])


def test_doctor_says_when_nobody_could_be_told(collect: Any, site: Site, digest: Callable[..., Any]) -> None:
    collect(0, 404)
    off = ("--set", "mail.smtp=", "--set", "notify.webhook=env:DIGEST_NO_SUCH_HOOK")
    came = digest("doctor", "--config", collect.path, *off, "--now", "2026-03-02T03:00", "--quiet", "--tell")
    assert came.code == 1
    assert "nobody could be told" in came.err


def test_config_and_home_may_come_from_the_environment(
    collect: Any, digest: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DIGEST_CONFIG", str(collect.path))
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("DIGEST_HOME", str(tmp_path / "home"))
    assert digest("collect", "--now", "2026-03-01").code == 0
    assert (tmp_path / "home" / "digest.db").is_file()


def test_doctor_says_why_mail_does_not_go_out(collect: Any, digest: Callable[..., Any]) -> None:
    collect.box.data = lambda _: "451 4.7.1 come back later"
    to = ("--config", collect.path, "--set", "mail.to=[you@example.org]", "--now", "2026-03-01T09:00")
    assert digest("run", "--newsletter", "daily", *to).code == 0
    said = digest("doctor", *to)
    assert said.code == 0
    (line,) = [line for line in said.out.splitlines() if line.split()[:3] == ["note", "mail", "waiting"]]
    assert "1 did not go out and will be tried again" in line
    assert "come back later" in line


def test_quiet_tells_of_a_run_only_what_went_wrong(collect: Any, site: Site, digest: Callable[..., Any]) -> None:
    quiet = ("--config", collect.path, "--set", "mail.to=[you@example.org]", "--newsletter", "daily", "--quiet")
    well = digest("run", *quiet, "--now", "2026-03-01T09:00")
    assert (well.code, well.out) == (0, "")
    collect.box.data = lambda _: "451 4.7.1 come back later"
    assert "1 failed" in digest("run", *quiet, "--from", _later(collect.path), "--now", "2026-03-02T09:00").out
    site.status = 404
    ill = digest("collect", "--config", collect.path, "--quiet", "--now", "2026-03-03T09:00")
    assert ill.code == 1
    assert "failed" in ill.out


def _later(config: Path) -> Path:
    papers = config.parent / "later.jsonl"
    papers.write_text('{"title": "A paper on later naps", "abstract": "We nap."}\n')
    return papers
