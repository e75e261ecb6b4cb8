"""A mistake in a sent issue: a dated correction on its page, in its feeds and, if asked, by one mail to each reader."""

import json
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from mailserver import Server

CONFIG = """
url: https://papers.example.org
network: {{allow_hosts: [127.0.0.1]}}
sources: [{{name: papers, kind: file, path: papers.jsonl}}]
newsletters: [{{name: daily}}]
serve: {{}}
mail: {{from: digest@example.org, to: [a@example.org, b@example.org], smtp: "smtp://127.0.0.1:{port}"}}
"""
NOTE = "The second *author* is A. Moon, not B. Sun. <script>alert(1)</script>"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    lines = [
        {"id": f"2603.0000{n}", "title": f"Tidal study number {n}", "abstract": f"We measure tide {n}."}
        for n in range(6)
    ]
    (tmp_path / "papers.jsonl").write_text("\n".join(map(json.dumps, lines)))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_correction_reaches_everybody_once(home: Path, digest) -> None:  # type: ignore[no-untyped-def]
    with Server() as box:
        (home / "config.yaml").write_text(CONFIG.format(port=box.port))
        digest("readers", "add", "c@example.org")
        digest("run", "--newsletter", "daily", "--now", "2026-03-02T08:00")
        assert len(box.received) == 3
        feed = (home / "public" / "daily" / "issues.xml").read_text()
        before = digest("issues", "show", "daily/2026-03-02", "--json").json
        made = digest(
            *("issues", "correct", "daily/2026-03-02", "--paper", "2603.00002", "--note", NOTE, "--mail", "--json"),
            *("--now", "2026-03-05T09:00"),
        ).json
        assert made == {
            "correction": "daily/2026-03-02#1",
            "deliveries": {"sent": 3, "failed": 0, "pending": 0, "in_doubt": 0},
        }
        digest("run", "--now", "2026-03-05T10:00")
        assert len(box.received) == 6 and set(box.ids.values()) == {1}
    page = (home / "public" / "daily" / "2026-03-02" / "index.html").read_text()
    assert "Correction, 5 March 2026" in page and "Tidal study number 2”" in page and "<em>author</em>" in page
    assert "<script>" not in page.replace("<script src", "")
    assert "Correction, 5 March 2026" in (home / "public" / "daily" / "2026-03-02" / "issue.md").read_text()
    after = (home / "public" / "daily" / "issues.xml").read_text()
    assert "Correction, 5 March 2026" in after and "Correction" not in feed
    assert digest("issues", "list", "--json").json[0]["corrections"] == 1
    shown = digest("issues", "show", "daily/2026-03-02", "--json").json
    assert shown["sections"] == before["sections"] and shown["corrections"][0]["paper"] == "arxiv:2603.00002"


def test_the_mail_of_a_correction_is_short_and_leads_out(home: Path, digest) -> None:  # type: ignore[no-untyped-def]
    with Server() as box:
        (home / "config.yaml").write_text(CONFIG.format(port=box.port))
        digest("readers", "add", "c@example.org")
        digest("run", "--newsletter", "daily", "--now", "2026-03-02T08:00")
        digest("issues", "correct", "daily/2026-03-02", "--note", NOTE, "--mail", "--now", "2026-03-05T09:00")
        mails = [message_from_bytes(body, policy=default) for _, body in box.received[3:]]
    mail = next(each for each in mails if each["To"] == "c@example.org")
    assert mail["Subject"].startswith("Correction: ") and "/unsubscribe/" in mail["List-Unsubscribe"]
    text = mail.get_body(("plain",)).get_content()
    assert "A. Moon" in text and "https://papers.example.org/daily/2026-03-02/" in text and "/unsubscribe/" in text
    html = mail.get_body(("html",)).get_content()
    assert "alert(1)" not in html or "<script" not in html
    assert len(mail.as_bytes()) < 20_000


def test_what_cannot_be_corrected(home: Path, digest) -> None:  # type: ignore[no-untyped-def]
    (home / "config.yaml").write_text(CONFIG.format(port=1).replace("mail:", "# mail:"))
    digest("run", "--newsletter", "daily", "--now", "2026-03-02T08:00")
    came = digest("issues", "correct", "daily/2026-03-01", "--note", "x")
    assert came.code == 2 and "the newest is daily/2026-03-02" in came.err
    assert digest("issues", "correct", "daily/2026-03-02").code == 2
    assert digest("issues", "correct", "daily/2026-03-02", "--note", "x", "--paper", "1234.56789").code != 0
    came = digest("issues", "correct", "daily/2026-03-02", "--note", "x", "--mail")
    assert came.code == 2 and "mailed to nobody" in came.err
    assert digest("issues", "list", "--json").json[0]["corrections"] == 0


def test_a_correction_without_mail_mails_nobody(home: Path, digest) -> None:  # type: ignore[no-untyped-def]
    with Server() as box:
        (home / "config.yaml").write_text(CONFIG.format(port=box.port))
        digest("run", "--newsletter", "daily", "--now", "2026-03-02T08:00")
        digest("issues", "correct", "daily/2026-03-02", "--note", "One.", "--now", "2026-03-03T08:00")
        digest("issues", "correct", "daily/2026-03-02", "--note", "Two.", "--now", "2026-03-04T08:00")
        digest("publish", "--newsletter", "daily", "--now", "2026-03-04T09:00")
        assert len([body for _, body in box.received if b"Correction" in body]) == 0
    page = (home / "public" / "daily" / "2026-03-02" / "index.html").read_text()
    assert page.index("One.") < page.index("Two.")
