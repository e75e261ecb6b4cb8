"""The demonstration: the bundled sample's five days through the real program, into a folder of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from digest import pipeline
from digest.config import Plan, load
from digest.model import Issue, Report, Source
from digest.operations.preview import mail_of, message_to
from digest.operations.run import Hooks, Wishes, run
from digest.store import Store

READER = "reader@example.org"


@dataclass(frozen=True, slots=True)
class Demo:
    """A sample folder (one folder a day, a config.yaml) and where its issues go."""

    sample: Path
    out: Path

    def plan(self) -> Plan:
        """The sample's configuration, publishing into `out`; without the environment, so that nothing is mailed."""
        return load(self.sample / "config.yaml", self.out, environ={})

    def days(self) -> tuple[date, ...]:
        """The sample's days, in order."""
        return tuple(sorted(date.fromisoformat(path.name) for path in self.sample.glob("????-??-??")))

    def run(self, now: datetime) -> Report:
        """One morning: collect what the sources say that day, make the issue, write pages and feeds, keep its mail."""
        self.out.mkdir(parents=True, exist_ok=True)
        plan = self.plan()
        with Store.open(plan.database, plan.home) as store:
            wishes = Wishes(sources=self._sources(plan))
            report = run(plan, store, now, wishes, Hooks())
            for newsletter in plan.newsletters:
                issue = store.issues.get(pipeline.issue_id(newsletter, now))
                if issue is not None:
                    self._keep_mail(plan, issue, now)
        return report

    def last_issue(self) -> Issue:
        """The newest issue made."""
        plan = self.plan()
        with Store.open(plan.database, plan.home) as store:
            return store.issues.list(limit=1)[0]

    def mails(self) -> tuple[Path, ...]:
        """The messages made, oldest first."""
        return tuple(sorted((self.out / "mail").glob("*.eml")))

    def pages(self) -> int:
        """How many files the site has."""
        return sum(1 for path in (self.out / "public").rglob("*") if path.is_file())

    def _sources(self, plan: Plan) -> tuple[Source, ...]:
        """The config's sources, whose files lie in the sample folder instead of `out`."""
        sources = []
        for source in plan.sources:
            file = self.sample / Path(source.options["path"]).relative_to(plan.home)
            sources.append(replace(source, options={**source.options, "path": str(file)}))
        return tuple(sources)

    def _keep_mail(self, plan: Plan, issue: Issue, now: datetime) -> None:
        """The mail as a message file, and its two parts beside it for a browser and a terminal."""
        folder = self.out / "mail"
        folder.mkdir(exist_ok=True)
        mail = mail_of(plan, issue)
        newsletter = plan.newsletter(issue.newsletter)
        (folder / f"{issue.day}.eml").write_bytes(message_to(plan, newsletter, issue, READER, now))
        (folder / f"{issue.day}.html").write_text(mail.html, encoding="utf-8")
        (folder / f"{issue.day}.txt").write_text(mail.text, encoding="utf-8")


def newest_mail(mails: Sequence[Path]) -> Path:
    """The page to open first."""
    return mails[-1].with_suffix(".html")
