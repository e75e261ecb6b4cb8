"""Each kind of channel against a server that speaks its protocol: refusals, time-outs, a crash in the middle.

Once each, through the real store's outbox.
"""

import json
import mailbox
import os
import re
import signal
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from channelserver import Campaigns, Receiver
from test_send import ISSUE, NOW

from digest import channels
from digest.config import Plan, load
from digest.deliver.channels import signature
from digest.model import Delivery, Issue, Item, Newsletter, Paper, Section, Topic
from digest.store import Store

SECRET = "a-secret-of-some-length"
DOCS = Path(__file__).resolve().parents[2] / "docs" / "channels.md"
TITLE = "Of {{ tides }} & <b>@everyone</b>, {% 3 %}"


def issue(day: date = ISSUE.day) -> Issue:
    items = tuple(
        Item(
            paper=Paper(id=f"x:{n}", keys=(f"x:{n}",), title=f"{TITLE} {n}", url=f"https://example.org/{n}"),
            score=1.0 / n, terms=(), reasons=(), tldr="It is wet.", facts=(), attention=(), sources=("one",),
            announcement="new", first_seen=NOW,
        )
        for n in range(1, 13)
    )  # fmt: skip
    topic = Topic(slug="tides", name="Tides", kind="given")
    return replace(ISSUE, day=day, title="Papers today", top=("x:1",), sections=(Section(topic=topic, items=items),))


class World:
    """A plan with one channel and a saved issue that is to go there."""

    def __init__(self, home: Path, channel: str, allow: str = "127.0.0.1") -> None:
        (home / "config.yaml").write_text(
            f"url: https://papers.example.org\nnetwork: {{allow_hosts: [{allow}], timeout_s: 1}}\n"
            f"newsletters: [{{name: daily, channels: [{channel}]}}]\n"
        )
        self.plan: Plan = load(home / "config.yaml", environ={"SECRET": SECRET})
        self.newsletter: Newsletter = self.plan.newsletters[0]
        self.store = Store.open(self.plan.database, home)
        self.issue = self.store.issues.save(
            issue(), recipients=channels.recipients(self.plan, self.newsletter, issue())
        )

    def go(self, minutes: int = 0) -> Delivery:
        """One run's part at a channel, so many minutes on; where the delivery then stands."""
        channels.deliver(self.plan, self.newsletter, self.issue, self.store, NOW + timedelta(minutes=minutes))
        (delivery,) = self.store.deliveries.channels(self.issue.id)
        return delivery

    def killed(self, after: str) -> None:
        """The same in a process that is killed when a function of this name begins."""
        child = os.fork()
        if child == 0:
            import sys

            def hook(frame: object, event: str, _: object) -> None:
                if event == "call" and frame.f_code.co_name == after:  # type: ignore[attr-defined]
                    os.kill(os.getpid(), signal.SIGKILL)

            sys.setprofile(hook)
            try:
                self.go()
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


@pytest.fixture
def services() -> Iterator[Campaigns]:
    with Campaigns() as running:
        yield running


def webhook(home: Path, receiver: Receiver, **options: str) -> World:
    return World(home, f'{{kind: webhook, url: "{receiver.url}/hook?key=hidden", secret: env:SECRET}}', **options)


def test_a_webhook_is_signed_and_gets_the_issue_once(tmp_path: Path, receiver: Receiver) -> None:
    world = webhook(tmp_path, receiver)
    assert world.go().state == "sent" and world.go(600).state == "sent"
    (got,) = receiver.requests
    assert signature.good(SECRET, got.headers["x-digest-timestamp"], got.body, got.headers["x-digest-signature"], NOW)
    told = got.json
    assert (told["type"], told["issue"], told["top"]) == ("issue.published", "daily/2025-03-11", ["x:1"])
    assert told["url"] == "https://papers.example.org/daily/2025-03-11/"
    assert [paper["id"] for section in told["sections"] for paper in section["papers"]][:2] == ["x:1", "x:2"]
    assert world.store.deliveries.counts(world.issue.id).sent == 0  # it is no mail


