"""Summarise room: where a sentence may end sooner, and whether what remains is a sentence with the same claim.

Rules only, no choice: `shorten.py` makes the forms, `ranker.py` prefers one. Pure; touched when a form was
broken or said something else, with a test for it.
"""

import re
from collections.abc import Iterator

FEWEST_WORDS = 6  # a shorter sentence is a fragment more often than not
_WORD, _CLAUSES_END = 24, 60  # characters that hold the last word, and the last few

_VERBS = (
    "show|demonstrate|find|prove|provide|present|introduce|propose|evaluate|discuss|analy[sz]e|investigate|study|explore|"
    "apply|use|compare|validate|verify|report|describe|develop|establish|derive|argue|illustrate|test|examine|achieve"
)
_BARE_VERB = re.compile(
    rf"(?:{_VERBS}|\w+i[sz]e|identify|generate|predict|reduce|improve|select|detect|support)\s", re.I
)
_RESULTS = (
    "leading to|resulting in|making|allowing|enabling|achieving|demonstrating|showing|yielding|suggesting|indicating|"
    "highlighting|providing|outperforming|offering|ensuring|improving|reducing|surpassing|obtaining|giving|eliminating|"
    "producing|revealing|paving|exhibiting|facilitating|avoiding|increasing|confirming|establishing|underscoring|"
    "supporting|opening|setting|preserving|bridging|requiring"
)
# Clauses that may be left off the end, by what they begin with.
TAILS = {
    name: re.compile(pattern, re.I)
    for name, pattern in {
        "which": r",\s+(?:which|where|whose|whereby)\b",
        "while": r",\s+(?:while|whereas)\b",
        "result": rf",\s+(?:(?:and |thereby|thus|hence|also|further|often|ultimately|\w+ly) )*(?:{_RESULTS})\b",
        "and": rf",?\s+and (?:we |it |then |further |also |thus |thereby |empirically )*(?:{_VERBS})s?\b",
        "list": r",?\s+(?:including|such as|e\.g\.|i\.e\.|viz\.?|namely|for example|especially|in particular)(?=[\s,])",
        "with": r",\s+with\b",
        "means": r"\s+(?:by \w+ing|by means of|via|through|using)\b",
        "aim": r",?\s+(?:in order to|so that|so as to|to (?:improve|address|enhance|tackle|achieve|overcome))\b",
        "colon": r":\s",
        "semicolon": r";\s",
        "dash": r"\s[–—-]{1,3}\s|—",
    }.items()
}
# Only where a sentence is too long otherwise: what these take away is missed more.
LATE_TAILS = {
    name: re.compile(pattern, re.I)
    for name, pattern in {
        "conjunct": r",?\s+(?:and|as well as|along with|together with)\s",
        "phrase": r"(?<!ed)(?<!ing)(?<!es)\s+(?:for|in|on|with|across|over|within|among|during|at|"
        r"towards?|from|when)\s",
        "relative": r",?\s+(?:that|which|who)[\s,]",
        "participle": r",?\s+(?:specifically |specially |explicitly )?(?:designed|aimed|aiming|intended|tailored|"
        r"consisting|comprising|composed|featuring|spanning|covering|containing|encompassing)\s",
    }.items()
}
_NEEDS_MORE = re.compile(
    r"\b(?:bas\w+|depend\w*|rel(?:y|ies)|consist\w*|focus\w*|result|lead|respect|addition|order|terms|account|able|due|"
    r"accord\w*|compar\w*|rather|such|work|show|demonstrate|find|prove|suggest|so|ensure|assume|note|argue|believe|know|"
    r"means?|observe|reveal|say|state|claim|hypothesi[sz]e|conclude|indicate|confirm|aim|aims|range|vary|differ|deal|cope|"
    r"part|result|help|suffer|perform|apply|act|serve|as|is|are|be|more|most|less|many|several|various|different|other|new|"
    r"novel|given|human|drawn|built|made|found|seen|taken|shown|known|held|evidence|insights?|information|ability|awareness|"
    r"effects?|impacts?|roles?|use|number|amount|extent|importance|influence|existence|presence|lack|kinds?|degree|"
    r"came|likelihood|possibility|need|potential|task|goal|purpose|choice|led|grown|chosen|written|driven|required|needed|necessary|same|each|every|all|any|some|its|their|our)$",
    re.I,
)
# A cut here would turn the sentence into another claim.
_HINGE = re.compile(
    r"\b(?:not|no|neither|nor|only|rather than|unless|but|either|both|whether|if|although|though|despite|unlike|"
    r"between|without)\b[^,;]{0,40}$",
    re.I,
)
# A claim is not left without the condition it was made under.
_CONDITION = re.compile(r"\b(?:if|unless|except|provided|as long as|assuming|but|only|however|although)\b", re.I)
_NEXT_POINT = re.compile(r"\((?:i{2,3}|iv|vi?|[2-9]|[b-f])\)|\b(?:[2-9]|ii|iii|iv)\)")  # "(i) we do this, (ii) ..."
_BARE_NOUN = re.compile(
    r"\b(?:with|on|of|in|from|for|by|through|as|to) an? [\w-]+$"
)  # "a data set of 12 years", cut short
# What has begun with the one is not cut before the other.
_HALVES = (
    (re.compile(r"\bfrom\b[^,;]*$", re.I), re.compile(r",?\s+to\b|\s+and\b", re.I)),
    (
        re.compile(r"\b(?:separat|distinguish|disentangl|decoupl|differentiat|remov|isolat|protect)\w*\b[^,;]*$", re.I),
        re.compile(r"\s+from\b", re.I),
    ),
)
_FIRST_POINT = re.compile(r"\((?:i|1|a)\)|\b(?:1|i)\)")
_ARTICLE = re.compile(r"(?:an?|the|our) ")
_ADJECTIVE = re.compile(
    r"(?:ed|al|ive|ous|ic|ble|ar|ary|less|ful|ent|ant|ing|er|est|"
    r"\b(?:short|long|high|low|small|large|fast|slow|old|new|young|rich|poor|deep|weak|strong|hard|easy|simple|dense))$"
)  # "labelled and unlabelled data"
_DANGLING = re.compile(
    r"(?:\b(?:a|an|the|of|to|for|and|or|but|with|in|on|at|by|from|as|that|which|is|are|was|were|be|we|our|its|their|this|"
    r"these|such|than|into|via|using|between|following|follows|namely|called|termed|named|i\.e|e\.g|et al|first|both|"
    r"can|may|will|not|how|when|while|where|trained|learned|obtained|done|achieved|designed|intended|aimed|only|also|it|they)|[,;:(–—-])$",
    re.I,
)
_OPEN_CONDITION = re.compile(
    r"\b(?:show|prove|find|demonstrate|shows|proves|demonstrates|that)(?: that)? (?:if|when|as long as|for|under|by|in|"
    r"while|even|given|with|although|whenever)\b[^,]*$",
    re.I,
)
_PREPOSITION = re.compile(
    r"(?:during|in|on|with|by|for|at|after|before|through|from|under|among|despite|given|based|using|to|as|since|while)\b",
    re.I,
)
_SURE_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|could|may|will|do|does|did|we \w+|i \w+|paper \w+s|study \w+s)\b", re.I
)
_CLAUSE = re.compile(
    r"\b(?:that|how|why|whether|because|since|while|whereas|although|when|if|where|what)\b", re.I
)  # fmt: skip
# Half a pair.
_PAIR = re.compile(
    r"\b(?:between|alternatively|either|neither|balanc(?:es?|ing)|"
    r"(?:intersection|interplay|combination|convergence|mix) of)\b(?!.*\b(?:and|or|nor|two|three)\b)",
    re.I,
)  # half a pair
_RELATIVE = re.compile(r"\b(?:that|which|who)\b", re.I)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|can|could|may|might|must|will|would|should|do|does|did|shows?|proposes?|"
    r"presents?|introduces?|studies|studied|study|develops?|describes?|demonstrates?|investigates?|explores?|provides?|"
    r"achieves?|finds?|proves?|improves?|enables?|reveals?|suggests?|addresses|uses?|learns?|outperforms?|argues?|aims?|"
    r"offers?|allows?|leads?|reduces?|increases?|requires?|generates?|predicts?|captures?|combines?|performs?|works?|"
    r"helps?|makes?|takes?|gives?|yields?|exists?|depends?|consists?|extends?|contains?|holds?|occurs?|remains?|"
    r"tends?|exhibits?|exceeds?|surpass(?:es)?|matches|varies|applies|fails?|"
    r"(?<!\ba )(?<!\ban )(?<!\bthe )\w{3,}ed|we (?:\w+ly )?\w+|"
    r"(?:paper|work|study|article|method|model|approach|framework|results?) (?:\w+ly )?\w+s)\b",
    re.I,
)

