"""Summarise room: whether a sentence needs another one to be understood: it points at something ("these tokens", "the
latter", "our method") that it has not named itself.

Rules only. `ranker.py` prints a leaning sentence only where an abstract has no other; `shorten.py` mends some by
cutting. Pure; touched when a printed sentence could not be understood by itself, with a test for it.
"""

import functools
import re

from digest.summarise.abstract import words
from digest.text.stopwords import STOP_WORDS

_OWN = (
    r"(?:paper|work|article|study|survey|thesis|report|review|letter|note|manuscript|research|tutorial|chapter|"
    r"publication|contribution|checklist|catalogue|monograph|dissertation|essay|commentary|piece)"
)
# "This is the first record of the species": of the paper itself, whatever follows.
_FIRST_EVER = re.compile(
    r"^(?:this|these|it) (?:is|are|represents?|constitutes?|provides?) the (?:very )?(?:first|second|third|only) "
    r"(?:[\w-]+ ){0,3}(?:records?|reports?|stud(?:y|ies)|works?|papers?|assessment|survey|revision|description|"
    r"evidence|attempt|analysis|demonstration|checklist|review|investigation|evaluation) "
    r"(?:of|on|for|to|in|from|that)\b",
    re.I,
)
_RECORDS = (
    r"(?:(?:[\w-]+ ){0,2}(?:records?|reports?|descriptions?|fossils?|occurrences?|observations?|evidence|stud(?:y|ies)|"
    r"checklist)\b|fossil\b|known\b)"
)
_START = re.compile(
    r"^\(?\d\)|"
    rf"^(?:(?:this|these|those|that)\b(?! (?:(?:[\w-]+ ){{0,2}}){_OWN}\b)|(?:its|they|their|he|she|his|her|such|"
    r"it(?! (?:is|was|has been|remains) (?:\w+ ){1,3}(?:that|to|for|whether|how)\b)|"
    r"both(?! [\w-]+ (?:[\w-]+ )?and\b)|each|another|an? (?:additional|resulting)|additional|additionally|previously|"
    r"here (?:are|is|we)|there(?! (?:is|are|was|were|has|have|exists?)\b)|similar(?:ly)?|likewise|"
    r"alternatively|for the (?:remaining|other|second|latter) |but|yet|so|and|or|"
    r"all (?:of )?(?:this|these|the|two|three|four|five|six|are|were)|"
    rf"other|others|the (?:former|latter|same|other|others|second|third|result(?:s|ing)?|remaining|rest|"
    rf"main|key|core|above|first(?! {_RECORDS})) |one (?:is|such|of (?:them|these|the))|some of (?:them|these)|"
    rf"in the (?:first|second|third|next) |first(?! {_RECORDS})|second|third|then|finally|lastly|next)\b)",
    re.I,
)
# What a sentence deals with and another one has told: never understood without that, whatever was named here.
_PROBLEM_WORDS = """
    problem issue challenge limitation gap question shortcoming difficulty difficulties drawback need goal end purpose
    direction barrier obstacle bottleneck concern trade-off tradeoff dilemma"""
PROBLEMS = f"(?:{'|'.join(_PROBLEM_WORDS.split())})s?"
_PROBLEM = re.compile(
    rf"\b(?:this(?! (?:[\w-]+ )?{_OWN}\b)|these|those|such|both|the above|the aforementioned) "
    rf"(?:[\w-]+ ){{0,2}}{PROBLEMS}\b|"
    r"\b(?:bridg|clos|fill|address|tackl|solv|overcom|formulat|mitigat|alleviat|resolv)\w* "
    rf"(?:the|that) {PROBLEMS}(?=[,.;]|$| (?:in an?|by|with|through|via|and)\b)",
    re.I,
)
# "our method, FernNet, counts": named as soon as it is spoken of.
_NO_NAME = r"(?!,? (?:(?:called|named|dubbed|termed|namely|i\.e\.,?) )?[\"“'‘]?(?-i:[A-Z]))"
_NEW_TAXON = re.compile(
    rf"\bthe (?:present )?new (?:and \w+ )?(?:species|(?:sub)?genus|genera|taxon|taxa)\b{_NO_NAME}(?! of\b)", re.I
)
_NEW_IN_TITLE = re.compile(r"\bnew(?:ly)?[ -](?:[\w-]+ ){0,2}(?:species|gen(?:us|era)|tax(?:on|a))\b|\bnov\b", re.I)
_ELSEWHERE = re.compile(
    r"\b(?:is|are) also (?:given|provided|presented|described)\b|of the new and related\b|"
    r"\b(?:aforementioned|above-mentioned|as follows|the following|do(?:es|ing)? so|the above|"
    r"in (?:this|that) (?:case|way|context|regard|sense|respect|setting|manner)|"
    r"(?:Fig(?:ure|s)?|Table|Section|Theorem|Eq|Equation)s?\.? ?\d+(?! of\b))(?!\w)|"
    r"\b(?:clade|lineage|cluster) (?-i:[A-Z])\b|"
    r"\b(?:both|all|some|none|most|each|one|two) of them\b|"
    r"\b(?:this|these) (?:is|are|was|were|can|may|will|by|leads?|allows?|enables?|makes?|results?)\b|"
    r"\b(?:this|these)(?=[,.;]|$)",
    re.I,
)
_PAIR = re.compile(
    r"\b(?:the (?:former|latter|two|three|four)|all (?:two|three|four|five|six))\b(?! (?:[\w-]+ ){0,2}of\b)", re.I
)
_NAMED_TWO = re.compile(r"\b(?:and|or|two|three|four|both|between)\b|/", re.I)
# "these tokens", "such filtering", "both models": needs the noun before it, here or in another sentence.
_POINTING = re.compile(
    r"\b(?:this|these|those|(?:fill|bridge|close|meet) that|such(?! (?:as|that)\b)(?: an?\b)?|both)\s+[\"“'‘]?"
    r"(?P<noun>[\w-]+(?:\s+[\w-]+)?)",
    re.I,
)
_BOTH_OF = re.compile(r"\band\b|\bas well as\b")
_OWN_NOUN = re.compile(rf"\b{_OWN}\b|^(?:of|who|that|which|from|in|with|and|made|end|time|day)\b", re.I)
# One of a row may stand for another: "we propose a framework that teaches the model".
_METHODS = """
    model method approach approache framework algorithm system technique pipeline network architecture tool strategy
    strategies protocol module formulation scheme procedure mechanism solution platform toolkit library"""
