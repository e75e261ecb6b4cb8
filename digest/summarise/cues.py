"""Summarise room: cue phrases, by name: what a sentence says of itself.

Names are keys of `weights.json`; after a change here the weights must be learnt anew (`benchmarks/train_tldr.py`).
"""

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
# What only the paper's own work is told with, unless the sentence begins with what others did lately; the sentences
# before the first of these are background.
_DONE_HERE = (
    "propos|present|introduc|develop|describ|redescrib|report|provid|record|investigat|document|illustrat|evaluat|"
    "survey|review|revis|erect|synonymi[sz]|designat|characteri[sz]"
)
NEWS = re.compile(
    r"\b(?:we|our|i|my|here|herein)\b|"
    r"\b(?:this|the present|the current|present) (?:\w+ )?(?:paper|work|article|study|survey|report|thesis|review|"
    r"letter|note|manuscript|research|contribution|publication|checklist|dissertation|revision|investigation)\b|"
    rf"\b(?:is|are|was|were) (?:\w+ly |also |here )?(?:{_DONE_HERE})\w*\b|"
    r"\b(?:results|experiments) (?:\w+ ){0,4}(?:show|demonstrat|reveal|indicat)|\b(?:sp|gen|spp)\. ?nov|"
    r"\bnew(?:ly)? (?:[\w-]+ ){0,2}(?:species|genus|genera|records?|tax(?:on|a)|subgenus)\b|\bfor the first time\b",
    re.I,
)
LATELY = re.compile(
    r"(?:recent|in recent|in the (?:last|past)|over the (?:last|past)|today|nowadays|while|although)", re.I
)
# Small words that say how a sentence is built, not what a field is about.
_SMALL = """
    a an the and or but we our us i is are was were be been has have had do does can may will also more most many some
    both each which that this these it its their they by to for with using based on in of as from than when while if how
    not however such only into between via through without over at where"""
SMALL_WORDS = tuple(_SMALL.split())