# "We propose FernNet, a light net", "into structured, richly worded reports": a comma that makes no list.
_SAID_ANEW = re.compile(
    r"\b(?:propos|present|introduc|develop|describ|releas|build|design|creat|construct)\w* "
    r"[^,]{2,60}, (?:an?|the first) (?:[^\s,]+ ){2,}[^\s,]+$|"
    r"\b\w+(?:ed|al|ive|ous|ic|ble), (?:\w+ly \w+(?:ed|al|ive|ous|ic|ble)|(?:\w+ed|\w+ive|\w+ous|\w+ble)) [^,]+$"
)
# "a net that counts spores", not "we show that nets": what is the verb?
_ACTS = re.compile(
    r"(?:what|(?!\w*(?:show|demonstrat|find|found|prov|observ|reveal|argu|discover|report|conclud|suggest|indicat|confirm|"
    r"claim|impl|mean|believ|hypothes|assum|ensur|stat|note|verif|establish|see|fact|evidence|such|so|now|idea|insight)\w*)"
    r"[\w-]+ that) (?:[a-z]+ly )?(?:[a-z]{2,}[^\Wsu]s|[a-z]+es) \S"
)


def heads(sentence: str) -> Iterator[tuple[str, str]]:
    """(name of the tail, what stands before it) for every place where the sentence could end and stay one."""
    for name, tail in TAILS.items():
        for match in tail.finditer(sentence):
            head = sentence[: match.start()].rstrip()
            paired = (name == "dash" and tail.search(head)) or (name != "colon" and _in_enumeration(head))
            paired = paired or (name == "and" and _of_verbs(head))
            if not paired and not _spoilt(sentence, match.start()) and is_whole(head):
                yield name, head


