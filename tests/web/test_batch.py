"""A thousand mails: each holds its own reader's links alone, and a robot that opens every link changes nothing."""

import http.client
import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from web_serving import BASE, CONFIG, NOW, World, issue, parsed, plain, world

from digest import mailing
from digest.deliver import Unsendable
from digest.model import Reader

READERS = 1_000
TOKEN = re.compile(rf"{re.escape(BASE)}/(unsubscribe|preferences|confirm)/([\w.-]+)")
DENSITIES = ("", "headlines", "short", "full")


def mailed(site: World) -> dict[str, bytes]:
    """The message of each of a thousand readers, of all densities, and of one address that is no reader's."""
    people = [
        Reader(address=f"r{n}@d{n % 7}.example.org", density=DENSITIES[n % 4], newsletters=("daily",) * (n % 2))  # type: ignore[arg-type]
        for n in range(READERS)
    ]
    site.store.readers.add(people, NOW)
    daily, made = site.plan.newsletter("daily"), issue()
    site.store.issues.save(made, recipients=mailing.recipients(site.plan, daily, site.store, made))
    build = mailing.builder(site.plan, daily, made, NOW, site.store)
    return {each.address: build(each) for each in site.store.deliveries.list(made.id)}


def test_no_message_holds_another_readers_token_or_address(tmp_path: Path) -> None:
    with world(tmp_path) as site:
        bodies = mailed(site)
        assert len(bodies) == READERS
        seen: set[str] = set()
        for address, body in bodies.items():
            message = parsed(body)  # by the standard library
            texts = [plain(message), plain(message, "html"), str(message["List-Unsubscribe"])]
            reader = site.store.readers.get(address)
            assert reader is not None and message["To"] == address
            tokens = {token for text in texts for token in TOKEN.findall(text)}
            assert [purpose for purpose, _ in sorted(tokens)] == ["preferences", "unsubscribe"]
            assert all(len(TOKEN.findall(text)) == 2 for text in texts[:2])
            assert {token.partition(".")[0] for _, token in tokens} == {reader.uid}
            assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
            whole = "\n".join(texts)
            assert set(re.findall(r"r\d+@d\d\.example\.org", whole)) <= {address}
            assert ("It is wet." in texts[0]) == (reader.density != "headlines")
            assert not seen & {token for _, token in tokens}
            seen |= {token for _, token in tokens}
        assert len(seen) == 2 * READERS


def test_a_robot_opens_every_link_and_nobody_is_unsubscribed(tmp_path: Path) -> None:
    with world(tmp_path, CONFIG.replace("{port: 0}", "{port: 0, per_minute: 0}")) as site:  # a robot is in no hurry
        bodies = mailed(site)
        links = {link for body in bodies.values() for link in _links(body)}
        before = site.store.readers.list()
        robot = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=30)
        opened, waiting = set[str](), sorted(link for link in links if link.startswith(BASE))
        assert len(waiting) >= 2 * READERS
        while waiting:
            link = waiting.pop()
            opened.add(link)
            for method in ("HEAD", "GET") if len(opened) % 20 == 0 else ("GET",):
                robot.request(method, urlsplit(link).path)
                answer = robot.getresponse()
                page = answer.read().decode()
                assert answer.status in (200, 404), link
            if len(opened) % 20 == 0:  # and what stands on one page in twenty, buttons too
                found = (urljoin(link, each) for each in re.findall(r'(?:href|action)="([^"]+)"', page))
                waiting += [each for each in found if each.startswith(BASE) and each not in opened]
        robot.close()
        assert site.store.readers.list() == before and len(site.store.readers.audit()) == READERS
        one = next(link for link in sorted(links) if "/unsubscribe/" in link)
        assert site.ask(urlsplit(one).path, b"List-Unsubscribe=One-Click").status == 200
        assert len(site.store.readers.list("unsubscribed")) == 1
        assert len(site.store.readers.list("active")) == READERS - 1


def test_who_is_no_reader_leaves_by_mail_and_who_left_gets_nothing(tmp_path: Path) -> None:
    with world(tmp_path) as site:
        daily, made = site.plan.newsletter("daily"), issue()
        site.store.readers.add([Reader(address="gone@example.org", state="unsubscribed")], NOW)
        build = mailing.builder(site.plan, daily, made, NOW, site.store)
        site.store.issues.save(made, recipients=[("boss@example.org", "<1@x.org>"), ("gone@example.org", "<2@x.org>")])
        boss, gone = site.store.deliveries.list(made.id)
        message = parsed(build(boss))
        assert str(message["List-Unsubscribe"]) == "<mailto:editor@example.org?subject=unsubscribe>"
        assert message["List-Unsubscribe-Post"] is None
        assert BASE + "/unsub" not in plain(message) and "mailto:editor@example.org" in plain(message)
        try:
            build(gone)
        except Unsendable as error:
            assert "left" in str(error)
        else:
            raise AssertionError("a message was made for who has left")


def _links(body: bytes) -> set[str]:
    message = parsed(body)
    found = set(re.findall(r"https?://[^\s\"<>]+", plain(message) + " " + plain(message, "html")))
    return found | set(re.findall(r"<(https?://[^>]+)>", str(message["List-Unsubscribe"])))
