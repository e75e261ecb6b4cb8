"""Room `collect`: one paper's own page to an entry, by the ``citation_*`` tags that arXiv, OpenReview, PubMed, ACL and
nearly every publisher put there for search engines. Pure, no I/O.

Touched when a publisher spells a tag otherwise.
"""

from html.parser import HTMLParser

from digest.collect import papers
from digest.collect.errors import Unreadable
from digest.model import Entry

MOST = 2_000_000  # bytes looked at: the tags stand in the head
MOST_TAGS = 5_000
_NAMES = {
    "title": ("citation_title", "dc.title"),
    "authors": ("citation_author", "citation_authors", "dc.creator"),
    "abstract": ("citation_abstract", "dc.description"),
    "doi": ("citation_doi", "dc.identifier"),
    "published": ("citation_publication_date", "citation_online_date", "citation_date", "dc.date"),
    "venue": ("citation_journal_title", "citation_conference_title"),
    "pdf": ("citation_pdf_url",),
}


def parse(body: bytes, name: str, url: str | None) -> tuple[Entry, ...]:
    """The paper a page is about; `name` is the source's. Raises Unreadable for a page that says of none."""
    tags = _Tags()
    tags.feed(body[:MOST].decode("utf-8", "replace"))
    found = tags.found
    row: dict[str, object] = {
        key: next((found[name][0] for name in names if found.get(name)), "") for key, names in _NAMES.items()
    }
    if not row["title"]:
        raise Unreadable("the page does not say of which paper it is")
    row["authors"] = next((found[name] for name in _NAMES["authors"] if found.get(name)), [])
    row["published"] = str(row["published"]).replace("/", "-")
    arxiv = found.get("citation_arxiv_id", [""])[0]
    row |= {"url": url or "", "id": arxiv, "identifiers": [f"arXiv:{arxiv}"] if arxiv else []}
    return (papers.entry(row, name, 1),)


class _Tags(HTMLParser):
    """Every ``<meta name=… content=…>`` by its name."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, list[str]] = {}
        self._seen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One tag; only ``meta`` says anything here."""
        if tag != "meta" or self._seen >= MOST_TAGS:
            return
        self._seen += 1
        given = dict(attrs)
        name, content = (given.get("name") or given.get("property") or "").lower(), given.get("content") or ""
        if name.startswith(("citation_", "dc.")) and content.strip():
            self.found.setdefault(name, []).append(content.strip())
