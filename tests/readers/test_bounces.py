"""Messages that came back, in the formats of many servers: each file of ``returned`` says by its name what it is."""

import random
from pathlib import Path

import pytest

from digest.readers import verp
from digest.readers.bounces import read
from digest.readers.severity import severity

FOLDER = Path(__file__).parent / "returned"
MESSAGES = sorted(FOLDER.glob("*.eml"))
GONE = "gone@example.net"


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.stem)
def test_each_is_what_its_name_says(path: Path) -> None:
    found = read(path.read_bytes())
    wanted = path.stem.partition("-")[0]
    assert found.kind == wanted
    if wanted in ("hard", "soft", "delayed", "complaint"):
        assert found.addresses[:1] == (GONE,)
    elif wanted in ("leave", "proposal") and not found.addresses:
        assert found.sender == GONE


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.stem)
def test_line_ends_do_not_matter(path: Path) -> None:
    plain = path.read_bytes()
    crlf = plain.replace(b"\n", b"\r\n")
    assert (read(crlf).kind, read(crlf).addresses) == (read(plain).kind, read(plain).addresses)


def test_there_are_enough_and_of_every_kind() -> None:
    kinds = [path.stem.partition("-")[0] for path in MESSAGES]
    assert sum(kind in ("hard", "soft", "delayed", "complaint") for kind in kinds) >= 45
    assert {kind: kinds.count(kind) >= 3 for kind in set(kinds) - {"proposal"}} == dict.fromkeys(
        set(kinds) - {"proposal"}, True
    )


def test_a_repeat_has_the_same_identity_and_no_other_has() -> None:
    bodies = [path.read_bytes() for path in MESSAGES]
    assert len({read(body).identity for body in bodies}) == len(bodies)
    again = bodies[0].replace(b"\n", b"\r\n")
    assert read(again).identity == read(bodies[0]).identity
    nameless = b"From: a@example.org\n\nhello"
    assert read(nameless).identity == read(nameless).identity != read(nameless + b"!").identity


def test_what_it_returns_is_named() -> None:
    (original,) = set(read((FOLDER / "hard-postfix-unknown-user.eml").read_bytes()).original)
    assert original == "<0a1b2c3d4e5f60718293a4b5c6d7e8f901234567@papers.example.org>"
    assert read((FOLDER / "hard-postfix-null-mx.eml").read_bytes()).original == (original,)  # its headers alone


@pytest.mark.parametrize(
    ("status", "action", "words", "wanted"),
    [
        ("5.1.1", "failed", "", "hard"),
        ("5.0.0", "failed", "550 no such user", "hard"),
        ("5.0.0", "failed", "", "hard"),
        ("", "", "550 5.7.1 user unknown", "hard"),
        ("5.7.1", "failed", "550 5.7.1 message rejected by spam policy", "soft"),
        ("5.2.2", "failed", "mailbox full", "soft"),
        ("5.1.1", "failed", "552 over quota", "soft"),
        ("5.5.0", "failed", "554 transaction failed: content filter", "soft"),
        ("4.1.1", "failed", "450 user unknown (greylisted?)", "soft"),
        ("5.0.0", "failed", "421 try later", "soft"),
        ("4.4.1", "delayed", "", "delayed"),
        ("2.1.5", "delivered", "", "none"),
        ("5.4.4", "failed", "host not found", "hard"),
        ("nonsense", "failed", "", "hard"),
    ],
)
def test_severity(status: str, action: str, words: str, wanted: str) -> None:
    assert severity(status, action, words) == wanted


def test_hostile_mail_is_only_read() -> None:
    """Mutilated, recombined, deeply nested, enormous: an answer each time, and soon."""
    chance = random.Random(7)
    bodies = [path.read_bytes() for path in MESSAGES]
    for _ in range(400):
        body = bytearray(chance.choice(bodies))
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(body) + 1)
            body[at : at + chance.choice((0, 1, 40))] = chance.choice(
                (
                    bytes(chance.randrange(256) for _ in range(9)),
                    b"\r\n\r\n",
                    b"=?utf-\xff?q?=zz?=",
                    b'; charset="\xff"',
                    b"\0",
                )
            )
        read(bytes(body))
    nested = b"".join(
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b%d"\n\n--b%d\n' % (n, n)
        for n in range(3000)
    )
    assert read(nested).kind == "other"
    assert read(b"Subject: " + b"=?utf-8?b?" * 50_000).kind == "other"
    assert read(b"").kind == "other"


def test_return_paths() -> None:
    paths, others = verp.Paths([b"k" * 32]), verp.Paths([b"o" * 32])
    path = paths.make("bounces@papers.example.org", "Ann@Example.org")
    local, _, domain = path.partition("@")
    assert domain == "papers.example.org" and local.startswith("bounces+") and len(local) <= 64
    assert list(paths.found(b"To: " + path.encode())) == [verp.mark("ann@example.org")]
    assert list(paths.found(path.upper().encode())) == [verp.mark("ann@example.org")]  # some servers shout
    half = len(path) // 2
    quoted = f"Return-Path: <{path[:half]}=\r\n{path[half:]}>".encode()  # cut in two by quoted-printable
    assert list(paths.found(quoted)) == [verp.mark("ann@example.org")]
    assert list(others.found(path.encode())) == []
    assert list(verp.Paths([b"o" * 32, b"k" * 32]).found(path.encode())) == [verp.mark("ann@example.org")]
    forged = path.replace(verp.mark("ann@example.org"), verp.mark("bob@example.org"))
    assert list(paths.found(forged.encode())) == []
