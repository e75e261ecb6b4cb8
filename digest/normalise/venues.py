"""Normalise room: the venue that a comment names ("Accepted to CVPR 2025" gives "CVPR 2025"). Touch to know more."""

import re

_ACRONYMS = (
    "AAAI|AAMAS|ACCV|ACL|AISTATS|ASPLOS|BMVC|CAV|CCS|CHI|CIKM|CoLM|COLM|COLING|COLT|CoNLL|CoRL|CVPR|CVPRW|DAC|EACL|"
    "ECAI|ECCV|ECIR|ECML|EMNLP|EMSOFT|Eurographics|EuroSys|FAccT|FSE|FOCS|HPCA|HRI|ICASSP|ICCAD|ICCV|ICDE|ICDM|ICIP|"
    "ICLR|ICME|ICML|ICPR|ICRA|ICSE|IJCAI|IJCNN|INTERSPEECH|Interspeech|IROS|ISBI|ISCA|ISMIR|ISSTA|KDD|LREC|MICCAI|"
    "MICRO|MIDL|MLSys|MobiCom|NAACL|NDSS|NeurIPS|NIPS|NSDI|OOPSLA|OSDI|PLDI|POPL|PODS|RecSys|RSS|SIGGRAPH|SIGIR|"
    "SIGMOD|SODA|SOSP|STOC|TACL|TIP|TMI|TMLR|TNNLS|TOG|TPAMI|TVCG|UAI|UIST|USENIX|VLDB|WACV|WSDM|WWW|3DV|IJCV|JMLR"
)
_VENUE = re.compile(
    rf"(?<![\w@])(?P<findings>Findings of (?:the )?)?(?P<name>{_ACRONYMS})"
    r"(?:[\s:'’,-]{0,3}(?P<year>20[0-4]\d|(?<=['’])\d\d))?(?![\w])(?P<after>[\s,]{0,2}Findings)?"
)
_ACCEPTED = re.compile(
    r"\b(?:accept\w*|to appear|appear\w*|publish\w*|camera[- ]ready|oral|poster|spotlight|proceedings)\b", re.I
)
_NOT_YET = re.compile(r"\b(?:submitted|under review|submission|in review|rejected|workshop)\b", re.I)


def named_in(comment: str) -> str | None:
    """The conference or journal that `comment` (plain text) says the paper appears at, with its year if given; None
    where it says submitted, names a workshop only, or names nothing we know."""
    if comment.islower():  # "12 pages, 3 figures": every name we know has a capital letter
        return None
    for sentence in re.split(r"(?<=[a-z\d)])[.;]\s", comment):
        found = _VENUE.search(sentence)
        if found is None or (_NOT_YET.search(sentence) and not _ACCEPTED.search(sentence)) or "orkshop" in sentence:
            continue
        if found["year"] is None and not _ACCEPTED.search(sentence):
            continue
        year = found["year"] and (found["year"] if len(found["year"]) == 4 else f"20{found['year']}")
        findings = "Findings of " if found["findings"] or found["after"] else ""
        return f"{findings}{found['name']}{f' {year}' if year else ''}"
    return None
