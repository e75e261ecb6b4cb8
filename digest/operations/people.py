"""Who wrote what was printed, by the address that an author's feed has. One reading of all printed papers answers all.

To read ten thousand papers for the authors of the thirty that are new is most of the work, so a build of the site keeps
what it read, and the next reads again only papers that something was said of since.
"""

import itertools
import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from digest.render import safe
from digest.text.fold import fold

if TYPE_CHECKING:
    from digest.store import Store
    from digest.store.rendered import Rendered

_NAME = "people"
Marks = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever shares an address of authors: a name, and where papers were printed, (newsletter, day), newest first;
    a place stands there once a paper."""

    name: str
    printed: tuple[tuple[str, date], ...]

    @property
    def places(self) -> tuple[tuple[str, date], ...]:
        """Each place once."""
        return tuple(dict.fromkeys(self.printed))


class People:
    """The authors of all printed papers as the store stands. Raises StoreError when made and when asked."""

    def __init__(
        self, store: "Store", known: Mapping[str, list[str]] | None = None, lost: frozenset[str] | None = None
    ) -> None:
        """`known` are the addresses of the authors of papers, by id, that need not be read; `lost` those that papers
        had that were read again, None where nobody knows."""
        self.lost = lost
        self._store, self._printed = store, store.published.printed()
        ids = {paper_id for paper_id, _, _ in self._printed}
        self.of_papers = {id_: people for id_, people in (known or {}).items() if id_ in ids}
        for id_, names in store.published.authors(ids - self.of_papers.keys()).items():
            self.of_papers[id_] = list(dict.fromkeys(slug for name in names if (slug := slug_of(name))))
        people = (self.of_papers.get(paper_id, ()) for paper_id, _, _ in self._printed)
        self._papers = Counter(itertools.chain.from_iterable(people))

    def author(self, slug: str) -> Person | None:
        """Who has this address, by the name of the paper that was printed last."""
        if slug not in self._papers:
            return None
        printed = [one for one in self._printed if slug in self.of_papers.get(one[0], ())]
        newest = printed[0][0]
        names = self._store.published.authors([newest])[newest]
        name = next(safe.clean(name, 80) for name in names if slug_of(name) == slug)
        return Person(name, tuple((newsletter, day) for _, newsletter, day in printed))

    def prolific(self, newsletters: Collection[str], least: int) -> list[str]:
        """The addresses of authors of at least `least` papers printed in these newsletters, by alphabet."""
        many = {slug for slug, papers in self._papers.items() if papers >= least}
        ours = Counter(
            slug
            for paper_id, newsletter, _ in self._printed
            if many and newsletter in newsletters
            for slug in many.intersection(self.of_papers.get(paper_id, ()))
        )
        return sorted(slug for slug, papers in ours.items() if papers >= least)


def slug_of(name: str) -> str:
    """The address of one author: the name without accents, in lower case, with hyphens; "" for one of signs alone.
    Namesakes share one."""
    return fold(safe.clean(name, 80)).replace(" ", "-")[:100]


def recalled(store: "Store", rendered: "Rendered | None", marks: Marks, changed: Collection[str]) -> People:
    """The people of a store, as far as `rendered` knows them as of `marks`, since when papers `changed`."""
    parts = rendered.some([(_NAME, _said(marks))]).get(_NAME) if rendered is not None else None
    if parts is None:
        return People(store)
    known: dict[str, list[str]] = json.loads(parts[0])
    lost = frozenset(slug for id_ in changed for slug in known.pop(id_, ()))
    return People(store, known, lost)


def remember(people: People, rendered: "Rendered", marks: Marks) -> None:
    """Has `rendered` keep what was read of people as of `marks`, those of `store.dossiers`."""
    text = json.dumps(people.of_papers, ensure_ascii=False, separators=(",", ":"))
    rendered.put(_NAME, _said(marks), (text, "", "", ""))


def _said(marks: Marks) -> str:
    return json.dumps(marks, sort_keys=True)
