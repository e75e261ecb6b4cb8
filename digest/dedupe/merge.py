"""Dedupe room: one paper's facts out of several readings, and a known paper with what a run adds. Which fact wins.

The result never depends on the order of arrival: readings are first put in an order of their own, by what they know.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from digest.model import KEY_ORDER, Author, Link, Paper

_Time = datetime | None
MOST_LINKS = 40
FIELDS = (
    *("title", "abstract", "authors", "url", "categories", "published", "updated", "links", "comment", "venue"),
    *("organisation", "language", "withdrawn"),
)


def merged(papers: Sequence[Paper], taken: frozenset[str] = frozenset()) -> Paper:
    """One new paper out of all that announce it: the best informed is its base, the others fill and extend it.
    `taken`: keys that other papers hold."""
    first, *others = sorted(papers, key=_rank) if len(papers) > 1 else papers
    for other in others:
        first = _filled(first, other)
    keys = in_order(key for paper in papers for key in paper.keys if key not in taken)
    return replace(first, id=keys[0], keys=keys)


def extended(known: Paper, papers: Iterable[Paper], taken: frozenset[str] = frozenset()) -> Paper:
    """`known` with the new facts of `papers`; its id stays. `taken`: keys that other known papers hold.

    A later version brings its own facts, the rest only fills what is missing.
    """
    paper = known
    for other in sorted(papers, key=_rank):
        newer = _version(other) > _version(paper) and other.version is not None
        if newer and known.version is not None:
            paper = _filled(replace(other, published=paper.published), paper)
        paper = _filled(paper, other)
    gained = {key for other in papers for key in other.keys if key not in taken}
    return replace(paper, id=known.id, keys=in_order({*known.keys, *gained}))


def changes(before: Paper, after: Paper) -> str:
    """What an update changed, in words: "keys doi:10.1000/x, version 2, venue"."""
    said = []
    gained = [key for key in after.keys if key not in before.keys]
    if gained:
        said.append("keys " + " ".join(gained))
    if after.version != before.version:
        said.append(f"version {after.version}")
    return ", ".join(said + [name for name in FIELDS if getattr(before, name) != getattr(after, name)])


def in_order(keys: Iterable[str]) -> tuple[str, ...]:
    """`keys`, each once, strongest kind first and then by alphabet."""
    return tuple(sorted(set(keys), key=key_rank))


def key_rank(key: str) -> tuple[int, str]:
    """What keys are sorted by: the place of the kind in KEY_ORDER, then the key."""
    return KEY_ORDER.index(key.partition(":")[0]), key


def id_rank(paper: Paper) -> tuple[int, str]:
    """What papers are sorted by to tell which keeps its id when two become one: the strongest first."""
    return key_rank(paper.id)


def _version(paper: Paper) -> int:
    return paper.version or 0


def _rank(paper: Paper) -> tuple[object, ...]:
    """Best informed first; the rest of the tuple makes the order total."""
    kinds = [key_rank(key)[0] for key in paper.keys]
    known = (-_version(paper), not paper.abstract, not paper.authors, -len(paper.abstract), -len(paper.authors))
    return (min(kinds, default=len(KEY_ORDER)), *known, paper.title, repr(paper))


def _filled(paper: Paper, other: Paper) -> Paper:
    """`paper` with what it lacks taken from `other`, and sets of things joined."""
    return replace(
        paper,
        abstract=paper.abstract or other.abstract,
        authors=_authors(paper.authors, other.authors),
        url=paper.url or other.url,
        categories=tuple(dict.fromkeys((*paper.categories, *other.categories))),
        published=_pick(min, paper.published, other.published),
        updated=_pick(max, paper.updated, other.updated),
        version=max(_version(paper), _version(other)) or None,
        links=_links(paper.links, other.links),
        comment=paper.comment or other.comment,
        venue=paper.venue or other.venue,
        organisation=paper.organisation or other.organisation,
        language=paper.language or other.language,
        withdrawn=paper.withdrawn or (other.withdrawn and _version(other) >= _version(paper)),
    )


def _authors(one: tuple[Author, ...], other: tuple[Author, ...]) -> tuple[Author, ...]:
    """The list that stands, unless it is missing; affiliations it lacks are taken over by name."""
    if not one or not other:
        return one or other
    places = {author.name: author.affiliation for author in other}
    return tuple(replace(author, affiliation=author.affiliation or places.get(author.name)) for author in one)


def _links(one: tuple[Link, ...], other: tuple[Link, ...]) -> tuple[Link, ...]:
    by_url = {link.url: link for link in (*other, *one)}
    joined = dict.fromkeys(link.url for link in (*one, *other))
    return tuple(by_url[url] for url in joined)[:MOST_LINKS]


def _pick(
    choose: Callable[[datetime, datetime], datetime], one: datetime | None, other: datetime | None
) -> datetime | None:
    return choose(one, other) if one and other else one or other
