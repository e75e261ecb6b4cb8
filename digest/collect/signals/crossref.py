"""Kind `crossref`: citations as Crossref counts them (is-referenced-by-count), fifty a request. Room `collect`."""

from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import urlencode

from digest.collect.signals.kind import Asked, Batch, Kind, batches, key, number, rows, text
from digest.model import Paper

BATCH = 50


def doi(paper: Paper) -> str | None:
    """A DOI that Crossref may hold; arXiv's are somebody else's."""
    found = (key(paper, "doi") or "").casefold()
    return found if found and not found.startswith("10.48550/") and not set(found) & set(", ") else None


async def ask(asked: Asked) -> AsyncIterator[Batch]:
    """The citations of every paper; one it does not hold is nothing known."""
    for some in batches(asked.questions, BATCH):
        names = {question.paper.id: doi(question.paper) or "" for question in some}
        wanted = {
            "filter": ",".join(f"doi:{name}" for name in names.values()),
            "select": "DOI,is-referenced-by-count",
            "rows": BATCH,
        }
        found = rows(await asked.json(f"{asked.base}/works?{urlencode(wanted)}"), "message", "items")
        cited = {text(row, "DOI").casefold(): number(row, "is-referenced-by-count") for row in found}
        yield {key: {"citations": cited[name]} if name in cited else {} for key, name in names.items()}


KIND = Kind(
    ask=ask,
    wants=lambda paper: doi(paper) is not None,
    base_url="https://api.crossref.org",
    reach=timedelta(days=120),
    every=timedelta(days=2),
    most=500,
)