_KIN_WORDS = f"""
    {" ".join(_METHODS.split())}
    dataset benchmark task resource
    species genus genera subgenus taxon taxa
    region area site island country park reserve
    experiment sample specimen participant patient
    bias
    phenomenon"""
_KIN = tuple(tuple(line.split()) for line in _KIN_WORDS.strip().splitlines())
WORKS = f"(?:{'|'.join(_KIN_WORDS.split())}|data sets?)s?"
# "the model is", "our method outperforms": which one? "the model of Doe" and "the first model" say it themselves.
_BARE = re.compile(
    r"\b(?:our (?:new |novel |proposed )?|"
    rf"the (?:new |proposed |present |resulting |entire |whole |same |created )?)(?P<noun>{WORKS})"
    rf"{_NO_NAME}(?=[.,;:]|$| (?:is|are|was|were|has|have|had|can|may|will|also|with|under|on|by|through|to|as|"
    r"(?!weights|parameters|outputs|inputs|layers|predictions|activations|states|features|gradients|names|types|members)"
    r"(?-i:[a-z]{2,}[^\Ws])s)\b)",
    re.I,
)
_OUR_WORK = re.compile(
    rf"\bour (?P<kind>(?-i:[a-z])[\w-]* )?(?P<noun>{WORKS})\b{_NO_NAME}"
    r"(?! (?:for|of|to|that|which|based|built|trained|between)\b)",
    re.I,
)
_PROPOSED = re.compile(r"\b(?:the|our) (?:proposed|suggested|mentioned)\b(?! (?:[\w-]+ ){0,4}(?-i:[A-Z]))", re.I)
_PROPOSING = re.compile(r"\b(?:propos|present|introduc|develop|suggest)", re.I)
_PLACEHOLDER = re.compile(
    r"\bours?(?=[,.;:]|$| (?:is|are|can|achieves|outperforms|combines|uses|leverages)\b)|"
    r"(?i:(?:method|model|bench|benchmark|dataset|framework|system|approach)(?:name|LPP))\b"
)
_GARBLED = re.compile(
    r"[a-z]- (?!(?:and|or|to|nor|und|oder|y|et)\b)[a-z]|\s%\s|\\[a-z]|[a-z]{5}\. [a-z]"
)  # "cre- ating"
_PRONOUN = re.compile(
    r"\b(?:it|they|its|their|them|themselves|itself|he|she|his)\b"
    r"(?! (?:is|was|remains|becomes) (?:\w+ )?(?:that|to|whether|how)\b)",
    re.I,
)
_SAYING = re.compile(
    r"^(?:we|i) (?:\w+ly )?\w+|"
    r"\b(?:\w*(?:show|demonstrat|find|found|prov|observ|reveal|argu|discover|report|conclud|propos|present|introduc|"
    r"suggest|indicat|confirm|explor|investigat|stud|harness|result|experiment|analys|analyz|evaluat|evidence|paper|work|study|"
    r"article|finding)\w*)\b",
    re.I,
)
_GENUS = re.compile(r"(?<!\.)\b(?P<letter>[A-Z])\. (?=[a-z]{4,})")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


