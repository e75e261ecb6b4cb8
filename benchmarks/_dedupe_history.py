"""A made-up past of any size, always the same, and a day of which half is known from it in disturbed form.

Titles are drawn from the words of the product's own model by how often papers bear them, from a long tail of words that
hardly any bears, and from word pairs that come again and again, as "remote sensing" does.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

from digest.dedupe.likeness import model
from digest.model import Author, Entry, Paper

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
DAY, COPIES = 1_000, 500
TAIL, PHRASES, NAMES, SENTENCES = 300_000, 5_000, 60_000, 4_000
_SYLLABLES = [c + v for c in "bcdfglmnprstvz" for v in ("a", "e", "i", "o", "u", "an", "er", "is")]
_LENGTHS, _SHARES = range(5, 14), (4, 8, 12, 18, 20, 16, 11, 7, 4)  # words of arXiv's titles, without articles


class Maker:
    """Draws papers; two makers of one seed draw the same."""

    def __init__(self, seed: int) -> None:
        fixed = random.Random(7)  # the language is the same for all seeds
        counts = {word: count for word, count in model().rarity.counts.items() if len(word) > 2}
        self.common = (list(counts), list(accumulate(counts.values())))
        self.tail = (_coined(fixed, TAIL, 3, 5), list(accumulate(1 / (rank + 10) for rank in range(TAIL))))
        phrases = [fixed.choices(self.common[0], cum_weights=self.common[1], k=2) for _ in range(PHRASES)]
        self.phrases = (phrases, list(accumulate(1 / (rank + 5) for rank in range(PHRASES))))
        self.names = [name.capitalize() for name in _coined(fixed, NAMES, 2, 4)]
        self.given = [name.capitalize() for name in _coined(fixed, 2_000, 1, 3)]
        drawn = (fixed.choices(self.common[0], cum_weights=self.common[1], k=18) for _ in range(SENTENCES))
        self.sentences = [" ".join(words).capitalize() + "." for words in drawn]
        self.chance = random.Random(seed)

    def title(self) -> str:
        """Five to thirteen words; every third title holds a rare one, every seventh two, every second a phrase."""
        chance = self.chance
        size = chance.choices(_LENGTHS, weights=_SHARES)[0]
        words = chance.choices(self.common[0], cum_weights=self.common[1], k=size)
        draw = chance.random()
        if draw < 0.5:
            words[1:3] = chance.choices(self.phrases[0], cum_weights=self.phrases[1])[0]
        rare = chance.choices(self.tail[0], cum_weights=self.tail[1], k=2)
        if chance.random() < 0.38:
            words[-1] = rare[0]
        elif draw < 0.14:
            words[0], words[-1] = rare
        return " ".join(words).capitalize()

    def paper(self, number: int) -> Paper:
        """A preprint with one to seven authors, a date in thirty years and an abstract of five sentences."""
        chance = self.chance
        many = min(7, 1 + int(chance.expovariate(0.4)))
        authors = tuple(Author(name=f"{chance.choice(self.given)} {chance.choice(self.names)}") for _ in range(many))
        id_ = f"arxiv:{9601 + number // 9_000}.{number % 9_000:05d}"
        published = NOW - timedelta(days=int(10_000 * (1 - chance.random() ** 2)) + 30)
        abstract = " ".join(chance.choices(self.sentences, k=5))
        return Paper(
            id=id_, keys=(id_,), title=self.title(), abstract=abstract, authors=authors, published=published,
            url=f"https://arxiv.org/abs/{id_[6:]}",
        )  # fmt: skip


def history(size: int) -> Iterator[Paper]:
    """The first `size` papers of the past."""
    maker = Maker(1)
    return (maker.paper(number) for number in range(size))


def day(originals: Sequence[Paper]) -> tuple[list[Entry], list[str | None]]:
    """A day's entries, and for each the id of the known paper it is a disturbed copy of, or None: a copy of each of
    `originals`, the rest new. No entry bears an id that the past knows."""
    maker, entries, truth = Maker(2), [], []
    for number in range(DAY):
        of = originals[number // 2] if number % 2 and number // 2 < len(originals) else None
        paper = of or maker.paper(number)
        title, authors = disturbed(paper, number // 2, maker.chance) if of else (paper.title, paper.authors)
        entries.append(_entry(number, title, authors, paper))
        truth.append(of.id if of else None)
    return entries, truth


def disturbed(paper: Paper, number: int, chance: random.Random) -> tuple[str, tuple[Author, ...]]:
    """Title and authors of a careless copy: a slip of the pen, a word dropped, two words swapped, or authors cut after
    the second and by initials; every third copy has cut authors as well as a disturbed title."""
    words = paper.title.split()
    kind = number % 4
    place = chance.randrange(len(words) - 1)
    if kind == 0:
        words[place] = _slip(words[place], chance)
    elif kind == 1:
        del words[place]
    elif kind == 2:
        words[place : place + 2] = words[place : place + 2][::-1]
    cut = kind == 3 or number % 3 == 0
    authors = tuple(Author(name=f"{author.name[0]}. {author.name.split()[-1]}") for author in paper.authors[:2])
    return " ".join(words), authors if cut else paper.authors


def _slip(word: str, chance: random.Random) -> str:
    place = chance.randrange(len(word))
    return word[:place] + chance.choice("abcdefghijklmnopqrstuvwxyz") + word[place + chance.randrange(2) :]


def _entry(number: int, title: str, authors: tuple[Author, ...], paper: Paper) -> Entry:
    facts: dict[str, Any] = {"abstract": paper.abstract, "published": paper.published, "authors": authors}
    return Entry(source="page", number=number + 1, title=title, guid=f"page-{number}", **facts)


def _coined(chance: random.Random, many: int, least: int, most: int) -> list[str]:
    """`many` words of some syllables."""
    return ["".join(chance.choices(_SYLLABLES, k=chance.randint(least, most))) for _ in range(many)]
