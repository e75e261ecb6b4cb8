"""Kind `semantic_scholar`: citations as Semantic Scholar counts them, five hundred papers a request. Room `collect`."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

from digest.collect.errors import Unreadable
from digest.collect.signals.kind import Asked, Batch, Kind, batches, key, number
from digest.model import Paper
from digest.net import FetchError

BATCH = 500
_PREFIXES = {"arxiv": "ARXIV", "doi": "DOI", "corpus": "CorpusId", "acl": "ACL", "pubmed": "PMID", "pmc": "PMCID"}


def name(paper: Paper) -> str | None:
    """What Semantic Scholar calls a paper, if it can be asked about it."""
    return next((f"{prefix}:{found}" for kind, prefix in _PREFIXES.items() if (found := key(paper, kind))), None)


async def ask(asked: Asked) -> AsyncIterator[Batch]:
    """The citations of every paper; one it has not taken up yet is nothing known."""
    for some in batches(asked.questions, BATCH):
        body = json.dumps({"ids": [name(question.paper) for question in some]}).encode()
        try:
            answer = await asked.json(f"{asked.base}/graph/v1/paper/batch?fields=citationCount", body, "x-api-key")
        except FetchError as error:
            if error.status != 400:  # what it answers where it knows not one of them
                raise
            answer = [None] * len(some)
        if not isinstance(answer, list) or len(answer) != len(some):
            raise Unreadable("Semantic Scholar's answer is not one row a paper")
        pairs = zip(some, answer, strict=True)
        yield {
            question.paper.id: {"citations": number(row, "citationCount")} if isinstance(row, dict) else {}
            for question, row in pairs
        }


KIND = Kind(
    ask=ask,
    wants=lambda paper: name(paper) is not None,
    base_url="https://api.semanticscholar.org",
    reach=timedelta(days=120),
    every=timedelta(days=1),
    most=2_000,
)
