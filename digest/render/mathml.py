"""Render, mathematics on pages: what a source wrote as TeX is shown as MathML. The only user of latex2mathml.

Text is plain everywhere (``O(n²)``); a paper remembers which of its words were TeX, and pages put the formula back in
their place. What comes of hostile TeX is kept only as far as it is presentation MathML. Mail stays plain.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from xml.etree import ElementTree

from markupsafe import Markup, escape

_TAGS = frozenset({
    "math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot", "mstyle", "mpadded",
    "mphantom", "msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts", "mtable", "mtr", "mtd",
    "menclose",
})  # fmt: skip
_ATTRIBUTES = frozenset({"display", "mathvariant", "stretchy", "accent", "accentunder", "linethickness", "columnalign"})
_LONGEST = 200
_THIN = '<mspace width="0.17em"></mspace>'


def with_formulas(text: str, pairs: Sequence[tuple[str, str]]) -> Markup:
    """`text` escaped, with each of its formulas as MathML; `pairs` are (plain words, TeX). Whole words only."""
    known = {plain: tex for plain, tex in pairs if len(plain) > 1 and formula(tex)}
    if not known:
        return escape(text)
    words = "|".join(re.escape(plain) for plain in sorted(known, key=len, reverse=True))
    parts = re.split(rf"(?<!\w)({words})(?!\w)", text)
    return Markup("").join(formula(known[part]) if number % 2 else part for number, part in enumerate(parts))


@lru_cache(maxsize=4096)
def formula(tex: str) -> Markup:
    """`tex` as inline MathML; "" where it is none, too long, or holds what is no presentation."""
    from latex2mathml.converter import convert

    if len(tex) > _LONGEST or tex.count("{") > 40:
        return Markup("")
    try:
        made = ElementTree.fromstring(convert(tex))  # noqa: S314 - of our own making, without entities
    except _broken():
        return Markup("")
    return Markup(written) if (written := _written(made)) else Markup("")  # noqa: S704 - only known tags, escaped


@cache
def _broken() -> tuple[type[Exception], ...]:
    """What latex2mathml raises over TeX that is none: its own exceptions have no common parent."""
    from latex2mathml import exceptions

    own = [kind for kind in vars(exceptions).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    others = (ElementTree.ParseError, ValueError, LookupError, TypeError, AttributeError, RecursionError)
    return (*own, *others)


def _written(element: ElementTree.Element) -> str:
    """The element as HTML, "" where it or anything in it is not allowed."""
    tag = element.tag.rpartition("}")[2]
    if tag not in _TAGS:
        return ""
    inner = [_written(child) for child in element]
    if not all(inner):
        return ""
    if tag == "mi" and len(element.text or "") > 1:
        return f"{_THIN}<mi>{escape(element.text)}</mi>{_THIN}"  # log, sin, max: words, which need room
    kept = "".join(f' {name}="{escape(value)}"' for name, value in element.attrib.items() if name in _ATTRIBUTES)
    return f"<{tag}{kept}>{escape(element.text or '')}{''.join(inner)}</{tag}>"
