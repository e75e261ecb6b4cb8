"""Normalise room: every spelling of a paper's identifier to one canonical key. Touch here to know another registry.

A key is ``kind:value``: ``arxiv:2503.01234`` (never with a version), ``doi:10.1000/x`` (lower case), ``openreview:…``,
``pubmed:…``, ``pmc:…``, ``acl:…``, ``s2:…`` and ``corpus:…`` (Semantic Scholar), ``openalex:…``, ``dblp:…``, ``hal:…``,
and as a last resort ``url:…``. Two papers are one if they share a key of any kind but the last.
"""

import re
from functools import lru_cache
from urllib.parse import unquote

from digest.model import KEY_ORDER
from digest.normalise import urls

__all__ = ["KEY_ORDER", "arxiv_version", "canonical", "keys"]

LONGEST = 2_000
_SCHEMELESS = re.compile(
    r"(?:[\w-]+\.)*(?:arxiv\.org|doi\.org|openreview\.net|aclanthology\.org|nih\.gov|huggingface\.co|hf\.co|openalex\.org|"
    r"semanticscholar\.org|alphaxiv\.org|biorxiv\.org|medrxiv\.org)/",
    re.I,
)

_ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs|dg-ga|"
    "econ|eess|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|math|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|physics|"
    "plasm-ph|q-alg|q-bio|q-fin|quant-ph|solv-int|stat|supr-con"
)
_MONTH = r"(?:0[1-9]|1[0-2])"
_ARXIV_ID = rf"(?:\d\d{_MONTH}\.\d{{4,5}}|(?:{_ARCHIVES})(?:\.[a-z]{{2}})?/\d\d{_MONTH}\d{{3}})"
_ARXIV_HERE = re.compile(rf"({_ARXIV_ID})(?:v(\d{{1,3}}))?(?!\w)(?!\.\d)", re.I)
_ARXIV = re.compile(rf"(?<![\w.]){_ARXIV_HERE.pattern}", re.I)
_ARXIV_ELSEWHERE = re.compile(rf"arxiv[\w.-]*[/:._=-](?:[\w.-]+/)*{_ARXIV_HERE.pattern}", re.I)
_ARXIV_USUAL = re.compile(
    rf"(?:arXiv:|oai:arXiv\.org:|https?://arxiv\.org/abs/)(\d\d{_MONTH}\.\d{{4,5}})(?:v(\d{{1,3}}))?"
)
"""The spellings that most entries bring, known at a glance."""
_ARXIV_PREFIX = re.compile(r"(?:oai:\s*arxiv\.org|arxiv(?:\s*(?:e-?print|preprint|id))?)\s*[:\s./]\s*(?:abs/)?", re.I)
_ARXIV_DOI = re.compile(r"10\.48550/(?:arxiv[.:/])?", re.I)
_ARXIV_HOSTS = re.compile(
    r"(?:^|\.)(?:arxiv\.org|xxx\.lanl\.gov|ar5iv\.org|alphaxiv\.org|arxiv-vanity\.com|scirate\.com|arxiv\.gg|"
    r"emergentmind\.com|papers\.cool|catalyzex\.com|takara\.ai|arxiviq\.com|bytez\.com|huggingface\.co|hf\.co|"
    r"semanticscholar\.org|adsabs\.harvard\.edu|scholar\.archive\.org|arxiv\.dev|themoonlight\.io)$"
)
_DOI_USUAL = re.compile(
    r"doi:(10\.(?!48550/|18653/|1101/|64898/|26434/|21203/|20944/|6084/|36227/|22541/|31219/|31234/|35542/)\d{4,9}/"
    r"(?![\w./()-]*10\.48550/)[\w./()-]*\d)",
    re.ASCII,
)
"""A DOI that ends in a digit, so that nothing is to be taken off, of a registrant whose DOIs are no other's keys."""
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"]+")
_DOI_PREFIX = re.compile(r"^(?:(?:info:|urn:)?doi\s*[:/]?\s*)", re.I)
_DOI_TAIL = re.compile(
    r"(?:/(?:full|abstract|abs|pdf|epdf|pdfft|meta|fulltext|full-text|html|summary|references|download|article-info)"
    r"|\.(?:full|abstract|full-text|article-info)(?:\.pdf)?|\.pdf|\.html?|/)$"
)
_PREPRINT = re.compile(r"^10\.(?:1101|64898)/(?=\d)|^10\.(?:26434|21203|20944|6084|36227|22541|31219|31234|35542)/")
_PREPRINT_VERSION = re.compile(r"(?:[-/.]?v(\d{1,3}))$")
_SPELLED = (
    ("pmc", re.compile(r"(?:pmc(?:id)?\s*:?\s*)?pmc\s*(\d{1,9})(?:\.\d+)?", re.I), "PMC{}"),
    ("pmc", re.compile(r"pmc(?:id)?:\s*(\d{1,9})", re.I), "PMC{}"),
    ("pubmed", re.compile(r"(?:pmid|pubmed)\s*[:\s]\s*(\d{1,9})", re.I), "{}"),
    ("openreview", re.compile(r"openreview:\s*([\w-]{8,15})", re.I), "{}"),
    ("openalex", re.compile(r"(?:openalex:\s*)?(w\d{6,12})", re.I), "{}"),
    ("corpus", re.compile(r"corpus(?:id)?:\s*(\d{1,12})", re.I), "{}"),
    ("s2", re.compile(r"(?:s2|s2id|semanticscholar):\s*([0-9a-f]{40})", re.I), "{}"),
    ("dblp", re.compile(r"dblp:\s*((?:conf|journals|books|phd|series)/\S+)", re.I), "{}"),
    ("hal", re.compile(r"(?:hal:\s*)?((?:hal|tel|inria|cel|halshs)-\d{6,9})(?:v\d+)?", re.I), "{}"),
    ("acl", re.compile(r"(?:acl:\s*)?(\d{4}\.[a-z][a-z0-9_]*(?:-[a-z0-9]+)?\.\d{1,4})", re.I), "{}"),
    ("acl", re.compile(r"(?:acl:\s*)?([A-Z]\d\d-\d{4,5})"), "{}"),
    ("title", re.compile(r"title:([0-9a-f]{16})"), "{}"),
)
_PLACES = (
    ("openreview", re.compile(r"(?:^|\.)openreview\.net/[a-z]+\?(?:.*&)?id=([\w-]+)"), "{}"),
    ("pubmed", re.compile(r"pubmed\.ncbi\.nlm\.nih\.gov/(\d+)"), "{}"),
    ("pubmed", re.compile(r"ncbi\.nlm\.nih\.gov/(?:m/)?pubmed/(\d+)"), "{}"),
    ("pubmed", re.compile(r"europepmc\.org/(?:article|abstract)/med/(\d+)", re.I), "{}"),
    ("pmc", re.compile(r"(?:ncbi\.nlm\.nih\.gov|europepmc\.org)/(?:pmc/)?articles?/(?:pmc/)?pmc(\d+)", re.I), "PMC{}"),
    ("acl", re.compile(r"aclanthology\.(?:org|info)/(?:papers/)?([\w-]+(?:\.[\w-]+\.\d+)?)"), "{}"),
    ("acl", re.compile(r"aclweb\.org/anthology/(?:[\w]+/)*([\w-]+(?:\.[\w-]+\.\d+)?)"), "{}"),
    ("corpus", re.compile(r"semanticscholar\.org/corpusid:(\d+)", re.I), "{}"),
    ("s2", re.compile(r"semanticscholar\.org/(?:.*/)?([0-9a-f]{40})"), "{}"),
    ("openalex", re.compile(r"openalex\.org/(?:works/)?(w\d+)", re.I), "{}"),
    (
        "dblp",
        re.compile(r"dblp\.(?:org|uni-trier\.de|dagstuhl\.de)/rec/(?:html/|bibtex/)?([^?#\s]+?)(?:\.\w+)?$"),
        "{}",
    ),
    ("hal", re.compile(r"(?:^|\.)(?:hal\.science|archives-ouvertes\.fr|hal\.inria\.fr)/([a-z]+-\d+)"), "{}"),
)
_DOI_PLACES = (
    (re.compile(r"(?:^|\.)nature\.com/articles/(s\d{4,5}-\d{3}-\d{5}-[\w]+|[a-z]+\.?\d{2,5}[\w.]*)"), "10.1038/{}"),
    (re.compile(r"ssrn\.com/.*abstract(?:_id)?=(\d+)"), "10.2139/ssrn.{}"),
    (re.compile(r"elifesciences\.org/articles/(\d+)"), "10.7554/elife.{}"),
    (re.compile(r"zenodo\.org/records?/(\d+)"), "10.5281/zenodo.{}"),
)


