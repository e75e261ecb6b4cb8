"""Render, the editor's Markdown: the only user of markdown and nh3.

Introductions and notes become a few harmless tags. Touched when editors need another tag.
"""

import re
from functools import lru_cache
from html import unescape

import markdown
import nh3
from markupsafe import Markup

from digest.render import safe

_TAGS = {"p", "em", "strong", "a", "ul", "ol", "li", "br", "code", "blockquote"}
_MAX = 5_000


@lru_cache(maxsize=512)
def html(text: str) -> Markup:
    """The editor's Markdown (its first 5,000 characters) as sanitised HTML: a few tags, links only http, https and
    mailto. "" stays "". Remembered, because an issue is looked at once for each way of printing it."""
    text = safe.clean_lines(text, _MAX)
    if not text.strip():
        return Markup("")
    made = markdown.markdown(text, output_format="html")
    kept = nh3.clean(
        made,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
        url_relative="deny",
    )
    # What nh3 leaves of a forbidden link is a link to nowhere.
    kept = re.sub(r"<a(?! href)[^>]*>(.*?)</a>", r"\1", kept, flags=re.DOTALL)
    return Markup(kept)  # noqa: S704 - sanitised above


def plain(text: str) -> str:
    """The same without tags, for the text part: links as ``words (address)``, paragraphs apart by an empty line."""
    marked = re.sub(r'<a href="([^"]*)"[^>]*>(.*?)</a>', r"\2 (\1)", str(html(text)), flags=re.DOTALL)
    marked = re.sub(r"</p>|</li>|<br>|</blockquote>", "\n", marked.replace("<li>", "- "))
    lines = (unescape(re.sub(r"<[^>]*>", "", line)).strip() for line in marked.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
