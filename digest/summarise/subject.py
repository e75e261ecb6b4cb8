"""Summarise room: who a sentence says has done the work: the authors themselves ("we") or others about them.

Only pronouns of the first person plural and "the authors" change; nothing else of a sentence does. Pure; touched when a
sentence reads wrongly with another subject, with a test for it.
"""

import re
from typing import Literal

Subject = Literal["abstract", "we", "authors"]

_FIRST_PERSON = re.compile(r"\b(?:we|us|our|ours|ourselves)\b", re.I)
_FIRST = {"we": "the authors", "us": "the authors", "our": "the authors'", "ours": "the authors'"}
_AGAIN = {"we": "they", "us": "them", "our": "their", "ours": "theirs", "ourselves": "themselves"}
_AUTHORS = re.compile(r"^(?:the|these) authors (?=[a-z])(?!of\b|who\b|whose\b|and\b|or\b|in\b|from\b|with\b)", re.I)


def told_by(text: str, subject: Subject) -> str:
    """The sentence with "We" (`we`) or "The authors" (`authors`) as its subject where it names them; as it is for
    `abstract`. At most one word longer."""
    if subject == "we":
        return _AUTHORS.sub("We ", text, count=1)
    if subject == "authors" and not _AUTHORS.match(text):
        return _of_authors(text)
    return text


def _of_authors(text: str) -> str:
    """The first mention becomes "the authors", later ones "they"; "US", a country, stays."""
    named = False

    def other(match: re.Match[str]) -> str:
        nonlocal named
        word = match[0]
        if word.isupper() or (word.lower() == "ourselves" and not named):
            return word
        new = _AGAIN[word.lower()] if named else _FIRST[word.lower()]
        named = True
        return new[:1].upper() + new[1:] if word[0].isupper() else new

    return _FIRST_PERSON.sub(other, text)
