"""What follows of mail that came back: who is written to no more, who leaves, what is proposed. Each thing once.

Whose word counts: with ``inbox.accept: signed`` only that of a message which holds a return path or a link that this
program signed for that very reader; with ``named`` also that of a report which merely names one.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from digest import mailing
from digest.config import Plan
from digest.config.channels import Inbox
from digest.desk.proposals import Asked, propose
from digest.errors import InputError
from digest.inbox import opened
from digest.model import DeliveryState
from digest.readers import bounces, verp
from digest.readers.bounces import Returned

if TYPE_CHECKING:
    from digest.store import Store

_LINK = re.compile(rb"/unsubscribe/([0-9A-Za-z]{8,64}\.[0-9A-Za-z_-]{16,64})")
_PAPER = re.compile(r"https?://\S+|\b10\.\d{4,9}/\S+|\b(?:arxiv:)?\d{4}\.\d{4,5}(?:v\d+)?\b", re.IGNORECASE)
KINDS = ("hard", "soft", "complaint", "leave")
FAILED: tuple[DeliveryState, ...] = ("failed",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of one message: its kind (or `repeat`, `unproven`), about whom, and what was done."""

    kind: str
    address: str = ""
    done: str = ""

    @property
    def understood(self) -> bool:
        """Whether nobody need look at it."""
        return self.kind not in ("other", "unproven")


@dataclass
class Returns:
    """What takes returned mail. `now` is when it is read."""

    plan: Plan
    store: "Store"
    now: datetime
    rules: Inbox = field(default_factory=Inbox)

    def read(self) -> list[Taken]:
        """Everything new in the configured inbox. Raises InboxError; what was taken before stays taken."""
        taken: list[Taken] = []
        if not (self.rules.url or self.rules.path):
            return taken
        with opened(self.rules, self.plan.network.allow_hosts, self.rules.most) as box:
            for letter in box.letters():
                taken.append(self.take(letter.body))
                box.done(letter, taken[-1].understood)
        return taken

    def take(self, raw: bytes, *, trusted: bool = False) -> Taken:
        """One message. `trusted`: whoever handed it in has signed it, so what it names counts."""
        found = bounces.read(raw)
        if self.store.returns.seen([found.identity]):
            return Taken(kind="repeat")
        if found.kind in ("automatic", "delayed", "other"):
            return self._kept(found, Taken(kind=found.kind))
        if found.kind == "proposal":
            return self._kept(found, self._proposed(found))
        address = self._whose(raw, found, trusted)
        if not address:
            return self._kept(found, Taken(kind="unproven" if found.kind in KINDS else found.kind))
        return self._kept(found, self._followed(found.kind, address, found.words, found.identity))

    def event(self, identity: str, kind: str, address: str, words: str) -> Taken:
        """One event of a mail service, by the service's id of it. Raises InputError for a kind there is none of."""
        if kind not in KINDS:
            raise InputError(f"an event is one of {', '.join(KINDS)}, not {kind[:40]!r}")
        if self.store.returns.seen([identity]):
            return Taken(kind="repeat", address=address)
        if not self._reader(address):
            taken = Taken(kind="unproven", address=address, done="no reader of this address")
        else:
            taken = self._followed(kind, address, words, identity)
        known = taken.kind in KINDS
        self.store.returns.keep(identity, address if known else "", taken.kind, words if known else "", self.now)
        return taken

    def refusals(self, issue_id: str) -> list[Taken]:
        """What the relay itself refused for good of an issue, each counted as a soft bounce: a relay that is set up
        wrongly refuses everybody, so one day's refusals take nobody off."""
        taken = []
        for each in self.store.deliveries.list(issue_id, FAILED):
            told = each.retry_at is None and re.match(r"5\d\d\b", each.error or "")
            identity = f"refused:{each.message_id}"
            if told and self._reader(each.address) and not self.store.returns.seen([identity]):
                taken.append(self._followed("soft", each.address, each.error or "", identity))
        return taken

    def _followed(self, kind: str, address: str, words: str, identity: str) -> Taken:
        returns, rules = self.store.returns, self.rules
        if kind == "leave":
            return Taken(kind=kind, address=address, done=self._left(address))
        if kind == "complaint":
            returns.suppress(address, "complained", words, self.now)
            return Taken(kind=kind, address=address, done="suppressed")
        if kind == "soft":
            returns.keep(identity, address, kind, words, self.now)
            days = returns.days(address, "soft", self.now - rules.soft_days)
            if days < rules.soft_limit:
                return Taken(kind=kind, address=address, done=f"{days} of {rules.soft_limit}")
            words = f"{days} soft bounces, the last: {words}"
        returns.suppress(address, "bounced", words, self.now)
        return Taken(kind=kind, address=address, done="suppressed")

    def _left(self, address: str) -> str:
        reader = self.store.readers.get(address)
        if reader is None:
            self.store.returns.suppress(address, "unsubscribed", "by mail", self.now)
        elif reader.state != "unsubscribed":
            gone = replace(reader, state="unsubscribed", paused_until=None)
            self.store.readers.change(gone, "unsubscribed", "by mail", self.now)
        return "unsubscribed"

    def _proposed(self, found: Returned) -> Taken:
        if self.plan.proposals is None:
            return Taken(kind="other", address=found.sender)
        paper = _PAPER.search(found.text)
        note = "\n".join(found.text.splitlines()[1:])[:1_000]
        asked = Asked(spelling=paper[0] if paper else "", note=note, address=found.sender or "unknown", way="mail")
        answer = propose(self.plan, self.store, asked, self.now)
        return Taken(kind="proposal", address=found.sender, done=answer.words)

    def _whose(self, raw: bytes, found: Returned, trusted: bool) -> str:
        """The address that a message is about, as far as its word counts; "" where nobody's."""
        if found.kind == "leave" and found.sender and self._reader(found.sender):
            return found.sender  # an answer from the reader's own address; at worst somebody gets less mail
        for whose in self._paths.found(raw):
            if whose in self._marks:
                return self._marks[whose]
        for token in _LINK.findall(re.sub(rb"=\r?\n", b"", raw)):
            uid = mailing.signer(self.plan).read("unsubscribe", token.decode("ascii"), self.now)
            reader = self.store.readers.of_uid(uid) if uid is not None else None
            if reader is not None:
                return reader.address
        if not trusted and self.rules.accept == "signed":
            return ""
        named = [*found.addresses, *(self.store.deliveries.address_of(each) for each in found.original)]
        return next((address for address in named if address and self._reader(address)), "")

    def _reader(self, address: str) -> bool:
        """Whether we write to this address."""
        folded = address.casefold()
        return self.store.readers.get(address) is not None or folded in self._others

    @cached_property
    def _others(self) -> frozenset[str]:
        return frozenset(each.casefold() for each in self.plan.mail.to) if self.plan.mail else frozenset()

    @cached_property
    def _paths(self) -> verp.Paths:
        return mailing.paths(self.plan)

    @cached_property
    def _marks(self) -> dict[str, str]:
        """Every address that a return path may stand for."""
        others = self.plan.mail.to if self.plan.mail else ()
        return {verp.mark(address): address for address in (*others, *self.store.readers.everybody())}

    def _kept(self, found: Returned, taken: Taken) -> Taken:
        known = taken.kind in KINDS
        address, words = (taken.address, found.words) if known else ("", "")  # of strangers nothing is kept
        self.store.returns.keep(found.identity, address, taken.kind, words, self.now)
        return taken


