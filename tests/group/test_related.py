"""Papers like a paper."""

import pytest
from themes import paper, themed

from digest.group import fit, related
from digest.model import Paper

PAPERS = themed(80)
SPACE = fit(PAPERS)


def theme(id_: str) -> int:
    return int(id_.rsplit(".", 1)[1]) % 4


def test_the_nearest_are_of_the_same_theme_without_the_paper_itself() -> None:
    found = related.index(PAPERS, SPACE).like(PAPERS[6].id, 5)
    assert len(found) == 5 and PAPERS[6].id not in dict(found)
    assert {theme(id_) for id_, _ in found} == {2}
    assert [cosine for _, cosine in found] == sorted((cosine for _, cosine in found), reverse=True)


def test_a_paper_without_text_has_no_relations() -> None:
    empty = paper(900, "")
    assert related.index([*PAPERS, empty], SPACE).like(empty.id) == ()


def test_papers_are_added_and_renewed() -> None:
    index = related.index(PAPERS, SPACE)
    changed = Paper(id=PAPERS[0].id, keys=PAPERS[0].keys, title=PAPERS[1].title, abstract=PAPERS[1].abstract)
    grown = index.with_papers([changed, paper(901, PAPERS[2].title)], SPACE)
    assert len(grown.ids) == 81 and grown.like(changed.id, 1)[0][0] == PAPERS[1].id


def test_written_and_read() -> None:
    index = related.index(PAPERS, SPACE)
    again = related.Index.from_bytes(index.to_bytes())
    for (_, kept), (_, was) in zip(again.like(PAPERS[3].id), index.like(PAPERS[3].id), strict=True):
        assert abs(kept - was) < 0.001
    assert again.ids == index.ids and again.mark == index.mark
    with pytest.raises(ValueError):
        related.Index.from_bytes(b"x")
    with pytest.raises(KeyError):
        index.like("arxiv:0000.00000")
