"""Everything given back, for `digest export`: all rows as JSON lines, or the papers as BibTeX, RIS or CSV.

Written paper by paper, however many there are. Touched when another format is to be written.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Literal, get_args

from digest.model import Paper

if TYPE_CHECKING:
    from digest.store import Store

Format = Literal["jsonl", "bibtex", "ris", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)
_TEX = str.maketrans({"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}"} | {c: f"\\{c}" for c in "$&%#_"}
                     | {"^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}"})  # fmt: skip
_NAME = re.compile(r"[^A-Za-z0-9]+")


def export(store: "Store", kind: Format, since: datetime | None) -> Iterator[str]:
    """The store as text, piece by piece: what belongs to papers first seen and issues made since then, or all."""
    if kind == "jsonl":
        return store.archive.lines(since)
    return _WRITERS[kind](store.archive.papers(since))


def bibtex(papers: Iterable[Paper]) -> Iterator[str]:
    """Papers as BibTeX in UTF-8; what TeX would take for its own is escaped."""
    for paper in papers:
        found = _keys(paper)
        fields = {
            "title": paper.title,
            "author": " and ".join(author.name for author in paper.authors),
            "journal": paper.venue,
            "year": str(paper.published.year) if paper.published else None,
            "month": str(paper.published.month) if paper.published else None,
            "eprint": found.get("arxiv"),
            "archiveprefix": "arXiv" if "arxiv" in found else None,
            "primaryclass": paper.categories[0] if paper.categories and "arxiv" in found else None,
            "doi": found.get("doi"),
            "url": paper.url,
            "abstract": paper.abstract,
            "note": paper.comment,
        }
        verbatim = ("doi", "url", "eprint")
        told = [
            f"  {name} = {{{value if name in verbatim else value.translate(_TEX)}}}"
            for name, value in fields.items()
            if value and not (name in verbatim and any(c in value for c in "{}\\"))
        ]
        kind = "article" if paper.venue else "misc"
        yield f"@{kind}{{{_NAME.sub('-', paper.id)},\n" + ",\n".join(told) + "\n}\n\n"


def ris(papers: Iterable[Paper]) -> Iterator[str]:
    """Papers as RIS."""
    for paper in papers:
        found = _keys(paper)
        published = f"{paper.published:%Y/%m/%d}" if paper.published else ""
        tags = [
            ("TY", "JOUR" if paper.venue else "GEN"),
            ("TI", paper.title),
            *(("AU", author.name) for author in paper.authors),
            ("JO", paper.venue),
            ("PY", published[:4]),
            ("DA", published),
            ("DO", found.get("doi")),
            ("AN", f"arXiv:{found['arxiv']}" if "arxiv" in found else None),
            ("AN", f"PMID:{found['pubmed']}" if "pubmed" in found else None),
            ("UR", paper.url),
            ("AB", paper.abstract),
            ("N1", paper.comment),
        ]
        yield "".join(f"{tag}  - {value}\n" for tag, value in tags if value) + "ER  - \n\n"


def table(papers: Iterable[Paper]) -> Iterator[str]:
    """Papers as CSV; a cell that a spreadsheet would take for a formula gets an apostrophe before it."""
    yield "id,title,authors,published,venue,doi,arxiv,pmid,url,categories,abstract,comment\n"
    for paper in papers:
        found = _keys(paper)
        cells = [
            *(paper.id, paper.title, "; ".join(author.name for author in paper.authors)),
            *(paper.published.date().isoformat() if paper.published else "", paper.venue or ""),
            *(found.get("doi", ""), found.get("arxiv", ""), found.get("pubmed", ""), paper.url or ""),
            *(" ".join(paper.categories), paper.abstract, paper.comment or ""),
        ]
        row = io.StringIO()
        csv.writer(row, lineterminator="\n").writerow([_harmless(cell) for cell in cells])
        yield row.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell


def _keys(paper: Paper) -> dict[str, str]:
    """The paper's first key of each kind."""
    found: dict[str, str] = {}
    for key in paper.keys:
        kind, _, value = key.partition(":")
        found.setdefault(kind, value)
    return found


_WRITERS: dict[str, Callable[[Iterable[Paper]], Iterator[str]]] = {"bibtex": bibtex, "ris": ris, "csv": table}