def read(plan: Plan, store: "Store", now: datetime) -> list[Taken]:
    """What is new in the plan's inbox, taken; nothing where none is configured. Raises InboxError."""
    return Returns(plan, store, now, plan.inbox).read() if plan.inbox is not None else []


def posted(plan: Plan, store: "Store", body: bytes, content_type: str, now: datetime) -> list[Taken]:
    """What a signed webhook brought: a message as it is (``message/rfc822``), or JSON ``{"events": [{"id", "kind",
    "address", "words"}, …]}``. Raises InputError for anything else; then nothing was taken."""
    assert plan.inbox is not None, "the webhook has a secret, so there is an inbox block"
    returns = Returns(plan, store, now, plan.inbox)
    if content_type.partition(";")[0].strip().lower() == "message/rfc822":
        return [returns.take(body, trusted=True)]
    return [returns.event(*event) for event in _events(body)]


def _events(body: bytes) -> list[tuple[str, str, str, str]]:
    try:
        found: Any = json.loads(body)
    except ValueError:
        raise InputError("the body is neither JSON nor message/rfc822") from None
    rows = found.get("events") if isinstance(found, dict) else None
    if not isinstance(rows, list) or len(rows) > 10_000:
        raise InputError('expected {"events": [{"id": …, "kind": …, "address": …}]}')
    events = []
    for row in rows:
        given = row if isinstance(row, dict) else {}
        values = [each for key in ("id", "kind", "address", "words") if isinstance(each := given.get(key, ""), str)]
        if len(values) != 4 or not all(values[:3]):
            raise InputError("every event has an `id`, a `kind` and an `address`, which are texts")
        if values[1] not in KINDS:
            raise InputError(f"an event is one of {', '.join(KINDS)}, not {values[1][:40]!r}")
        events.append((f"event:{values[0][:200]}", values[1], values[2][:254], values[3][:300]))
    return events


def as_json(taken: list[Taken]) -> dict[str, Any]:
    """How many of each kind, and each that was followed by something."""
    return {
        "read": len(taken),
        "kinds": dict(Counter(each.kind for each in taken)),
        "followed": [{"kind": each.kind, "address": each.address, "done": each.done} for each in taken if each.done],
    }
