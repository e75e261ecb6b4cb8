"""Kind `openalex`: citations as OpenAlex counts them, fifty papers a request. Room `collect`."""

from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import urlencode

from digest.collect.signals.kind import Asked, Batch, Kind, batches, key, number, rows, text
from digest.model import Paper

BATCH = 50


def doi(paper: Paper) -> str | None:
    """The DOI it is known by there: its own, else the one that arXiv gives to every paper."""
    own, arxiv = key(paper, "doi"), key(paper, "arxiv")
    found = own or (f"10.48550/arxiv.{arxiv}" if arxiv else None)
    return found.casefold() if found and not set(found) & set(",|& ") else None  # what the filter cannot hold


async def ask(asked: Asked) -> AsyncIterator[Batch]:
    """The citations of every paper; one it has not taken up yet is nothing known."""
    for some in batches(asked.questions, BATCH):
        names = {question.paper.id: doi(question.paper) or "" for question in some}
        wanted = {"filter": f"doi:{'|'.join(names.values())}", "select": "doi,cited_by_count", "per-page": BATCH}
        found = rows(await asked.json(f"{asked.base}/works?{urlencode(wanted)}"), "results")
        cited = {text(row, "doi").casefold().partition("doi.org/")[2]: number(row, "cited_by_count") for row in found}
        yield {key: {"citations": cited[name]} if name in cited else {} for key, name in names.items()}


KIND = Kind(
    ask=ask,
    wants=lambda paper: doi(paper) is not None,
    base_url="https://api.openalex.org",
    reach=timedelta(days=120),
    every=timedelta(days=2),
    most=500,
)
