"""The linter passes our mail as it goes over the wire, and finds each fault that is planted."""

from collections.abc import Callable

import factory
import pytest

from digest.deliver import message
from digest.model import Mail
from digest.operations.lint import lint
from digest.operations.markup_lint import contrast
from digest.render import Templates, mail

TEMPLATES = Templates()


def wire(made: Mail, **changes: str) -> bytes:
    given = {"unsubscribe_url": "https://papers.example.org/u/abc"} | changes
    sender = "Papers today <digest@example.org>"
    return message.build(made, sender, "m@example.org", "<a1@example.org>", factory.NOW, "daily.example.org", **given)


@pytest.fixture(scope="module")
def ours() -> bytes:
    return wire(mail(factory.issue(), factory.MASTHEAD, TEMPLATES))


@pytest.mark.parametrize("issue", [factory.issue(), factory.hostile(), factory.issue(0), factory.issue(150)])
def test_our_mail_has_no_fault(issue: object) -> None:
    assert lint(wire(mail(issue, factory.MASTHEAD, TEMPLATES))) == ()  # type: ignore[arg-type]


Change = Callable[[bytes], bytes]


def swap(old: bytes, new: bytes) -> Change:
    return lambda eml: eml.replace(old, new, 1)


def drop(name: bytes) -> Change:
    return lambda eml: b"\r\n".join(line for line in eml.split(b"\r\n") if not line.startswith(name + b":"))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda eml: eml.replace(b"\r\n", b"\n"), "CRLF"),
        (swap(b"Subject:", b"Subject: " + b"x" * 1000), "998"),
        (swap(b"Subject:", "Subject: é".encode()), "ASCII"),
        (drop(b"Date"), "Date is there 0 times"),
        (swap(b"MIME-Version: 1.0\r\n", b"MIME-Version: 1.0\r\nTo: x@example.org\r\n"), "To is there 2 times"),
        (swap(b"\r\nMIME", b"\r\nnot a header\r\nMIME"), "not a header line"),
        (swap(b"<a1@example.org>", b"a1"), "Message-ID is malformed"),
        (swap(b"List-Id: <daily.example.org>", b"List-Id: daily"), "List-Id holds no"),
        (drop(b"List-Unsubscribe-Post"), "RFC 8058"),
        (swap(b"<https://papers.example.org/u/abc>", b"<ftp:x>"), "no usable address"),
        (swap(b"Auto-Submitted: auto-generated", b"Auto-Submitted: no"), "Auto-Submitted is no"),
        (swap(b"multipart/alternative", b"multipart/mixed"), "not multipart/alternative"),
        (swap(b"Date: Thu, 05 Jun 2025 05:00:00 +0000", b"Date: yesterday"), "Date cannot be read"),
    ],
)
def test_a_fault_on_the_wire_is_found(ours: bytes, change: Change, told: str) -> None:
    assert any(told in line for line in lint(change(ours))), lint(change(ours))


@pytest.mark.parametrize(
    ("markup", "told"),
    [
        ('<a href="/relative" style="color:#000000">x</a>', "not absolute"),
        ('<img src="https://example.org/pixel.gif" alt="">', "loaded from elsewhere"),
        ('<img src="cid:a">', "alt"),
        ("<script>1</script>", "<script>"),
        ('<p style="color:#999999">pale</p>', "contrast 2.8"),
        ('<p style="color:#ffffff;background-color:#fff">none</p>', "contrast 1.0"),
        ('<p style="color:#15181b">unseen in the dark</p>', "(dark, <p>)"),
        ('<p onclick="x">a</p>', "runs or loads"),
        ('<p style="background:url(https://example.org/x)">a</p>', "runs or loads"),
        ('<table role="img"><tr><td></td></tr></table>', "aria-label"),
        ("<p>" + "x" * 60_000 + "</p>", "more than 102400"),
    ],
)
def test_a_fault_in_the_html_is_found(markup: str, told: str) -> None:
    made = mail(factory.issue(), factory.MASTHEAD, TEMPLATES)
    broken = Mail(subject="s", html=made.html.replace("</h1>", "</h1>" + markup, 1), text=made.text)
    assert any(told in line for line in lint(wire(broken))), lint(wire(broken))


def test_an_empty_text_part_and_no_language() -> None:
    told = " ".join(lint(wire(Mail(subject="s", html="<p>x</p>", text=" "))))
    assert "text part is empty" in told and "lang" in told and "dark" in told


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#1f5fbf", "#1f5fbf") == 1


def test_garbage_is_judged_not_raised() -> None:
    for garbage in (b"", b"\x00\xff", b"From: \r\n\r\n", b"From: <<<>>\r\nTo: ;;\r\nDate: ?\r\n\r\nx"):
        assert lint(garbage)