def late_heads(sentence: str) -> Iterator[tuple[str, str]]:
    """As `heads`, for the cuts of `LATE_TAILS`."""
    for name, tail in LATE_TAILS.items():
        for match in tail.finditer(sentence):
            head = sentence[: match.start()].rstrip()
            hangs = (
                _in_enumeration(head)
                or _NEEDS_MORE.search(head[-_WORD:])
                or _in_list(head)
                or _BARE_NOUN.search(head)
                or (name == "conjunct" and _ADJECTIVE.search(head))
            )
            if not hangs and not _spoilt(sentence, match.start()) and is_whole(head):
                yield name, head


def _spoilt(sentence: str, at: int) -> bool:
    """Whether cutting at `at` would lose a condition, the other end of "from … to" or "separates … from", or the next
    point of an enumeration that has begun."""
    before = sentence[max(at - _CLAUSES_END, 0) : at]
    if any(half.search(before) and other.match(sentence, at) for half, other in _HALVES):
        return True
    begun = _FIRST_POINT.search(sentence, 0, at) and _NEXT_POINT.search(sentence, at)
    return bool(begun or _CONDITION.search(sentence, at))


def _in_enumeration(head: str) -> bool:
    """Whether the end stands behind a colon that opens a list; "FernNet: a net for spores" has none."""
    after = head.partition(": ")[2]
    return bool(after) and ("," in after or not _ARTICLE.match(after))


def _of_verbs(head: str) -> bool:
    """Whether the end stands in a list of things to do ("to read it, find errors"), whose last is about to go."""
    last = head.rsplit(", ", 1)
    return len(last) == 2 and _BARE_VERB.match(last[1]) is not None


def _in_list(head: str) -> bool:
    """Whether the end stands in a list of things: what follows the last comma has no verb."""
    last = head.rsplit(",", 1)
    return len(last) == 2 and not _FINITE.search(last[1]) and not _SAID_ANEW.search(head)


def _word_before(head: str, clause: re.Match[str]) -> int:
    """Where the word before "that" begins; where the clause begins for other words."""
    return head.rfind(" ", 0, clause.start() - 1) + 1 if clause[0].lower() == "that" else clause.start()


def is_whole(head: str) -> bool:
    """Whether what stands before a cut can stand alone: long enough, a verb, brackets closed, nothing left hanging."""
    # What hangs stands at the end; the whole is long to look through.
    if len(head.split()) < FEWEST_WORDS or _DANGLING.search(head[-_WORD:]) or _HINGE.search(head[-_CLAUSES_END:]):
        return False
    if _PAIR.search(head):
        return False
    if not _FINITE.search(_RELATIVE.split(head, maxsplit=1)[0]):  # "A list of species that occur": its verb is gone
        return False
    clauses = list(_CLAUSE.finditer(head))
    if (
        clauses
        and not _FINITE.search(head, clauses[-1].end())
        and not _ACTS.search(head, _word_before(head, clauses[-1]))
    ):
        return False
    if _OPEN_CONDITION.search(head) or (_PREPOSITION.match(head) and not _SURE_VERB.search(head)):
        return False
    last = head.rsplit(",", 1)
    if (
        len(last) == 2 and len(last[1].split()) <= 3 and not (_SAID_ANEW.search(head) or _SURE_VERB.search(last[1]))
    ):  # "..., sets": a list cut in two
        return False
    return all(head.count(a) == head.count(b) for a, b in ("()", "[]", "“”")) and head.count('"') % 2 == 0
