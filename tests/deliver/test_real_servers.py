"""The real program mails through real servers: what arrives is byte for byte what was meant."""

import json
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import html5lib
import pytest
from mailserver import Server
from postfix import Postfix, as_sent, missing

from digest.operations.lint import lint

NOW = "2025-03-11T08:00:00Z"
CONFIG = """
title: Papéis — 今日の論文
url: https://papers.example.org
contact: editor@example.org
network: {{allow_hosts: [127.0.0.1]}}
sources: [{{name: lines, kind: file, path: papers.jsonl}}]
newsletters:
  - name: daily
    schedule: "0 7 * * *"
    introduction: "First.\\n\\n.\\n\\nFrom here on: *ünïcode*.\\n\\n..dots"
mail:
  from: "Papéis, hoje <digest@example.org>"
  to: [{to}]
  smtp: "smtp://127.0.0.1:{port}"
  address: Rua das Flores 12, 4050 Porto
"""
TITLES = (
    "研究 of $\\alpha$-stable \\'etudes at 98 %",
    "تعلم اللغة من الأخطاء المرتبة",
    "Evil\r\nBcc: victim@example.org\r\n\r\nbody",
    "=?utf-8?q?encoded?= <script>alert(1)</script> 🧑‍🔬",
    "A" * 3000,
    ".",
)


def home(folder: Path, to: str, port: int) -> Path:
    """A folder with a config and papers, ready for `digest run`."""
    folder.mkdir()
    papers = (
        {
            "title": title,
            "id": f"2503.{n:05d}",
            "abstract": f"We study {title} and find it {n} times better.",
            "authors": ["Ines Carvalho", "Erdős Pál"],
        }
        for n, title in enumerate(TITLES, start=1)
    )
    (folder / "papers.jsonl").write_text("".join(json.dumps(paper) + "\n" for paper in papers))
    (folder / "config.yaml").write_text(CONFIG.format(to=to, port=port))
    return folder / "config.yaml"


def check(body: bytes, address: str) -> EmailMessage:
    """The message as the standard library reads it, when it keeps every rule."""
    assert lint(body) == ()
    read = message_from_bytes(body, policy=policy.default)
    assert isinstance(read, EmailMessage)
    assert read["To"] == address and read["Bcc"] is None and read["Subject"].startswith("Papéis — 今日の論文: ")
    text = read.get_body(("plain",))
    html = read.get_body(("html",))
    assert text is not None and html is not None
    for words in ("研究 of α-stable études at 98 %", "تعلم اللغة من الأخطاء المرتبة", "Erdős Pál", "..dots", "\n.\n"):
        assert words in text.get_content().replace("\r\n", "\n")
        assert words.strip() in html.get_content()
    assert "victim@example.org" in text.get_content() and "<script>" not in html.get_content()
    return read


def test_a_run_reaches_a_real_server(tmp_path: Path, digest: Callable[..., Any]) -> None:
    with Server() as box:
        came = digest("run", "--config", home(tmp_path / "one", "a@example.org", box.port), "--now", NOW, "--json")
    assert came.code == 0, came.err
    assert came.json["issues"][0]["deliveries"] == {"sent": 1, "failed": 0, "pending": 0, "in_doubt": 0}
    ((address, body),) = box.received
    assert address == "a@example.org"
    check(body, "a@example.org")


def test_a_test_mail_is_sent_and_right(tmp_path: Path, digest: Callable[..., Any]) -> None:
    with Server() as box:
        config = home(tmp_path / "one", "a@example.org", box.port)
        assert digest("collect", "--config", config, "--now", NOW).code == 0
        came = digest("send", "--to", "b@example.org", "--config", config, "--now", NOW)
        assert came.code == 0 and "not as it should be" not in came.err, came.err
        assert digest("send", "--to", "b@example.org", "--config", config, "--now", NOW).code == 0
        box.rcpt = lambda _: "550 no such reader"
        refused = digest("send", "--to", "b@example.org", "--config", config, "--now", NOW)
    assert refused.code == 1 and "550" in refused.err
    assert [address for address, _ in box.received] == ["b@example.org"] * 2
    check(box.received[0][1], "b@example.org")
    listed = digest("deliveries", "--config", config, "--json")
    assert listed.json == [], "a test mail is not recorded"


