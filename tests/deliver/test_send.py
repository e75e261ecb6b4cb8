"""Sending, through the real store, to a real server that refuses, stalls and drops."""

import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import mailserver
import pytest

from digest.deliver import Outcome, Unsendable, message, outbox, send
from digest.deliver.smtp import Relay
from digest.errors import ConfigError
from digest.model import Counts, Delivery, Issue, Mail
from digest.store import Store

NOW = datetime(2025, 3, 11, 8, tzinfo=UTC)
ISSUE = Issue(
    newsletter="daily",
    title="Papers",
    day=date(2025, 3, 11),
    made_at=NOW,
    window_start=NOW,
    language="en",
    top=(),
    sections=(),
    candidates=0,
    coverage=(),
)
MAIL = Mail(subject="Papers", html="<p>hello</p>\n.\n", text="hello")
FORM = message.Form(MAIL, "d@example.org", NOW, "x.example.org")


def build(delivery: Delivery) -> bytes:
    return FORM.message(delivery.address, delivery.message_id)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open("sqlite:///digest.db", tmp_path) as opened:
        addresses = [f"r{number}@example.org" for number in range(5)]
        recipients = [(each, message.message_id(ISSUE.id, each, "example.org")) for each in addresses]
        opened.issues.save(ISSUE, recipients=recipients)
        yield opened


@pytest.fixture
def server() -> Iterator[mailserver.Server]:
    with mailserver.Server() as running:
        yield running


def sent(store: Store, relay: Relay | mailserver.Server, now: datetime = NOW, **options: Any) -> Counts:
    if isinstance(relay, mailserver.Server):
        relay = Relay.from_url(f"smtp://127.0.0.1:{relay.port}", ["127.0.0.1"])
    with store.deliveries.outbox(ISSUE.id) as box:
        return send(box, relay, options.pop("build", build), now, sender="d@example.org", **options)


def test_every_reader_gets_one_over_one_connection(store: Store, server: mailserver.Server) -> None:
    settled: list[Delivery] = []
    assert sent(store, server, on_sent=settled.append) == Counts(sent=5)
    assert sent(store, server) == Counts(sent=5)
    assert len(server.ids) == 5 and set(server.ids.values()) == {1} and server.connections == 1
    assert [(each.state, each.attempts) for each in settled] == [("sent", 1)] * 5
    address, body = server.received[0]
    delivery = Delivery(issue=ISSUE.id, address=address, message_id=settled[0].message_id)
    assert body.rstrip(b"\r\n") == build(delivery).rstrip(b"\r\n")  # dots at line starts among them


def test_a_temporary_refusal_is_tried_again_within_the_hour(store: Store, server: mailserver.Server) -> None:
    server.rcpt = lambda address: "451 4.7.1 greylisted" if address.startswith("r1@") else None
    assert sent(store, server) == Counts(sent=4, failed=1)
    (failed,) = [each for each in store.deliveries.list(ISSUE.id) if each.state == "failed"]
    assert failed.error == "451 4.7.1 greylisted" and failed.retry_at is not None
    assert NOW < failed.retry_at <= NOW + timedelta(hours=1)
    server.rcpt = lambda _: None
    assert sent(store, server) == Counts(sent=4, failed=1)  # not due yet, by the given time
    assert sent(store, server, NOW + timedelta(hours=1)) == Counts(sent=5)
    assert set(server.ids.values()) == {1}


def test_a_permanent_refusal_is_final(store: Store, server: mailserver.Server) -> None:
    server.rcpt = lambda address: "550 5.1.1 no such user" if address.startswith("r1@") else None
    server.data = lambda address: "554 5.7.1 smells of spam" if address.startswith("r2@") else None
    assert sent(store, server) == Counts(sent=3, failed=2)
    failed = [each for each in store.deliveries.list(ISSUE.id) if each.state == "failed"]
    assert [each.retry_at for each in failed] == [None, None]
    assert "5.1.1" in str(failed[0].error) and "5.7.1" in str(failed[1].error)
    assert sent(store, server, NOW + timedelta(days=9)) == Counts(sent=3, failed=2)


def test_a_temporary_refusal_after_the_message_is_no_doubt(store: Store, server: mailserver.Server) -> None:
    server.data = lambda _: "452 4.3.1 mailbox full"
    assert sent(store, server) == Counts(failed=5)
    server.data = lambda _: None
    assert sent(store, server, NOW + timedelta(hours=1)) == Counts(sent=5)


