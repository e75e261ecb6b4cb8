"""Render, feeds: RSS, Atom, JSON Feed and OPML. Touched when a feed must carry another element.

    papers(views, frame, templates)     a feed with an entry a paper
    found(cards, frame, templates, …)   the same of cards that stand in no issue, or in several
    issues(views, frame, templates)     a feed with an entry an issue
    body(name, feed, templates)         it as rss, atom or json
    opml(title, outlines, templates)    the list of feeds

`entries.py` says what a feed holds, `extension.py` what of it is for other digests, `jsonfeed.py` writes JSON. RSS and
Atom are templates.
"""

from digest.render.feeds.entries import FILES, Entry, Feed, Frame, Latest, found, issues, papers, tag
from digest.render.feeds.formats import MEDIA, NAMES, STYLES, Outline, body, opml, styles

__all__ = [
    "FILES",
    "MEDIA",
    "NAMES",
    "STYLES",
    "Entry",
    "Feed",
    "Frame",
    "Latest",
    "Outline",
    "body",
    "found",
    "issues",
    "opml",
    "papers",
    "styles",
    "tag",
]
