"""Web: a feed as the page that its style sheet makes of it, for who opens one in a browser.

Browsers used to do this themselves and are giving it up (Chromium warns in red, then shows the source); readers of
feeds get the feed as ever. lxml is here for XSLT alone. Touched when browsers can be told apart in another way.
"""

from dataclasses import replace
from functools import lru_cache

from lxml import etree

from digest.model import Edition

ENDINGS = (".xml", ".atom")
_OPENED = (b"sec-fetch-dest", b"document")
_FEEDS = ("application/rss+xml", "application/atom+xml")


def opened(path: str, headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether a browser asks for what may be a feed, to show it to a person."""
    return path.endswith(ENDINGS) and _OPENED in headers


def is_feed(edition: Edition) -> bool:
    """Whether it is a feed in XML."""
    return edition.media_type in _FEEDS


def shown(edition: Edition, style: bytes) -> Edition:
    """The feed as a page by the style sheet `style`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    page = bytes(_transform(style)(etree.fromstring(edition.body, parser)))
    return replace(edition, media_type="text/html; charset=utf-8", body=page)


@lru_cache(maxsize=4)
def _transform(style: bytes) -> etree.XSLT:
    nothing = etree.XSLTAccessControl.DENY_ALL  # type: ignore[attr-defined]  # the stubs do not know it
    return etree.XSLT(etree.fromstring(style), access_control=nothing)