@pytest.mark.parametrize(
    ("answer", "state", "again"),
    [
        ((204, b""), "sent", False),
        ((201, b"{}"), "sent", False),
        ((400, b"no"), "failed", False),
        ((401, b"no"), "failed", False),
        ((429, b""), "failed", True),
        ((503, b""), "failed", True),
        (None, "in_doubt", False),
    ],
)
def test_what_a_webhook_answers_is_a_state(
    tmp_path: Path, receiver: Receiver, answer: tuple[int, bytes] | None, state: str, again: bool
) -> None:
    receiver.answer = lambda _request: answer
    world = webhook(tmp_path, receiver)
    found = world.go()
    assert (found.state, found.retry_at is not None) == (state, again)
    assert "hidden" not in str(found.error) and SECRET not in str(found.error)
    receiver.answer = lambda _request: (200, b"")
    assert world.go(4).state == state  # before its time, or never
    assert len(receiver.requests) == 1
    assert world.go(6).state == ("sent" if again else state)
    keys = {request.headers["idempotency-key"] for request in receiver.requests}
    assert len(receiver.requests) == 1 + again and len(keys) == 1


def test_a_webhook_that_does_not_answer_is_in_doubt_and_never_asked_twice(tmp_path: Path, receiver: Receiver) -> None:
    receiver.delay_s = 3
    world = webhook(tmp_path, receiver)
    assert world.go().state == "in_doubt" and world.go(600).state == "in_doubt"
    assert len(receiver.requests) == 1
    receiver.delay_s = 0
    assert world.store.deliveries.retry(world.issue.id) == 1  # a person decides
    assert world.go(601).state == "sent"
    assert len({request.headers["idempotency-key"] for request in receiver.requests}) == 1


def test_nothing_goes_where_nothing_listens_or_nobody_may_go(tmp_path: Path, receiver: Receiver) -> None:
    world = webhook(tmp_path, receiver, allow="localhost")
    found = world.go()
    assert found.state == "failed" and found.retry_at and "private address" in str(found.error)
    assert not receiver.requests
    (tmp_path / "two").mkdir()
    with Receiver() as gone:
        world = webhook(tmp_path / "two", gone)
    found = world.go()
    assert found.state == "failed" and found.retry_at is not None  # refused before a byte was sent: tried again


def test_a_redirect_is_not_followed(tmp_path: Path, receiver: Receiver) -> None:
    with Receiver() as elsewhere:
        receiver.answer, receiver.location = lambda _request: (307, b""), elsewhere.url
        assert webhook(tmp_path, receiver).go().state == "failed"
        assert not elsewhere.requests and len(receiver.requests) == 1


def test_a_webhook_killed_in_the_middle_is_in_doubt(tmp_path: Path, receiver: Receiver) -> None:
    receiver.delay_s = 0.2
    world = webhook(tmp_path, receiver)
    world.killed("after")  # the answer is there, and not yet written down
    assert world.go(600).state == "in_doubt"
    assert len(receiver.requests) == 1


def test_killed_before_anything_was_sent_it_goes_out(tmp_path: Path, receiver: Receiver) -> None:
    world = webhook(tmp_path, receiver)
    world.killed("sign")
    assert not receiver.requests
    assert world.go().state == "sent" and len(receiver.requests) == 1


def test_the_snippet_in_the_docs_verifies_what_is_sent(tmp_path: Path, receiver: Receiver) -> None:
    webhook(tmp_path, receiver).go()
    (got,) = receiver.requests
    code = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)[0]
    names: dict[str, object] = {}
    exec(compile(code, "docs/channels.md", "exec"), names)
    genuine = names["genuine"]
    assert callable(genuine)
    headers = {"X-Digest-Timestamp": got.headers["x-digest-timestamp"]}
    headers["X-Digest-Signature"] = got.headers["x-digest-signature"]
    at = NOW.timestamp()
    assert genuine(SECRET, headers, got.body, at) and not genuine(SECRET, headers, got.body + b" ", at)
    assert not genuine("another", headers, got.body, at) and not genuine(SECRET, headers, got.body, at + 3600)


