"""Summarise room: a sentence that leans on another one, made to stand by itself, where cutting alone can do it.

"to address this issue" goes, "these complementary viewpoints" lose "these", "this feedback loop" is "the feedback
loop". Rules only; a sentence that still leans is left as it was. Pure; touched when a mended sentence was broken or
said something else, with a test for it.
"""

import re

from digest.summarise import clauses
from digest.summarise.leaning import PROBLEMS, WORKS, leaning
from digest.text.stopwords import STOP_WORDS

_NAMED_BEFORE = rf"(?:(?:this|these|those|such|both)(?: [\w-]+){{1,2}}|(?:the|that) {PROBLEMS})"
_DONE = rf"(?:in order )?to (?:[a-z]+ly )?[a-z]{{3,}} {_NAMED_BEFORE}"
_CUTS = (
    rf",?\s+(?:specifically )?(?:designed|developed|intended|tailored|built|made) (?:specifically )?for {_NAMED_BEFORE}"
    r"(?=[.,;]|$)",
    rf",?\s+(?:(?:designed|aimed|developed|intended|proposed|aiming) )?{_DONE}(?=[.,;]|$)",
    rf",?\s+(?:that|which) (?:[a-z]+ly )?[a-z]+s {_NAMED_BEFORE}(?=[.,;]|$)",
    rf"(?P<kept> {WORKS}) {_DONE}(?= (?:by|through|via|using)\b)",
    r"^we \w+ (?:this|these|that) [^,;]{3,80}?, (?:where |and |in which )(?=we [a-z]+)",
    r"^(?!if |unless |when |only |not |as long )[^;:]{10,160}?[,;] (?:and |so )(?=we [a-z]+)",
)
_NEEDLESS = tuple(re.compile(cut, re.I) for cut in _CUTS)
_POINTER = re.compile(
    r"\b(?P<pointer>these|those|such|this)(?P<opening> [\"“'‘]?)(?P<phrase>[\w-]+[\"”'’]?(?: [\w-]+[\"”'’]?){0,2})"
)
_SUBORDINATE = re.compile(
    r"(?:while|although|though|as|since|when|where|if|because|due|despite|given|to|on|in|by|for|with)\b", re.I
)
_PLURAL = re.compile(r"\w{2}[^\Wsui]s$")
_GENERAL = re.compile(r"(?:ing|tion|ity|ence|ance|ism|data)$")  # needs no article
_NO_MODIFIER = re.compile(
    rf"(?:two|three|four|five|six|seven|eight|new|other|same|different|existing|various|core|key|main|kinds?|types?|"
    rf"{PROBLEMS}|\w+ly|\w+s)$",
    re.I,
)
_NO_NOUN = re.compile(rf"(?:.*(?:s|ing|ed|ly)|{PROBLEMS}|{WORKS})$", re.I)
_DOING = ("using", "utilizing", "leveraging", "employing", "combining", "exploiting")


def mended(text: str) -> str:
    """The sentence without what it leans by, or as it is where that does not make it stand."""
    found = text
    for pattern in _NEEDLESS:
        if leaning(found):
            short = pattern.sub(lambda match: match.groupdict().get("kept") or "", found).rstrip(" .,") + "."
            whole = clauses.is_whole(short[:-1]) and not _SUBORDINATE.match(short)
            found = short if whole else found
    if leaning(found):
        found = " ".join(_POINTER.sub(_unpointed, found).split())
    return text if leaning(found) else found


def _unpointed(match: re.Match[str]) -> str:
    """What stands for "these complementary viewpoints": it without "these"; anything less certain as it is."""
    pointer, rest = match["pointer"].lower(), match["opening"] + match["phrase"]
    first, *others = (word.strip("\"”'’").lower() for word in match["phrase"].split())
    if pointer == "such" and (first in ("a", "an") or _GENERAL.search(first)):
        return rest
    if not others or first in STOP_WORDS or others[0] in STOP_WORDS or _NO_MODIFIER.match(first):
        return match[0]
    if pointer != "this":
        return rest if any(_PLURAL.search(word) for word in others) else match[0]
    return match[0] if _NO_NOUN.match(others[0]) or first.endswith(_DOING) else f"the{rest}"
