"""Render, pages of topics and of months. Touched when one of them must say something else."""

from collections.abc import Sequence
from datetime import date

from digest.model import Edition, Month, Point, Printed, Topic
from digest.render import curves, lists, safe, view, words
from digest.render.editions import alternates
from digest.render.frame import Site, page
from digest.render.templates import Templates

_ROWS = 120


def slug(topic: Topic) -> str:
    """What the address of a topic ends in."""
    return view.anchor(topic.slug)


def topic_path(newsletter: str, topic: Topic) -> str:
    """Where the page of a topic is."""
    return f"{newsletter}/topics/{view.anchor(topic.slug)}/index.html"


def topic_page(
    newsletter: str,
    topic: Topic,
    count: int,
    papers: Sequence[Printed],
    arrivals: Sequence[Point],
    told: str,
    site: Site,
    templates: Templates,
) -> Edition:
    """The page of a topic: `count` papers in all, of which `papers` are the last; `arrivals` are new papers a day with
    an issue, `told` how it stands ("24 new, 1.7x usual")."""
    home, name = site.home(newsletter), safe.clean(topic.name, 80)
    path = topic_path(newsletter, topic)
    drawn = curves.columns(arrivals, "papers a day")
    title = f"{name} in {site.heading(newsletter)}"
    return page(
        "topic.html.j2",
        path,
        site,
        templates,
        title=title,
        description=f"{words.count(count, 'paper')} on {name}, and how the topic goes.",
        feeds=alternates(f"{home}topics/{view.anchor(topic.slug)}/", title),
        topic=name,
        colour=topic.colour % 8,
        newsletter=site.heading(newsletter),
        home=home,
        size=f"{words.count(count, 'paper')} printed",
        curve=drawn,
        told=told,
        rows=[(words.short_date(point.day), f"{point.value:,.0f}") for point in reversed(arrivals[-_ROWS:])],
        papers=[{**lists.printed(one, site), "topic": ""} for one in papers],
        more=count - len(papers),
    )


def month_path(newsletter: str, first: date) -> str:
    """Where the page of a month is."""
    return f"{newsletter}/{first:%Y-%m}/index.html"


def month_page(month: Month, papers: Sequence[Printed], site: Site, templates: Templates) -> Edition:
    """The page of a month: its issues, newest first, each with the titles it prints."""
    heading = site.heading(month.newsletter)
    size = f"{words.count(month.issues, 'issue')}, {words.count(month.papers, 'paper')}"
    return page(
        "month.html.j2",
        month_path(month.newsletter, month.first),
        site,
        templates,
        title=f"{heading}, {month.first:%B %Y}",
        description=size,
        newsletter=heading,
        home=site.home(month.newsletter),
        size=size,
        issues=lists.by_day(papers, site),
    )
