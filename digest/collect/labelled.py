"""Room `collect`: descriptions that say everything about a paper in labelled paragraphs, taken apart. Pure, no I/O.

Publishers whose feeds have no place for authors or DOIs write them into the description (``<p>Authors: …</p>``, or a
list of names before ``</br>``). Touched when another publisher labels its paragraphs otherwise.
"""

import re
from dataclasses import dataclass, field

_PARAGRAPHS = re.compile(r"</?p\b[^<>]*>|</?br\b[^<>]*>", re.IGNORECASE)
_TAGS = re.compile(r"<[^<>]*>")
_LABEL = re.compile(r"\s*(Author\(s\)|Authors?|DOI|Abstract|Source|Publication date)\s*:\s*", re.IGNORECASE)
_ANY = re.compile(r"(?:>|^)\s*(?:Author\(s\)|Authors?|DOI|Abstract)\s*:", re.IGNORECASE)
_NAMES = re.compile(r"\s*((?:[^;<>]{2,60};){1,200})\s*</br>")
_LINK = re.compile(r"\s*<a\s[^<>]*href=[\"']([^\"'<>]+)[\"'][^<>]*>\s*(PDF|HTML|XML)\s*</a>\s*", re.IGNORECASE)
_ISSUE = re.compile(r"\s*[^<>\d]{2,80} \d{1,5}(?:\(\d{1,4}\))?: ?[\w-]{1,12}(?:[-–]\w{1,10})?\s*")


@dataclass(slots=True)
class Labelled:
    """What the paragraphs said; `abstract` is what is left of the description."""

    abstract: str = ""
    authors: str = ""
    doi: str = ""
    venue: str = ""
    date: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)  # (pdf or html, address)


def read(description: str) -> Labelled | None:
    """The description taken apart; None for one that is an abstract and nothing else, as most are."""
    if "</br>" in description and (match := _NAMES.match(description)):
        return Labelled(authors=match[1].rstrip("; "), abstract=description[match.end() :])
    if not _ANY.search(description):
        return None
    found = Labelled()
    left: list[str] = []
    for paragraph in _PARAGRAPHS.split(description):
        if link := _LINK.fullmatch(paragraph):
            found.links += [(link[2].lower(), link[1])] if link[2].lower() != "xml" else []
        elif _ISSUE.fullmatch(paragraph):
            found.venue = paragraph.strip()
        elif paragraph.strip():
            _take(found, left, paragraph)
    found.abstract = "\n".join(left)
    return found


def _take(found: Labelled, left: list[str], paragraph: str) -> None:
    """One paragraph into the field its label names; without a label it belongs to the abstract."""
    label = _LABEL.match(_TAGS.sub("", paragraph))
    name = label[1].lower() if label else ""
    value = _TAGS.sub("", paragraph)[label.end() :].strip() if label else ""
    if name == "abstract":
        left.append(paragraph[paragraph.index(":") + 1 :].strip())
    elif name.startswith("author"):
        found.authors = value
    elif name == "doi":
        found.doi = value
    elif name == "source":
        found.venue = value
    elif name:
        found.date = value
    else:
        left.append(paragraph)
