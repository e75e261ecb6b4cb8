"""What readers do by themselves: ask to join, confirm, change what they get, leave. The web side calls it.

Answers are values; a mail that is to follow is handed back as a `Letter`, for whoever called to send.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from digest import mailing
from digest.config import TOKEN, Plan
from digest.model import Delivery, Issue, Mail, Newsletter, Reader
from digest.readers.tokens import Purpose

if TYPE_CHECKING:
    from digest.store import Store

CONFIRM_WITHIN = timedelta(days=7)
JOINED = ("active", "paused")
WELCOME = "Welcome: you are subscribed from now on. This is the latest issue; the next one comes at its hour."


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message to one address."""

    address: str
    message: bytes


class Desk:
    """Where readers come to. Its methods may be called from several threads at once; all raise StoreError."""

    def __init__(self, plan: Plan, store: "Store") -> None:
        from digest import render

        self._plan, self._store = plan, store
        self.signer = mailing.signer(plan)
        self._templates = render.Templates(plan.templates, plan.theme)

    def token(self, purpose: Purpose, reader: Reader, until: datetime | None = None) -> str:
        """A signed token of this reader for one purpose."""
        return self.signer.make(purpose, reader.uid, until)

    def find(self, purpose: Purpose, token: str, now: datetime) -> tuple[bool, Reader | None]:
        """Whether the token is good for this purpose, and whose it is (nobody's, once its reader was removed)."""
        uid = self.signer.read(purpose, token, now)
        return uid is not None, self._store.readers.of_uid(uid) if uid is not None else None

    def ask(self, address: str, newsletters: Sequence[str], where: str, now: datetime) -> Letter | None:
        """Somebody asks to join with this (checked) address: the mail that lets its owner confirm, or that tells who
        has joined already where to change what they get. None while no mail is configured."""
        if self._plan.mail is None:
            return None
        readers, consent = self._store.readers, f"asked on the subscribe page, {where}"
        known = readers.get(address)
        if known is not None and known.state in JOINED:
            return self._letter(known, "You are subscribed already", self._already(known), now)
        if known is None:
            readers.allow(address)  # who was removed comes back only so: by asking
            readers.add(
                [Reader(address=address, state="pending", newsletters=tuple(newsletters), consent=consent)], now
            )
        else:
            readers.change(replace(known, newsletters=tuple(newsletters)), "asked to join again", consent, now)
        reader = readers.get(address)
        return self._letter(reader, "Please confirm", self._confirm(reader, now), now) if reader is not None else None

    def confirm(self, reader: Reader, where: str, now: datetime) -> Letter | None:
        """The reader said yes and is active from now on: the welcome with the latest issue, None if they were."""
        if reader.state in JOINED:
            return None
        words = f"confirmed by the link in the mail, {where}"
        joined = replace(reader, state="active", paused_until=None, consent=f"{reader.consent}; {words}".strip("; "))
        self._store.readers.allow(reader.address)  # a mail reached its owner, who wants more: that lifts a bounce
        self._store.readers.change(joined, "confirmed", words, now)
        return self._welcome(joined, now) if self._plan.mail is not None else None

    def prefer(self, reader: Reader, wanted: Reader, where: str, now: datetime) -> Reader:
        """Keeps what `wanted` says of newsletters, density and pause, and says how the reader now stands."""
        all_of_them = not reader.newsletters and len(wanted.newsletters) == len(self._plan.newsletters)
        newsletters = () if all_of_them else wanted.newsletters  # "every one" stays so, those to come included
        changed = replace(
            reader,
            newsletters=newsletters,
            density=wanted.density,
            paused_until=wanted.paused_until,
            state="paused" if wanted.paused_until else "active",
        )
        told = f"newsletters {', '.join(newsletters) or 'all'}; density {changed.density or 'usual'}"
        told += f"; paused until {changed.paused_until}" if changed.paused_until else ""
        self._store.readers.change(changed, "changed", f"{told}; {where}", now)
        return changed

    def leave(self, reader: Reader, where: str, now: datetime) -> None:
        """Ends it: nothing more is sent, not even what was about to be."""
        if reader.state != "unsubscribed":
            gone = replace(reader, state="unsubscribed", paused_until=None)
            self._store.readers.change(gone, "unsubscribed", where, now)

    def _already(self, reader: Reader) -> tuple[str, str, str]:
        link = self._plan.links.preferences.replace(TOKEN, self.token("preferences", reader))
        return (
            "Somebody asked to subscribe this address, which is subscribed already. If it was you: here you can change "
            "what you get, pause or leave. If not, nothing has changed.",
            "Preferences",
            link,
        )

    def _confirm(self, reader: Reader, now: datetime) -> tuple[str, str, str]:
        link = f"{self._plan.masthead.url}/confirm/{self.token('confirm', reader, now + CONFIRM_WITHIN)}"
        return (
            "Somebody, we hope you, asked to subscribe this address. Follow the link and press the button to confirm; "
            "it works for a week. If it was not you, do nothing: nothing more is sent.",
            "Confirm the subscription",
            link,
        )

    def _letter(self, reader: Reader, subject: str, words: tuple[str, str, str], now: datetime) -> Letter:
        from digest.render import pages

        said = pages.Words(title=subject, paragraphs=(words[0],), link=(words[1], words[2]))
        title = self._plan.masthead.title
        mail = pages.letter(self._plan.masthead, self._templates, f"{subject}: {title}", said)
        return Letter(address=reader.address, message=self._built(mail, reader, subject, now))

    def _built(self, mail: Mail, reader: Reader, kind: str, now: datetime) -> bytes:
        from digest.deliver import message

        settings = self._plan.mail
        assert settings is not None, "no letter is written while no mail is configured"
        host = mailing.domain(settings)
        identifier = message.message_id(f"{kind} {now.isoformat()}", reader.address, host)
        reply_to = settings.reply_to or ""
        return message.build(
            mail, settings.sender, reader.address, identifier, now, f"readers.{host}", reply_to=reply_to
        )

    def _welcome(self, reader: Reader, now: datetime) -> Letter:
        latest = self._latest(reader)
        if latest is None:
            said = "Welcome: you are subscribed from now on. There is no issue yet; the first one comes at its hour."
            link = self._plan.links.preferences.replace(TOKEN, self.token("preferences", reader))
            return self._letter(reader, "You are subscribed", (said, "Preferences", link), now)
        from digest.deliver import message

        assert self._plan.mail is not None
        newsletter, issue = latest
        host = mailing.domain(self._plan.mail)
        identifier = message.message_id(f"welcome {issue.id} {now.isoformat()}", reader.address, host)
        shown = replace(issue, introduction=WELCOME)
        build = mailing.builder(self._plan, newsletter, shown, now, self._store)
        body = build(Delivery(issue=issue.id, address=reader.address, message_id=identifier))
        return Letter(address=reader.address, message=body)

    def _latest(self, reader: Reader) -> tuple[Newsletter, Issue] | None:
        """The newest issue of the newsletters the reader gets."""
        found: list[tuple[date, Newsletter, Issue]] = []
        for newsletter in self._plan.newsletters:
            if not reader.newsletters or newsletter.name in reader.newsletters:
                issue = self._store.issues.last(newsletter.name)
                found += [(issue.day, newsletter, issue)] if issue is not None else []
        newest = max(found, key=lambda each: each[0], default=None)
        return newest[1:] if newest is not None else None
