"""Messages, with the standard library's parser as the oracle."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.deliver import Unsendable, message
from digest.errors import ConfigError
from digest.model import Mail

NOW = datetime(2025, 3, 11, 8, tzinfo=UTC)
MAIL = Mail(
    subject="Papers today: ünïcode — 25 papers",
    html="<p>" + "Schrödinger’s long line without any break " * 40 + "</p>\n.\n<p>end</p>",
    text="Plain — text\n.\nFrom here on\n-- \nfoot \n",
)


def built(mail: Mail = MAIL, recipient: str = "reader@example.org", **options: str) -> bytes:
    sender = options.pop("sender", "Papers, today <digest@example.org>")
    identity = message.message_id("daily/2025-03-11", recipient, "example.org")
    return message.build(mail, sender, recipient, identity, NOW, "daily.example.org", **options)


def parsed(body: bytes) -> EmailMessage:
    found = message_from_bytes(body, policy=default)
    assert isinstance(found, EmailMessage) and not list(found.defects)
    for part in found.walk():
        assert not part.defects
    return found


def content(found: EmailMessage, kind: str) -> str:
    part = found.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def legal(body: bytes) -> None:
    assert body.replace(b"\r\n", b"").find(b"\n") == -1 and b"\r" not in body.replace(b"\r\n", b"")
    assert body.isascii() and max(map(len, body.split(b"\r\n"))) <= 998
    assert max(map(len, body.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 76


def test_a_message_is_complete_and_legal() -> None:
    body = built(
        reply_to="Editor <editor@example.org>",
        feedback_id="2025-03-11:daily:digest",
        unsubscribe_url="https://papers.example.org/u/" + "t" * 150,
        unsubscribe_mail="editor@example.org?subject=unsubscribe%20daily",
    )
    legal(body)
    found = parsed(body)
    assert found["From"].addresses[0].display_name == "Papers, today"
    assert found["From"].addresses[0].addr_spec == "digest@example.org"
    assert found["Reply-To"].addresses[0].addr_spec == "editor@example.org"
    assert str(found["To"]) == "reader@example.org" and found["Subject"] == MAIL.subject
    assert parsedate_to_datetime(found["Date"]) == NOW
    assert found["List-Id"] == "<daily.example.org>" and found["Auto-Submitted"] == "auto-generated"
    assert found["Feedback-ID"] == "2025-03-11:daily:digest" and found["MIME-Version"] == "1.0"
    ways = f"<https://papers.example.org/u/{'t' * 150}>, <mailto:editor@example.org?subject=unsubscribe%20daily>"
    assert found["List-Unsubscribe"] == ways and found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [part.get_content_type() for part in found.iter_parts()] == ["text/plain", "text/html"]
    assert content(found, "plain").rstrip("\n") == MAIL.text.rstrip("\n")
    assert content(found, "html") == MAIL.html


def test_without_a_link_there_is_no_one_click() -> None:
    found = parsed(built(unsubscribe_mail="editor@example.org"))
    assert found["List-Unsubscribe"] == "<mailto:editor@example.org>" and found["List-Unsubscribe-Post"] is None
    assert parsed(built())["List-Unsubscribe"] is None


def test_the_message_id_is_of_issue_and_reader() -> None:
    one = message.message_id("daily/2025-03-11", "a@example.org", "example.org")
    assert one == message.message_id("daily/2025-03-11", "a@example.org", "example.org")
    assert one != message.message_id("daily/2025-03-12", "a@example.org", "example.org")
    assert one != message.message_id("daily/2025-03-11", "b@example.org", "example.org")
    assert one.startswith("<") and one.endswith("@example.org>") and "a@" not in one
    assert built() == built()


@pytest.mark.parametrize("subject", ["a\r\nBcc: all@example.org", "a\nb", "a\x00b", "a\u2028b", "a\x85b"])
def test_no_line_break_gets_into_a_header(subject: str) -> None:
    found = parsed(built(replace(MAIL, subject=subject)))
    assert found["Bcc"] is None and not set("\r\n\0\u2028\x85") & set(found["Subject"])
    found = parsed(built(sender=f"{subject} <digest@example.org>"))
    assert found["Bcc"] is None and found["From"].addresses[0].addr_spec == "digest@example.org"


@pytest.mark.parametrize("recipient", ["a@b.org\r\nBcc: x@y.org", "a b@c.org", "nobody", "a@b.org, c@d.org", "<a@b>"])
def test_what_is_no_address_gets_no_message(recipient: str) -> None:
    with pytest.raises(Unsendable):
        built(recipient=recipient)


@pytest.mark.parametrize("sender", ["", "Papers today", "Papers <digest>"])
def test_a_sender_needs_an_address(sender: str) -> None:
    with pytest.raises(ConfigError, match=r"mail\.from"):
        built(sender=sender)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=300))
def test_any_text_survives_encoding(text: str) -> None:
    found = parsed_body = built(Mail(subject=text, html=f"<p>{text}</p>", text=text))
    legal(parsed_body)
    assert content(parsed(found), "html") == f"<p>{text}</p>"


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r@"), max_size=120), min_size=2),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=200),
)
def test_spliced_text_is_as_if_it_had_been_there(fragments: list[str], own: str) -> None:
    mail = Mail(subject="s", html="@@own@@".join(fragments) + ".", text="@@own@@".join(reversed(fragments)) + ".")
    form = message.Form(mail, "d@example.org", NOW, "x.example.org", placeholder="@@own@@")
    body = form.message("r@example.org", "<1@example.org>", own)
    legal(body)
    assert content(parsed(body), "html") == own.join(fragments) + "."
    assert content(parsed(body), "plain") == own.join(reversed(fragments)) + "."
