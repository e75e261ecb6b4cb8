"""`init` writes a first configuration; `demo` shows the whole program at work on the bundled sample."""

import shutil
from datetime import UTC, datetime, time
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

import typer

from digest.cli.common import Session, stateful
from digest.errors import InputError
from digest.model import IssueLine, Report


@stateful
def init(
    session: Session,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> int:
    """Write a commented configuration to start from (where --config says)."""
    if session.config.exists() and not force:
        raise InputError(f"{session.config}: is there already; --force replaces it")
    session.config.parent.mkdir(parents=True, exist_ok=True)
    session.config.write_bytes(shipped_config())
    session.say(f"wrote {session.config}; edit it, then `digest run --newsletter daily` makes a first issue")
    return 0


def shipped_config() -> bytes:
    """The commented config.yaml as shipped: package data of a wheel, or the checkout's own."""
    packaged = files("digest") / "_config.yaml"
    if packaged.is_file():
        return packaged.read_bytes()
    return (Path(__file__).resolve().parents[2] / "config.yaml").read_bytes()


def demo(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where to; made anew.")] = Path("out"),
    quiet: Annotated[bool, typer.Option("--quiet", help="Say only what went wrong.")] = False,
) -> int:
    """Run the whole job offline on the bundled sample: five days of invented papers, an issue a day."""
    from digest.operations.demo import Demo, newest_mail

    _clear(out)
    with as_file(files("digest") / "sample") as sample:
        show = Demo(sample=Path(str(sample)), out=out)
        for day in show.days():
            report = show.run(datetime.combine(day, time(8, 0), UTC))
            if not quiet:
                _tell(report)
        mails = show.mails()
        if not quiet:
            _explain_top(show)
            print(f"\nIn {out}/ (an invented week; nothing was asked of any network):")
            print(f"  public/index.html      the site, with feeds beside it ({show.pages()} files)")
            print(f"  mail/                  {len(mails)} mails, each as .eml, .html and .txt")
            print(f"\nOpen {newest_mail(mails)} in a browser.")
    return 0


def _tell(report: Report) -> None:
    found = report.collected
    assert found is not None
    print(f"\n{report.now:%A %-d %B %Y}")
    print(
        f"  {found.entries} announcements: {found.new} new papers, {found.known} known, {found.merged} merged, "
        f"{found.rejected} rejected"
    )
    for source in found.sources:
        if source.status not in ("fresh", "quiet"):
            print(f"  {source.name}: {source.status}: {source.error}")
    for line in report.issues:
        print(f"  issue {line.status}: {line.papers} papers under {_headings(line)}")


def _headings(line: IssueLine) -> str:
    return ", ".join(f"{topic} ({len(ids)})" for topic, ids in line.sections)


def _explain_top(show: "Demo") -> None:  # type: ignore[name-defined]  # noqa: F821
    """Why the last issue's first papers are where they are."""
    issue = show.last_issue()
    print(f"\nTop of {issue.day:%A %-d %B}, and why:")
    for item in issue.items:
        if item.paper.id in issue.top:
            print(f"  {item.paper.title}")
            print(f"    {' · '.join(reason.words for reason in item.reasons)}")


def _clear(out: Path) -> None:
    """Empty the demo's folder; one that holds anything the demo did not make is left alone."""
    if not out.exists():
        return
    strangers = [
        path.name
        for path in out.iterdir()
        if path.name not in ("public", "mail", "digest.db", "config.yaml") and not path.name.startswith("digest.db")
    ]
    if strangers:
        raise InputError(f"--out {out}: holds {strangers[0]}, which no demo made; name another folder")
    shutil.rmtree(out)
