"""What an issue, or a correction of it, is as messages: one form for what readers share, and each reader's own links.

Joins the plan, the store's readers and the render and deliver rooms; how a message looks on the wire is
`deliver/message.py`.
"""

import threading
from dataclasses import replace
from datetime import datetime
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from digest.config import TOKEN, MailPlan, Plan
from digest.model import Correction, Delivery, Issue, Mail, Masthead, Newsletter, Reader
from digest.readers.tokens import Tokens, keys

if TYPE_CHECKING:
    from digest.deliver.message import Form
    from digest.render import Templates
    from digest.store.readers import Readers

LEFT = ("pending", "unsubscribed", "bounced", "complained")
"""States in which a reader is mailed nothing, whatever else asks for it."""
NOBODY = "0"
"""What signed placeholders name in place of a reader: no text from outside can hold one."""


def signer(plan: Plan) -> Tokens:
    """What signs readers' links: the keys of the config, else the file in home, made on first use."""
    return Tokens((plan.serve.keys if plan.serve is not None else ()) or keys(plan.home))


def envelope(mail: MailPlan) -> str:
    """The bare address that a relay is told the mail comes from."""
    from digest.deliver import message

    return message.address_of(mail.sender)


def domain(mail: MailPlan) -> str:
    """The sender's domain: the right side of Message-IDs."""
    return envelope(mail).partition("@")[2]


class Letters:
    """An issue's messages: one form for each density, with readers' own links or without. Threads may share one."""

    def __init__(
        self,
        plan: Plan,
        newsletter: Newsletter,
        issue: Issue,
        now: datetime,
        readers: "Readers | None",
        correction: Correction | None = None,
    ) -> None:
        assert plan.mail is not None, "no message is built while no mail is configured"
        self._plan, self._mail, self._newsletter, self._issue, self._now = plan, plan.mail, newsletter, issue, now
        self._correction = correction
        votes = newsletter.votes and plan.serve is not None and correction is None
        self._voted = tuple(item.paper.id for item in issue.items) if votes else ()
        self._ahead = Ahead(readers) if readers is not None else None
        self._signer = signer(plan) if readers is not None and plan.links.unsubscribe else None
        self._forms: dict[tuple[str, bool], Form] = {}
        self._lock = threading.Lock()

    def message(self, delivery: Delivery) -> bytes:
        """The bytes of one delivery. Raises Unsendable for who has left meanwhile, or is no address."""
        from digest.deliver import Unsendable

        reader = self._ahead.reader(delivery.address) if self._ahead is not None else None
        if reader is not None and reader.state in LEFT:
            raise Unsendable("the reader left before it was sent")
        inbox = self._plan.inbox.address if self._plan.inbox is not None else ""
        by_mail = f"{parseaddr(inbox or self._plan.masthead.contact)[1]}?subject=unsubscribe"
        address, identifier = delivery.address, delivery.message_id
        if reader is None or self._signer is None:
            return self.form(reader.density if reader else "", own=False).message(
                address, identifier, unsubscribe_mail=by_mail
            )
        own = self._tokens(self._signer, reader.uid)
        return self.form(reader.density, own=True).message(
            address,
            identifier,
            own,
            unsubscribe_url=self._plan.links.unsubscribe.replace(TOKEN, own[0]),
            unsubscribe_mail=by_mail,
        )

    def form(self, density: str, *, own: bool) -> "Form":
        """The issue's message but for its reader, made when it is first asked for."""
        with self._lock:
            key = (density, own)
            if key not in self._forms:
                self._forms[key] = self._made(density, own)
            return self._forms[key]

    def _made(self, density: Any, own: bool) -> "Form":
        from digest import render
        from digest.deliver import message

        plan, newsletter = self._plan, self._newsletter
        theme = replace(plan.theme, density=density) if density else plan.theme
        places: tuple[str, ...] = ()
        masthead = plan.masthead
        if own and self._signer is not None:
            places = self._tokens(self._signer, NOBODY)
            masthead = replace(
                masthead,
                unsubscribe=plan.links.unsubscribe.replace(TOKEN, places[0]),
                preferences=plan.links.preferences.replace(TOKEN, places[1]) or masthead.preferences,
                votes={paper: self._ways(paper, place) for paper, place in zip(self._voted, places[2:], strict=True)},
            )
        return message.Form(
            self._content(masthead, render.Templates(plan.templates, theme)),
            self._mail.sender,
            self._now,
            f"{newsletter.name}.{domain(self._mail)}",
            reply_to=self._mail.reply_to or "",
            feedback_id=f"{newsletter.name}:{newsletter.name}:digest",
            placeholder=places,
        )

    def _content(self, masthead: Masthead, templates: "Templates") -> Mail:
        from digest import render
        from digest.render import pages

        if self._correction is None:
            return render.mail(self._issue, masthead, templates)
        return pages.correction(masthead, templates, self._issue, self._correction)

    def _tokens(self, signing: Tokens, uid: str) -> tuple[str, ...]:
        votes = (signing.make("vote", uid, about=paper_id) for paper_id in self._voted)
        return signing.make("unsubscribe", uid), signing.make("preferences", uid), *votes

    def _ways(self, paper_id: str, token: str) -> tuple[str, str]:
        """Where a reader votes for more like a paper, and for less."""
        at, name = f"{self._plan.masthead.url}/vote/{token}", quote(paper_id, safe=":")
        return f"{at}/more/{name}", f"{at}/less/{name}"


class Ahead:
    """Readers by address, read a thousand ahead: deliveries are made in the order of addresses, and a question for each
    would cost more than the message. A few such stretches are kept, for senders that are not quite abreast."""

    KEPT = 4

    def __init__(self, readers: "Readers") -> None:
        self._readers = readers
        self._stretches: list[tuple[str, str, dict[str, Reader]]] = []
        self._lock = threading.Lock()

    def reader(self, address: str) -> Reader | None:
        """The reader of this address, if it is one's."""
        from digest.store.readers import fold

        key = fold(address)
        with self._lock:
            for first, last, found in self._stretches:
                if first <= key <= last:
                    return found.get(key)
            found = self._readers.following(address)
            self._stretches = [(key, max(found, default=key), found), *self._stretches[: self.KEPT - 1]]
            return found.get(key)
