"""Text: what somebody typed into a search box, understood. No wording is an error: what says nothing is passed over.

    small models "chain of thought" author:"Yi-Ting Lo" topic:vision since:2026-02 cach*

All must be there. The script of the static site (templates/search.js.j2) reads the same language: change both.
"""

import re
from datetime import date

from digest.model import Wanted

LONGEST, MOST = 300, 20
"""Characters and terms of a search that are read."""
_TERM = re.compile(r'(?:(author|topic|since):)?(?:"([^"]*)"?|(\S+))', re.IGNORECASE)
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")


def understood(text: str, trending: bool = False) -> Wanted:
    """`text` as a search. ``since:`` takes a year, a month or a day (UTC); one that is none is passed over."""
    terms = [(found[1] or "", found[2] or found[3] or "") for found in _TERM.finditer(text[:LONGEST])][:MOST]
    fields: dict[str, list[str]] = {"": [], "author": [], "topic": [], "since": []}
    for field, words in terms:
        if words.strip():
            fields[field.lower()].append(words.strip())
    days = [day for said in fields["since"] if (day := _day(said))]
    return Wanted(
        everywhere=tuple(fields[""]),
        authors=tuple(fields["author"]),
        topics=tuple(fields["topic"]),
        since=max(days, default=None),
        trending=trending,
    )


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    try:
        return date(int(found[1]), int(found[2] or 1), int(found[3] or 1)) if found else None
    except ValueError:
        return None
