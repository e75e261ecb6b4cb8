"""Which papers a text speaks of: by their identifiers and addresses, never by their titles alone. Room `collect`.

Posts are hostile text. Touched when an identifier is written in a way that is not recognised yet.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote, urlsplit

from digest.collect.signals.kind import Batch
from digest.model import Paper, Question

MOST_TEXT = 20_000  # characters of a post that are looked through
HOSTS = 4  # how many sites a search is made for
_ARXIV = re.compile(
    r"(?:arxiv\.org/(?:abs|pdf|html)/|huggingface\.co/papers/|alphaxiv\.org/(?:abs|pdf|overview)/|arxiv:\s?|10\.48550/arxiv\.)"
    r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?!\d)",
    re.IGNORECASE,
)
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"'<>\\?#&]+")
_OPENREVIEW = re.compile(r"openreview\.net/(?:forum|pdf)\?id=([\w-]{4,40})", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s\"'<>\\)\]]{4,500}", re.IGNORECASE)
_LINKS = ("paper", "pdf", "html", "code", "project")
_SITES = (("arxiv", "arxiv.org"), ("openreview", "openreview.net"), ("doi", "doi.org"))


@dataclass(frozen=True, slots=True)
class Post:
    """Something that somebody said: `who`, in texts that may name papers, with counts of what others made of it."""

    who: str
    texts: tuple[str, ...]
    counts: Mapping[str, float]


class Spotter:
    """Finds papers in texts."""

    def __init__(self, papers: Iterable[Paper]) -> None:
        self._of: dict[str, str] = {}
        for paper in papers:
            for key in paper.keys:
                self._of.setdefault(key.casefold(), paper.id)
            addresses = [paper.url or "", *(link.url for link in paper.links if link.kind in _LINKS)]
            for address in filter(None, map(bare, addresses)):
                self._of.setdefault(address, paper.id)

    def find(self, texts: Iterable[str]) -> set[str]:
        """Ids of the papers that any of the texts names."""
        found: set[str] = set()
        for text in texts:
            for name in _names(unescape(unquote(text[:MOST_TEXT]))):
                if name in self._of:
                    found.add(self._of[name])
        return found


def _names(text: str) -> Iterable[str]:
    for match in _ARXIV.finditer(text):
        yield f"arxiv:{match[1].casefold()}"
    for match in _DOI.finditer(text):
        doi = match[0].casefold().rstrip(".,;:)]}/")
        yield f"doi:{doi}"
        yield f"doi:{re.sub(r'v[0-9]+(?:[./].*)?$', '', doi)}"  # as preprint servers add a version
    for match in _OPENREVIEW.finditer(text):
        yield f"openreview:{match[1].casefold()}"
    for match in _URL.finditer(text):
        yield bare(match[0])


def bare(url: str) -> str:
    """An address as it is compared: no scheme, ``www.``, fragment or slash at the end; "" for a bare host."""
    address = url.casefold().partition("://")[2].partition("#")[0].removeprefix("www.").rstrip("/.,;:")
    return address.removesuffix(".git") if "/" in address else ""


def sites(questions: Sequence[Question]) -> list[str]:
    """The hosts that papers are most often linked at, to search for: one search finds the posts about all of them."""
    found: Counter[str] = Counter()
    for question in questions:
        paper = question.paper
        kinds = {key.partition(":")[0] for key in paper.keys}
        known = next((host for kind, host in _SITES if kind in kinds), "")
        try:
            own = (urlsplit(paper.url or "").hostname or "").removeprefix("www.")
        except ValueError:
            own = ""
        found.update({host for host in (known, own) if "." in host})
    return [host for host, _ in sorted(found.items(), key=lambda item: (-item[1], item[0]))[:HOSTS]]


def tally(posts: Iterable[Post], questions: Sequence[Question], counts: Sequence[str]) -> Batch:
    """Of each paper how many people spoke (`mentions`) and, of every one of `counts`, the sum over people of what the
    best post of each got: a hundred posts of one person are one."""
    spotter = Spotter(question.paper for question in questions)
    best: dict[str, dict[str, dict[str, float]]] = {question.paper.id: {} for question in questions}
    for post in posts:
        for paper_id in spotter.find(post.texts):
            own = best[paper_id].setdefault(post.who, dict.fromkeys(counts, 0.0))
            for name in counts:
                own[name] = max(own[name], post.counts.get(name, 0.0))
    return {
        paper_id: {"mentions": float(len(people)), **{n: sum(own[n] for own in people.values()) for n in counts}}
        for paper_id, people in best.items()
    }
