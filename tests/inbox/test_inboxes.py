"""Inboxes by Maildir, and by IMAP and POP3 from a real Dovecot: each message once, what nobody understood kept."""

from collections.abc import Iterator
from pathlib import Path

import dovecot
import pytest

from digest.config.channels import Inbox
from digest.errors import ConfigError
from digest.inbox import InboxError, Letter, opened

LOCAL = ("127.0.0.1",)
needs_dovecot = pytest.mark.skipif(bool(dovecot.missing()), reason=dovecot.missing() or "there")


@pytest.fixture(scope="module")
def server() -> Iterator[dovecot.Dovecot]:
    with dovecot.Dovecot() as running:
        yield running


@pytest.fixture
def box(server: dovecot.Dovecot) -> dovecot.Dovecot:
    for folder in ("new", "cur"):
        for path in (server.box / folder).iterdir():
            path.unlink()
    return server


def read(inbox: Inbox, understood: str = "understood", allow: tuple[str, ...] = LOCAL, most: int = 100) -> list[bytes]:
    """One reading; messages that hold the word are understood."""
    bodies = []
    with opened(inbox, allow, most) as found:
        for letter in found.letters():
            bodies.append(letter.body.replace(b"\r\n", b"\n"))
            found.done(letter, understood.encode() in letter.body)
    return sorted(bodies)


BODIES = [b"Subject: one\n\nunderstood\n", b"Subject: two\n\na riddle\n", b"Subject: three\n\nunderstood as well\n"]


def test_a_maildir(tmp_path: Path) -> None:
    inbox = Inbox(path=tmp_path / "M")
    assert read(inbox) == []  # not there yet
    for name in ("new", "tmp"):
        (tmp_path / "M" / name).mkdir(parents=True)
    for number, body in enumerate(BODIES):
        (tmp_path / "M" / "new" / f"{number}.x").write_bytes(body)
    (tmp_path / "M" / "new" / ".hidden").write_bytes(b"")
    assert read(inbox, most=2) == sorted(BODIES[:2])
    assert read(inbox) == [BODIES[2]] and read(inbox) == []
    cur = {path.name for path in (tmp_path / "M" / "cur").iterdir()}
    assert cur == {"0.x:2,S", "1.x:2,FS", "2.x:2,S"}


@needs_dovecot
@pytest.mark.parametrize("protocol", ["imap", "imaps"])
def test_imap(box: dovecot.Dovecot, protocol: str) -> None:
    for number, body in enumerate(BODIES):
        box.put(f"{number}.x", body)
    inbox = Inbox(url=box.url(protocol) + "/INBOX")
    assert read(inbox) == sorted(BODIES)
    assert read(inbox) == []
    flags = {path.name.partition(":2,")[2] for path in (box.box / "cur").iterdir()}
    assert flags == {"S", "FS"} and len(list((box.box / "cur").iterdir())) == 3  # nothing is deleted


@needs_dovecot
@pytest.mark.parametrize("protocol", ["pop3", "pop3s"])
def test_pop3(box: dovecot.Dovecot, protocol: str) -> None:
    for number, body in enumerate(BODIES):
        box.put(f"{number}.x", body)
    inbox = Inbox(url=box.url(protocol))
    assert read(inbox) == sorted(BODIES)
    assert read(inbox) == [BODIES[1]]  # what nobody understood stays
    assert len([path for folder in ("new", "cur") for path in (box.box / folder).iterdir()]) == 1


@needs_dovecot
@pytest.mark.parametrize("protocol", ["imap", "pop3s"])
def test_a_reading_cut_short_loses_nothing(box: dovecot.Dovecot, protocol: str) -> None:
    for number, body in enumerate(BODIES):
        box.put(f"{number}.x", body)
    with pytest.raises(RuntimeError), opened(Inbox(url=box.url(protocol)), LOCAL, 100) as found:
        for letter in found.letters():
            assert isinstance(letter, Letter)
            raise RuntimeError("the program ended here")
    assert read(Inbox(url=box.url(protocol))) == sorted(BODIES)


@needs_dovecot
@pytest.mark.parametrize("protocol", ["imap", "imaps", "pop3", "pop3s"])
def test_a_wrong_password_is_told_without_it(box: dovecot.Dovecot, protocol: str) -> None:
    with pytest.raises(InboxError) as told:
        read(Inbox(url=box.url(protocol, "hidden-word")))
    assert "hidden-word" not in str(told.value) and "127.0.0.1" in str(told.value)


@needs_dovecot
@pytest.mark.parametrize("protocol", ["imap", "imaps", "pop3", "pop3s"])
def test_no_password_goes_to_a_server_with_a_certificate_of_nobody(box: dovecot.Dovecot, protocol: str) -> None:
    with pytest.raises(InboxError) as told:
        read(Inbox(url=box.url(protocol)), allow=())
    assert "certificate" in str(told.value).lower()
    log = (box.root / "log").read_text()
    assert log.rstrip().splitlines()[-1].count("Login:") == 0


@needs_dovecot
def test_no_such_folder(box: dovecot.Dovecot) -> None:
    with pytest.raises(InboxError, match="there is no folder"):
        read(Inbox(url=box.url("imap") + '/No "such" folder'))


def test_nobody_listens() -> None:
    with pytest.raises(InboxError, match="cannot be read"):
        read(Inbox(url="imap://a:b@127.0.0.1:9"))


@pytest.mark.parametrize("url", ["imap://host.example.org", "pop3s://:x@host", "imap://a:b@host:port"])
def test_urls_that_are_none(url: str) -> None:
    with pytest.raises(ConfigError) as told:
        read(Inbox(url=url))
    assert url not in str(told.value)