# ---- chats and push services --------------------------------------------------------------------------------------


def chat(home: Path, receiver: Receiver, **options: str) -> World:
    return World(home, f'{{kind: apprise, url: "json://127.0.0.1:{receiver.port}/hook", lines: 3}}', **options)


def test_a_chat_gets_the_first_papers_and_calls_nobody(tmp_path: Path, receiver: Receiver) -> None:
    world = chat(tmp_path, receiver)
    assert world.go().state == "sent" and world.go(600).state == "sent"
    (got,) = receiver.requests
    said = got.json["message"]
    assert (
        said.count("https://example.org/") == 3 and "and 9 more: https://papers.example.org/daily/2025-03-11/" in said
    )
    title = got.json["title"]
    assert not set("@<>`") & set(said + title) and "Papers today" in title


@pytest.mark.parametrize(
    "url",
    [
        "ntfy://127.0.0.1:{port}/papers",
        "gotify://127.0.0.1:{port}/tokentoken",
        "mmost://127.0.0.1:{port}/3ccdd113474722377935511fc85d3dd4",
        "form://127.0.0.1:{port}/hook",
        "xml://127.0.0.1:{port}/hook",
        "synology://127.0.0.1:{port}/token",
    ],
)
def test_services_that_one_may_run_oneself(tmp_path: Path, receiver: Receiver, url: str) -> None:
    """ntfy, Gotify, Mattermost, Synology and plain forms: each with its own protocol, once."""
    world = World(tmp_path, f'{{kind: apprise, url: "{url.format(port=receiver.port)}"}}')
    assert world.go().state == "sent" and world.go(600).state == "sent"
    assert len(receiver.posts) == 1 and b"example.org" in receiver.posts[0].body


@pytest.mark.parametrize(
    ("status", "state", "again"), [(403, "failed", False), (429, "failed", True), (500, "failed", True)]
)
def test_what_a_chat_answers_is_a_state(
    tmp_path: Path, receiver: Receiver, status: int, state: str, again: bool
) -> None:
    receiver.answer = lambda _request: (status, b"")
    world = chat(tmp_path, receiver)
    found = world.go()
    assert (found.state, found.retry_at is not None) == (state, again) and str(status) in str(found.error)
    receiver.answer = lambda _request: (200, b"")
    assert world.go(6).state == ("sent" if again else state)


def test_a_chat_that_does_not_answer_is_in_doubt(tmp_path: Path, receiver: Receiver) -> None:
    receiver.delay_s = 6
    (tmp_path / "slow").mkdir()
    world = World(tmp_path / "slow", f'{{kind: apprise, url: "json://127.0.0.1:{receiver.port}/?rto=0.5"}}')
    assert world.go().state == "in_doubt" and world.go(600).state == "in_doubt"
    assert len(receiver.requests) == 1


def test_a_chat_killed_in_the_middle_is_in_doubt(tmp_path: Path, receiver: Receiver) -> None:
    world = chat(tmp_path, receiver)
    world.killed("after")
    assert world.go(600).state == "in_doubt" and len(receiver.requests) == 1


def test_a_chat_that_cannot_be_reached_is_tried_again(tmp_path: Path) -> None:
    with Receiver() as gone:
        world = chat(tmp_path, gone)
    found = world.go()
    assert found.state == "failed" and found.retry_at is not None


def test_a_chat_may_not_be_at_a_private_address_nor_lead_there(tmp_path: Path, receiver: Receiver) -> None:
    found = chat(tmp_path, receiver, allow="localhost").go()
    assert found.state == "failed" and "private address" in str(found.error) and not receiver.requests
    (tmp_path / "two").mkdir()
    with Receiver() as elsewhere:
        receiver.answer, receiver.location = lambda _request: (307, b""), elsewhere.url
        assert chat(tmp_path / "two", receiver).go().state == "failed"
        assert not elsewhere.requests


