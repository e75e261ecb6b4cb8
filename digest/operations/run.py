"""One run at one moment: collect, make the issues that are due, publish them, finish what an earlier run left."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from digest import attention, foresight, mailing, nearby, pipeline
from digest.config import Plan
from digest.desk import drafts, letter
from digest.desk.edit import edited
from digest.model import Issue, IssueLine, Newsletter, Report, SignalLine, Source
from digest.operations import corrections, notices, pings, wear
from digest.operations.report import as_json
from digest.operations.returns import Returns
from digest.operations.returns import read as read_inbox
from digest.schedule import due, local_day

if TYPE_CHECKING:
    from digest.store import Store

log = logging.getLogger(__name__)
LOCK_WAIT_S = 3600.0
"""Seconds a run waits for another one on the same store before it gives up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What one run is asked for: which newsletter (None: what is due), which sources, which halves. `by_the_clock`: its
    time is this machine's, not one given."""

    sources: Sequence[Source]
    newsletter: str | None = None
    collecting: bool = True
    publishing: bool = True
    dry: bool = False
    by_the_clock: bool = False


Bar = Callable[[str, int], AbstractContextManager[Callable[[str], None]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """How a run talks to whoever started it: a progress bar, a word when it waits or learns, a question."""

    bar: Bar = lambda _what, _total: nullcontext(lambda _done: None)
    on_wait: Callable[[], None] = lambda: None
    say: Callable[[str], None] = lambda _words: None
    may_send: Callable[[int, int], bool] = field(default=lambda _recipients, _usual: False)


def run(plan: Plan, store: "Store", now: datetime, wishes: Wishes, hooks: Hooks) -> Report:
    """One run, alone on its store: a second one started meanwhile waits for the first."""
    with store.lock("run", LOCK_WAIT_S, hooks.on_wait):
        collected = None
        signals: tuple[SignalLine, ...] = ()
        if wishes.collecting:
            with hooks.bar("asking sources", len(wishes.sources)) as done:
                collected = pipeline.collect(plan, wishes.sources, store, now, done)
            if not wishes.dry:
                notices.tell(plan, wishes.sources, store, now)
                signals = attention.observe(plan, store, now)
        if wishes.publishing and not wishes.dry:
            _read_inbox(plan, store, now, hooks)
        lines = collected.sources if collected else ()
        blind = bool(lines) and all(line.status == "failed" for line in lines)
        issues: tuple[IssueLine, ...] = ()
        if wishes.publishing:
            asking = replace(plan, llm=None) if wishes.dry else plan  # a rehearsal costs nothing
            issues = _Publishing(asking, store, now, wishes, hooks, may_compose=not blind).all()
            if not wishes.dry:
                corrections.send(plan, store, now)
                foresight.keep_up(plan.forecast, store, now, hooks.say)
                nearby.keep_up(store, now)
        if not wishes.dry:
            pings.tell(plan, store, now)
        report = Report(now=now, collected=collected, issues=issues, signals=signals)
        store.runs.save({**as_json(report), wear.BY_THE_CLOCK: wishes.by_the_clock}, now)
        wear.record(store, now)
        return report


@dataclass(frozen=True, slots=True)
class _Publishing:
    """The second half of a run."""

    plan: Plan
    store: "Store"
    now: datetime
    wishes: Wishes
    hooks: Hooks
    may_compose: bool

    def all(self) -> tuple[IssueLine, ...]:
        """The issues asked for or due, those of today again, and older ones with mails still to be sent."""
        considered = {newsletter.name: newsletter for newsletter in self._considered()}
        lines = [line for newsletter in considered.values() for line in self._decided(newsletter)]
        done = {(line.newsletter, line.day) for line in lines}
        lines += [
            self._issue(letter) for letter in self._wanted() if (letter.name, local_day(letter, self.now)) not in done
        ]
        done = {(line.newsletter, line.day) for line in lines}
        for name in self.store.deliveries.unfinished(self.now):
            issue = self.store.issues.get(name)
            if issue and issue.newsletter in considered and (issue.newsletter, issue.day) not in done:
                lines.append(self._publish(considered[issue.newsletter], issue, existed=True))
        return tuple(lines)

    def _considered(self) -> list[Newsletter]:
        name = self.wishes.newsletter
        return list(self.plan.newsletters) if name is None else [self.plan.newsletter(name)]

    def _wanted(self) -> list[Newsletter]:
        if self.wishes.newsletter is not None:
            return self._considered()
        wanted = []
        for newsletter in self.plan.newsletters:
            day = self._last_day(newsletter)
            if day == local_day(newsletter, self.now) or due(newsletter, day, self.now):
                wanted.append(newsletter)
        return wanted

    def _last_day(self, newsletter: Newsletter) -> date | None:
        """The day of the newest issue or draft."""
        days = (self.store.issues.last_day(newsletter.name), self.store.drafts.last_day(newsletter.name))
        return max((day for day in days if day is not None), default=None)

    def _decided(self, newsletter: Newsletter) -> Iterator[IssueLine]:
        """Drafts of whatever day that may go out by now."""
        for draft in self.store.drafts.list(newsletter.name):
            if drafts.ready(newsletter, draft, self.now):
                issue = drafts.released(self.plan, newsletter, self.store, draft, self.now)
                yield self._publish(newsletter, issue, existed=False) if issue else _empty(newsletter, draft.issue.day)

    def _draft(self, newsletter: Newsletter) -> IssueLine:
        """The draft of today, made if there is none, which waits for its editor."""
        draft = drafts.today(self.plan, newsletter, self.store, self.now)
        if draft is None or draft.state in ("empty", "lapsed"):
            return _empty(newsletter, local_day(newsletter, self.now))
        if not self.wishes.dry:
            letter.tell(self.plan, newsletter, self.store, draft, self.now)
        assert newsletter.approval is not None
        return IssueLine(
            newsletter=newsletter.name,
            day=draft.issue.day,
            status="held",
            sections=sections(edited(draft)),
            note=f"a draft for {newsletter.approval.editor}. {letter.until(newsletter, newsletter.approval, draft)}",
        )

    def _issue(self, newsletter: Newsletter) -> IssueLine:
        day = local_day(newsletter, self.now)
        existed = self.store.issues.get(pipeline.issue_id(newsletter, self.now)) is not None
        if not existed and not self.may_compose:
            note = "no source answered; it is made when one does"
            return IssueLine(newsletter=newsletter.name, day=day, status="failed", note=note)
        if not existed and newsletter.approval is not None:
            return self._draft(newsletter)
        issue = pipeline.compose(self.plan, newsletter, self.store, self.now)
        if issue is None:
            return _empty(newsletter, day)
        return self._publish(newsletter, issue, existed=existed)

    def _nobody(self, issue: Issue) -> str:
        """A word when mail could go out but every reader still waits for confirmation."""
        if self.plan.mail is None or self.plan.mail.smtp is None or mailing.audience(self.store, issue)[0]:
            return ""
        waiting = len(self.store.readers.list("pending"))
        return f"nobody was mailed: {waiting} readers wait for confirmation" if waiting else ""

    def _publish(self, newsletter: Newsletter, issue: Issue, *, existed: bool) -> IssueLine:
        files: tuple[Path, ...] = ()
        held = False
        if not self.wishes.dry:
            waiting = self.store.deliveries.counts(issue.id)
            with self.hooks.bar("mailing", waiting.pending + waiting.failed) as sent:
                files, held = pipeline.publish(
                    self.plan, newsletter, issue, self.store, self.now, may_send=self.hooks.may_send, on_sent=sent
                )
            if self.plan.inbox is not None:
                Returns(self.plan, self.store, self.now, self.plan.inbox).refusals(issue.id)
        return IssueLine(
            newsletter=newsletter.name,
            day=issue.day,
            status="held" if held else "exists" if existed else "published",
            sections=sections(issue),
            files=tuple(str(path) for path in files),
            deliveries=self.store.deliveries.counts(issue.id),
            channels=self.store.deliveries.channels(issue.id),
            note="far more readers than usual; `--yes` sends" if held else self._nobody(issue),
        )


def _read_inbox(plan: Plan, store: "Store", now: datetime, hooks: Hooks) -> None:
    """What came back is taken before anything is sent; an inbox that cannot be read holds nothing up."""
    if plan.inbox is None:
        return
    from digest.inbox import InboxError

    try:
        with store.lock("inbox", 600.0):
            taken = read_inbox(plan, store, now)
    except InboxError as error:
        log.error("%s", error)
    else:
        if taken:
            hooks.say(
                f"inbox: {len(taken)} read, {sum(each.done == 'suppressed' for each in taken)} addresses suppressed"
            )


def publish_one(
    plan: Plan, newsletter: Newsletter, issue: Issue, store: "Store", now: datetime, hooks: Hooks
) -> IssueLine:
    """Publishes one saved issue and nothing else; whoever calls holds the run's lock."""
    publishing = _Publishing(plan, store, now, Wishes(sources=()), hooks, may_compose=False)
    return publishing._publish(newsletter, issue, existed=False)


def sections(issue: Issue) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each heading with its papers' ids, as reports have them."""
    return tuple((each.topic.name, tuple(item.paper.id for item in each.items)) for each in issue.sections)


def _empty(newsletter: Newsletter, day: date) -> IssueLine:
    return IssueLine(newsletter=newsletter.name, day=day, status="empty", note="nothing to print")
