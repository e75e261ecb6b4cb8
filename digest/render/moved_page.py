"""Render, the page left where a paper's was that is known by another id since: it leads to the page of today.

Without a script: browsers follow the refresh, crawlers the canonical link, and whoever is left reads a sentence.
"""

from digest.model import Edition, Paper
from digest.render import addresses, safe, view
from digest.render.frame import Site, page
from digest.render.templates import Templates


def moved_page(gone: str, paper: Paper, site: Site, templates: Templates) -> tuple[Edition, ...]:
    """What stands at the page and the citations of the id `gone`, that of `paper` today. A server that can say so
    leads on by itself (`Edition.moved`); files of citations have nothing else to say, and are empty."""
    old, new = addresses.of_paper(gone), addresses.of_paper(paper.id)
    if not old or not new:
        return ()
    title = safe.clean(paper.title, view.TITLE) or "(untitled)"
    made = page(
        "moved.html.j2",
        f"{old}index.html",
        site,
        templates,
        title="This page has moved",
        description=title,
        canonical=site.page_of(paper.id),
        paper=title,
        moved=new,
    )
    files = (
        Edition(path=f"{old}{file}", media_type="text/plain; charset=utf-8", body=b"", moved=f"{new}{file}")
        for file in addresses.CITATIONS.values()
    )
    return made, *files
