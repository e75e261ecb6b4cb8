"""Render, hostile text: whatever a feed sent becomes harmless before a template sees it.

Escaping is the templates' (autoescape); here goes what escaping cannot mend: characters that reorder or hide text,
characters XML forbids, endless length, links that run something. Touched when a new trick turns up.
"""

import re
import unicodedata
from email.utils import parseaddr
from urllib.parse import quote, urlsplit

# Spaces of every kind and line ends become one space each run.
_SPACES = re.compile(r"[\s\u00a0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\x00-\x20\x7f-\x9f]+")
# Hidden or reordering: soft hyphen, zero-width space, marks and overrides of direction, word joiner, invisible
# operators, BOM, interlinear marks, surrogates, non-characters, tag characters.
_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff0-\uffff\ud800-\udfff\ufdd0-\ufdef\U000e0000-\U000e0fff]"
    "|[" + "".join(chr(plane * 0x10000 + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF)) + "]"
)
# Joiners hold emoji, Persian and Indic letters together; beside ASCII or at an edge they only hide.
_STRAY_JOINER = re.compile(
    r"(?<![^\x00-\x9f\s])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\x9f\s])|(?<=[\u200c\u200d])[\u200c\u200d]+"
)
# More than four marks on one letter is decoration that paints over the lines around it.
_PILE = re.compile(r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})"
                   r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")  # fmt: skip
_LONG_INPUT = 200_000
_URL_MAX = 2000


def clean(text: str, limit: int = 0) -> str:
    """`text` on one line without anything hidden, reordering or illegal in XML; at most `limit` characters if given."""
    if text.isascii() and text.isprintable():
        # Nearly all text there is; nothing below could change more of it than its spaces.
        text = " ".join(text[:_LONG_INPUT].split())
        return shorten(text, limit) if limit else text
    text = _STRAY_JOINER.sub("", _HIDDEN.sub("", text[:_LONG_INPUT]))
    text = _SPACES.sub(_space, _PILE.sub(r"\1", text)).strip()
    return shorten(text, limit) if limit else text


def _space(run: re.Match[str]) -> str:
    # A lone thin space is typography ("98 %"); anything longer is padding.
    return run[0] if run[0] in ("\u2009", "\u202f") else " "


def clean_lines(text: str, limit: int) -> str:
    """`text` cleaned line by line (for Markdown), at most `limit` characters."""
    return "\n".join(_indent(line) + clean(line) for line in text[:limit].splitlines())


def _indent(line: str) -> str:
    return " " * min(len(line) - len(line.lstrip(" ")), 12)


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut at a word if one ends near, never between a letter and its marks."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    space = cut.rfind(" ")
    if space > limit * 0.7:
        cut = cut[:space]
    else:
        end = limit - 1
        while end > 1 and (unicodedata.combining(text[end]) or text[end] in "\u200c\u200d\ufe0e\ufe0f"):
            end -= 1
        cut = text[:end]
    return cut.rstrip(" ,;:.\u200c\u200d") + "…"


def url(address: str | None) -> str:
    """`address` if it is an absolute http or https link (spaces and controls percent-encoded), else ""."""
    address = (address or "").strip()
    if not address or len(address) > _URL_MAX:
        return ""
    address = quote(address.encode("utf-8", "ignore"), safe=":/?#[]@!$&'()*+,;=%~-._")
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc else ""


def mailto(contact: str, subject: str) -> str:
    """A link that writes `subject` to the address in `contact` (``a@b`` or ``Name <a@b>``), "" if there is none."""
    address = parseaddr(contact)[1]
    if not re.fullmatch(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+", address):
        return ""
    return f"mailto:{address}?subject={quote(subject, safe='')}"


def direction(text: str) -> str:
    """``rtl`` or ``ltr``, by the first letter that has a direction."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"