def canonical(spelling: str) -> str | None:
    """The one key that `spelling` (an id, a DOI, a URL, …) means, or None where it means none."""
    found = keys(spelling)
    return found[0] if found else None


def keys(*spellings: str) -> tuple[str, ...]:
    """All keys that `spellings` mean, each once, in KEY_ORDER and then by alphabet. A spelling may mean two keys (an
    ACL Anthology DOI); a URL of no known registry means its own ``url:`` key."""
    found = {key for spelling in spellings for key in _read(spelling)}
    if len(found) < 2:
        return tuple(found)
    return tuple(sorted(found, key=lambda key: (KEY_ORDER.index(key.partition(":")[0]), key)))


def arxiv_version(spelling: str) -> int | None:
    """The version that an arXiv spelling names (``2503.01234v2`` gives 2), or None."""
    usual = _ARXIV_USUAL.fullmatch(spelling)
    if usual:
        return int(usual[2]) if usual[2] else None
    if not any(key.startswith("arxiv:") for key in _read(spelling)):
        return None
    found = _ARXIV.search(unquote(spelling))
    return int(found[2]) if found and found[2] else None


@lru_cache(maxsize=4096)
def _read(spelling: str) -> tuple[str, ...]:
    usual = _ARXIV_USUAL.fullmatch(spelling)
    if usual:
        return (f"arxiv:{usual[1]}",)
    registrar = _DOI_USUAL.fullmatch(spelling)
    if registrar and len(spelling) <= LONGEST:
        return (f"doi:{registrar[1].lower()}",)
    text = spelling.strip().strip("<>").strip()[:LONGEST]
    if not text:
        return ()
    if text.lower().startswith("url:"):
        text = "https://" + text[4:]
    elif _SCHEMELESS.match(text):
        text = "https://" + text
    address = urls.split(text)
    arxiv = _arxiv(text)
    if arxiv is not None:
        return (arxiv,)
    registered = _place(address) if address else _spelled(text)
    doi = _doi(text, address)
    if doi is not None:
        registered += [f"doi:{doi}", *_implied(doi)]
    if registered:
        return tuple(registered)
    return (f"url:{urls.identity(text)}",) if address else ()


