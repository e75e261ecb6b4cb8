"""Summarise room: cue phrases, by name: what a sentence says of itself.

Names are keys of `weights.json`; after a change here the weights must be learnt anew (`benchmarks/train_tldr.py`).
"""

import functools
import re

_WE = r"\b(?:we|i|paper|work|article|study|authors) (?:\w+ly |also |then |here |therefore |thus )?"
_IN_THE_TEXT = {
    "proposes": _WE + r"(?:propos|present|introduc|develop|describ|devis|design|formulat|contribut|construct|build)",
    "is proposed": r"\b(?:is|are|was|were) (?:\w+ly |here )?(?:proposed|presented|introduced|developed|described)\b",
    "shows": _WE + r"(?:show|demonstrat|find|found|prov|establish|observ|reveal|argu|discover|report|conclud)",
    "studies": _WE + r"(?:stud|investigat|explor|analy|examin|address|consider|evaluat|compar|aim|tackl|revisit)",
    "provides": _WE + r"(?:provid|give|offer|deriv|extend|generali|apply|use|leverag|employ|combin)",
    "this paper": r"\b(?:this|the present|our) (?:paper|work|study|article|survey|report|thesis|review|letter)\b",
    "our method": r"\b(?:our|the proposed|this) (?:\w+ )?(?:method|approach|model|framework|algorithm|"
    r"system|technique)\b",
    "results show": r"\b(?:results?|experiments?|evaluations?|analys[ei]s|findings?)\b.{0,60}\b(?:show|demonstrat|"
    r"suggest|indicat|reveal|confirm|valid|verif)",
    "is better": r"\b(?:outperform|state[- ]of[- ]the[- ]art|surpass|superior|sota|competitive|"
    r"significant(?:ly)? (?:improv|bet))",
    "evaluates": r"\b(?:experiments?|benchmarks?|data ?sets?|evaluat\w+|tasks?)\b",
    "background": r"\b(?:has|have) (?:\w+ )?(?:been|become|shown|gained|achieved|attracted|emerged)\b|"
    r"\b(?:recent(?:ly)?|traditional(?:ly)?|conventional|existing|previous|prior|current(?:ly)?)\b",
    "importance": r"\b(?:important|crucial|fundamental|challeng\w+|widely|critical|essential|remains?|difficult|key|"
    r"problem of|promising|increasingly|often|typically|common(?:ly)?|usually|popular)\b",
    "negation": r"\b(?:not|no|cannot|lack|limited|fail|suffer|without|neither)\b",
    "ability": r"\b(?:can|could|may|might|able to|allows?|enables?)\b",
    "novel": r"\b(?:novel|new|first|simple|efficient|general|unified|improved?)\b",
    "code": r"\b(?:code|github|available|released?|publicly|open[- ]sourced?|https?)\b",
    "outlook": r"\b(?:hope|future|believe|discuss|conclude|implications?|perspectives?)\b",
    "question": r"\?|\b(?:whether|how|why|what)\b",
    "steps": r"\b(?:first|second|then|finally|step|stages?|consists? of|composed|i\)|ii\)|1\))",
}
_AT_THE_START = {
    "contrast": r"(?:however|but|although|while|despite|unfortunately|yet|nevertheless|unlike)\b",
    "continuation": r"(?:furthermore|moreover|in addition|additionally|also|finally|specifically|in particular|further|"
    r"second|third|next|besides|for example|for instance|then)\b",
    "consequence": r"(?:therefore|thus|hence|consequently|as a result)\b",
    "pronoun": r"(?:this|these|it|they|its|such|that|those|the former)\b",
    "purpose": r"(?:to|in order to|for) \w+",
    "means": r"(?:by|using|with|through|based on|inspired by|motivated by|given|building on|leveraging)\b",
    "place": r"(?:in|here)\b",
}
PHRASES = {name: re.compile(pattern, re.I) for name, pattern in _IN_THE_TEXT.items()}
STARTS = {f"starts: {name}": re.compile(pattern, re.I) for name, pattern in _AT_THE_START.items()}
# Small words that say how a sentence is built, not what a field is about.
_SMALL = """
    a an the and or but we our us i is are was were be been has have had do does can may will also more most many some
    both each which that this these it its their they by to for with using based on in of as from than when while if how
    not however such only into between via through without over at where"""
SMALL_WORDS = tuple(_SMALL.split())

_OWN = r"(?:paper|work|article|study|survey|thesis|report|review|letter|note|manuscript|research|tutorial|chapter)"
_LEANING_START = re.compile(
    rf"^(?:(?:this|these|those|that)\b(?! (?:(?:\w+ ){{0,2}}){_OWN}\b)|(?:it|its|they|their|he|she|such|both|each|"
    r"another|an additional|additional|here|there|previously|recently|"
    r"for the (?:remaining|other|second|latter) |but|yet|so|and|or|all of (?:this|these)|"
    r"the (?:former|latter|same|other|second|third|result(?:s|ing)?|proposed|"
    r"main|key|core|first) |one (?:is|such)|in the (?:first|second|third|next) |"
    r"the new (?:and \w+ )?(?:species|genus|genera|taxa|taxon) (?:is|are|was|were)|first|second|third|then|other)\b)",
    re.I,
)
_NAMED_BEFORE = r"\b(?:this|these|those|such|the above|the aforementioned|both) (?:\w+ )?"
_LEANING_ON_PROBLEM = re.compile(
    _NAMED_BEFORE
    + r"(?:problems?|issues?|challenges?|limitations?|gaps?|questions?|shortcomings|difficulties|drawbacks|"
    r"needs?|goals?|ends?|purpose|direction)\b",
    re.I,
)
_LEANING = re.compile(
    r"\bthe (?:former|latter|two|three|four|proposed|above)\b|\b(?:aforementioned|as follows|"
    r"the following|do so|ing them|this by|(?:this|these) (?:is|can|are))\b|"
    r"\b(?:bridg|clos|fill|address|tackl|solv|overcom|formulat)\w* the "
    r"(?:gap|challenge|issue|problem|limitation|question)s?(?=[,.;]|$| in an? )",
    re.I,
)
# "these tokens", "such filtering": needs the noun before it, here or in another sentence.
_POINTING = re.compile(
    r"\b(?:this|these|those|(?:fill|bridge|close|meet) that|such(?! (?:as|that|an?)\b)|both)\s+"
    r"(?P<noun>(?:[\w-]+)(?:\s+[\w-]+)?)",
    re.I,
)
_OWN_NOUN = re.compile(rf"\b{_OWN}\b|^(?:of|who|that|which|from|in|with|and|made)\b", re.I)


def _points_away(text: str) -> bool:
    """Whether the sentence points at something ("these tokens") that it has not named itself."""
    for match in _POINTING.finditer(text):
        if _OWN_NOUN.search(match["noun"]) or (match[0][:4].lower() == "both" and " and " in text[match.end() :]):
            continue
        before = text[: match.start()].lower()
        stems = (word.lower()[:-1] if word.endswith("s") else word.lower() for word in match["noun"].split())
        if not any(len(stem) > 3 and stem in before for stem in stems):
            return True
    return False


@functools.lru_cache(maxsize=512)
def leaning(text: str) -> float:
    """How much a sentence needs another one to be understood: 3 where it begins with a pronoun, less for "these issues"
    further on, 0 where it stands by itself. In units of the ranker's score."""
    return (
        3.0 * bool(_LEANING_START.search(text))
        + 2.5 * bool(_LEANING_ON_PROBLEM.search(text))
        + 1.2 * bool(_LEANING.search(text))
        + 2.5 * _points_away(text)
    )