@pytest.mark.parametrize("kept", [True, False])
def test_a_connection_lost_in_the_message_leaves_it_in_doubt(
    kept: bool, store: Store, server: mailserver.Server
) -> None:
    server.keep_before_drop = kept
    server.data = lambda address: "DROP" if address.startswith("r2@") else None
    assert sent(store, server) == Counts(sent=4, in_doubt=1)
    server.data = lambda _: None
    assert sent(store, server, NOW + timedelta(days=1)) == Counts(sent=4, in_doubt=1)  # never by itself
    assert store.deliveries.retry(ISSUE.id) == 1
    assert sent(store, server) == Counts(sent=5)
    assert sorted(server.ids.values()) == [1, 1, 1, 1, 1 + kept]


def test_a_kept_connection_that_was_closed_is_opened_again(store: Store, server: mailserver.Server) -> None:
    asked: list[str] = []

    def dropped_once(address: str) -> str | None:
        asked.append(address)
        return "DROP" if len(asked) == 3 else None

    server.rcpt = dropped_once
    assert sent(store, server) == Counts(sent=5)
    assert server.connections == 2 and set(server.ids.values()) == {1}


def test_a_recipient_that_upsets_the_server_holds_up_nobody_else(store: Store, server: mailserver.Server) -> None:
    server.rcpt = lambda address: "DROP" if address.startswith("r0@") else None
    assert sent(store, server) == Counts(sent=4, failed=1)
    assert [each.retry_at is not None for each in store.deliveries.list(ISSUE.id, ["failed"])] == [True]


def test_a_server_that_always_breaks_off_is_down(store: Store, server: mailserver.Server) -> None:
    server.rcpt = lambda _: "DROP"
    assert sent(store, server) == Counts(failed=5) and server.connections == 3


def test_a_server_that_has_had_enough_is_asked_anew(store: Store, server: mailserver.Server) -> None:
    taken: list[str] = []

    def two_a_connection(address: str) -> str | None:
        taken.append(address)
        return "421 4.7.0 enough for one connection" if len(taken) % 3 == 0 else None

    server.mail = two_a_connection
    assert sent(store, server) == Counts(sent=5) and set(server.ids.values()) == {1} and server.connections > 1


def test_a_server_that_is_down_fails_all_for_now(store: Store) -> None:
    with mailserver.Server() as gone:
        relay = Relay.from_url(f"smtp://127.0.0.1:{gone.port}", ["127.0.0.1"])
    assert sent(store, relay) == Counts(failed=5)
    assert all(each.retry_at and "refused" in str(each.error) for each in store.deliveries.list(ISSUE.id))


def test_a_refused_sender_is_nobodys_bounce(store: Store, server: mailserver.Server) -> None:
    server.mail = lambda _: "550 sender not allowed"
    assert sent(store, server) == Counts(failed=5)
    assert all(each.retry_at for each in store.deliveries.list(ISSUE.id)) and server.connections == 1


def test_a_reader_without_a_message_fails_alone(store: Store, server: mailserver.Server) -> None:
    def picky(delivery: Delivery) -> bytes:
        if delivery.address.startswith("r3@"):
            raise Unsendable("not an address")
        return build(delivery)

    assert sent(store, server, build=picky) == Counts(sent=4, failed=1)


def test_an_interrupted_sender_leaves_the_rest_free(store: Store, server: mailserver.Server) -> None:
    def interrupted(delivery: Delivery) -> None:
        if delivery.address.startswith("r1@"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sent(store, server, on_sent=interrupted)
    assert store.deliveries.counts(ISSUE.id) == Counts(sent=2, pending=3)
    assert sent(store, server) == Counts(sent=5) and set(server.ids.values()) == {1}


def test_a_sender_stopped_within_a_message_drops_the_connection(store: Store, server: mailserver.Server) -> None:
    relay = Relay.from_url(f"smtp://127.0.0.1:{server.port}", ["127.0.0.1"])
    relay.timeout_s = 5.0

    def stopped() -> None:
        raise KeyboardInterrupt

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt), relay:
        relay.send("d@example.org", "r0@example.org", build(store.deliveries.list()[0]), stopped)
    assert time.monotonic() - begun < 4.0  # a QUIT would have been taken for text, and waited for in vain
    assert server.received == []


def test_senders_at_once_send_each_message_once(tmp_path: Path, server: mailserver.Server) -> None:
    with Store.open("sqlite:///digest.db", tmp_path) as store:
        store.issues.save(ISSUE, recipients=[(f"r{n}@example.org", f"<{n}@example.org>") for n in range(300)])
        senders = [threading.Thread(target=sent, args=(store, server)) for _ in range(3)]
        for each in senders:
            each.start()
        for each in senders:
            each.join(60)
        assert store.deliveries.counts(ISSUE.id) == Counts(sent=300)
    assert len(server.ids) == 300 and set(server.ids.values()) == {1}