def test_a_url_that_apprise_does_not_know(tmp_path: Path) -> None:
    found = World(tmp_path, '{kind: apprise, url: "nosuch://hidden-token"}').go()
    assert found.state == "failed" and found.retry_at is None and "hidden" not in str(found.error)


# ---- drafts in list services --------------------------------------------------------------------------------------


def listmonk(home: Path, services: Campaigns, token: str = "token-123") -> World:
    return World(
        home, f'{{kind: listmonk, url: "{services.url}", user: api, token: {token}, lists: [4, 7], template: "2"}}'
    )


def keila(home: Path, services: Campaigns, token: str = "token-123") -> World:
    return World(home, f'{{kind: keila, url: "{services.url}", token: {token}, sender: ms_1, segment: sgm_1}}')


def test_a_draft_in_listmonk(tmp_path: Path, services: Campaigns) -> None:
    world = listmonk(tmp_path, services)
    assert world.go().state == "sent" and world.go(600).state == "sent"
    (draft,) = services.drafts
    assert (draft["lists"], draft["type"], draft["content_type"], draft["template_id"]) == (
        [4, 7],
        "regular",
        "html",
        2,
    )
    assert "status" not in draft and not any("status" in request.path for request in services.requests)  # never sent
    assert draft["body"].count("{{") == draft["body"].count("{{ UnsubscribeURL }}") > 0  # nobody else's commands
    assert "{{" not in draft["subject"] + draft["altbody"]
    assert "&lt;b&gt;" in draft["body"]


def test_a_draft_in_keila(tmp_path: Path, services: Campaigns) -> None:
    world = keila(tmp_path, services)
    assert world.go().state == "sent" and world.go(600).state == "sent"
    (draft,) = services.drafts
    assert draft["settings"] == {"type": "markdown"} and (draft["sender_id"], draft["segment_id"]) == ("ms_1", "sgm_1")
    body = draft["text_body"]
    assert body.count("{{") == 1 and "{{ unsubscribe_link }}" in body and "{%" not in body
    assert not any("actions" in request.path for request in services.requests)  # never sent


@pytest.mark.parametrize("kind", [listmonk, keila])
def test_drafts_refused_lost_and_cut_off(tmp_path: Path, services: Campaigns, kind: object) -> None:
    """Whatever happens, one draft: it is looked for before it is made."""
    assert callable(kind)
    (tmp_path / "a").mkdir()
    found = kind(tmp_path / "a", services, token="wrong").go()
    assert found.state == "failed" and found.retry_at is None and "wrong" not in str(found.error)
    world = kind(tmp_path, services)
    services.status = 503
    assert world.go().retry_at is not None
    services.status, services.lose = 0, True
    assert world.go(6).state == "failed" and len(services.drafts) == 1  # made, and the answer lost
    assert world.go(20).state == "sent" and len(services.drafts) == 1
    (tmp_path / "b").mkdir()
    world, before = kind(tmp_path / "b", services), len(services.drafts)
    world.killed("settle")  # made, and not yet written down
    assert world.go().state == "sent" and len(services.drafts) == max(1, before)


def test_a_service_that_answers_nonsense_is_asked_again(tmp_path: Path, receiver: Receiver) -> None:
    receiver.answer = lambda _request: (200, b"<html>login</html>")
    world = World(tmp_path, f'{{kind: listmonk, url: "{receiver.url}", user: api, token: t, lists: [1]}}')
    found = world.go()
    assert found.state == "failed" and found.retry_at is not None and not receiver.posts


# ---- files --------------------------------------------------------------------------------------------------------


def files_of(home: Path) -> list[bytes]:
    return [bytes(message) for message in mailbox.Maildir(home / "M", create=False)]


def test_a_maildir_gets_one_message_whatever_happens(tmp_path: Path) -> None:
    world = World(tmp_path, "{kind: maildir, path: M}")
    world.killed("after")  # written, and not yet written down
    assert len(files_of(tmp_path)) == 1
    (new,) = (tmp_path / "M" / "new").iterdir()
    new.rename(tmp_path / "M" / "cur" / f"{new.name}:2,S")  # a mail program has looked at it
    assert world.go().state == "sent"
    (body,) = files_of(tmp_path)
    assert body.startswith(b"To: ") and b"Of &#123;" not in body and list((tmp_path / "M" / "tmp").iterdir()) == []


