"""Normalise room: links to code, project, data, weights, demo and video found in text, and links that ids imply.

Touch here to know another host. Only http and https leave this room.
"""

import html
import re
from collections.abc import Iterable

from digest.model import Link
from digest.normalise import urls

MOST = 12
KINDS = frozenset(["paper", "pdf", "html", "code", "project", "data", "weights", "demo", "video", "discussion", "doi"])

_SCHEMED = re.compile(r"https?://[^\s<>\"{}|^`\x00-\x1f，。；（）]+", re.I)
_BARE_HOSTS = ("github.com", "gitlab.com", "huggingface.co", "hf.co", "youtu.be", "zenodo.org", ".github.io")
_HOST_END = re.compile(r"\.[bcio]")
"""How the last part of every one of these begins."""
_BARE = re.compile(
    r"(?<![\w/.@:-])(?:www\.)?(?:github\.com|gitlab\.com|huggingface\.co|hf\.co|youtu\.be|zenodo\.org|[\w-]+\.github\.io)"
    r"(?:/[^\s<>\"{}|^`，。；（）]*)?",
    re.I,
)
_HUB = r"(?:huggingface\.co|hf\.co)"
_HOSTS = (
    ("code", re.compile(r"(?:^|\.)(?:gitlab\.[\w.-]+|bitbucket\.org|codeberg\.org|sourceforge\.net|gitee\.com)/")),
    ("code", re.compile(r"^(?:github\.com/[\w.-]+|(?:anonymous\.)?4open\.science/|git\.[\w.-]+/|pypi\.org/project/)")),
    ("demo", re.compile(rf"^{_HUB}/spaces/|(?:^|\.)(?:hf\.space|streamlit\.app|gradio\.live)/?")),
    ("demo", re.compile(r"^colab\.research\.google\.com/|^replicate\.com/|^modelscope\.cn/studios/")),
    ("data", re.compile(rf"^(?:{_HUB}|kaggle\.com|modelscope\.cn)/(?:datasets|competitions)/")),
    ("data", re.compile(r"^zenodo\.org/|(?:^|\.)figshare\.com/|^osf\.io/|dataverse|datadryad\.org/|^openneuro\.org/")),
    ("data", re.compile(r"^data\.mendeley\.com/|^physionet\.org/|^ieee-dataport\.org/|^doi\.org/10\.(?:5281|6084)/")),
    (
        "project",
        re.compile(rf"^[\w-]+\.git(?:hub|lab)\.io(?:/|$)|^sites\.google\.com/|^{_HUB}/(?:collections|blog)/"),
    ),
    ("weights", re.compile(rf"^{_HUB}/(?!papers\b|docs\b|join\b)[\w.-]+|^modelscope\.cn/models/|^ollama\.com/")),
    ("video", re.compile(r"^(?:youtu\.be|vimeo\.com|m\.youtube\.com|youtube\.com|bilibili\.com|b23\.tv)/.")),
)
_NO_LINKS = re.compile(
    r"(?:^|\.)(?:arxiv\.org|doi\.org|wikipedia\.org|creativecommons\.org|w3\.org|openreview\.net|ncbi\.nlm\.nih\.gov|"
    r"clinicaltrials\.gov|orcid\.org|overleaf\.com|twitter\.com|x\.com|linkedin\.com)/"
)
_NAMED = (
    (
        "code",
        re.compile(r"\b(?:codes?|implementation|repository|repo|software|toolkit|library|package)\b", re.I),
    ),
    ("data", re.compile(r"\b(?:datasets?|data|benchmark|corpus|annotations)\b", re.I)),
    ("demo", re.compile(r"\b(?:demos?|playground)\b", re.I)),
    ("video", re.compile(r"\bvideos?\b", re.I)),
    ("weights", re.compile(r"\b(?:weights|checkpoints?|pretrained models?|models? (?:is|are))\b", re.I)),
)
_PROJECT = re.compile(r"\b(?:project|web ?site|web ?page|home ?page|page|site)\b", re.I)


def found_in(*texts: str) -> tuple[Link, ...]:
    """The links of raw (not yet plain) abstracts and comments, each once, in order of the texts; at most `MOST`."""
    found: dict[str, Link] = {}
    for text in texts:
        if _may_link(text):
            for link in _scan(_unescaped(text)):
                found.setdefault(urls.identity(link.url), link)
    return tuple(found.values())[:MOST]


