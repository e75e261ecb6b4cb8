"""Kind `reddit`: posts on Reddit that link papers, by its listings (JSON). Room `collect`.

The listing of a site has every link to it; `communities` are looked through besides, where papers are named in text.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

from digest.collect.signals.kind import Asked, Batch, Kind, number, part, rows, text
from digest.collect.signals.spotting import Post, sites, tally

COUNTS = ("points", "comments")
_PAGE, _PAGES = 100, 10
_BEFORE = timedelta(days=2)


async def ask(asked: Asked) -> AsyncIterator[Batch]:
    """Posts since the oldest of the papers was first seen."""
    since = (min(question.first_seen for question in asked.questions) - _BEFORE).timestamp()
    listings = [f"domain/{site}" for site in sites(asked.questions)]
    listings += [f"r/{quote(name, safe='')}" for name in asked.source.places]
    posts = [post for listing in listings for post in await _posts(asked, listing, since)]
    yield tally(posts, asked.questions, COUNTS)


async def _posts(asked: Asked, listing: str, since: float) -> list[Post]:
    found: list[Post] = []
    after = ""
    for _ in range(_PAGES):
        query = urlencode({"limit": _PAGE, "raw_json": 1} | ({"after": after} if after else {}))
        answer = await asked.json(f"{asked.base}/{listing}/new.json?{query}")
        posts = [part(child, "data") for child in rows(answer, "data", "children")]
        found += map(_post, posts)
        after = text(part(answer, "data"), "after", 100)
        if not after or not posts or number(posts[-1], "created_utc") < since:
            break
    return found


def _post(post: dict[str, Any]) -> Post:
    counts = {"points": number(post, "score"), "comments": number(post, "num_comments")}
    who = text(post, "author", 100) or text(post, "id", 100)
    return Post(who, (text(post, "url"), text(post, "title"), text(post, "selftext")), counts)


KIND = Kind(
    ask=ask,
    wants=lambda paper: bool(paper.keys or paper.url),
    base_url="https://www.reddit.com",
)
