"""The keys of channels, approval, inbox and proposals: what they come to, and a clear word for every mistake."""

from datetime import time, timedelta
from pathlib import Path

import pytest

from digest.config import Plan, load
from digest.config.channels import deadlines
from digest.errors import ConfigError
from digest.model import Approval


def plan(folder: Path, text: str, **environ: str) -> Plan:
    (folder / "config.yaml").write_text(text)
    return load(folder / "config.yaml", environ=environ)


def letter(keys: str) -> str:
    return f"newsletters:\n  - {{name: daily, timezone: Europe/Berlin, {keys}}}\n"


def test_what_the_keys_come_to(tmp_path: Path) -> None:
    keys = 'approval: required, approve_by: "09:05", unless_approved: send, channels: [{kind: eml, path: out/eml}]'
    found = plan(tmp_path, "contact: ed@example.org\ninbox: {path: M, soft_days: 7}\nproposals: {}\n" + letter(keys))
    (newsletter,) = found.newsletters
    assert newsletter.approval == Approval(editor="ed@example.org", by=time(9, 5), otherwise="send")
    (channel,) = newsletter.channels
    assert (channel.name, channel.address, channel.path) == ("eml", "channel:eml", str(tmp_path / "out/eml"))
    assert list(deadlines(found.newsletters)) == [("daily", "5 9 * * *", "Europe/Berlin")]
    assert found.inbox is not None and found.proposals is not None
    assert (found.inbox.path, found.inbox.accept, found.inbox.soft_days) == (tmp_path / "M", "named", timedelta(days=7))
    bare = plan(tmp_path, letter("limit: 5"))
    assert bare.newsletters[0].approval is None and bare.newsletters[0].channels == ()
    assert bare.inbox is None and bare.proposals is None


def test_signed_return_paths_make_only_signed_word_count(tmp_path: Path) -> None:
    mail = "mail: {from: d@example.org, bounces: back@example.org}\n"
    assert plan(tmp_path, mail + "inbox: {path: M}\n").inbox.accept == "signed"  # type: ignore[union-attr]
    assert plan(tmp_path, mail + "inbox: {path: M, accept: named}\n").inbox.accept == "named"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (letter("channels: [{kind: pigeon}]"), "channels.0.kind"),
        (letter("channels: [{kind: webhook}]"), "needs `url`"),
        (letter("channels: [{kind: webhook, url: env:UNSET}]"), "needs `url`"),
        (letter("channels: [{kind: webhook, url: 'ftp://x'}]"), "http:// or https://"),
        (letter("channels: [{kind: webhook, url: 'https://x', secret: short}]"), "at least 16"),
        (letter("channels: [{kind: maildir, path: M, url: 'https://x'}]"), "has no key `url`"),
        (letter("channels: [{kind: listmonk, url: 'https://x', user: a, token: b}]"), "needs `lists`"),
        (letter("channels: [{kind: eml, path: a}, {kind: eml, path: b}]"), "two channels are called `eml`"),
        (letter("channels: [{kind: eml, path: a, colour: red}]"), "unknown key"),
        (letter("approval: maybe"), "approval"),
        (letter("approval: required, approve_by: '9 o clock'"), 'as "09:00"'),
        (letter("approval: required, approve_by: '25:00'"), 'as "09:00"'),
        (letter("approval: required, unless_approved: send"), "needs the hour `approve_by`"),
        (letter("approval: required, editor: nobody"), "must be a mail address"),
        ("inbox: {}\n", "needs a `url`, a `path`"),
        ("inbox: {url: 'https://x'}\n", "inbox.url"),
        ("inbox: {path: M, url: 'imaps://a:b@c'}\n", "not both"),
        ("inbox: {path: M, soft_limit: 0}\n", "soft_limit"),
        ("proposals: {per_day: 0}\n", "per_day"),
        ("mail: {from: d@example.org, bounces: 'a+b@example.org'}\n", "plain address"),
        ("serve: {}\nnewsletters: [{name: desk}]\n", "is the address of a page"),
    ],
)
def test_mistakes_are_told_with_their_place(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError) as told:
        plan(tmp_path, text)
    assert words in str(told.value) and "config.yaml, line" in str(told.value)


@pytest.mark.parametrize(
    "text",
    [
        letter("channels: [{kind: webhook, url: 'hidden word'}]"),
        letter("channels: [{kind: webhook, url: 'https://x', secret: 'hidden'}]"),
        letter("channels: [{kind: keila, url: 'https://x', token: 'hidden token'}]"),
        "inbox: {url: 'imaps://a:hidden @host'}\n",
        "inbox: {path: M, secret: hidden}\n",
    ],
)
def test_no_mistake_tells_a_secret(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError) as told:
        plan(tmp_path, text)
    assert "hidden" not in str(told.value)
