"""Addresses, CSV files of readers, signed links."""

import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import DigestError, InputError
from digest.readers import address, table, tokens
from digest.store import Store

NOW = datetime(2025, 3, 11, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (" Ann@Example.ORG ", "Ann@example.org"),
        ("a+b@example.org", "a+b@example.org"),
        ("a@bücher.example.org", "a@xn--bcher-kva.example.org"),
    ],
)
def test_addresses_are_kept_in_one_form(text: str, kept: str) -> None:
    assert address.checked(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nobody",
        "a@",
        "@b.org",
        "a b@c.org",
        "a@b.org\r\nBcc: c@d.org",
        "Ann <a@b.org>",
        "ä@b.org",
        "a@b",
        "a@@b.org",
    ],
)
def test_what_is_no_address_is_refused_on_one_line(text: str) -> None:
    with pytest.raises(InputError) as caught:
        address.checked(text)
    assert "\n" not in str(caught.value)


def _read(text: str | bytes) -> table.Table:
    body = text.encode() if isinstance(text, str) else text
    return table.read(body, {"daily", "weekly"}, "pending", "imported")


def test_every_good_row_is_taken_and_every_bad_one_named_by_its_line() -> None:
    found = _read(
        "email,name,newsletters\r\n"
        'a@example.org,"Ann, the first",daily;weekly\r\n'
        "\r\n"
        "nobody,Bob,\r\n"
        'c@example.org,"Cy never closes,daily\r\n'
        "d@example.org,Dee,monthly\r\n"
        "A@Example.org,Again,\r\n"
        "e@example.org,Eve,daily,too,many\r\n"
        'f@example.org,"Fay ""the"" sixth"\r\n'
        "g@example.org\r\n"
    )
    assert [(each.address, each.name, each.newsletters) for each in found.readers] == [
        ("a@example.org", "Ann, the first", ("daily", "weekly")),
        ("f@example.org", 'Fay "the" sixth', ()),
        ("g@example.org", "", ()),
    ]
    assert {each.state for each in found.readers} == {"pending"}
    assert [line for line, _ in found.bad] == [4, 5, 6, 7, 8]
    words = " / ".join(reason for _, reason in found.bad)
    assert all(part in words for part in ("no mail address", "never closed", "monthly", "line 2 already", "5 cells"))


@pytest.mark.parametrize(
    "body",
    [
        "\ufeffE-Mail;Name\nann@example.org;Zoë\n".encode(),
        "Name\tEmail address\nZoë\tann@example.org\n".encode("cp1252"),
        "name,email,other\rZoë,ann@example.org,\r".encode(),
        "ann@example.org,Zoë".encode(),
    ],
)
def test_spreadsheets_write_it_their_way(body: bytes) -> None:
    (reader,) = _read(body).readers
    assert (reader.address, reader.name) == ("ann@example.org", "Zoë")


@pytest.mark.parametrize("body", ["", "\n\n", "first,second\n1,2\n"])
def test_a_file_without_addresses_is_refused(body: str) -> None:
    with pytest.raises(InputError, match="email,name,newsletters"):
        _read(body)


@given(st.binary(max_size=300))
def test_no_file_is_beyond_it(body: bytes) -> None:
    found = _read(b"email,name\n" + body)
    assert all(line >= 2 and "\n" not in reason for line, reason in found.bad)


def test_five_hundred_lines_with_sixty_bad_ones_twice(tmp_path: Path) -> None:
    bad = {number: f"bad {number}" for number in range(10, 490, 8)}
    lines = [bad.get(number, f"r{number}@example.org,Reader {number},daily") for number in range(2, 502)]
    found = _read("email,name,newsletters\n" + "\n".join(lines))
    assert [line for line, _ in found.bad] == sorted(bad) and len(found.readers) == 440
    with Store.open("sqlite:///digest.db", tmp_path) as store:
        assert store.readers.remove("r2@example.org", NOW) is False  # asked to be left alone, though never a reader
        first = store.readers.add(found.readers, NOW)
        second = store.readers.add(found.readers, NOW)
        assert sorted(first.values()) == ["added"] * 439 + ["suppressed"]
        assert sorted(second.values()) == ["known"] * 439 + ["suppressed"]
        assert len(store.readers.list("pending")) == 439 and store.readers.active("daily") == ()


def test_a_token_is_for_one_reader_and_one_purpose() -> None:
    signer = tokens.Tokens([b"k" * 32])
    token = signer.make("unsubscribe", "a1b2")
    assert signer.read("unsubscribe", token, NOW) == "a1b2"
    assert signer.read("preferences", token, NOW) is None
    assert signer.read("unsubscribe", token.replace("a1b2", "a1b3"), NOW) is None
    assert tokens.Tokens([b"x" * 32]).read("unsubscribe", token, NOW) is None
    assert tokens.Tokens([b"x" * 32, b"k" * 32]).read("unsubscribe", token, NOW) == "a1b2"


def test_a_token_may_end() -> None:
    signer = tokens.Tokens([b"k" * 32])
    token = signer.make("confirm", "a1b2", NOW)
    assert signer.read("confirm", token, NOW) == "a1b2"
    assert signer.read("confirm", token, NOW + timedelta(seconds=1)) is None
    assert signer.read("confirm", token.replace("-", "-f"), NOW) is None


@given(st.text(max_size=60))
def test_no_text_is_a_token_by_chance(text: str) -> None:
    assert tokens.Tokens([b"k" * 32]).read("confirm", text, NOW) is None


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    code = f"from pathlib import Path; from digest.readers import tokens; print(tokens.keys(Path({str(tmp_path)!r})))"
    command = [sys.executable, "-c", textwrap.dedent(code)]
    several = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert len({each.communicate()[0] for each in several}) == 1
    assert [path.name for path in tmp_path.iterdir()] == [tokens.FILE]
    assert (tmp_path / tokens.FILE).stat().st_mode & 0o777 == 0o600
    (key,) = tokens.keys(tmp_path)
    assert len(key) == 32


@pytest.mark.parametrize("text", ["", "short", "ab", "zz" * 32])
def test_a_spoilt_key_is_told(text: str, tmp_path: Path) -> None:
    (tmp_path / tokens.FILE).write_text(text)
    with pytest.raises(DigestError, match=r"signing\.key"):
        tokens.keys(tmp_path)
    assert (tmp_path / tokens.FILE).exists()
