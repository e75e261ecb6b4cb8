"""`render`: sources in, a digest out, no state read or written."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from digest.cli.common import NOW, Session, moment, stateful
from digest.errors import InputError
from digest.model import Source

if TYPE_CHECKING:
    from digest.model import Answer, Edition

FORMATS = ("html", "text", "rss", "atom", "json", "md", "page", "eml")


@stateful
def render(
    session: Session,
    from_: Annotated[
        list[str],
        typer.Option("--from", metavar="SOURCE", help="A URL, a file, or - for standard input; may be repeated."),
    ],
    as_: Annotated[str, typer.Option("--as", metavar="|".join((*FORMATS, "all")), help="What to make.")] = "text",
    out: Annotated[
        str | None, typer.Option(metavar="DIR|-", help="Where to: a folder, or - [-, for `all` the folder out].")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="At most so many papers, the best.")] = None,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help="Read every source as this kind instead of recognising it.")
    ] = None,
    now: NOW = None,
) -> int:
    """Read papers from sources and print them as a digest: grouped, ranked, deduplicated, without any store."""
    from digest.operations.render import answers, compose, editions

    if as_ not in (*FORMATS, "all"):
        raise InputError(f"--as {as_}: must be one of {', '.join((*FORMATS, 'all'))}")
    if as_ == "all" and out == "-":
        raise InputError("--out -: `--as all` makes several files; name a folder")
    plan, at = session.plan(needed=False), moment(now)
    sources = [_source(name, kind) for name in from_]
    with session.progress("reading", len(sources)) as done:
        found = answers(plan, sources, at, done)
    _complain(found)
    issue = compose(plan, found, at, limit)
    if issue is None:
        print("digest: no source gave a paper", file=sys.stderr)
        return 1
    made = editions(plan, issue, FORMATS if as_ == "all" else (as_,), at)
    _put(session, made, out if out is not None else ("out" if as_ == "all" else "-"))
    return 0


def _source(name: str, kind: str | None) -> Source:
    """One ``--from``: bytes of standard input, a URL, or a file that must be there."""
    forced = {"as": kind} if kind else {}
    if name == "-":
        return Source(name="standard input", kind="auto", options={"body": sys.stdin.buffer.read(), **forced})
    if name.lower().startswith(("http://", "https://")):
        return Source(name=name, kind="auto", url=name, options=forced)
    if not Path(name).is_file():
        raise InputError(f"--from {name}: there is no such file, and it is not an http:// or https:// address")
    return Source(name=Path(name).name, kind="auto", options={"path": str(Path(name).resolve()), **forced})


def _complain(found: "tuple[Answer, ...]") -> None:
    for answer in found:
        if answer.state.error:
            print(f"digest: {answer.source.name}: {answer.state.error}", file=sys.stderr)


def _put(session: Session, made: "tuple[Edition, ...]", out: str) -> None:
    if out == "-":
        for edition in made:
            sys.stdout.buffer.write(edition.body)
            sys.stdout.buffer.flush()
        return
    from digest.deliver import folder

    for path in folder.write(made, Path(out)):
        session.say(str(path))
