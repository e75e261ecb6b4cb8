"""Group: papers like a paper. Touched when a paper's page shows strangers.

An index is a table of rows of unit length in a fitted space: one product with it is all a question costs (100,000
papers: 20 MB, a few milliseconds). It belongs to the space it was made in, which its `mark` names.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.group.space import TopicSpace, text_of
from digest.model import Paper
from digest.text.vectors import pack, unpack

if TYPE_CHECKING:
    from digest.text.vectors import Floats

SCHEMA = 2


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """Paper `ids` and their `rows` (papers, dimensions)."""

    ids: tuple[str, ...]
    rows: "Floats"
    mark: str = ""

    def related(
        self, row: "Floats", most: int = 5, without: frozenset[str] = frozenset()
    ) -> tuple[tuple[str, float], ...]:
        """The ids nearest to a row (dimensions,) of unit length with their cosines, nearest first; only cosines above
        zero. Equal ones come in the order of the index."""
        import numpy as np

        cosines = self.rows @ row
        wanted = min(len(self.ids), most + len(without))
        if not wanted:
            return ()
        nearest = np.argpartition(-cosines, wanted - 1)[:wanted]
        ordered = sorted((int(n) for n in nearest), key=lambda n: (-cosines[n], n))
        found = [(self.ids[n], float(cosines[n])) for n in ordered if self.ids[n] not in without and cosines[n] > 0]
        return tuple(found[:most])

    def like(self, id_: str, most: int = 5) -> tuple[tuple[str, float], ...]:
        """The ids nearest to an indexed paper, itself left out. KeyError if it is not indexed."""
        if id_ not in self.ids:
            raise KeyError(id_)
        return self.related(self.rows[self.ids.index(id_)], most, frozenset([id_]))

    def with_papers(self, papers: Sequence[Paper], space: TopicSpace) -> "Index":
        """The index with these papers added, or renewed where it has them."""
        import numpy as np

        new = {paper.id: paper for paper in papers}
        kept = [number for number, id_ in enumerate(self.ids) if id_ not in new]
        added = space.project([text_of(paper) for paper in new.values()])
        rows = np.vstack([self.rows[kept], added]) if kept else added
        return Index((*(self.ids[number] for number in kept), *new), rows, self.mark)

    def of(self, ids: Collection[str]) -> "Index":
        """The part of the index that is about these ids."""
        wanted = set(ids)
        kept = [number for number, id_ in enumerate(self.ids) if id_ in wanted]
        return Index(tuple(self.ids[number] for number in kept), self.rows[kept], self.mark)

    def to_bytes(self) -> bytes:
        """The index as an .npz archive; rows are halved in precision, which moves a cosine by less than 0.001."""
        return pack({"schema": SCHEMA, "ids": self.ids, "mark": self.mark}, rows=self.rows.astype("float16"))

    @classmethod
    def from_bytes(cls, data: bytes) -> "Index":
        """Reads what `to_bytes` wrote. ValueError for another schema or anything else."""
        head, arrays = unpack(data, SCHEMA)
        return cls(tuple(head["ids"]), arrays["rows"].astype("float32"), head["mark"])


def index(papers: Sequence[Paper], space: TopicSpace, mark: str = "") -> Index:
    """The index of `papers` in a fitted space that `mark` names."""
    return Index(tuple(paper.id for paper in papers), space.project([text_of(paper) for paper in papers]), mark)
