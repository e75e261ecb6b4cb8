"""Summarise room: shorter forms of a sentence that stay grammatical and true, by cutting whole parts out of it.

Never adds a word: a cut part takes its comma along and the rest is capitalised anew. What changes the meaning when it
is cut (but, unless, only, not) stays. Pure; touched when a form is not a sentence any more, with a test for it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from digest.summarise import clauses, standing
from digest.summarise.abstract import length
from digest.summarise.leaning import leaning

_PLACE = (
    r"(?:in|with|through|throughout|within) (?:this|our|the present|the current|the) "
    r"(?:present |current |short |new |recent |companion )?"
    r"(?:paper|work|article|study|letter|report|manuscript|research|contribution|survey|"
    r"review|note|thesis|chapter|position paper)"
)
_ADVERBS = (
    "accordingly|additionally|also|altogether|as a result|as such|besides|building on this|building on these insights|"
    "collectively|concretely|consequently|crucially|finally|first|firstly|further|furthermore|hence|here|herein|however|"
    "importantly|in addition|in conclusion|in contrast|in detail|"
    "in fact|in particular|in response|in short|in summary|in the end|"
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
    re.compile(rf"^(?:{_PURPOSE}|to do (?:so|this|that))\s+(?=(?:we|this (?:paper|work|study))\b)", re.I),
    re.compile(rf"^{_PLACE},?\s+(?=(?:we|a|an|the|it|two|three|four|five|six|seven|eight|nine|ten|new|i)\b)", re.I),
    re.compile(rf"^(?:{_ADVERBS}),\s+", re.I),
    re.compile(rf"^{_PLACE},(?=\w)", re.I),
    re.compile(r"^in this (?:context|regard|setting|direction|light|vein|respect|case|way|spirit),\s+(?=we\b)", re.I),
    re.compile(
        r"^(?:addressing|in response to|in light of|in view of|based on|building (?:on|upon)|motivated by|inspired by|"
        r"with|given|"
        r"considering|recognizing|following|against|under) (?:this|these|that|those)(?: [\w-]+){0,2},\s+"
        r"(?=(?:we|this paper|this work)\b)",
        re.I,
    ),
    re.compile(r"^here(?:in)?,?\s+(?=(?:the|an?|two|three|four|five|six|new|this)\b)", re.I),
    re.compile(
        r"^[a-z]+ing (?:on |upon |from )?(?:this|these|those|such)\b[^,;]{3,80},\s+(?=(?:we|this (?:paper|work))\b)",
        re.I,
    ),
    re.compile(r"^(?:here|hence|thus|therefore|then|further|also)\s+(?=we\b)", re.I),
    re.compile(r"^(?:and|but|so|yet)\s+(?=we\b)", re.I),
)
_LINK = re.compile(
    r"^(we) (?:also|then|further|furthermore|additionally|next|finally|thus|therefore|hence|subsequently|lastly) "
    r"(?=\w)",
    re.I,
)
_ONWARD = re.compile(
    r"^(we) \w+(?: \w+)? (?:this|these|that|such) (?:[\w-]+ ){1,3}(?:in this (?:paper|work) )?"
    r"and (?:then |further |thus |also )?"
    r"(?=(?:propose|present|introduce|investigate|study|show|develop|explore|demonstrate|analy[sz]e|provide|design|prove|"
    r"evaluate|find|describe|examine) )",
    re.I,
)
# "we present ours, a light method": a name that was never filled in.
_UNNAMED = re.compile(
    r"\b(present|introduce|propose|develop|design|call) "
    r"(?:ours?|name|(?i:\w*(?:method|model|bench|benchmark|dataset|framework|system|approach)(?:name|LPP)?)), "
    r"(?=an?\b|the\b)"
)
_PARENS = re.compile(r"\s+\((?!(?:[ivx]{1,4}|[a-h]|\d{1,2})\))[^()]{1,160}\)(?=[\s.,;:!?]|$)")
_MIDDLE = re.compile(
    r",\s+(?:i\.e\.|that is|which (?:is|are|was|were))[^,;:()]{3,120},"
    r"(?=\s(?:is|are|was|were|has|have|had|can|may|will|[a-z]{3,}(?:ed|[^\Ws]s))\b)"
)
_CITES = re.compile(r"\s*\[\d+(?:\s*[,–-]\s*\d+)*\](?=[\s.,;:]|$)")
# "a revision of the genus is proposed": the part of a sentence that says what was done.
_IS_DONE = (
    r"(?:an?|the|two|three|four|five|six|new)\b[^,;:]{3,90}? (?:is|are|was|were) (?:\w+ly |here |herein )?"
    r"(?:described|proposed|presented|provided|reported|introduced|recorded|erected|established|revised|redescribed)\b"
)
_OPENING = re.compile(
    r"^(?:in light of|in view of|in (?:this|the) \w+|for (?:this|the) \w+|on the one hand|by|"
    r"inspired|motivated|based|building|using|leveraging|drawing|following|to|in order|with|through|towards?|"
    r"in contrast|unlike|as|since|because|although|though|while|despite|beyond|in addition|besides|instead of|"
    r"rather than|given|guided|recognizing|considering|focusing|different from)\b[^.;:]{8,220}?,\s+"
    rf"(?=(?:we|this (?:paper|work|study|article)|our (?:paper|work|study|article)|the authors)\s|{_IS_DONE})",
    re.I,
)
_THAT = re.compile(
    r"^(?:we|this (?:paper|work|study|article)|(?:our |the |extensive |comprehensive |empirical |experimental |"
    r"numerical |these )*(?:results?|experiments?|evaluations?|analys[ei]s|findings))(?: [\w-]+){0,8}? "
    r"(?:shows?|demonstrates?|finds?|proves?|observes?|reveals?|confirms?|verify|verifies|found|showed|"
    r"demonstrated) that\s+",
    re.I,
)
MOST_FORMS = 16
MOST_LATE = 3
LONGEST_SENTENCE = 120  # words; what is longer is a list or no sentence at all


@dataclass(frozen=True, slots=True)
class Form:
    """A shortened sentence and the names of the cuts that made it (none: only lead and asides are gone)."""

    CUTS: ClassVar = ("opening", "that", "middle", "pointer", *clauses.TAILS, *clauses.LATE_TAILS)
    text: str
    cuts: tuple[str, ...] = ()


def forms(sentence: str, most: int = 30) -> tuple[Form, ...]:
    """The forms of a sentence in at most `most` words, the fullest first; each can stand by itself.

    Where the full form is too long, or speaks of "these issues" named before, cuts are made that are not worth making
    otherwise.
    """
    if length(sentence) > LONGEST_SENTENCE:
        return ()
    starts = [Form(without_asides(without_lead(sentence)))]
    for name, pattern in (("opening", _OPENING), ("that", _THAT)):
        starts += list(_without(pattern, name, starts))
    starts = [form for form in starts if not _leads_from_elsewhere(form.text)] or starts
    starts += list(_without(_MIDDLE, "middle", starts))
    starts = [_standing(form) for form in starts]
    ended = [Form(tidy(head), (*form.cuts, name)) for form in starts for name, head in clauses.heads(form.text)]
    found = _fitting([*starts, *ended], most)
    if length(starts[0].text) > most or leaning(starts[0].text):
        long = [form for form in starts if length(form.text) > most or leaning(form.text)]
        late = [Form(tidy(head), (*f.cuts, name)) for f in long for name, head in clauses.late_heads(f.text)]
        stands = [form for form in late if not leaning(form.text)]
        found += _fitting(stands or late, most)[:MOST_LATE]
    return tuple({form.text: form for form in reversed(found)}.values())[::-1]


def _without(pattern: re.Pattern[str], name: str, starts: list[Form]) -> Iterator[Form]:
    """The forms that have what `pattern` finds, without it."""
    for form in tuple(starts):
        short = tidy(_LINK.sub(r"\1 ", tidy(pattern.sub("", form.text, count=1))))
        if short != form.text and len(short.split()) >= clauses.FEWEST_WORDS:
            yield Form(short, (*form.cuts, name))


def _standing(form: Form) -> Form:
    """The form made to stand by itself, if it leans and can be."""
    text = tidy(standing.mended(form.text))
    return Form(text, (*form.cuts, "pointer")) if text != form.text else form


def _leads_from_elsewhere(text: str) -> bool:
    """Whether a sentence has an opening that could go and that speaks of "these challenges" named before."""
    opening = _OPENING.match(text)
    return opening is not None and leaning(opening[0])


def _fitting(found: list[Form], most: int) -> list[Form]:
    """The forms short enough, the longest first, at most `MOST_FORMS`, each text once."""
    unique = {form.text: form for form in reversed(found) if length(form.text) <= most}
    return sorted(unique.values(), key=lambda form: (-len(form.text), form.text))[:MOST_FORMS]


def tidy(text: str) -> str:
    """White space and stray commas mended after a cut, the first letter capital, one full stop at the end."""
    text = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(text.split())).strip(" ,;:")
    text = re.sub(r",(?:,)+", ",", text)
    text = text[:-1] if text.endswith("..") and not text.endswith("...") else text  # "of Doe et al. (2020)."
    text = text if text.endswith((".", "!", "?", "。", "！", "？")) else text.rstrip("–—- ") + "."
    return capital(text)


def capital(text: str) -> str:
    """The first letter upper case, unless the first word is a name written otherwise (iPhone, mRNA, p53)."""
    first = text.split(" ", 1)[0]
    return text if any(c.isupper() or c.isdigit() for c in first) else text[:1].upper() + text[1:]


def without_lead(text: str) -> str:
    """The sentence without "In this paper,", "However,", "To address this issue," and the like before it."""
    text = _UNNAMED.sub(r"\1 ", text)
    for lead in (*_LEADS, *_LEADS):
        text = lead.sub("", text, count=1)
    return tidy(_LINK.sub(r"\1 ", _ONWARD.sub(r"\1 ", text, count=1), count=1))


def without_asides(text: str) -> str:
    """The sentence without parentheses and numbered citations; enumerators as (i) and (1) stay."""
    return tidy(_PARENS.sub("", _CITES.sub("", text)))
