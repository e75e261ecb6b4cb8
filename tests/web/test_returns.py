"""What comes back, by the whole program: who is suppressed, who leaves, whose word counts; nothing counts twice."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dovecot
import mailserver
import postfix
import pytest
from channelserver import Receiver
from web_serving import NOW, World, world

from digest.config import load
from digest.deliver.channels import signature
from digest.mailing import paths
from digest.model import Reader
from digest.store import Store

RETURNED = Path(__file__).parents[1] / "readers" / "returned"
SECRET = "the-secret-of-the-webhook"
CONFIG = """
url: https://papers.example.org/sub
contact: editor@example.org
network: {allow_hosts: [127.0.0.1]}
sources: [{name: papers, kind: file, path: papers.jsonl}]
newsletters: [{name: daily, limit: 3}]
mail: {from: "Papers <digest@papers.example.org>", to: [], smtp: "smtp://127.0.0.1:9", MAIL}
serve: {port: 0}
proposals: {}
inbox: {INBOX}
"""
GONE, ANN = "gone@example.net", "ann@example.org"


def config(mail: str = "", inbox: str = "path: M", port: int = 9) -> str:
    return CONFIG.replace(", MAIL", f", {mail}" if mail else "").replace("INBOX", inbox).replace(":9", f":{port}")


class Place:
    """A folder with a config, readers and a Maildir, and the program in it."""

    def __init__(self, home: Path, digest: Callable[..., Any], text: str, *readers: str) -> None:
        self.home, self._digest, self._number = home, digest, 0
        (home / "config.yaml").write_text(text)
        (home / "papers.jsonl").write_text("".join(f'{{"title": "Tidal study {n}"}}\n' for n in range(9)))
        self("readers", "add", *(readers or (GONE, ANN)))

    def __call__(self, *arguments: object) -> Any:
        return self._digest(*arguments, "--config", self.home / "config.yaml")

    @property
    def store(self) -> Store:
        plan = load(self.home / "config.yaml", environ={})
        return Store.open(plan.database, plan.home)

    def put(self, body: bytes) -> None:
        """A message as a server would put it into the Maildir."""
        self._number += 1
        (self.home / "M" / "new").mkdir(parents=True, exist_ok=True)
        (self.home / "M" / "new" / f"{self._number:04}.x").write_bytes(body)

    def read(self, now: str = "2026-03-02T08:00") -> dict[str, int]:
        """One reading; how many of each kind."""
        came = self("inbox", "--json", "--now", now)
        assert came.code == 0, came.err
        return dict(came.json["kinds"])

    def state(self, address: str = GONE) -> str:
        with self.store as store:
            reader = store.readers.get(address)
            return reader.state if reader else "none"


@pytest.fixture
def place(tmp_path: Path, digest: Callable[..., Any]) -> Callable[..., Place]:
    return lambda text="", *readers: Place(tmp_path, digest, text or config(), *readers)


def returned(name: str) -> bytes:
    return (RETURNED / f"{name}.eml").read_bytes()


def test_a_hard_bounce_ends_it_at_once_and_for_good(place: Callable[..., Place]) -> None:
    here = place()
    here.put(returned("hard-postfix-unknown-user"))
    assert here.read() == {"hard": 1} and here.state() == "bounced" and here.state(ANN) == "active"
    (here.home / "list.csv").write_text(f"email\n{GONE.upper()}\n{ANN}\nnew@example.org\n")
    outcome = here("readers", "import", here.home / "list.csv", "--active", "--json").json
    assert outcome["added"] == 1 and here.state() == "bounced"
    assert here("readers", "remove", GONE).code == 0
    outcome = here("readers", "import", here.home / "list.csv", "--active", "--json").json
    assert outcome["suppressed"] == 1 and here.state() == "none"
    with here.store as store:
        assert GONE not in store.readers.addresses("daily") and store.readers.suppressed([GONE]) == {GONE}


def test_what_was_about_to_be_sent_is_not(tmp_path: Path, digest: Callable[..., Any]) -> None:
    with mailserver.Server() as server:
        here = Place(tmp_path, digest, config(port=server.port))
        server.rcpt = lambda address: "451 later" if address == GONE else None
        here("run", "--now", "2026-03-02T07:30")
        here.put(returned("hard-google-no-such-account"))
        server.rcpt = lambda _address: None
        line = here("run", "--now", "2026-03-02T08:30", "--json").json["issues"][0]
        assert [address for address, _ in server.received] == [ANN]
        assert line["deliveries"] == {"sent": 1, "failed": 1, "pending": 0, "in_doubt": 0}
        here("run", "--now", "2026-03-03T07:30")
        assert [address for address, _ in server.received] == [ANN, ANN]


def test_who_is_removed_leaves_no_trace_of_what_came_back(place: Callable[..., Place]) -> None:
    here = place()
    for name in ("hard-postfix-unknown-user", "soft-exchange-quota", "other-a-question", "complaint-yahoo"):
        here.put(returned(name))
    here.read()
    here("readers", "remove", GONE)
    kept = b"".join(path.read_bytes() for path in here.home.glob("digest.db*"))
    assert b"gone@example" not in kept and here.state(ANN) == "active"


def test_complaints_end_it_too(place: Callable[..., Place]) -> None:
    here = place()
    here.put(returned("complaint-yahoo"))
    assert here.read() == {"complaint": 1} and here.state() == "complained"
    shown = here("readers", "show", GONE, "--json").json
    assert any(act["act"] == "complained" for act in shown["audit"])


def test_soft_bounces_end_it_after_their_limit(place: Callable[..., Place]) -> None:
    here = place(config(inbox="path: M, soft_limit: 3, soft_days: 10"))
    body = returned("soft-postfix-mailbox-full")

    def again(number: int) -> bytes:
        return body.replace(b"Message-ID: <report-", b"Message-ID: <report-%d-" % number)

    for number in range(4):  # four on one day are one
        here.put(again(number))
    assert here.read("2026-03-02T08:00") == {"soft": 4} and here.state() == "active"
    here.put(again(10))
    assert here.read("2026-03-03T08:00") == {"soft": 1} and here.state() == "active"
    here.put(again(11))
    assert here.read("2026-03-20T08:00") == {"soft": 1} and here.state() == "active"  # the first are too long ago
    here.put(again(12))
    here.read("2026-03-21T08:00")
    here.put(again(13))
    assert here.read("2026-03-22T08:00") == {"soft": 1} and here.state() == "bounced"


def test_what_the_relay_refuses_day_after_day_ends_it(tmp_path: Path, digest: Callable[..., Any]) -> None:
    with mailserver.Server() as server:
        here = Place(tmp_path, digest, config(inbox="path: M, soft_limit: 2", port=server.port))
        server.rcpt = lambda address: "550 5.1.1 no such user" if address == GONE else None
        for hour in ("07:30", "09:00", "12:00"):
            here("run", "--now", f"2026-03-02T{hour}")
        assert here.state() == "active"  # one day's
        here("run", "--now", "2026-03-03T07:30")
        assert here.state() == "bounced" and here.state(ANN) == "active"
        line = here("run", "--now", "2026-03-04T07:30", "--json").json["issues"][0]
        assert line["deliveries"] == {"sent": 1, "failed": 0, "pending": 0, "in_doubt": 0}


def test_a_repeat_counts_once(place: Callable[..., Place]) -> None:
    here = place(config(inbox="path: M, soft_limit: 2"))
    body = returned("soft-exchange-quota")
    here.put(body)
    assert here.read("2026-03-02T08:00") == {"soft": 1}
    for day in (3, 4, 5):
        here.put(body)
        assert here.read(f"2026-03-0{day}T08:00") == {"repeat": 1}
    assert here.state() == "active"


def test_every_message_in_the_collection_is_taken(place: Callable[..., Place]) -> None:
    """All of them in one box: nothing breaks, each is marked, the address is out, nobody else is."""
    here = place()
    for path in sorted(RETURNED.glob("*.eml")):
        here.put(path.read_bytes())
    kinds = here.read()
    assert sum(kinds.values()) == len(list(RETURNED.glob("*.eml"))) and kinds["hard"] > 20
    assert here.state() in ("bounced", "complained", "unsubscribed") and here.state(ANN) == "active"
    assert not list((here.home / "M" / "new").iterdir())


def test_leaving_by_mail_from_ones_own_address(place: Callable[..., Place]) -> None:
    here = place()
    here.put(returned("other-a-question"))
    here.put(returned("automatic-vacation"))
    here.put(b"From: Nobody <nobody@example.org>\nSubject: unsubscribe\nMessage-ID: <1@x>\n\n")
    here.put(f"From: {ANN}\nReply-To: {GONE}\nSubject: hello\nMessage-ID: <2@x>\n\nunsubscribe {GONE}\n".encode())
    here.read()
    assert (here.state(), here.state(ANN)) == ("active", "unsubscribed")  # of the sender alone
    here.put(returned("leave-first-word-of-answer"))
    assert here.read() == {"leave": 1} and here.state() == "unsubscribed"
    flags = {path.name.partition(":2,")[2] for path in (here.home / "M" / "cur").iterdir()}
    assert flags == {"S", "FS"}  # the question, and nobody's wish, are flagged for a person


def test_mail_to_addresses_without_a_table_leave_as_well(tmp_path: Path, digest: Callable[..., Any]) -> None:
    with mailserver.Server() as server:
        text = config(port=server.port).replace("to: []", f"to: [{GONE}]")
        here = Place(tmp_path, digest, text, ANN)
        here.put(returned("leave-subject"))
        here("run", "--now", "2026-03-02T07:30")
        assert [address for address, _ in server.received] == [ANN]


def test_a_paper_proposed_by_mail(place: Callable[..., Place]) -> None:
    page = b'<meta name="citation_title" content="Of mailed tides"><meta name="citation_author" content="A. B.">'
    with Receiver(answer=lambda _request: (200, page), content_type="text/html") as pages:
        here = place()
        mail = (
            f"From: Ada <ada@example.org>\nSubject: Propose a paper\nMessage-ID: <p@x>\n\n{pages.url}/p1\nIt is good.\n"
        )
        here.put(mail.encode())
        here.put(b"From: a@example.org\nSubject: Propose: nothing in particular\nMessage-ID: <q@x>\n\nreally\n")
        assert here.read() == {"proposal": 2}
        here.put(mail.encode())
        assert here.read() == {"repeat": 1}
    with here.store as store:
        (found,) = store.proposals.list("queued")
    assert (found.title, found.way, found.credit) == ("Of mailed tides", "mail", "") and "It is good." in found.note
    assert "ada@example.org" not in str(found)


# ---- whose word counts ----------------------------------------------------------------------------------------------


def verp_bounce(here: Place, address: str, name: str = "hard-postfix-unknown-user") -> bytes:
    plan = load(here.home / "config.yaml", environ={})
    path = paths(plan).make("bounces@papers.example.org", address)
    return returned(name).replace(b"To: digest@papers.example.org", f"To: {path}".encode(), 1)


def test_with_signed_paths_a_forged_report_does_nothing(place: Callable[..., Place]) -> None:
    here = place(config(mail="bounces: bounces@papers.example.org"))
    here.put(returned("hard-postfix-unknown-user"))  # anybody could have written it
    here.put(returned("complaint-arf-full"))
    assert here.read() == {"unproven": 2} and here.state() == "active"
    forged = verp_bounce(here, GONE, "hard-sendmail-user-unknown")
    here.put(forged.replace(b"+", b"+0", 1))
    assert here.read() == {"unproven": 1} and here.state() == "active"
    here.put(verp_bounce(here, ANN, "hard-domino-not-listed"))  # names one reader, was sent to another
    assert here.read() == {"hard": 1} and (here.state(), here.state(ANN)) == ("active", "bounced")


def test_a_complaint_without_an_address_is_known_by_the_link_in_it(place: Callable[..., Place]) -> None:
    from digest.mailing import signer

    here = place(config(mail="bounces: bounces@papers.example.org"))
    plan = load(here.home / "config.yaml", environ={})
    with here.store as store:
        reader = store.readers.get(ANN)
        assert reader is not None
        token = signer(plan).make("unsubscribe", reader.uid)
    body = returned("complaint-redacted").replace(b"/unsubscribe/u>", f"/unsubscribe/{token}>".encode())
    here.put(body)
    assert here.read() == {"complaint": 1} and (here.state(), here.state(ANN)) == ("active", "complained")


def test_a_redacted_complaint_is_known_by_the_message_it_returns(tmp_path: Path, digest: Callable[..., Any]) -> None:
    with mailserver.Server() as server:
        here = Place(tmp_path, digest, config(port=server.port))
        here("run", "--now", "2026-03-02T07:30")
        (identity,) = [ident for address, body in server.received if address == ANN for ident in _ids(body)]
        body = returned("complaint-redacted").replace(
            b"0a1b2c3d4e5f60718293a4b5c6d7e8f901234567@papers.example.org", identity
        )
        here.put(body.replace(GONE.encode(), b"redacted@example.net"))
        assert here.read() == {"complaint": 1} and here.state(ANN) == "complained"


def _ids(body: bytes) -> Iterator[bytes]:
    yield from (line[13:-1] for line in body.splitlines() if line.startswith(b"Message-ID: <"))


def test_who_asks_to_join_again_is_let_in(tmp_path: Path) -> None:
    with world(tmp_path, config(inbox=f"secret: {SECRET}")) as site:
        site.store.readers.add([Reader(address=GONE, consent="said so")], NOW)
        site.store.returns.suppress(GONE, "bounced", "550 no such user", NOW)
        site.ask("/sub/subscribe", {"address": GONE, "newsletter": "daily"})
        for _ in range(100):
            if site.sent:
                break
            time.sleep(0.02)
        ((_, letter),) = site.sent
        link = letter.get_body(("plain",)).get_content().split("https://papers.example.org")[1].split()[0]  # type: ignore[union-attr]
        assert site.store.readers.suppressed([GONE])  # asking alone proves nothing
        assert site.ask(link, {}).status == 200
        assert not site.store.readers.suppressed([GONE]) and site.store.readers.get(GONE).state == "active"  # type: ignore[union-attr]


# ---- the webhook ----------------------------------------------------------------------------------------------------


@pytest.fixture
def site(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, config(mail="bounces: bounces@papers.example.org", inbox=f"secret: {SECRET}")) as made:
        made.store.readers.add([Reader(address=each, consent="said so") for each in (GONE, ANN)], NOW)
        yield made


def post(site: World, body: bytes, kind: str = "application/json", secret: str = SECRET, at: datetime = NOW) -> Any:
    stamp = str(int(at.timestamp()))
    headers = {"X_Digest_Timestamp": stamp, "X_Digest_Signature": signature.sign(secret, stamp, body)}
    return site.ask("/sub/bounces", body, content_type=kind, **headers)


def event(kind: str, address: str = GONE, number: int = 1) -> dict[str, str]:
    return {"id": f"e{number}", "kind": kind, "address": address, "words": "550 no such user"}


def test_the_webhook_takes_what_is_signed_and_counts_a_replay_once(site: World) -> None:
    body = json.dumps({"events": [event("soft"), event("hard", ANN, 2), event("hard", "who@example.org", 3)]}).encode()
    assert json.loads(post(site, body).text)["kinds"] == {"soft": 1, "hard": 1, "unproven": 1}
    for _ in range(5):
        assert json.loads(post(site, body).text)["kinds"] == {"repeat": 3}
    assert len(site.store.returns.list()) == 3
    assert site.store.readers.get(ANN).state == "bounced" and site.store.readers.get(GONE).state == "active"  # type: ignore[union-attr]
    raw = returned("hard-amazon-ses-recipient-rejected")
    assert json.loads(post(site, raw, "message/rfc822").text)["kinds"] == {"hard": 1}  # its sender vouches for it
    assert json.loads(post(site, raw, "message/rfc822").text)["kinds"] == {"repeat": 1}
    assert site.store.readers.get(GONE).state == "bounced"  # type: ignore[union-attr]


def test_the_webhook_takes_nothing_else(site: World) -> None:
    body = json.dumps({"events": [event("hard")]}).encode()
    assert site.ask("/sub/bounces").status in (404, 405)
    assert site.ask("/sub/bounces", body, content_type="application/json").status == 401
    assert post(site, body, secret="another-secret-of-some-length").status == 401
    assert post(site, body, at=NOW - timedelta(minutes=6)).status == 401  # a replay from yesterday's log
    assert post(site, body + b" " * 2_000_001).status == 413
    for bad in (
        b"{}",
        b"[]",
        b'{"events": [1]}',
        b'{"events": [{"id": 1}]}',
        b"\xff",
        b'{"events": [{"id":"a","kind":"x","address":"b"}]}',
    ):
        assert post(site, bad).status == 422
    assert site.store.returns.list() == () and site.store.readers.get(GONE).state == "active"  # type: ignore[union-attr]


def test_no_webhook_without_its_secret(tmp_path: Path) -> None:
    with world(tmp_path, config()) as made:
        assert post(made, b"{}").status in (404, 405)


# ---- real servers ---------------------------------------------------------------------------------------------------


def test_an_inbox_that_cannot_be_read_holds_nothing_up(tmp_path: Path, digest: Callable[..., Any]) -> None:
    with mailserver.Server() as server:
        text = config(inbox='url: "imaps://a:hidden@127.0.0.1:1"', port=server.port)
        here = Place(tmp_path, digest, text)
        came = here("run", "--now", "2026-03-02T07:30")
        assert came.code == 0 and len(server.received) == 2
        assert "cannot be read" in came.err and "hidden" not in came.err + came.out
        assert here("inbox").code == 1


@pytest.mark.skipif(bool(dovecot.missing()), reason=dovecot.missing() or "there")
@pytest.mark.parametrize("protocol", ["imaps", "pop3"])
def test_a_run_reads_a_real_imap_or_pop3_inbox(tmp_path: Path, digest: Callable[..., Any], protocol: str) -> None:
    with dovecot.Dovecot() as server, mailserver.Server() as relay:
        here = Place(tmp_path, digest, config(inbox=f'url: "{server.url(protocol)}"', port=relay.port))
        server.put("1.x", returned("hard-exim-remote-refusal"))
        server.put("2.x", returned("other-a-question"))
        here("run", "--now", "2026-03-02T07:30")
        assert here.state() == "bounced" and [address for address, _ in relay.received] == [ANN]


@pytest.mark.skipif(bool(postfix.missing()), reason=postfix.missing() or "there")
def test_a_real_postfix_returns_mail_for_an_unknown_user(tmp_path: Path, digest: Callable[..., Any]) -> None:
    more = "smtpd_reject_unlisted_recipient = no\nrecipient_delimiter = +\n"
    with postfix.Postfix("ann", "bounces", more=more) as server:
        box = server.root / "boxes" / "bounces"
        text = config(mail="bounces: bounces@example.org", inbox=f"path: {box}", port=server.port)
        here = Place(tmp_path, digest, text, ANN, "nobody.here@example.org")
        line = here("run", "--now", "2026-03-02T07:30", "--json").json["issues"][0]
        assert line["deliveries"]["sent"] == 2  # it takes both, and finds out later
        (bounce,) = server.mails("bounces", 1)
        assert b"User unknown" in bounce.replace(b"\n    ", b" ") or b"unknown user" in bounce
        assert here.read("2026-03-02T08:00") == {"hard": 1}
        assert (here.state("nobody.here@example.org"), here.state(ANN)) == ("bounced", "active")
        shown = here("readers", "show", "nobody.here@example.org", "--json").json
        assert "5.1.1" in str(shown["audit"])
        (mail,) = server.mails("ann", 1)
        assert b"Return-Path: <bounces+" in mail


def test_time_of_the_signature_is_in_the_future_of_nobody() -> None:
    at = datetime(2026, 3, 2, 8, tzinfo=UTC)
    stamp = str(int((at + timedelta(minutes=6)).timestamp()))
    assert not signature.good(SECRET, stamp, b"x", signature.sign(SECRET, stamp, b"x"), at)
    for odd in ("", "-1", "1e9", "9" * 40, "\u0661\u0662"):
        assert not signature.good(SECRET, odd, b"x", signature.sign(SECRET, odd, b"x"), at)
