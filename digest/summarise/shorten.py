"""Summarise room: shorter forms of a sentence that stay grammatical and true, by cutting whole parts out of it.

Never adds a word: a cut part takes its comma along and the rest is capitalised anew. What changes the meaning when it
is cut (but, unless, only, not) stays. Pure; touched when a form is not a sentence any more, with a test for it.
"""

import re

_PLACE = (
    r"(?:in|with|through|throughout|within) (?:this|our|the present|the current|the) "
    r"(?:present |current |short |new |recent |companion )?"
    r"(?:paper|work|article|study|letter|report|manuscript|research|contribution|survey|"
    r"review|note|thesis|chapter|position paper)"
)
_ADVERBS = (
    "accordingly|additionally|also|altogether|as a result|as such|besides|building on this|building on these insights|"
    "collectively|concretely|consequently|crucially|finally|first|firstly|further|furthermore|hence|here|herein|however|"
    "importantly|in addition|in contrast|in detail|in fact|in particular|in response|in short|in summary|in the end|"
    "in turn|inspired by this|instead|interestingly|lastly|more importantly|more specifically|moreover|"
    "motivated by this|motivated by these findings|namely|nevertheless|next|nonetheless|notably|on the contrary|"
    "on the other hand|overall|particularly|remarkably|second|secondly|significantly|similarly|specifically|still|"
    "subsequently|surprisingly|taken together|that is|then|therefore|third|thirdly|thus|to be specific|"
    "to date|to do so|to do this|to sum up|to summarize|together|ultimately|unfortunately|yet"
)
_PURPOSE = (
    r"(?:to|for|in order to|toward|towards) "
    r"(?:this|that|these|those|address\w*|alleviat\w*|bridg\w*|clos\w*|fill\w*|mitigat\w*|overcom\w*|resolv\w*|"
    r"solv\w*|tackl\w*|handl\w*|remedy\w*|remedi\w*|circumvent\w*|combat\w*|counter\w*)"
    r"(?: (?:this|that|these|those|the|such|both|all|aforementioned|above))*"
    r"(?: (?:end|aim|goal|purpose|reason|need|void|gaps?|problems?|issues?|challenges?|limitations?|shortcomings?|"
    r"difficult(?:y|ies)|drawbacks?|concerns?|questions?|bottlenecks?|dilemma|obstacles?|deficienc(?:y|ies)|weaknesses))?"
)
_LEADS = (
    re.compile(rf"^(?:{_ADVERBS}),?\s+(?={_PLACE}\b)", re.I),
    re.compile(rf"^{_PURPOSE},\s+", re.I),
    re.compile(rf"^{_PLACE},?\s+(?=(?:we|a|an|the|it|two|three|four|i)\b)", re.I),
    re.compile(rf"^(?:{_ADVERBS}),\s+", re.I),
    re.compile(r"^(?:here|hence|thus|therefore|then|further|also)\s+(?=we\b)", re.I),
    re.compile(r"^(?:and|but|so|yet)\s+(?=we\b)", re.I),
)
_PARENS = re.compile(r"\s+\((?!(?:[ivx]{1,4}|[a-h]|\d{1,2})\))[^()]{1,160}\)(?=[\s.,;:!?]|$)")
_CITES = re.compile(r"\s*\[\d+(?:\s*[,–-]\s*\d+)*\](?=[\s.,;:]|$)")
_TAILS = re.compile(
    r"(?:,\s+(?:which|where|whose|while|whereas|thereby|thus|hence|leading to|resulting in|making|allowing|enabling|"
    r"achieving|demonstrating|showing|yielding|suggesting|indicating|highlighting|providing|outperforming|offering|"
    r"ensuring|improving|reducing|including|such as|e\.g\.|i\.e\.|with|as well as|and (?:we )?(?:show|demonstrate|"
    r"find|prove|provide|present|introduce|propose|evaluate|discuss|analyze|analyse|further|also|thereby|thus))\b"
    r"|;\s|\s[–—-]{1,3}\s|:\s)",
    re.I,
)
# A cut here would turn the sentence into another claim.
_HINGE = re.compile(
    r"\b(?:not|no|neither|only|rather than|unless|but|either|both|whether|if|although|though|despite|unlike|from|"
    r"between)[^,;]{0,40}$",
    re.I,
)
_DANGLING = re.compile(
    r"(?:\b(?:a|an|the|of|to|for|and|or|but|with|in|on|at|by|from|as|that|which|is|are|was|were|be|we|our|its|their|this|"
    r"these|such|than|into|via|using|between|following|namely|called|termed|named|i\.e|e\.g)|[,;:(–—-])$",
    re.I,
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|can|could|may|might|must|will|would|should|do|does|did|show\w*|"
    r"propos\w+|present\w*|introduc\w+|stud(?:y|ies|ied)|develop\w*|describ\w+|demonstrat\w+|investigat\w+|explor\w+|"
    r"analy[sz]\w+|examin\w+|provid\w+|achiev\w+|find|finds|found|prov\w+|improv\w+|enabl\w+|reveal\w*|suggest\w*|"
    r"report\w*|address\w*|us(?:e|es|ed)|learn\w*|outperform\w*|argu\w+|aim\w*|offer\w*|\w{3,}(?:ed|es|ize|ise|ifies))\b",
    re.I,
)


def tidy(text: str) -> str:
    """White space and stray commas mended after a cut, the first letter capital, one full stop at the end."""
    text = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(text.split())).strip(" ,;:")
    text = re.sub(r",(?:,)+", ",", text)
    text = text if text.endswith((".", "!", "?", "。", "！", "？")) else text.rstrip("–—- ") + "."
    return capital(text)


def capital(text: str) -> str:
    """The first letter upper case, unless the first word is a name written otherwise (iPhone, mRNA, p53)."""
    first = text.split(" ", 1)[0]
    return text if any(c.isupper() or c.isdigit() for c in first) else text[:1].upper() + text[1:]


def without_lead(text: str) -> str:
    """The sentence without "In this paper,", "However,", "To address this issue," and the like before it."""
    for lead in (*_LEADS, *_LEADS):
        text = lead.sub("", text, count=1)
    return tidy(text)


def without_asides(text: str) -> str:
    """The sentence without parentheses and numbered citations; enumerators as (i) and (1) stay."""
    return tidy(_PARENS.sub("", _CITES.sub("", text)))


def without_tails(text: str) -> tuple[str, ...]:
    """Forms of the sentence that end before a trailing clause, longest first, each a sentence by itself."""
    found = []
    for tail in reversed(list(_TAILS.finditer(text))):
        head = text[: tail.start()].rstrip()
        if _is_whole(head):
            found.append(tidy(head))
    return tuple(dict.fromkeys(found))


def _is_whole(head: str) -> bool:
    """Whether what stands before a cut can stand alone: long enough, a verb, brackets closed, nothing left hanging."""
    if len(head.split()) < 6 or _DANGLING.search(head) or _HINGE.search(head) or not _VERB.search(head):
        return False
    last = head.rsplit(",", 1)
    if len(last) == 2 and len(last[1].split()) <= 3:  # "..., sets": the end of a list cut in the middle
        return False
    return all(head.count(a) == head.count(b) for a, b in ("()", "[]", "“”")) and head.count('"') % 2 == 0
