"""Render, feeds: RSS, Atom, JSON Feed and OPML. Touched when a feed must carry another element.

    papers(views, frame, templates)     a feed with an entry a paper
    paper(card, …), issue(view, …)      an entry of either; ready(entry, templates) renders it beforehand
    feed(frame, entries, views)         a feed of entries, rendered or not
    issues(views, frame, templates)     a feed with an entry an issue
    body(name, feed, templates)         it as rss, atom or json
    opml(title, outlines, templates)    the list of feeds

`entries.py` says what a feed holds, `extension.py` what of it is for other digests, `ready.py` is an entry rendered
beforehand, `formats.py` joins entries to a feed. RSS and Atom are templates.
"""

from digest.render.feeds.entries import (
    FILES,
    Entry,
    Feed,
    Frame,
    Latest,
    feed,
    issue,
    issues,
    names_of,
    paper,
    papers,
    tag,
)
from digest.render.feeds.formats import MEDIA, NAMES, STYLES, Outline, body, opml, styles
from digest.render.feeds.ready import Ready, packed, ready, unpacked

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
    "Ready",
    "body",
    "feed",
    "issue",
    "issues",
    "names_of",
    "opml",
    "packed",
    "paper",
    "papers",
    "ready",
    "styles",
    "tag",
    "unpacked",
]
