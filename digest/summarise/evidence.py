"""Summarise room: evidence in free text. Which links a text offers as its own, and where a comment says it appears.

Judges by the words around a link, never by the link alone: abstracts also cite other people's repositories. Pure;
touched when a badge was wrong (then a stricter rule and a test) or a certain fact was missed.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from digest.model import Link
from digest.text import sentences

_URL = re.compile(r"(?:https?://|\b(?:www\.)?(?:github\.com|huggingface\.co)/)[^\s<>\"'{}\\\[\]|()]+", re.I)
_OFFER = re.compile(
    r"\b(?:availab\w*|releas\w+|publish\w*|publicly|open[- ]?sourc\w*|found|access\w*|provided?|hosted|visit|see|here|"
    r"shared?|download\w*)\b|\bare (?:at|on)\b|\bis (?:at|on)\b|"
    r"\b(?:code|data|page|website|demo|videos?) (?:at|is)\s*$",
    re.I,
)
_THEIRS = re.compile(
    r"\b(?:based on|built (?:on|upon)|using|uses?|used|implemented (?:in|with)|from|forked?|adapted|modified version|"
    r"derived|extend(?:s|ing)|compared? (?:to|with)|such as|existing|official|third[- ]party|previous\w*|"
    r"will be|to be (?:released|made)|upon (?:acceptance|publication)|soon)\b[^.;]*$",
    re.I,
)
_NAMED = {
    "code": r"\bcodes?(?:base)?\b|\bimplementations?\b|\bsoftware\b|\btoolkit\b|\blibrary\b|\bscripts?\b|\bsource\b|"
    r"\brepositor(?:y|ies)\b|\brepo\b|\bgithub\b",
    "weights": r"\bweights\b|\bcheckpoints?\b|\bmodels?\b",
    "data": r"\bdata ?sets?\b|\bdata\b|\bbenchmark\b|\bcorpus\b|\bcorpora\b",
    "demo": r"\bdemos?\b|\bplayground\b",
    "video": r"\bvideos?\b",
    "project": r"\bproject\b|\bweb ?(?:site|page)\b|\bhome ?page\b|\bpage\b",
}
_CODE_HOSTS = frozenset({"github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "gitee.com", "sourceforge.net"})
_VIDEO_HOSTS = frozenset({"youtube.com", "youtu.be", "vimeo.com", "bilibili.com"})
_DATA_HOSTS = frozenset(
    {"zenodo.org", "figshare.com", "osf.io", "datadryad.org", "kaggle.com", "dataverse.harvard.edu"}
)


def is_web(url: str) -> bool:
    """Whether a link may be shown: http or https with a host and no blanks or control characters."""
    parts = urlsplit(url) if url.isprintable() and " " not in url and "[" not in url else None
    return parts is not None and parts.scheme in ("http", "https") and "." in parts.netloc and "@" not in parts.netloc


def offered(text: str) -> tuple[Link, ...]:
    """Links that `text` offers as its authors' own, each with its kind, in order; doubtful ones are left out."""
    return tuple(link for sentence in sentences.split(text) for link in _in_sentence(sentence))


def _in_sentence(sentence: str) -> Iterator[Link]:
    """Links of one sentence; the words judged are those since the link before, or all where links share them."""
    end = 0
    for match in _URL.finditer(sentence):
        url = match[0].rstrip(".,;:'’”")
        url = url if "://" in url else f"https://{url}"
        lead = sentence[end : match.start()]
        lead = lead if len(lead) > 12 or end == 0 else sentence[: match.start()]
        end = match.end()
        kind = _kind(url, lead[-160:])
        if kind and is_web(url):
            yield Link(kind=kind, url=url)


def _kind(url: str, lead: str) -> str | None:
    """The kind of a link by what the words before it call it, checked against where it leads; None in doubt."""
    titled = re.search(r"(?:^|[\s,;.(])(?P<name>[\w -]{3,40})\s*(?:link|page|url|site)?\s*:\s*\(?$", lead)
    if _THEIRS.search(lead) or not (titled or _OFFER.search(lead)):
        return None
    named = [kind for kind, words in _NAMED.items() if re.search(words, titled["name"] if titled else lead, re.I)]
    parts = urlsplit(url)
    host, path = parts.netloc.lower().removeprefix("www."), [p for p in parts.path.split("/") if p]
    return _by_place(host, path, named)


