"""The whole site of given issues, through a real store: every page and feed by its path. Values in, bytes out."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import factory

from digest.config import default_plan
from digest.config.plan import Plan
from digest.model import Decision, Issue, Masthead, Newsletter, Paper, Resolved, Sighting, Signal
from digest.operations import site_build, site_state
from digest.store import Store
from digest.store.codec import decode, encode


def plan_of(
    home: Path, masthead: Masthead = factory.MASTHEAD, newsletters: Sequence[Newsletter] = (factory.NEWSLETTER,)
) -> Plan:
    """A plan of these newsletters, with its store and output below `home`."""
    return replace(default_plan(home), masthead=masthead, newsletters=tuple(newsletters))


def keep(store: Store, issues: Sequence[Issue], signals: Sequence[Signal] = ()) -> None:
    """Saves issues as if they had been collected and made: papers, sightings and all."""
    for issue in issues:
        issue = _storable(issue)
        items = {item.paper.id: item for item in issue.items}
        known(store, [item.paper for item in items.values()], issue.made_at)
        arrivals = {section.topic.slug: section.today for section in issue.sections}
        told = tuple(
            Decision(subject=id_, stage="select", verdict="printed", reason="the best of the day", at=issue.made_at)
            for id_ in items
        )
        store.issues.save(issue, decisions=told, arrivals=arrivals)
    if signals:
        observed(store, signals)


def _storable(issue: Issue) -> Issue:
    """The issue without half characters, which no source's text has once it was read."""
    return decode(Issue, encode(issue).encode("utf-8", "ignore").decode())


def known(store: Store, papers: Sequence[Paper], at: datetime) -> None:
    """Saves papers as if a source had announced them."""
    seen = tuple(Sighting(paper_id=paper.id, source="arxiv", at=at) for paper in papers)
    store.save_collected([], _resolved(tuple(papers), sightings=seen), at, {})


def observed(store: Store, signals: Sequence[Signal]) -> None:
    """Saves observations of attention."""
    store.save_collected([], _resolved(signals=tuple(signals)), signals[0].at, {})


def _resolved(
    new: tuple[Paper, ...] = (), sightings: tuple[Sighting, ...] = (), signals: tuple[Signal, ...] = ()
) -> Resolved:
    return Resolved(new=new, updated=(), sightings=sightings, signals=signals, decisions=(), outcomes=())


def whole_site(
    issues: Sequence[Issue],
    masthead: Masthead = factory.MASTHEAD,
    newsletters: Sequence[Newsletter] = (factory.NEWSLETTER,),
) -> dict[str, bytes]:
    """Every file of the site of `issues`."""
    with tempfile.TemporaryDirectory() as folder:
        plan = plan_of(Path(folder), masthead, newsletters)
        with Store.open(plan.database, plan.home) as store:
            keep(store, issues)
            site_build.build(plan, store, factory.NOW)
        files = (path for path in plan.output.rglob("*") if path.is_file() and path.name != site_state.MANIFEST)
        return {path.relative_to(plan.output).as_posix(): path.read_bytes() for path in files}
