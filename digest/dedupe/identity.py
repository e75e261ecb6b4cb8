"""Dedupe room: what speaks for and against two papers being one: keys, folded titles, authors. Touch the rules here."""

from collections.abc import Iterable

from digest.model import Paper
from digest.text.fold import compact
from digest.text.fold import fold as fold_words

DISTINCT = ("arxiv", "doi", "pubmed", "pmc", "acl")
"""Registries that give a paper one key: two different keys of one of them are two papers, whatever the title says."""

GENERIC_LENGTH = 20
GENERIC_WORDS = 4
"""A title alone, without authors on one side, speaks for one paper only above these sizes ("Editorial" does not)."""


def fold(title: str) -> str:
    """The form titles are looked up by: lower case, no accents, signs or spaces."""
    return compact(title)


def kind(key: str) -> str:
    """``arxiv`` of ``arxiv:2503.01234``."""
    return key.partition(":")[0]


def registered(keys: Iterable[str]) -> frozenset[str]:
    """The keys of registries that keep papers apart (see `DISTINCT`)."""
    return frozenset(key for key in keys if kind(key) in DISTINCT)


def conflict(one: frozenset[str], other: frozenset[str], below: str | None = None) -> str | None:
    """The registry that has both sides under different keys and under none in common, or None.

    `below`: only registries stronger than this kind count, because a shared key outweighs weaker ones.
    """
    for name in DISTINCT:
        if name == below:
            return None
        left = {key for key in one if kind(key) == name}
        right = {key for key in other if kind(key) == name}
        if left and right and not left & right:
            return name
    return None


def surnames(paper: Paper) -> frozenset[str]:
    """Every folded word of more than one letter of the authors' names: order and initials do not matter then."""
    return frozenset(word for author in paper.authors for word in fold_words(author.name).split() if len(word) > 1)


def shared_authors(one: Paper, other: Paper) -> int | None:
    """How many authors of the shorter list have a name in common with the other list; None where a list is missing."""
    if not one.authors or not other.authors:
        return None
    short, long = sorted((one, other), key=lambda paper: len(paper.authors))
    names = surnames(long)
    return sum(bool(surnames_of(author.name) & names) for author in short.authors)


def surnames_of(name: str) -> frozenset[str]:
    """The folded words of one name that may be its family name: all but initials."""
    return frozenset(word for word in fold_words(name).split() if len(word) > 1)


def is_generic(title: str) -> bool:
    """Whether many papers may bear `title`, so that it says nothing without authors."""
    return len(fold(title)) < GENERIC_LENGTH or len(fold_words(title).split()) < GENERIC_WORDS