def test_an_mbox_grows_by_one_message_an_issue(tmp_path: Path) -> None:
    world = World(tmp_path, "{kind: mbox, path: box/papers.mbox}")
    assert world.go().state == "sent"
    path = tmp_path / "box" / "papers.mbox"
    whole = path.read_bytes()
    other = issue(date(2025, 3, 12))
    world.store.issues.save(other, recipients=channels.recipients(world.plan, world.newsletter, other))
    channels.deliver(world.plan, world.newsletter, other, world.store, NOW)
    box = mailbox.mbox(path, create=False)
    assert len(box) == 2 and len({message["Message-ID"] for message in box}) == 2
    assert path.read_bytes().startswith(whole)


@pytest.mark.parametrize("kept", [0, 3, 40, 900, -1])
def test_an_mbox_cut_short_by_a_crash_is_mended(tmp_path: Path, kept: int) -> None:
    """As a crash leaves it: what was there, and the first so many bytes of the message (-1: all but the last)."""
    world = World(tmp_path, "{kind: mbox, path: papers.mbox}")
    path = tmp_path / "papers.mbox"
    earlier = b"From somebody Mon Mar 10 08:00:00 2025\nSubject: earlier\n\nFrom here on it is old.\n\n"
    path.write_bytes(earlier)
    assert world.go().state == "sent"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(earlier) + kept] if kept >= 0 else whole[:-1])
    other = World((tmp_path / "again").mkdir() or tmp_path / "again", f"{{kind: mbox, path: {path}}}")
    assert other.go().state == "sent"
    assert path.read_bytes() == whole


def test_eml_files_and_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    world = World(tmp_path, "{kind: eml, path: eml}")
    world.killed("after")
    assert world.go().state == "sent"
    (file,) = (tmp_path / "eml").iterdir()
    assert file.name == "daily-2025-03-11.eml" and b"\r\nMIME-Version: 1.0\r\n" in file.read_bytes()
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "M").write_text("a file where the folder should be")
    found = World(tmp_path / "two", "{kind: maildir, path: M}").go()
    assert found.state == "failed" and found.retry_at is not None and "cannot be written" in str(found.error)


# ---- all of them ----------------------------------------------------------------------------------------------------


def test_a_channel_that_is_configured_no_more_fails_for_good(tmp_path: Path) -> None:
    world = World(tmp_path, "{kind: eml, path: eml}")
    channels.deliver(world.plan, replace(world.newsletter, channels=()), world.issue, world.store, NOW)
    (found,) = world.store.deliveries.channels(world.issue.id)
    assert found.state == "failed" and found.retry_at is None and "configuration" in str(found.error)
    assert world.store.deliveries.unfinished(NOW) == ()


def test_mail_and_channels_do_not_claim_from_one_another(tmp_path: Path) -> None:
    world = World(tmp_path, "{kind: eml, path: eml}")
    world.store.deliveries.add(world.issue.id, [("ann@example.org", "<1@x>"), ("channel@example.org", "<2@x>")])
    with world.store.deliveries.outbox(world.issue.id) as box:
        assert {each.address for each in box.claim(9, NOW)} == {"ann@example.org", "channel@example.org"}
        assert world.store.deliveries.counts(world.issue.id).pending == 2
    assert world.go().state == "sent"


def test_secrets_are_in_no_repr(tmp_path: Path) -> None:
    out = StringIO()
    channel = '{kind: webhook, url: "http://127.0.0.1:9/hidden", secret: env:SECRET}'
    with redirect_stdout(out):
        print(World(tmp_path, channel).plan.newsletters)
    assert "hidden" not in out.getvalue() and SECRET not in out.getvalue()
    assert json.loads(channels.payload(issue(), load(tmp_path / "config.yaml", environ={"SECRET": SECRET}).masthead))
