"""Render, filters of the templates: wrapping for the text part, escaping for Markdown and feeds.

Touched when a template needs another filter.
"""

import posixpath
import re
import textwrap
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from digest.model import Theme
from digest.render.mathml import with_formulas

# Chinese, Japanese, Korean: two columns wide, and a line may end after any of them.
_WIDE = (
    "\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003fffd"
)
_IDEOGRAPH = re.compile(f"[{_WIDE}]")
_PARTS = re.compile(rf"[{_WIDE}][\u0300-\u036f\u3099\u309a\ufe00-\ufe0f]*|[^\s{_WIDE}]+|\s+")
_IN_MARKDOWN = {"&#39;": "'", "&#34;": '"', "~": "&#126;"}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]#])")


def wrap(text: str, width: int = 72, indent: str = "") -> str:
    """`text` in lines of at most `width` columns (wide characters count two), each after `indent`; paragraphs stay.
    A word longer than a line is cut unless there is an address in `text`."""
    room = max(20, width - len(indent))
    paragraphs = (_fill(line, room) if line.strip() else "" for line in text.split("\n"))
    return "\n".join(indent + line if line else "" for lines in paragraphs for line in (lines or "").split("\n"))


def _fill(text: str, room: int) -> str:
    if not _IDEOGRAPH.search(text):
        return textwrap.fill(text, room, break_long_words="://" not in text, break_on_hyphens=False)
    lines, line, columns = [], "", 0
    for part in _PARTS.findall(text):
        wide = sum(1 + bool(_IDEOGRAPH.match(character)) for character in part)
        if columns + wide > room and line.strip():
            lines.append(line.rstrip())
            line, columns, part = "", 0, part.lstrip()
        line, columns = line + part, columns + wide
    return "\n".join([*lines, line.rstrip()])


def markdown(text: str) -> Markup:
    """`text` so that every dialect of Markdown shows it as it is: what means something in mid-line escaped, `<>&` (and
    `~`, whose escape not all dialects know) as entities, what means something at the start of a line only there."""
    text = _MARKDOWN.sub(r"\\\1", text)
    text = re.sub(r"^([+-]|\d+(?=[.)]))", r"\\\1" if text[:1] in "+-" else r"\1\\", text)
    escaped = str.__str__(escape(text))
    for old, new in _IN_MARKDOWN.items():
        escaped = escaped.replace(old, new)
    return Markup(escaped)  # noqa: S704 - escaped right here


def entity(text: str) -> str:
    """HTML to stand as text inside XML: without its Markup, so that autoescape escapes it once more."""
    return str.__str__(text)


def tint(text: Markup, theme: Theme) -> Markup:
    """The editor's HTML with the styles inlining cannot give it, because it is not in the template."""
    link = f'<a class="link" style="color:{theme.light["link"]};text-decoration:underline" '
    return Markup(str.__str__(text).replace("<a ", link).replace("<p>", '<p style="margin:0 0 8px">'))  # noqa: S704


def dots(text: str) -> str:
    """Middle dots that stay at the end of a line instead of opening the next."""
    return text.replace(" · ", "\u00a0· ")


def rfc822(moment: datetime) -> str:
    """RSS's spelling of a moment."""
    return format_datetime(moment.astimezone(UTC))


def rfc3339(moment: datetime) -> str:
    """Atom's and JSON Feed's spelling of a moment."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def seen_from(address: str, here: str) -> str:
    """`address` as a page at the folder address `here` links to it: relative on the same site, so that pages work
    under any host, in a sub-path and opened from a disk; as it is on another."""
    site, target = urlsplit(here), urlsplit(address)
    if (site.scheme, site.netloc) != (target.scheme, target.netloc) or not here:
        return address
    path = posixpath.relpath(target.path, site.path or "/")
    return f"{path}/index.html".removeprefix("./") if address.endswith("/") else path


FILTERS = {
    "seen_from": seen_from,
    "wrap": wrap,
    "md": markdown,
    "entity": entity,
    "tint": tint,
    "dots": dots,
    "math": with_formulas,
    "rfc822": rfc822,
    "rfc3339": rfc3339,
}