def test_waits_double_up_to_an_hour() -> None:
    assert [outbox.wait(n) for n in (1, 2, 3, 4, 5, 50)] == [timedelta(minutes=m) for m in (5, 10, 20, 40, 60, 60)]
    delivery = Delivery(issue="a", address="b", message_id="c", attempts=outbox.MOST_ATTEMPTS - 1)
    assert outbox.after(delivery, outbox.Outcome(kind="again", words="451"), NOW).retry_at is None


# ---- TLS and secrets ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        [
            *["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost"],
            *("-keyout", key, "-out", cert, "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
        ],
        check=True,
        capture_output=True,
    )
    return key, cert


def _context(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate[1], certificate[0])
    return context


def _authenticated(_server: object, _session: object, _envelope: object, _way: str, data: Any) -> Any:
    from aiosmtpd.smtp import AuthResult

    return AuthResult(success=(data.login, data.password) == (b"user", b"s3cret/word"), handled=False)


def _with_tls(certificate: tuple[Path, Path], **options: Any) -> mailserver.Server:
    return mailserver.Server(
        tls_context=_context(certificate), authenticator=_authenticated, auth_require_tls=True, **options
    )


def test_login_and_mail_go_over_verified_starttls(store: Store, certificate: tuple[Path, Path]) -> None:
    with _with_tls(certificate, require_starttls=True, auth_required=True) as server:
        relay = Relay.from_url(f"smtp://user:s3cret%2Fword@127.0.0.1:{server.port}", ["127.0.0.1"])
        assert sent(store, relay) == Counts(failed=5)  # nobody we trust signed it
        assert not server.received and "certificate" in str(store.deliveries.list()[0].error).casefold()
        relay.context = ssl.create_default_context(cafile=str(certificate[1]))
        assert sent(store, relay, NOW + timedelta(hours=1)) == Counts(sent=5)


def test_a_wrong_password_is_told_but_never_shown(store: Store, certificate: tuple[Path, Path]) -> None:
    with _with_tls(certificate) as server:
        relay = Relay.from_url(f"smtp://user:wr0ng@127.0.0.1:{server.port}", ["127.0.0.1"])
        relay.context = ssl.create_default_context(cafile=str(certificate[1]))
        assert sent(store, relay) == Counts(failed=5)
        assert "535" in str(store.deliveries.list()[0].error)
    assert "wr0ng" not in repr(relay) + str(store.deliveries.list())


def test_plain_text_is_for_allowed_hosts_without_login_alone(store: Store, server: mailserver.Server) -> None:
    for url, hosts in ((f"smtp://127.0.0.1:{server.port}", []), (f"smtp://u:p@127.0.0.1:{server.port}", ["127.0.0.1"])):
        assert sent(store, Relay.from_url(url, hosts)).sent == 0
        store.deliveries.retry(ISSUE.id)
    assert server.received == []
    assert sent(store, server) == Counts(sent=5)


def test_an_allowed_host_is_encrypted_to_where_it_can(store: Store, certificate: tuple[Path, Path]) -> None:
    with _with_tls(certificate, require_starttls=True) as server:
        assert sent(store, server) == Counts(sent=5)


@pytest.mark.parametrize(
    "url", ["http://s3cret@x", "smtp://", "s3cret", "smtp://u:s3cret@host:99999", "smtp://[s3cret"]
)
def test_a_wrong_url_is_told_without_its_password(url: str) -> None:
    with pytest.raises(ConfigError, match=r"mail\.smtp") as caught:
        Relay.from_url(url)
    assert "s3cret" not in str(caught.value)


def test_urls_say_port_and_tls() -> None:
    assert (Relay.from_url("smtps://h").port, Relay.from_url("smtps://h").tls) == (465, True)
    assert (Relay.from_url("smtp://h:25").port, Relay.from_url("smtp://h").port) == (25, 587)
    relay = Relay.from_url("smtp://u%40x:p%3Aw@h")
    assert (relay.user, relay.password) == ("u@x", "p:w") and "p:w" not in repr(relay)


def test_the_patience_of_the_config_says_how_often_is_tried() -> None:
    """5, 10, 20, 40 and then 60 minutes between attempts; an outage is waited for as long as asked."""
    minutes = {0: 1, 4: 1, 5: 2, 15: 3, 35: 4, 75: 5, 135: 6}
    assert {each: outbox.attempts_within(timedelta(minutes=each)) for each in minutes} == minutes
    at = datetime(2026, 3, 2, tzinfo=UTC)
    fresh = Delivery(issue="daily/2026-03-02", address="a@example.org", message_id="<x@example.org>")
    first = outbox.after(fresh, Outcome(kind="again", words="busy"), at, most=2)
    assert first.state == "failed" and first.retry_at == at + timedelta(minutes=5)
    assert outbox.after(first, Outcome(kind="again", words="busy"), at, most=2).retry_at is None
