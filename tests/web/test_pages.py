"""The pages of readers over HTTP: what each changes and what it never does."""

import re
import time
from collections.abc import Iterator
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from web_serving import BASE, CONFIG, NOW, Answer, World, issue, plain, world

from digest.mailing import signer
from digest.model import Reader

ANN = "ann@example.org"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


def title(answer: Answer) -> str:
    return re.findall("<h1>(.*?)</h1>", answer.text)[0]


def letters(site: World, count: int) -> list[tuple[str, EmailMessage]]:
    """What was sent, once it is so many: letters follow the answer."""
    for _ in range(200):
        if len(site.sent) >= count:
            break
        time.sleep(0.02)
    assert len(site.sent) == count
    return site.sent


def way(message: EmailMessage, page: str) -> str:
    """The path of a reader's own page in a mail, as the server sees it behind a proxy that strips nothing."""
    found = set(re.findall(rf"{re.escape(BASE)}(/{page}/[^\s\">]+)", plain(message) + plain(message, "html")))
    assert len(found) == 1
    return "/sub" + found.pop()


def joined(site: World, address: str = ANN, **more: object) -> Reader:
    site.store.readers.add([Reader(address=address, consent="said so", **more)], NOW)  # type: ignore[arg-type]
    reader = site.store.readers.get(address)
    assert reader is not None
    return reader


def token(site: World, purpose: str, reader: Reader) -> str:
    return signer(site.plan).make(purpose, reader.uid)  # type: ignore[arg-type]


def test_from_subscribing_to_leaving(site: World) -> None:
    site.store.issues.save(issue())
    assert title(site.ask("/subscribe", {"address": ANN, "newsletter": "daily"})) == "Look at your mail"
    ((address, asked),) = letters(site, 1)
    reader = site.store.readers.get(ANN)
    assert address == ANN and reader is not None and (reader.state, reader.newsletters) == ("pending", ("daily",))

    confirm = way(asked, "confirm")
    assert title(site.ask(confirm)) == "Confirm" and site.store.readers.get(ANN) == reader
    assert title(site.ask(confirm, {})) == "You are subscribed"
    welcome = letters(site, 2)[1][1]
    assert "Welcome: you are subscribed" in plain(welcome).replace("\n", " ") and "Of tide 1" in plain(welcome)
    site.ask(confirm, {})
    time.sleep(0.2)
    letters(site, 2)  # welcomed once

    preferences = way(welcome, "preferences")
    assert "a…@example.org" in site.ask(preferences).text and ANN not in site.ask(preferences).text
    saved = site.ask(preferences, {"newsletter": ["daily", "weekly"], "density": "headlines", "until": "2026-03-09"})
    assert "Saved." in saved.text and "paused until 9 March 2026" in saved.text
    reader = site.store.readers.get(ANN)
    assert reader is not None and (reader.state, reader.paused_until) == ("paused", date(2026, 3, 9))
    assert (reader.newsletters, reader.density) == (("daily", "weekly"), "headlines")
    assert site.store.readers.addresses("weekly", date(2026, 3, 8)) == ()
    assert site.store.readers.addresses("weekly", date(2026, 3, 9)) == (ANN,)

    leave = way(welcome, "unsubscribe")
    assert f"<{BASE}{leave.removeprefix('/sub')}>" in str(welcome["List-Unsubscribe"])
    assert title(site.ask(leave)) == "Unsubscribe" and "Get less of it" in site.ask(leave).text
    assert title(site.ask(leave, b"List-Unsubscribe=One-Click")) == "You are unsubscribed"
    reader = site.store.readers.get(ANN)
    assert reader is not None and reader.state == "unsubscribed"
    acts = [(act, words) for _, _, act, words in site.store.readers.audit(ANN)]
    assert [act for act, _ in acts] == ["added as pending", "confirmed", "changed", "unsubscribed"]
    assert all("from 127.0.0.1" in words for _, words in acts)


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"])
def test_one_click_needs_nothing_but_the_address(site: World, kind: str) -> None:
    reader = joined(site)
    path = f"/unsubscribe/{token(site, 'unsubscribe', reader)}"
    answer = site.ask(path, b"List-Unsubscribe=One-Click", content_type=kind, sec_fetch_site="cross-site")
    assert answer.status == 200
    found = site.store.readers.get(ANN)
    assert found is not None and found.state == "unsubscribed"


