"""The rank room: what a forecast sees of a paper: its words, its names, its facts. Touch it to show it more.

Nothing here knows of picks, days or the order papers came in.
"""

import math
import re
from collections.abc import Iterable
from itertools import pairwise

from digest.model import Paper

WORD = re.compile(r"[^\W_][\w'’+-]*", re.UNICODE)
URL = re.compile(r"(?:https?://|www\.|(?=[\w.-]+\.(?:com|io|org|co|ai)/))([\w.-]+)[^\s)}\]]*", re.IGNORECASE)
NUMBER = re.compile(r"(\d+)\s*(pages|figures)", re.IGNORECASE)
ACRONYM = re.compile(r"^[^\s:]{2,24}:")
AREAS = ("cs.CV", "cs.CL", "cs.AI", "cs.LG", "cs.GR", "cs.RO", "cs.HC", "cs.CR", "cs.IR", "cs.SD", "cs.MM")
SIGNS = (
    ("github.com",),
    ("github.io",),
    ("huggingface.co",),
    ("project page", "project site", "project web", "homepage"),
    ("accepted", "to appear"),
    ("in progress", "preprint"),
    ("technical report", "tech report"),
    ("survey", "review"),
    ("benchmark", "dataset"),
    ("open-source", "open source", "releas", "publicly available"),
)


def names(paper: Paper) -> list[str]:
    """The authors' names, folded, in their order."""
    folded = (" ".join(author.name.casefold().split()) for author in paper.authors)
    return [name for name in folded if name]


def text(paper: Paper, *, owners: bool) -> tuple[str, str, str]:
    """(title, abstract, comment); without `owners` an address is its host alone, for the rest of it names people."""
    parts = (paper.title, paper.abstract, paper.comment or "no comment")
    return parts if owners else tuple(URL.sub(r" \1 ", part) for part in parts)  # type: ignore[return-value]


def terms(paper: Paper, *, owners: bool) -> list[str]:
    """Words and pairs of words of the abstract with the title, and again those of title ("t:") and comment ("c:").

    A title says more in few words than an abstract, so its terms have weights of their own.
    """
    title, abstract, comment = text(paper, owners=owners)
    return [
        *grams(title),
        *grams(abstract),
        *(f"t:{gram}" for gram in grams(title)),
        *(f"c:{gram}" for gram in grams(comment)),
    ]


def grams(passage: str) -> Iterable[str]:
    """The words of a passage of at least two characters, folded, and each two neighbours."""
    found = [word for word in WORD.findall(passage.casefold()) if len(word) > 1]
    yield from found
    yield from (f"{one} {two}" for one, two in pairwise(found))


def facts(paper: Paper) -> list[float]:
    """What can be counted: lengths, the shape of the title, links, the comment, areas. As many for every paper.

    Only links written in abstract and comment count: `paper.links` also holds what a community's list added when it
    picked the paper, which is the very thing to be foreseen.
    """
    title, abstract, comment = paper.title, paper.abstract, paper.comment or ""
    shown = f"{abstract} {comment}".casefold()
    words = title.split()
    numbers = {kind.casefold(): float(number[:4]) for number, kind in NUMBER.findall(comment)}
    counts = [
        len(abstract),
        len(title),
        len(words),
        len(comment),
        len(paper.categories),
        numbers.get("pages", 0.0),
        numbers.get("figures", 0.0),
        sum(letter.isdigit() for letter in abstract),
        abstract.count("%"),
        sum(sum(letter.isupper() for letter in word) > 1 for word in words),
    ]
    flags = [
        ":" in title,
        "?" in title,
        ACRONYM.match(title) is not None,
        "http" in abstract,
        "http" in comment,
        not comment,
        *(any(sign in shown for sign in signs) for signs in SIGNS),
        *(area in paper.categories for area in AREAS),
        *(paper.categories[:1] == (area,) for area in AREAS[:5]),
        sum(word[:1].isupper() for word in words) / max(1, len(words)),
    ]
    return [float(v) for v in (*(math.log1p(count) for count in counts), *flags)]
