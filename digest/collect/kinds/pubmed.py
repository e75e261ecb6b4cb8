"""Kind `pubmed`: a search of PubMed by E-utilities, by the day papers were indexed. Room `collect`.

Options: `query` (one or several searches), `api_key`, `base_url`. Asked by index date (``edat``): the date of print may
lie months away. The wire format is at https://www.ncbi.nlm.nih.gov/books/NBK25499/; touched when it changes.
"""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from digest.collect import fields, jsonfeed, windows
from digest.collect.errors import Unreadable
from digest.model import Answer, Author, Entry, Link, Source, SourceState
from digest.net import Client, FetchError

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

BASE_URL = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
GAP_S = 0.4  # three requests in a second without a key
_OVERLAP = 2  # days
_FOUND, _FETCHED = 5_000, 200  # ids a search, papers a request
_MONTHS = {name: i for i, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}  # noqa: SIM905


async def ask(source: Source, state: SourceState, client: Client, now: datetime) -> Answer:
    """What was indexed since the last complete answer. Raises FetchError, Unreadable."""
    asked = windows.window(state, now, _OVERLAP)
    days = {"datetype": "edat", "mindate": f"{asked.since:%Y/%m/%d}", "maxdate": f"{asked.until:%Y/%m/%d}"}
    found: dict[str, Entry] = {}
    errors: list[str] = []
    for query in windows.listed(source.options.get("query")):
        try:
            for entry in await _search(query, days, source, client):
                found.setdefault(entry.guid, entry)
        except (FetchError, Unreadable) as failure:
            errors.append(f"{query!r}: {failure}")
    return windows.concluded(source, state, now, tuple(found.values()), "; ".join(errors) or None)


async def _search(query: str, days: dict[str, str], source: Source, client: Client) -> list[Entry]:
    """Everything a query finds in the days. Raises FetchError, Unreadable."""
    base = str(source.options.get("base_url", BASE_URL)).rstrip("/")
    key = source.options.get("api_key")
    common = {"db": "pubmed", "tool": "trending-papers-digest"} | ({"api_key": str(key)} if key else {})
    search = common | {"term": query, "retmode": "json", "retmax": str(_FOUND), "sort": "date"} | days
    answer = await client.get(f"{base}/esearch.fcgi?{urlencode(search)}", accept="application/json", gap_s=GAP_S)
    ids, total = parse_search(answer.body)
    entries: list[Entry] = []
    for i in range(0, len(ids), _FETCHED):
        fetch = common | {"id": ",".join(ids[i : i + _FETCHED]), "retmode": "xml"}
        answer = await client.get(f"{base}/efetch.fcgi?{urlencode(fetch)}", accept="application/xml", gap_s=GAP_S)
        entries += await asyncio.to_thread(parse, answer.body, source.name)
    if total > len(ids):
        raise Unreadable(f"{total} papers found, more than the {_FOUND} that one search gives; narrow it")
    return entries


def parse_search(body: bytes) -> tuple[list[str], int]:
    """The PubMed ids of a search and how many there are in all. Raises Unreadable."""
    document = jsonfeed.load(body)
    result = document.get("esearchresult") if isinstance(document, dict) else None
    if not isinstance(result, dict) or not isinstance(result.get("idlist"), list):
        said = fields.text(document.get("error")) if isinstance(document, dict) else ""
        raise Unreadable(f"no list of ids in the answer{': ' + said if said else ''}")
    if said := fields.text(result.get("ERROR")):
        raise Unreadable(f"PubMed says: {said}")
    ids = [ident for ident in map(fields.text, result["idlist"]) if ident.isdecimal()]
    count = fields.text(result.get("count"))
    return ids, int(count) if count.isdecimal() and len(count) < 10 else len(ids)


def parse(body: bytes, source: str) -> tuple[Entry, ...]:
    """The papers of a PubmedArticleSet, in its order. Raises Unreadable."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"not PubMed's XML: {error}") from None
    if root.tag != "PubmedArticleSet":
        raise Unreadable(f"not PubMed's XML: it begins with {fields.text(root.tag, 60)}")
    return tuple(_entry(article, source, i) for i, article in enumerate(root.findall("PubmedArticle"), 1))


def _entry(article: "Element", source: str, number: int) -> Entry:
    ident = _text(article.find("MedlineCitation/PMID"))
    about = "MedlineCitation/Article/"
    ids = {i.get("IdType"): _text(i) for i in article.findall("PubmedData/ArticleIdList/ArticleId")}
    page = f"https://pubmed.ncbi.nlm.nih.gov/{ident}/"
    indexed = article.find("PubmedData/History/PubMedPubDate[@PubStatus='entrez']")
    printed = article.find(f"{about}ArticleDate")
    printed = article.find(f"{about}Journal/JournalIssue/PubDate") if printed is None else printed
    pmc = fields.text(ids.get("pmc"))
    links = [Link(kind="paper", url=page)]
    links += [Link(kind="html", url=f"https://pmc.ncbi.nlm.nih.gov/articles/{pmc}/")] if pmc.isalnum() else []
    return Entry(
        source=source,
        number=number,
        title=_text(article.find(f"{about}ArticleTitle")),
        guid=f"pmid:{ident}",
        abstract=_abstract(article.findall(f"{about}Abstract/AbstractText")),
        authors=tuple(a for a in map(_author, article.findall(f"{about}AuthorList/Author")) if a.name),
        identifiers=fields.unique((f"pmid:{ident}", fields.doi(ids.get("doi")), page)),
        url=page,
        categories=fields.unique(map(_text, article.findall(f"{about}PublicationTypeList/PublicationType"))),
        keywords=fields.unique(map(_text, article.findall("MedlineCitation/KeywordList/Keyword"))),
        published=_date(printed),
        announced=_date(indexed),
        links=tuple(links),
        venue=_text(article.find(f"{about}Journal/Title")) or None,
        language=_text(article.find(f"{about}Language")) or None,
    )


def _text(element: "Element | None") -> str:
    """All text of an element, that of the markup inside it (italics, subscripts) included."""
    return "" if element is None else fields.text(" ".join("".join(map(str, element.itertext())).split()), fields.LONG)


def _abstract(parts: "list[Element]") -> str:
    """The sections of an abstract in order, each under its label where it has one."""
    labelled = ((part.get("Label"), _text(part)) for part in parts)
    return " ".join(f"{label.capitalize()}: {text}" if label else text for label, text in labelled if text)


def _author(person: "Element") -> Author:
    """A person by fore and last name, or a group by its collective name."""
    name = " ".join(filter(None, (_text(person.find("ForeName")), _text(person.find("LastName")))))
    place = _text(person.find("AffiliationInfo/Affiliation"))
    return Author(name=name or _text(person.find("CollectiveName")), affiliation=place or None)


def _date(element: "Element | None") -> datetime | None:
    """Year, month (a number or a name) and day, as far as they are given."""
    if element is None:
        return None
    year, month, day = (_text(element.find(part)) for part in ("Year", "Month", "Day"))
    number = _MONTHS.get(month[:3].casefold(), month)
    return fields.moment("-".join(filter(None, (year, str(number), day))))