def test_leaving_stops_what_was_about_to_be_sent(site: World) -> None:
    reader = joined(site)
    saved = site.store.issues.save(issue(), recipients=[(ANN, "<1@x>"), ("bob@example.org", "<2@x>")])
    site.ask(f"/unsubscribe/{token(site, 'unsubscribe', reader)}", {})
    assert [(each.address, each.state) for each in site.store.deliveries.list(saved.id)] == [
        (ANN, "failed"),
        ("bob@example.org", "pending"),
    ]


def test_who_left_may_come_back_by_asking(site: World) -> None:
    reader = joined(site)
    path = f"/unsubscribe/{token(site, 'unsubscribe', reader)}"
    gone = site.ask(path, {})
    back = re.findall(r'action="\.\./(confirm/[^"]+)"', gone.text)[0]
    site.ask(f"/{back}", {})
    found = site.store.readers.get(ANN)
    assert found is not None and found.state == "active"
    site.store.readers.remove(ANN, NOW)
    assert title(site.ask(path, {})) == "You are unsubscribed"  # as to anybody: nothing tells that nobody is there
    site.ask("/subscribe", {"address": ANN, "newsletter": "daily"})
    letters(site, 2)
    found = site.store.readers.get(ANN)
    assert found is not None and found.state == "pending"


def test_the_answer_tells_nobody_who_is_a_reader(site: World) -> None:
    joined(site)
    joined(site, "gone@example.org", state="unsubscribed")
    joined(site, "waits@example.org", state="pending")
    addresses = [ANN, "gone@example.org", "waits@example.org", "nobody@example.org"]
    answers = [site.ask("/subscribe", {"address": each, "newsletter": "daily"}) for each in addresses]
    assert len({(each.status, each.text) for each in answers}) == 1
    sent = dict(letters(site, 4))
    assert "subscribed already" in plain(sent[ANN]).replace("\n", " ") and way(sent[ANN], "preferences")
    assert all(way(sent[each], "confirm") for each in addresses[1:])
    reader = site.store.readers.get(ANN)
    assert reader is not None and reader.newsletters == ()  # a stranger's form changes nothing of a reader


def test_limits_by_address_and_by_client_and_a_trap(site: World) -> None:
    form = {"address": ANN, "newsletter": "daily"}
    trapped = site.ask("/subscribe", {**form, "website": "https://spam.example"})
    first = site.ask("/subscribe", form, x_forwarded_for="192.0.2.1")
    assert trapped.text == first.text
    for number in range(2, 8):
        assert site.ask("/subscribe", form, x_forwarded_for=f"192.0.2.{number}").text == first.text
    letters(site, 3)  # of eight: the trapped one and those over the address's limit were not written
    for number in range(19):
        site.ask("/subscribe", {"address": f"r{number}@example.org"}, x_forwarded_for="192.0.2.1")
    refused = site.ask("/subscribe", form, x_forwarded_for="192.0.2.1")
    assert (refused.status, refused.headers["retry-after"]) == (429, "3600")
    assert site.ask("/subscribe", form, x_forwarded_for="192.0.2.77").status == 200
    site.now += timedelta(hours=1, seconds=1)
    assert site.ask("/subscribe", form, x_forwarded_for="192.0.2.1").status == 200


def test_a_token_is_for_one_purpose_one_reader_and_its_time(site: World) -> None:
    reader = joined(site)
    for made, asked in (("unsubscribe", "preferences"), ("preferences", "unsubscribe"), ("preferences", "confirm")):
        assert site.ask(f"/{asked}/{token(site, made, reader)}", {}).status == 404
    good = token(site, "unsubscribe", reader)
    for spoilt in (good[:-1], good.replace(reader.uid, "0" * 16), "x", "%00", "%C3%A9", good + "%2f", "", "a" * 3000):
        assert site.ask(f"/unsubscribe/{spoilt}", {}).status in (404, 405)
    late = signer(site.plan).make("confirm", reader.uid, NOW - timedelta(seconds=1))
    assert site.ask(f"/confirm/{late}", {}).status == 404
    found = site.store.readers.get(ANN)
    assert found == reader
    assert (site.plan.home / "signing.key").stat().st_mode & 0o777 == 0o600


def test_bad_forms_change_nothing_and_say_why(site: World) -> None:
    bad = site.ask("/subscribe", {"address": 'no<script>"x', "newsletter": "daily"})
    assert bad.status == 422 and "no mail address" in bad.text and "<script" not in bad.text
    assert (
        site.ask("/subscribe", {"address": "a@example.org\r\nBcc: b@example.org", "newsletter": "daily"}).status == 422
    )
    assert "at least one" in site.ask("/subscribe", {"address": ANN, "newsletter": "no such"}).text
    reader = joined(site)
    path = f"/preferences/{token(site, 'preferences', reader)}"
    for form in (
        {"newsletter": []},
        {"newsletter": "daily", "density": "all"},
        {"newsletter": "daily", "until": "soon"},
    ):
        assert site.ask(path, form).status == 422
    assert site.store.readers.get(ANN) == reader
    assert site.sent == []


