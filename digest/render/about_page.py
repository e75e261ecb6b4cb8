"""Render, the page about the site: what it reads, and how a score is made with the weights of this configuration.

Touched when the formula gains a term: say here what it says.
"""

from collections.abc import Mapping, Sequence

from digest.model import Edition, Newsletter, Source
from digest.render import safe
from digest.render.frame import Site, page
from digest.render.templates import Templates

SAID = {
    "fresh": "it is new here",
    "upvotes": "votes, against papers as old",
    "votes": "votes of this newsletter’s readers",
    "comments": "comments, against papers as old",
    "stars": "stars of its code",
    "mentions": "how often others speak of it",
    "citations": "how often it is cited",
    "sources": "in how many sources it was seen",
    "code": "there is code",
    "project": "there is a project page",
    "topic": "its topic rises",
    "forecast": "what was picked in the past speaks for it",
    "other": "any other count, against papers as old",
}


def about_page(
    sources: Sequence[Source], weights: Mapping[str, Mapping[str, float]], site: Site, templates: Templates
) -> Edition:
    """The page; `weights` are those in force, by newsletter."""
    return page(
        "about.html.j2",
        "about/index.html",
        site,
        templates,
        title=f"About {site.title}",
        description=f"What {site.title} reads, and how it chooses.",
        sources=[(safe.clean(one.name, 80), safe.clean(one.kind, 80)) for one in sources],
        newsletters=[_newsletter(one) for one in site.newsletters],
        weights=_tables(weights, site),
        all_feeds=site.feeds,
    )


def _newsletter(one: Newsletter) -> dict[str, object]:
    days = f"{one.window_days:,} days" if one.window_days != 1 else "day"
    floor = "" if one.floor is None else f" Nothing with a score below {one.floor:g} is printed."
    overlooked = (
        f" {one.overlooked:.0%} of the places are for promising papers that nobody has noticed."
        if one.overlooked
        else ""
    )
    told = (
        f"At most {one.limit:,} papers an issue, {one.top:,} of them as the top of the day, chosen from those first "
        f"seen in the last {days} that it has not printed. A score halves every {one.half_life_days:g} days.{floor}"
        f"{overlooked.replace('%', chr(0x202F) + '%')}"
    )
    return {
        "title": safe.clean(one.title, 120),
        "told": told,
        "topics": [safe.clean(rule.name, 80) for rule in one.topics],
    }


def _tables(weights: Mapping[str, Mapping[str, float]], site: Site) -> list[dict[str, object]]:
    """A table of weights for each newsletter, one for all where they are the same."""
    different = list({tuple(sorted(one.items())): name for name, one in reversed(list(weights.items()))}.values())
    names = different[::-1] if len(different) > 1 else list(weights)[:1]
    return [
        {
            "title": site.heading(name) if len(names) > 1 else "Weights",
            "rows": [
                (safe.clean(term, 40), SAID.get(term, "this count, against papers as old"), f"{value:g}")
                for term, value in sorted(weights[name].items(), key=lambda one: (-one[1], one[0]))
                if value > 0
            ],
        }
        for name in names
    ]