# The words without which a rule cannot apply.
_POINTERS = frozenset(["this", "these", "those", "such", "both", "that"])
_TWO = frozenset(["former", "latter", "two", "three", "four", "five", "six"])
_PRONOUNS = frozenset(["it", "they", "its", "their", "them", "themselves", "itself", "he", "she", "his"])
_ELSEWHERE_WORDS = """
    aforementioned above-mentioned follows following so above proposed case way context regard sense respect setting
    manner fig figure figs figures table tables section sections theorem eq eqs equation equations this these also
    them clade lineage cluster"""
_ELSEWHERES = frozenset(_ELSEWHERE_WORDS.split())
_WORKS = frozenset(word + ending for word in _KIN_WORDS.split() for ending in ("", "s")) | {"data"}
_PROBLEMS = frozenset(word + ending for word in _PROBLEM_WORDS.split() for ending in ("", "s"))


@functools.lru_cache(maxsize=1024)
def leaning(text: str, title: str = "") -> bool:
    """Whether the sentence can only be understood after another one; `title` is known to its reader."""
    text = _FIRST_EVER.sub("", text)
    if _START.match(text) or _GARBLED.search(text) or _PLACEHOLDER.search(text):
        return True
    there = set(words(text))  # most sentences have few of the words that the rules are about
    return bool(
        (there & _PROBLEMS and _PROBLEM.search(text))
        or (there & _ELSEWHERES and _ELSEWHERE.search(text))
        or (there & _POINTERS and _points_away(text, title))
        or (there & _TWO and _pair_of_elsewhere(text, title))
        or (there & _WORKS and _bare(text, title))
        or (there & _PRONOUNS and _pronoun_first(text))
        or ("." in text[:-1] and _genus_unnamed(text, title))
    )


def _points_away(text: str, title: str) -> bool:
    """Whether the sentence points at something ("these tokens") that it has not named itself."""
    for match in _POINTING.finditer(text):
        both = match[0][:4].lower() == "both"
        if _OWN_NOUN.search(match["noun"]) or (both and _BOTH_OF.search(text)):
            continue
        nouns = match["noun"].split()
        if not _named(nouns, text[: match.start()]) and not _in_title(nouns, title):
            return True
    return False


def _named(nouns: list[str], before: str) -> bool:
    """Whether one of the words stands in `before`, singular or plural."""
    stems = (noun.lower().removesuffix("s")[:6] for noun in nouns if noun.lower() not in STOP_WORDS)
    return any(len(stem) > 2 and re.search(rf"\b{re.escape(stem)}", before.lower()) for stem in stems)


def _in_title(nouns: list[str], title: str) -> bool:
    """Whether the title has all of the words that carry meaning, singular or plural."""
    stems = [noun.lower().removesuffix("s") for noun in nouns if noun.lower() not in STOP_WORDS]
    return bool(stems) and all(re.search(rf"\b{re.escape(stem)}s?\b", title.lower()) for stem in stems)


def _pair_of_elsewhere(text: str, title: str) -> bool:
    """Whether "the latter" or "the two" has no two things before it."""
    return any(
        not _NAMED_TWO.search(f"{title} {text[: match.start()]}") for match in _PAIR.finditer(text)
    ) and not re.match(
        r"the (?:two|three|four) [\w-]+ (?:[A-Z]|[\w-]+ (?:and|of|known|recorded|reported|described)\b)", text, re.I
    )


def _bare(text: str, title: str) -> bool:
    """Whether "the model" or "our method" is spoken of as if known."""
    for match in _BARE.finditer(text):
        if not _in_title([match["noun"]], title) and not _named(_kin(match["noun"]), text[: match.start()]):
            return True
    for match in _OUR_WORK.finditer(text):
        known = _in_title([match["noun"]], title) or _in_title([match["kind"] or "of"], title)
        if not known and not _named([match["noun"]], text[: match.start()]):
            return True
    for match in _PROPOSED.finditer(text):
        if not _PROPOSING.search(text[: match.start()]):
            return True
    return bool(_NEW_TAXON.search(text) and not _NEW_IN_TITLE.search(title))


def _kin(noun: str) -> list[str]:
    """The words that can stand for what the noun stands for, itself among them."""
    noun = noun.lower()
    return [noun, *(word for row in _KIN for word in row if noun in row or noun.removesuffix("s") in row)]


def _pronoun_first(text: str) -> bool:
    """Whether a pronoun comes before anything it could stand for: "We show that it halves the error"."""
    match = _PRONOUN.search(text)
    if match is None:
        return False
    before = _SAYING.sub(" ", text[: match.start()])
    return all(word.lower() in STOP_WORDS for word in _WORD.findall(before))


def _genus_unnamed(text: str, title: str) -> bool:
    """Whether a genus is abbreviated ("D. major") that was named in another sentence."""
    return any(
        not re.search(rf"\b{match['letter']}[a-z]{{2,}}", f"{title} {text[: match.start()]}")
        for match in _GENUS.finditer(text)
    )