def _arxiv(text: str) -> str | None:
    """The arXiv key of a spelling that is nothing but an id, or says or shows by its host that it is one."""
    address = urls.split(text)
    text = unquote(text)
    registered = _ARXIV_DOI.search(text)
    if registered:
        found = _ARXIV_HERE.match(text, registered.end())
    elif address:
        place = re.sub(r"\.(?:pdf|md|html?)\b", "", unquote(address.path + address.query), flags=re.I)
        found = _ARXIV.search(place) if _ARXIV_HOSTS.search(address.host) else _ARXIV_ELSEWHERE.search(place)
    else:
        prefix = _ARXIV_PREFIX.match(text)
        found = _ARXIV_HERE.match(text, prefix.end() if prefix else 0)
        tail = text[found.end() :].strip() if found else ""
        if found and tail.lower() != ".pdf" and tail.strip(".,;)]") and not (prefix and tail.startswith("[")):
            return None
    return None if found is None else "arxiv:" + re.sub(r"\.[a-z]{2}/", "/", found[1].lower())


def _spelled(text: str) -> list[str]:
    for kind, pattern, form in _SPELLED:
        found = pattern.fullmatch(text.rstrip(".,;"))
        if found:
            return [_key(kind, form.format(found[1]))]
    return []


def _place(address: urls.Address) -> list[str]:
    place = address.host + address.path + address.query
    for kind, pattern, form in _PLACES:
        found = pattern.search(place)
        if found and (kind != "acl" or _spelled("acl:" + found[1])):
            return [_key(kind, form.format(found[1]))]
    return []


def _key(kind: str, value: str) -> str:
    if kind == "openalex":
        return f"{kind}:{value.upper()}"
    if kind == "acl":
        return f"{kind}:{value.upper() if '.' not in value else value.lower()}"
    return f"{kind}:{value}" if kind in {"openreview", "pmc", "dblp"} else f"{kind}:{value.lower()}"


def _doi(text: str, address: urls.Address | None) -> str | None:
    """The DOI in `text`, folded: lower case, no resolver, no trailing punctuation, no version of a preprint."""
    if address:
        place = address.host + address.path + address.query
        for pattern, form in _DOI_PLACES:
            found = pattern.search(place)
            if found:
                return form.format(found[1].lower().removesuffix(".pdf"))
    found = _DOI.search(unquote(text)) if address else _DOI.match(_DOI_PREFIX.sub("", text))
    if found is None:
        return None
    doi = found[0].lower()
    if address:
        doi = re.split(r"[?#&]", doi)[0]
    for _ in range(4):
        doi = _balanced(doi.rstrip(".,;:'`*”’»"))
        doi = _DOI_TAIL.sub("", doi) if address or not doi.endswith("/full") else doi
    if _PREPRINT.match(doi):
        doi = _PREPRINT_VERSION.sub("", doi)
    return doi if doi.partition("/")[2] else None


def _balanced(doi: str) -> str:
    for opening, closing in ("()", "[]", "{}", "<>"):
        while doi.endswith(closing) and doi.count(closing) > doi.count(opening):
            doi = doi[:-1]
    return doi


def _implied(doi: str) -> list[str]:
    """Keys of other registries that a DOI spells out: 10.18653/v1/P19-1001 is ACL Anthology P19-1001."""
    return _spelled("acl:" + re.sub(r"^10\.\d+/(?:v1/)?", "", doi).upper()) if doi.startswith("10.18653/") else []
