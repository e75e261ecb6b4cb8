"""Summarise room: the sentences of an abstract worth reading, free of labels, heads and notices; none for junk.

Pure; touched when a source's habit (a citation before the abstract, a label before each part) gets into a TL;DR.
"""

import functools
import itertools
import re

from digest.model import Paper
from digest.summarise import acronyms
from digest.text import sentences

FEWEST_WORDS = 5  # a sentence below this says nothing by itself ("Code is available.")
LONGEST_ABSTRACT = 8000  # characters; what comes later is not an abstract any more
MOST_SENTENCES = 40
_HEAD = re.compile(
    r"^.{0,1500}?(?:\b(?:Abstract|ABSTRACT|Summary|SUMMARY)\s*[:.—–-]|\d Abstract(?= [^\W\d_a-z]))\s*(?=\S)", re.S
)
_AUTHORS = re.compile(r"^(?:[^;.。,]{2,40};){2,}(?=\S)")  # "A. Doe;B. Roe;We describe ..."
_PARTS = (
    "abstract|aims?|aims? and objectives?|background|background and aims?|background and objectives?|conclusions?|"
    "context|design|discussion|findings|highlights|implications|interpretation|introduction|key results|location|"
    "materials? and methods?|methodology|methods?|methods? and results?|motivation|objectives?|premise|"
    "principal findings|purpose|rationale|results?|results? and discussion|significance|summary|taxon"
)
_LABEL = re.compile(rf"^(?:(?i:{_PARTS})\s*[:—–]\s+|(?:{_PARTS.upper()})\s+(?=[A-Z]))(?=\S)")
_JUNK = re.compile(
    r"^(?:publication date:|source:|author\(s\):|urn:lsid:|taxon \W|registered by\b|no abstract|abstract not available|"
    r"n/a\b|not available|click here|this is an? (?:correction|erratum|corrigendum)|copyright\b|©|\(c\)\s|"
    r"all rights reserved|doi:|https?://|keywords?:|html xml pdf|the post .{1,200} appeared first on)|"
    r"\bappeared first on\b|\bregistered by .{3,80} on [A-Z][a-z]{2} \d",
    re.I,
)
_WORD = re.compile(r"[^\W_]+(?:[-'’./][^\W_]+)*")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def body(paper: Paper) -> tuple[str, ...]:
    """Sentences of the abstract in order, without labels, notices and the title, acronyms spelt out; empty for an empty
    or junk one."""
    text = " ".join(paper.abstract[:LONGEST_ABSTRACT].split())
    text = _AUTHORS.sub("", _HEAD.sub("", text, count=1), count=1)
    found = (_LABEL.sub("", sentence) for sentence in sentences.split(text))
    title, short = fold(paper.title), acronyms.explained(text, paper.title)
    fit = (acronyms.spelt_out(s, short, text) for s in found if _speaks(s) and not _JUNK.search(s) and fold(s) != title)
    return tuple(itertools.islice(fit, MOST_SENTENCES))


def _speaks(sentence: str) -> bool:
    """Whether there are enough words, made of letters, to say anything."""
    return length(sentence) >= FEWEST_WORDS and sum(map(str.isalpha, sentence)) >= 2 * FEWEST_WORDS


def length(text: str) -> int:
    """Words separated by blanks, as a reader counts them; two Chinese, Japanese or Korean signs count as a word."""
    if text.isascii():
        return len(text.split())
    signs = len(_CJK.findall(text))
    return len(_CJK.sub("", text).split()) + (signs + 1) // 2


@functools.lru_cache(maxsize=512)  # the same forms are looked at from several sides
def words(text: str) -> tuple[str, ...]:
    """Lower-case words and numbers of a text, in order."""
    return tuple(_WORD.findall(text.lower()))


def fold(text: str) -> str:
    """A text as it compares: its words alone, lower case."""
    return " ".join(words(text))
