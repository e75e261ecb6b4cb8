"""Normalise room: which words of a text a source wrote as TeX, so that pages can show the formula again.

Text is kept plain everywhere; this remembers what stood behind some of its words. Touched when sources mark formulas in
another way.
"""

import html
import re

from digest.normalise.plain import plain

MOST, LONGEST = 20, 150
"""Formulas remembered of a paper, and the characters of one."""
_FORMULA = re.compile(rf"(?<![\\$])\$(?![\s$])([^$]{{1,{LONGEST}}}?)(?<!\s)\$(?!\d)|\\\((.{{1,{LONGEST}}}?)\\\)", re.S)
_STRUCTURE = re.compile(r"[\\^_{]")


def formulas(*texts: str) -> tuple[tuple[str, str], ...]:
    """(plain words, TeX) of each formula in raw `texts` that has more to it than letters, each once, in order."""
    found: dict[str, str] = {}
    for text in texts:
        if "$" not in text and ("\\" not in text or "\\(" not in text):  # a single sign is told at once
            continue
        for match in _FORMULA.finditer(text):
            tex = " ".join(html.unescape(match[1] or match[2]).split())
            if _STRUCTURE.search(tex) and len(found) < MOST:
                words = plain(f"${tex}$")
                if len(words) > 1 and "\\" not in words:
                    found.setdefault(words, _kept(tex))
    return tuple(found.items())


def _kept(tex: str) -> str:
    """`tex` without what no text may hold: control characters and half characters."""
    return "".join(c for c in tex if c.isprintable()).encode("utf-8", "ignore").decode()
