"""`site build`: the whole site as files, changed ones alone."""

import json
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from digest.cli.common import JSON, NOW, Session, moment, stateful

site = typer.Typer(no_args_is_help=True, help="The site as files that any host can serve.")

OUT = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where the files go [the config's `output`].")]
ALL = Annotated[bool, typer.Option("--all", help="Make every page again, not only those that something new touches.")]


@stateful
def build(session: Session, out: OUT = None, all_: ALL = False, now: NOW = None, json_: JSON = False) -> int:
    """Write the site as static files: pages, feeds and search; only files whose content changed are touched."""
    from digest.operations.site_build import build as build_site

    plan, folder = session.plan(), out.resolve() if out else None
    with session.store(plan) as store, ExitStack() as stack:

        def started(total: int) -> Callable[[str], None]:
            return stack.enter_context(session.progress("pages of papers", total))

        built = build_site(plan, store, moment(now), folder, whole=all_, on_start=started)
    told = {
        "out": str(folder or plan.output),
        "files": built.files,
        "made": built.made,
        "written": len(built.written),
        "removed": built.removed,
        "whole": built.whole,
    }
    if json_:
        print(json.dumps(told))
    else:
        changed = f"{len(built.written)} new or changed, {built.removed} taken away"
        print(f"{told['out']}: {built.files} files, {changed}")
    return 0


site.command("build")(build)
