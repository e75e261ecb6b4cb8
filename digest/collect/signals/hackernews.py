"""Kind `hackernews`: stories on Hacker News that link papers, by its search API (hn.algolia.com). Room `collect`.

One search a site (arxiv.org, …) finds the stories about every paper there, so the number of papers hardly matters.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from digest.collect.signals.kind import Asked, Batch, Kind, number, rows, text
from digest.collect.signals.spotting import Post, sites, tally

COUNTS = ("points", "comments")
_PAGE, _PAGES = 1000, 5
_BEFORE = timedelta(days=2)  # a story may be older than our first sight of the paper


async def ask(asked: Asked) -> AsyncIterator[Batch]:
    """Stories since the oldest of the papers was first seen."""
    since = int((min(question.first_seen for question in asked.questions) - _BEFORE).timestamp())
    posts = [post for site in sites(asked.questions) for post in await _stories(asked, site, since)]
    yield tally(posts, asked.questions, COUNTS)


async def _stories(asked: Asked, site: str, since: int) -> list[Post]:
    found: list[Post] = []
    until = int(asked.now.timestamp()) + 86_400
    for _ in range(_PAGES):
        wanted = {
            "query": site,
            "restrictSearchableAttributes": "url",
            "tags": "story",
            "numericFilters": f"created_at_i>{since},created_at_i<{until}",
            "hitsPerPage": _PAGE,
        }
        hits = rows(await asked.json(f"{asked.base}/api/v1/search_by_date?{urlencode(wanted)}"), "hits")
        found += map(_post, hits)
        times = [moment for hit in hits if (moment := int(number(hit, "created_at_i"))) > since]
        if len(hits) < _PAGE or not times or min(times) >= until:
            break
        until = min(times)
    return found


def _post(hit: dict[str, Any]) -> Post:
    counts = {"points": number(hit, "points"), "comments": number(hit, "num_comments")}
    who = text(hit, "author", 100) or text(hit, "objectID", 100)
    return Post(who, (text(hit, "url"), text(hit, "title"), text(hit, "story_text")), counts)


KIND = Kind(
    ask=ask,
    wants=lambda paper: bool(paper.keys or paper.url),
    base_url="https://hn.algolia.com",
)
