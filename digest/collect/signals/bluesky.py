"""Kind `bluesky`: posts on Bluesky that link papers, by its search (app.bsky.feed.searchPosts). Room `collect`.

Some of its servers answer a search only to who has a token.
"""

from collections.abc import AsyncIterator
from datetime import UTC, timedelta
from typing import Any
from urllib.parse import urlencode

from digest.collect.signals.kind import Asked, Batch, Kind, number, part, rows, text
from digest.collect.signals.spotting import Post, sites, tally

COUNTS = ("likes",)
_PAGE, _PAGES = 100, 20


async def ask(asked: Asked) -> AsyncIterator[Batch]:
    """Posts with a link to any of the papers' sites since the oldest was first seen."""
    since = min(question.first_seen for question in asked.questions).astimezone(UTC) - timedelta(days=1)
    posts = [
        post for site in sites(asked.questions) for post in await _posts(asked, site, f"{since:%Y-%m-%dT%H:%M:%SZ}")
    ]
    yield tally(posts, asked.questions, COUNTS)


async def _posts(asked: Asked, site: str, since: str) -> list[Post]:
    found: list[Post] = []
    cursor = ""
    for _ in range(_PAGES):
        wanted = {"q": site, "domain": site, "since": since, "sort": "latest", "limit": str(_PAGE)}
        query = urlencode(wanted | ({"cursor": cursor} if cursor else {}))
        answer = await asked.json(f"{asked.base}/xrpc/app.bsky.feed.searchPosts?{query}")
        posts = rows(answer, "posts")
        found += map(_post, posts)
        cursor = text(answer, "cursor", 500)
        if not cursor or not posts:
            break
    return found


def _post(post: dict[str, Any]) -> Post:
    record = part(post, "record")
    links = [text(part(post, "record", "embed", "external"), "uri"), text(part(post, "embed", "external"), "uri")]
    facets = record.get("facets")
    for facet in facets[:50] if isinstance(facets, list) else []:
        features = facet.get("features") if isinstance(facet, dict) else None
        links += [text(part(each), "uri") for each in (features[:10] if isinstance(features, list) else [])]
    who = text(part(post, "author"), "did", 200) or text(post, "uri", 500)
    return Post(who, (text(record, "text"), *links), {"likes": number(post, "likeCount")})


KIND = Kind(ask=ask, wants=lambda paper: bool(paper.keys or paper.url), base_url="https://api.bsky.app")