def test_forms_of_other_sites_long_ones_and_other_kinds_are_refused(site: World) -> None:
    reader, form = joined(site), {"address": ANN, "newsletter": "daily", "density": ""}
    path = f"/preferences/{token(site, 'preferences', reader)}"
    for page in ("/subscribe", path):
        assert site.ask(page, form, sec_fetch_site="cross-site").status == 403
        assert site.ask(page, form, sec_fetch_site="same-site").status == 403
        assert site.ask(page, form, origin="https://evil.example").status == 403
        assert site.ask(page, {**form, "more": "x" * 20_000}).status == 413
        assert site.ask(page, form, content_type="application/json").status == 415
    assert site.ask("/subscribe", form, origin="https://papers.example.org").status == 200
    assert site.ask("/subscribe", form, origin="null", sec_fetch_site="same-origin").status == 200
    assert site.store.readers.get(ANN) == reader


def test_every_answer_is_guarded(site: World) -> None:
    site.plan.output.mkdir()
    (site.plan.output / "index.html").write_text("<p>hello</p>")
    reader = joined(site)
    paths = ["/", "/subscribe", "/none", "/unsubscribe/x"]
    paths += [f"/{purpose}/{token(site, purpose, reader)}" for purpose in ("confirm", "preferences", "unsubscribe")]
    for path in paths:
        got, head = site.ask(path), site.ask(path, method="HEAD")
        assert (head.status, head.text) == (got.status, "") and "server" not in got.headers
        assert head.headers["content-length"] == got.headers["content-length"]
        policy = got.headers["content-security-policy"]
        assert (
            policy.startswith("default-src 'none'; ") and "script" not in policy and "frame-ancestors 'none'" in policy
        )
        assert got.headers["x-content-type-options"] == "nosniff" and got.headers["referrer-policy"] == "no-referrer"
        assert "<script" not in got.text and not re.search(r"\son\w+=", got.text)
        if path != "/":
            assert "unsafe" not in policy and got.headers["cache-control"] == "no-store"
        assert site.ask(path, method="DELETE").status == 405
    assert site.store.readers.get(ANN) == reader


def test_the_folder_is_served_and_nothing_beside_it(site: World) -> None:
    assert site.ask("/kept/").status == 404
    out = site.plan.output
    (out / "kept").mkdir(parents=True)
    for name in ("note.html", "kept/index.html", "kept/feed.xml", "kept/.index.html.1.part", ".env"):
        (out / name).write_text(f"<p>{name}</p>")
    for prefix in ("", "/sub"):
        assert site.ask(f"{prefix}/note.html").text == "<p>note.html</p>"
        for folder in ("kept", "daily"):  # one in the folder, one made live
            moved = site.ask(f"{prefix}/{folder}")
            assert (moved.status, moved.headers["location"]) == (308, f"./{folder}/")
        assert site.ask(f"{prefix}/kept/feed.xml").headers["content-type"] == "application/rss+xml"
    found = site.ask("/kept/")
    assert found.status == 200
    assert site.ask("/kept/", if_none_match=found.headers["etag"]).status == 304
    assert site.ask("/kept/", {}).status == 405
    hidden = ("/.env", "/kept/.index.html.1.part", "/../config.yaml", "/..%2fconfig.yaml", "/%2e%2e/signing.key")
    for path in (*hidden, "//etc/passwd", "/kept%00", "/x" * 600):
        assert site.ask(path).status == 404, path
    assert site.ask("//kept").headers.get("location", "./").startswith("./")


def test_a_sub_path_is_the_same_stripped_or_not(site: World) -> None:
    assert site.ask("/sub/subscribe").text == site.ask("/subscribe").text
    assert "http" not in re.sub(r"<(meta|link)[^>]*>", "", site.ask("/subscribe").text)  # links are relative


def test_one_newsletter_needs_no_choice(tmp_path: Path) -> None:
    with world(tmp_path, CONFIG.replace(", {name: weekly, title: The week}", "")) as site:
        assert "checkbox" not in site.ask("/subscribe").text
        site.ask("/subscribe", {"address": ANN})
        letters(site, 1)
        reader = site.store.readers.get(ANN)
        assert reader is not None and reader.newsletters == ("daily",)
