"""Text: what says that a paper is withdrawn, and titles of notices about another paper (an erratum, a retraction).

Touch here the words that say so. A sentence about something else being withdrawn ("withdrawn from the market", "from a
conference") says nothing of the paper.
"""

import re

_WORK = r"(?:paper|article|submission|manuscript|pre-?print|e-?print|work|version|study|note|report|book|chapter)"
_BE = r"(?:has|have) (?:now |since )?been|is|was|are|were|is being|has to be|must be|should be considered"
_GONE = r"(?:temporarily |hereby |voluntarily )?(?:withdrawn|retracted)\b(?! from\b)"
_WHO = r"(?:authors?|submitters?|publisher|editors?|arxiv)"
_DO = r"(?:have |has |wish to |would like to |hereby )*(?:withdraw|withdrew|withdrawn|retract|retracted)"
_SAID = re.compile(
    rf"\b(?:this|the|our|present) (?:\w+ )?{_WORK} (?:{_BE}) {_GONE}"
    rf"|^\W*(?:(?:this|the) )?(?:{_WORK} )?(?:is )?{_GONE}(?!\s+\w+s\b)"
    rf"|\b(?:withdrawn|retracted) by (?:(?:the|its|their|corresponding|all|both) )*{_WHO}\b"
    rf"|\b(?:we|i|authors?|editors?) {_DO}\b (?:this|the|our|their|his|her) (?:\w+ )?{_WORK}",
    re.IGNORECASE,
)
_TITLE = re.compile(r"^\W*(?:withdrawn|retracted)(?: article| paper| chapter)?\s*[:\]]", re.IGNORECASE)
_LEAD = 400
"""Characters of an abstract in which a withdrawal is told; later, other papers are spoken of."""
_KIND = (
    r"(?:(?:author|publisher|editorial)['’]?s? )?(?:correction|corrigend(?:um|a)|errat(?:um|a)|addend(?:um|a)|"
    r"retraction(?: note| notice)?|withdrawal(?: notice)?|expression of concern)"
)
_NOTICE = re.compile(rf"^\W*(?P<kind>{_KIND})\s*(?::|(?:to|for)\b:?)\s*(?P<title>.{{12,}})$", re.IGNORECASE)


def is_withdrawn(title: str, abstract: str, comment: str) -> bool:
    """Whether one of a paper's plain texts says that the paper is withdrawn or retracted."""
    told = f"{title} {abstract[:_LEAD]} {comment}".lower()
    if "withdr" not in told and "retract" not in told:
        return False
    return bool(_TITLE.search(title) or _SAID.search(comment) or _SAID.search(abstract[:_LEAD]))


def about(title: str) -> tuple[str, str] | None:
    """(what it is, in small letters; the title of the paper it is about) of a notice about another paper, such as
    ``Author Correction: Quiet machines``; None for any other title."""
    found = _NOTICE.match(title)
    return (found["kind"].lower(), found["title"].strip(" “”\"'")) if found else None


def retracts(kind: str) -> bool:
    """Whether a notice of this kind takes the paper back."""
    return "retraction" in kind or "withdrawal" in kind
