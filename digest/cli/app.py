"""The table of commands: a name, its help, and the module that does it. No work is done here."""

from typing import Annotated

import typer

from digest.cli import (
    configuration,
    curate,
    desk,
    history,
    identity,
    inbox,
    issues,
    look,
    manual,
    one_shot,
    papers,
    people,
    proposals,
    runs,
    serving,
    signals,
    site,
    sources,
    start,
    topics,
    upkeep,
)

app = typer.Typer(
    name="digest",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="A newsletter of trending papers: collect, group, rank, and publish as mail, feeds and pages.",
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"digest {version('trending-papers-digest')}")
        raise typer.Exit


@app.callback()
def digest(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """A newsletter of trending papers: collect, group, rank, and publish as mail, feeds and pages."""


app.command("init")(start.init)
app.command("demo")(start.demo)
app.command("render")(one_shot.render)
app.command("run")(runs.run)
app.command("collect")(runs.collect)
app.command("publish")(runs.publish)
app.command("schedule")(runs.schedule)
app.command("serve")(serving.serve)
app.command("up")(serving.up)
app.command("backfill")(history.backfill)
app.command("backtest")(history.backtest)
app.command("import")(papers.import_)
app.command("export")(papers.export)
app.command("preview")(look.preview)
app.command("signals")(signals.signals)
app.command("explain")(look.explain)
app.command("doctor")(look.doctor)
app.command("deliveries")(look.deliveries)
app.command("send")(curate.send)
app.command("merge")(identity.merge)
app.command("split")(identity.split)
app.command("pick")(curate.pick)
app.command("skip")(curate.skip)
app.command("backup")(upkeep.backup)
app.command("restore")(upkeep.restore)
app.command("prune")(upkeep.prune)
app.command("man")(manual.man)
app.command("related")(topics.related)
app.add_typer(configuration.config, name="config")
app.add_typer(issues.issues, name="issues")
app.add_typer(topics.topics, name="topics")
app.add_typer(sources.sources, name="sources")
app.add_typer(site.site, name="site")
app.add_typer(people.readers, name="readers")
app.add_typer(desk.desk, name="desk")
app.command("propose")(proposals.propose)
app.add_typer(proposals.proposals, name="proposals")
app.command("inbox")(inbox.inbox)
