"""Room `collect`: OPML, the form in which feed readers exchange their subscriptions, to names and addresses. Pure.

Touched when an exporter writes its outlines in another way. What to do with the addresses is the caller's.
"""

import re

from digest.collect import feed, fields
from digest.collect.errors import Unreadable

_BARE = re.compile(rb"&(?!(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);)")
# A quotation mark neither after "=" nor before the next attribute or the end of the tag is part of the text.
_QUOTED = re.compile(rb"(?<!=)(?<!= )\"(?!\s*(?:[/?]?>|[\w:.-]+\s*=))")


def read(body: bytes) -> tuple[tuple[str, str], ...]:
    """(title, feed URL) of every subscription, in order, each address once; folders are opened.

    A subscription without a title is called by its address. Exporters often forget to escape quotes and ampersands:
    what can be recovered is read. Raises Unreadable for what is no OPML.
    """
    from lxml import etree

    if len(body) > feed.MAX_BYTES:
        raise Unreadable(f"the body has {len(body):,} bytes, more than {feed.MAX_BYTES:,}")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_comments=True
    )
    mended = body if b"\0" in body else _QUOTED.sub(b"&quot;", _BARE.sub(b"&amp;", body))  # not in UTF-16
    try:
        root = etree.fromstring(mended, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"not OPML: {fields.text(error, 200)}") from error
    if root is None or str(root.tag).lower() != "opml":
        raise Unreadable("not OPML: its root is another element")
    found: dict[str, str] = {}
    for outline in root.iter("{*}outline", "{*}Outline"):
        said = {str(name).lower(): value for name, value in outline.attrib.items()}
        address = fields.web(said.get("xmlurl") or (said.get("url") if said.get("type") == "rss" else None))
        if address:
            found.setdefault(address, fields.text(said.get("title") or said.get("text"), 200) or address)
    return tuple((title, address) for address, title in found.items())