def _by_place(host: str, path: list[str], named: list[str]) -> str | None:
    """Join what a link is called with where it leads; None where the two disagree."""
    if host in _CODE_HOSTS:
        return ("code" if "code" in named else named[0] if named == ["data"] else None) if len(path) >= 2 else None
    if host == "huggingface.co" and len(path) >= 2:
        sure = {"datasets": "data", "spaces": "demo"}.get(path[0])
        return sure or ("weights" if "weights" in named and path[0] not in ("papers", "blog") else None)
    if host in _VIDEO_HOSTS:
        return "video" if "video" in named or "demo" in named else None
    if host in _DATA_HOSTS:
        return "data" if named == ["data"] else "code" if named == ["code"] else None
    return named[0] if len(named) == 1 and named[0] in ("project", "demo", "data") else None


# ---- venues -----------------------------------------------------------------------------------------------------

_KNOWN = (
    "AAAI AAMAS ACCV ACL ACM-MM AISTATS BMVC CHI CIKM COLING COLM CoNLL CoRL CVPR EACL ECAI ECCV ECIR ECML EMNLP FAccT "
    "ICASSP ICCV ICDE ICDM ICIP ICLR ICML ICME ICRA IJCAI IJCNN INTERSPEECH IROS ISBI ISMIR KDD LREC MICCAI MIDL NAACL "
    "NeurIPS NIPS OSDI PLDI POPL RecSys RSS SIGGRAPH SIGIR SIGMOD SOSP STOC TACL TMLR TPAMI UAI UIST USENIX VLDB WACV "
    "WSDM WWW"
)
_ACCEPTED = re.compile(
    r"(?<!provisionally )(?<!conditionally )\b(?P<verb>accepted?|to appear|published|presented|forthcoming)\b"
    r"(?: as an? [\w ]{3,20}?)?(?: (?:for|to be) (?:publication|presentation|presented|published))?"
    r"\s+(?:at|to|by|in|for)\s+(?:the\s+)?(?P<venue>.+)",
    re.I,
)
_NOT = re.compile(
    r"\b(?:submitted|submission|under review|not|will be submitted|reject\w*|preprint of|withdrawn)\b", re.I
)
_ALONE = re.compile(
    r"(?:(?:ACM|IEEE(?:/CVF)?)\s+)?(?:Findings of\s+)?"
    rf"(?:{_KNOWN.replace(' ', '|')})(?:\s+Findings(?: of)?)?[\s,-]*'?(?:20)?\d\d"
    r"(?:[\s,-]*\(?(?:main(?: conference| track)?|oral|spotlight|poster|highlight|findings|"
    r"camera[- ]ready|workshop(?: on [\w &/-]+)?)\)?)*",
    re.I,
)
_BREAK = re.compile(
    r"[;|\n]|\.\s|\.$|,\s*(?=\d+ ?(?:pages?|figures?|tables?)|project|code|camera|see|with|first|\d+\b)"
)
_SERVERS = re.compile(r"\b(?:arxiv|biorxiv|medrxiv|chemrxiv|preprint|research square|ssrn|corr)\b", re.I)
_SAID = {"published": "published in", "presented": "presented at"}
LONGEST_VENUE = 60


def accepted_at(comment: str) -> str:
    """What a comment says for certain of where the paper appears ("accepted at CVPR 2025", "ICML 2025"), or ""."""
    for part in _BREAK.split(" ".join(comment.split())):
        if _NOT.search(part):
            continue
        if match := _ACCEPTED.search(part):
            if name := venue(match["venue"]):
                return f"{_SAID.get(match['verb'].lower(), 'accepted at')} {name}"
        elif _ALONE.fullmatch(part.strip(" .,")):
            return part.strip(" .,")
    return ""


def venue(name: str) -> str:
    """A venue's name fit for a badge, or "" for preprint servers, texts too long and texts that are no name."""
    name = " ".join(name.split()).strip(" .,;:")
    name = name.rstrip("(").rstrip() if name.count("(") == name.count(")") else name.split("(")[0].rstrip(" )")
    if len(name) > LONGEST_VENUE:
        short = re.search(r"\(([A-Z][\w@/&-]*[\s']*(?:20)?\d\d)[^)]*\)", name)
        name = short[1] if short and "workshop" not in name.lower() else ""
    if not re.search(r"[A-Z]", name) or _SERVERS.search(name) or "http" in name.lower():
        return ""
    return name