def _may_link(text: str) -> bool:
    """Whether there is a link to look for: most texts have no sign of any, and single signs are quick to tell."""
    return ("/" in text and "://" in text) or (_HOST_END.search(text) is not None and _names_host(text))


def _names_host(text: str) -> bool:
    return any(host in text for host in _BARE_HOSTS)


def implied(keys: Iterable[str]) -> tuple[Link, ...]:
    """The pages that a paper's keys lead to by rule: arXiv's page, PDF and HTML, a DOI's resolver, and others."""
    made: list[Link] = []
    for key in keys:
        kind, _, value = key.partition(":")
        made += [Link(kind=name, url=f"{before}{value}{after}") for name, before, after in _FORMS.get(kind, ())]
    return tuple(made)


_FORMS = {
    "arxiv": (
        ("paper", "https://arxiv.org/abs/", ""),
        ("pdf", "https://arxiv.org/pdf/", ""),
        ("html", "https://arxiv.org/html/", ""),
    ),
    "doi": (("doi", "https://doi.org/", ""),),
    "openreview": (
        ("paper", "https://openreview.net/forum?id=", ""),
        ("pdf", "https://openreview.net/pdf?id=", ""),
    ),
    "pubmed": (("paper", "https://pubmed.ncbi.nlm.nih.gov/", "/"),),
    "pmc": (("paper", "https://pmc.ncbi.nlm.nih.gov/articles/", "/"),),
    "acl": (("paper", "https://aclanthology.org/", "/"), ("pdf", "https://aclanthology.org/", ".pdf")),
}


def cleaned(links: Iterable[Link]) -> tuple[Link, ...]:
    """`links` with a safe address only, unknown kinds read from the host or called ``project``, each address once."""
    found: dict[str, Link] = {}
    for link in links:
        address = urls.safe(html.unescape(link.url))
        if address:
            kind = link.kind if link.kind in KINDS else kind_of(address, "") or "project"
            found.setdefault(urls.identity(address), Link(kind=kind, url=address))
    return tuple(found.values())


def kind_of(address: str, before: str) -> str | None:
    """What an address leads to, by its host or else by the words `before` it; None for what is no link of a paper."""
    place = urls.split(address)
    if place is None:
        return None
    where = place.host + place.path
    for kind, pattern in _HOSTS:
        if pattern.search(where):
            return kind
    if _NO_LINKS.search(where):
        return None
    if _PROJECT.search(before):
        return "project"
    for kind, pattern in _NAMED:
        if pattern.search(before):
            return kind
    return "project"


def _unescaped(text: str) -> str:
    """Raw text with the escapes undone that cut addresses: entities, TeX's backslashes, a repeated \\href argument."""
    text = html.unescape(html.unescape(text))
    return re.sub(r"\\([_%#&~{}$])", r"\1", text).replace("$\\sim$", "~").replace("\\", " ")


def _scan(text: str) -> Iterable[Link]:
    places = [(found.start(), found[0]) for found in _SCHEMED.finditer(text)]
    if _names_host(text):
        places += [(found.start(), "https://" + found[0]) for found in _BARE.finditer(text)]
    for start, raw in sorted(places):
        address = urls.safe(_trimmed(raw))
        if address is None or not re.search(r"\.[a-z]{2,}(?:[:/?#]|$)", address[8:], re.I):
            continue
        kind = kind_of(address, re.split(r"(?<=\w)[.;]\s", text[max(0, start - 80) : start])[-1])
        if kind is not None:
            yield Link(kind=kind, url=address)


def _trimmed(address: str) -> str:
    """An address as found in a sentence, without the punctuation that belongs to the sentence, and of a Markdown link
    whose words are an address the words alone: the target is found by itself."""
    address = address.partition("](")[0]
    while True:
        before, address = address, address.rstrip(".,;:!?'\"*_~$”’»…")
        for opening, closing in ("()", "[]"):
            if address.endswith(closing) and address.count(closing) > address.count(opening):
                address = address[:-1]
        if address == before:
            return re.sub(r"(?<=\w)\)[.,]?\s?.*$", "", address) if "(" not in address else address
