"""Kind `mastodon`: posts on a Mastodon server that link papers. Room `collect`.

With a token (its scope is ``read:search``) by the server's search, without one by its public timelines of tags.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

from digest.collect.fields import moment
from digest.collect.signals.kind import Asked, Batch, Kind, number, part, rows, text
from digest.collect.signals.spotting import Post, sites, tally

COUNTS = ("likes",)
TAGS = ("arxiv",)
_PAGE, _PAGES = 40, 10


async def ask(asked: Asked) -> AsyncIterator[Batch]:
    """Posts since the oldest of the papers was first seen, as far back as the server goes."""
    posts: list[Post] = []
    if asked.source.token:
        for site in sites(asked.questions):
            posts += await _found(asked, site)
    else:
        for tag in asked.source.places or TAGS:
            posts += await _tagged(asked, tag)
    yield tally(posts, asked.questions, COUNTS)


async def _found(asked: Asked, site: str) -> list[Post]:
    found: list[Post] = []
    for page in range(_PAGES):
        query = urlencode({"q": site, "type": "statuses", "limit": _PAGE, "offset": page * _PAGE})
        posts = rows(await asked.json(f"{asked.base}/api/v2/search?{query}"), "statuses")
        found += map(_post, posts)
        if len(posts) < _PAGE or _reached(asked, posts):
            break
    return found


async def _tagged(asked: Asked, tag: str) -> list[Post]:
    found: list[Post] = []
    last = ""
    for _ in range(_PAGES):
        query = urlencode({"limit": _PAGE} | ({"max_id": last} if last else {}))
        posts = rows(await asked.json(f"{asked.base}/api/v1/timelines/tag/{quote(tag, safe='')}?{query}"))
        found += map(_post, posts)
        last = text(posts[-1], "id", 100) if posts else ""
        if not last or len(posts) < _PAGE or _reached(asked, posts):
            break
    return found


def _reached(asked: Asked, posts: Sequence[dict[str, Any]]) -> bool:
    """Whether the oldest of these posts is older than every paper asked about."""
    written = moment(text(posts[-1], "created_at", 100)) if posts else None
    return written is not None and written < min(q.first_seen for q in asked.questions) - timedelta(days=1)


def _post(post: dict[str, Any]) -> Post:
    who = text(part(post, "account"), "acct", 200) or text(post, "uri", 500) or text(post, "id", 100)
    return Post(
        who, (text(post, "content"), text(part(post, "card"), "url")), {"likes": number(post, "favourites_count")}
    )


KIND = Kind(ask=ask, wants=lambda paper: bool(paper.keys or paper.url), base_url="https://mastodon.social")