def test_the_doctor_judges_the_mail(tmp_path: Path, digest: Callable[..., Any]) -> None:
    with Server() as box:
        config = home(tmp_path / "one", "a@example.org", box.port)
        digest("run", "--config", config, "--now", NOW)
    told = digest("doctor", "--config", config, "--now", NOW, "--json").json["findings"]
    assert [row["state"] for row in told if row["name"] == "message"] == ["ok"]
    own = tmp_path / "one" / "mine"
    own.mkdir()
    (own / "mail.html.j2").write_text('<html><body><img src="https://example.org/p.gif">{{ v.title }}</body></html>')
    came = digest("doctor", "--config", config, "--set", f"templates={own}", "--now", NOW, "--json")
    told = [row["words"] for row in came.json["findings"] if row["name"] == "message" and row["state"] == "problem"]
    assert came.code == 1 and any("loaded from elsewhere" in words for words in told), told
    sent = digest("send", "--to", "b@example.org", "--config", config, "--set", f"templates={own}", "--now", NOW)
    assert "loaded from elsewhere" in sent.err


HOSTILE = """
title: "Papers \u202e{{ 7 * 7 }} <script>alert(1)</script>\\r\\nBcc: victim@example.org"
url: https://papers.example.org
contact: editor@example.org
network: {allow_hosts: [127.0.0.1]}
sources: [{name: "<img src=x onerror=alert(1)>\\n", kind: file, path: papers.jsonl}]
topics: [{name: "\\"><b onclick=1>{% raw %} \u200b]]>", words: [study]}]
newsletters: [{name: daily, title: "</title></style><script>1</script>\\nBcc: x@y.org {{ x }}", language: he,
               schedule: "0 7 * * *"}]
mail: {from: "A <digest@example.org>", to: [a@example.org], smtp: "smtp://127.0.0.1:PORT", address: "<i>\\r\\nX: y"}
"""


def test_a_hostile_config_is_only_text(tmp_path: Path, digest: Callable[..., Any]) -> None:
    with Server() as box:
        config = home(tmp_path / "one", "a@example.org", box.port)
        config.write_text(HOSTILE.replace("PORT", str(box.port)), encoding="utf-8")
        came = digest("run", "--config", config, "--now", NOW, "--json")
    assert came.code == 0, came.err
    ((_, body),) = box.received
    assert lint(body) == ()
    read = message_from_bytes(body, policy=policy.default)
    assert read["Bcc"] is None and read["X"] is None and "{{ x }}" in read["Subject"]
    pages = [path.read_text(encoding="utf-8") for path in (tmp_path / "one/public").rglob("*.html")]
    pages.append(read.get_body(("html",)).get_content())  # type: ignore[attr-defined]
    assert len(pages) > 4  # index, issue, pages of the paper and the site, and the mail
    for page in pages:
        tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
        assert (tree.get("lang"), tree.get("dir")) == ("he", "rtl")
        tags = {element.tag for element in tree.iter() if isinstance(element.tag, str)}
        for own in [each for each in tree.iter("script") if each.get("src") and not each.text]:
            tags.discard(own.tag)  # the search's own file
        assert not tags & {"script", "img", "b", "i"}, tags & {"script", "img", "b", "i"}
        assert not [e for e in tree.iter() if e.get("onclick")]
        assert "\u202e" not in page and "\u200b" not in page
    assert any("49" not in page and "{{ 7 * 7 }}" in page for page in pages)


def test_what_postfix_delivers_is_what_was_sent(tmp_path: Path, digest: Callable[..., Any]) -> None:
    if why := missing():
        pytest.skip(why)
    to = "ines@example.org, tomasz@example.org, nobody.there@example.org"
    with Server() as box:
        came = digest("run", "--config", home(tmp_path / "one", to, box.port), "--now", NOW, "--json")
        assert came.json["issues"][0]["deliveries"]["sent"] == 3, came.err
        expected = dict(box.received)
    with Postfix("ines", "tomasz") as server:
        came = digest("run", "--config", home(tmp_path / "two", to, server.port), "--now", NOW, "--json")
        delivered = {user: server.mails(user, 1) for user in ("ines", "tomasz")}
    assert came.json["issues"][0]["deliveries"] == {"sent": 2, "failed": 1, "pending": 0, "in_doubt": 0}, came.err
    for user, mails in delivered.items():
        address = f"{user}@example.org"
        assert [as_sent(mail) for mail in mails] == [expected[address]]
        check(as_sent(mails[0]), address)
        assert mails[0].startswith(b"Return-Path: <digest@example.org>\n")
